"""The service as a user meets it: one command, the seed library, and an engine that may die."""

import os
import signal
import time
from pathlib import Path

import pytest

from tests.live import LiveServer

FIRST_QUERY = """
{ cases(first: 5) { totalCount edges { node {
  slug title primaryType { code label } statements { kind strategies { code } offsetHours }
  outcomeMetrics { metric { code } value unit } } } } }
"""

SEARCH = """
query ($query: String!, $kinds: [EntryKind!]) {
  searchLibrary(query: $query, kinds: $kinds, first: 3) {
    degraded totalCount edges { node { ... on Case { slug } } }
  }
}
"""


def _found(live: LiveServer, query: str) -> list[str]:
    data = live.ask(SEARCH, query=query, kinds=["CASE"])["searchLibrary"]
    return [edge["node"]["slug"] for edge in data["edges"]]


def test_the_first_query_of_the_readme_answers_with_sourced_cases(live: LiveServer) -> None:
    answer = live.ask(FIRST_QUERY)["cases"]

    assert len(answer["edges"]) == 5
    assert answer["totalCount"] >= 10
    first = answer["edges"][0]["node"]
    assert first["primaryType"]["label"] != first["primaryType"]["code"]
    assert all(edge["node"]["outcomeMetrics"] for edge in answer["edges"])


@pytest.mark.parametrize(
    ("label", "query", "slug"),
    [
        ("a short word", "怪鸡", "kfc-mutant-chicken-rumour-2015"),
        ("a 繁體 word", "語雀", "yuque-outage-2023"),
        ("pinyin of a name", "hanbaowang", "burgerking-twitter-hijack-2013"),
        ("an English name", "United Airlines", "united-3411-2017"),
    ],
)
def test_a_search_finds_the_right_case_first(
    live: LiveServer, label: str, query: str, slug: str
) -> None:
    live.wait_until("/readyz", "ready")

    found = _found(live, query)

    assert found[0] == slug, label


def test_searches_go_on_degraded_when_the_engine_is_killed_and_recover_by_themselves(
    live: LiveServer,
) -> None:
    live.wait_until("/readyz", "ready")
    engine = _engine_of(live)

    os.kill(engine, signal.SIGKILL)
    answers = [live.ask(SEARCH, query="怪鸡")["searchLibrary"] for _ in range(5)]

    assert all(answer["edges"] for answer in answers)
    live.wait_until("/readyz", "ready")
    _wait_for_the_engine(live)
    assert _engine_of(live) != engine


def _wait_for_the_engine(live: LiveServer) -> None:
    deadline = time.monotonic() + 60
    while live.ask(SEARCH, query="怪鸡")["searchLibrary"]["degraded"]:
        assert time.monotonic() < deadline, "the engine did not come back"
        time.sleep(0.1)


def _engine_of(live: LiveServer) -> int:
    """The child of the service that is the engine."""
    children = [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and _is_engine_of(entry / "stat", live.process.pid)
    ]
    assert len(children) == 1, children
    return children[0]


def _is_engine_of(stat: Path, parent: int) -> bool:
    try:
        name, _, rest = stat.read_text(encoding="utf-8").rpartition(")")
    except OSError:
        return False
    return "meilisearch" in name and int(rest.split()[1]) == parent
