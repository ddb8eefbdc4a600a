"""What is typed, and with which token, is in no log, no metric and no trace."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.collector import Collector
from tests.live import LiveServer

# A word that nothing else holds, in each of two scripts.
TYPED = ("鹮鸟爆料玖肆柒", "zqxvrumour947")
WRONG_TOKEN = "precedent_wrongzqxvtoken947"
TEXT = f"员工发错官微 {TYPED[0]} {TYPED[1]}"

REQUESTS: list[tuple[str, str, dict[str, Any]]] = [
    (
        "a search",
        "query Sought($t: String!) { searchLibrary(query: $t) { totalCount } }",
        {"t": TEXT},
    ),
    ("a search in the document", f'{{ searchLibrary(query: "{TEXT}") {{ totalCount }} }}', {}),
    (
        "a situation",
        "query Nearest($s: SituationInput!) { findPrecedents(situation: $s) { hasFit } }",
        {"s": {"text": TEXT}},
    ),
    (
        "a brief",
        "query Brief($s: SituationInput!) { brief(situation: $s) { markdown } }",
        {"s": {"text": TEXT}},
    ),
    (
        "a draft",
        """query Lint($t: String!) {
          lintStatement(text: $t, kind: HOLDING) { findings { message } } }""",
        {"t": TEXT},
    ),
    (
        "the slots of a template",
        """query Render($v: String!) { renderTemplate(
          slug: "account-compromise-notice", slots: [{name: "platform", value: $v}]) { __typename } }""",
        {"v": TEXT},
    ),
    ("a zone", "query Zone($z: String!) { clocks(timeZone: $z) { __typename } }", {"z": TEXT}),
    ("a type", "query Type($t: String!) { firstHour(crisisType: $t) { __typename } }", {"t": TEXT}),
    (
        "a number that is none",
        "query Many($n: Int) { cases(first: $n) { totalCount } }",
        {"n": TEXT},
    ),
    ("a field that is none", f"{{ {TYPED[1]} }}", {}),
    ("no GraphQL", f"{{ cases( {TEXT}", {}),
]


@pytest.fixture
def told(live: LiveServer, collector: Collector) -> dict[str, str]:
    """All that the service says of itself, by where it says it, after it was asked all of this."""
    live.wait_until("/readyz", "ready")
    headers = {"authorization": f"Bearer {live.token}"}
    with httpx.Client(base_url=live.address, headers=headers, timeout=30) as client:
        for _, document, variables in REQUESTS:
            client.post("/graphql", json={"query": document, "variables": variables})
        client.get("/graphql", params={"query": REQUESTS[1][1]})
        client.post("/graphql", content=TEXT.encode())
        wrong = {"authorization": f"Bearer {WRONG_TOKEN}"}
        client.post("/graphql", json={"query": "{ __typename }"}, headers=wrong)
        client.get("/metrics", headers={**wrong, "x-forwarded-for": "192.0.2.7"})
        client.post("/graphql", json={"query": "query LastOfAll { __typename }"})
        metrics = client.get("/metrics").text
    spans = collector.wait_for("LastOfAll").decode(errors="replace")
    folder = Path(live.environment["PRECEDENT_VAR"])
    # The greeting, which shows the first token, is no line of the log.
    lines = (folder / "serve.log").read_text(encoding="utf-8").splitlines()
    return {
        "log": "\n".join(line for line in lines if line.startswith("{")),
        "log of the engine": (folder / "meilisearch.log").read_text(encoding="utf-8"),
        "metrics": metrics,
        "spans": spans,
    }


def test_what_is_typed_and_which_token_is_told_nowhere(
    live: LiveServer, told: dict[str, str]
) -> None:
    secrets = [*TYPED, WRONG_TOKEN, live.token]

    found = [
        (where, secret) for where, text in told.items() for secret in secrets if secret in text
    ]

    assert found == []
    # That all of it was watched: each names an operation that held what was typed.
    assert '"operation":"Nearest"' in told["log"]
    assert '"level":"DEBUG"' in told["log"]
    assert 'operation="Nearest"' in told["metrics"]
    assert "find_precedents" in told["spans"]
    assert "meilisearch" in told["log of the engine"]
