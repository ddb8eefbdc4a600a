"""The API keeps to GraphQL over HTTP, as the specification's own audit sees it."""

from collections import Counter

from tests.conformance.audit import run_audit


def test_the_public_audit_passes_whole(live_server: tuple[str, str]) -> None:
    url, token = live_server

    results = run_audit(url, {"authorization": f"Bearer {token}"})

    assert [result for result in results if result.status != "ok"] == []
    assert Counter(result.status for result in results) == {"ok": 61}
