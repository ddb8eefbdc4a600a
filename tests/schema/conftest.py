"""A small library that is published, for every test of the API."""

from pathlib import Path

import pytest

from search.lexical import LexicalIndex
from service.app import Application
from service.operations.ports import Desk
from tests.library import (
    BREACH,
    HIJACK,
    OUTAGE,
    Client,
    a_case,
    a_method,
    a_procedure,
    a_statement,
    a_step,
    a_template,
    an_outcome,
    both,
    publish,
    small_vocabularies,
)
from tests.schema.precedents import GAMES, Finder

REASON = both("同为误操作", "A slip both times")
SHARED = {
    "key": "S1",
    "title": "A report",
    "url": "https://example.org/shared",
    "reliability": "A",
}

FULL = a_case(
    "yuque-outage",
    1,
    title={"zh_hans": "语雀宕机", "zh_hant": "語雀當機", "en": "Yuque’s outage"},
    summary=both("服务中断七小时", "Down for seven hours"),
    organisation={"name": both("语雀", "Yuque"), "aliases": ["蚂蚁集团"]},
    country="CN",
    platforms=["WEIBO"],
    other_types=[BREACH],
    anchors={
        "first_signal_at": {"at": "2023-10-23T14+08:00"},
        "first_statement_at": {"at": "2023-10-23T16:00+08:00"},
        "resolved_at": {"at": "2023-10-23"},
    },
    timeline=[
        {
            "text": both("告警", "An alert"),
            "phase": "RESPONSE",
            "moment": {"at": "2023-10-23T14:07+08:00"},
            "citations": ["S1#p2"],
            "credibility": "CRED_2",
        },
        {"text": both("质疑", "Doubt"), "basis": "UNVERIFIED"},
    ],
    statements=[
        a_statement("S-1", strategies=["REBUILD.APOLOGY"], channel="OWNED_ACCOUNT"),
        a_statement("S-2", kind="CORRECTION", supersedes="S-1", strategies=["DENY.DENIAL"]),
    ],
    outcomes=[
        an_outcome("CHURN_RATE", 5, baseline=2),
        an_outcome("AFFECTED_USERS", 1_000, "PERSON", comparator="GE"),
    ],
    lessons=[{"verdict": "GAIN", "phase": "REVIEW", "text": both("复盘公开", "An open review")}],
    editorial_verdict={"verdict": "MIXED", "reason": both("有得有失", "Some of each")},
    assessments=[{"rule": "UNSCORED", "level": "HIGH", "reason": both("影响广", "Wide")}],
    asked_as={"zh_hans": ["我们的服务崩了"], "en": ["our service is down"]},
    links=[{"relation": "SIMILAR", "case": "ap-hijack", "reason": REASON}],
    sources=[SHARED],
)
HIJACKED = a_case(
    "ap-hijack",
    2,
    title=both("账号被盗发假消息", "A hijacked account posts false news"),
    primary_type=HIJACK,
    country="US",
    platforms=["X"],
    anchors={"first_signal_at": {"at": "2013"}},
    statements=[a_statement("S-1", strategies=["DENY.DENIAL"], platforms=["X"])],
    outcomes=[{"metric": "CHURN_RATE", "unit": "PERCENT", "trend": "FELL", "citations": ["S1"]}],
    sources=[SHARED],
)
SECRET = a_case(
    "secret",
    3,
    title=both("机密案例", "A secret case"),
    sharing="TLP_RED",
    statements=[a_statement("S-1")],
    outcomes=[an_outcome("CHURN_RATE", 9)],
    links=[{"relation": "SIMILAR", "case": "yuque-outage", "reason": REASON}],
)
DOCUMENTS = [
    *small_vocabularies(),
    FULL,
    HIJACKED,
    SECRET,
    a_method(
        "first-hour", phases=["RESPONSE"], crisis_types=[OUTAGE], example_cases=["yuque-outage"]
    ),
    a_method("secret-method", sharing="TLP_RED", example_cases=["yuque-outage"]),
    a_template("holding", crisis_types=["DATA_SECURITY"], example_cases=["yuque-outage", "secret"]),
    a_procedure(
        "outage",
        a_step(
            "a",
            templates=["holding"],
            methods=["first-hour"],
            example_cases=["yuque-outage", "secret"],
            clocks=[{"limit": "PT30M", "starts_from": "DETECTED", "basis": "EDITORIAL"}],
        ),
        a_step("b", role="LEGAL", procedures=["outage"], do=[both("核实", "Check")]),
        crisis_types=[OUTAGE],
    ),
]


@pytest.fixture
async def library(desk: Desk) -> Desk:
    """The desk of the small library."""
    await publish(desk, *DOCUMENTS)
    return desk


@pytest.fixture
async def games(application: Application, library: Desk) -> Desk:
    """The small library and a few games, looked through by the indexer; there is no engine."""
    await publish(library, *GAMES)
    await application.indexer.look()
    return library


@pytest.fixture
async def games_twice(application: Application, games: Desk, tmp_path: Path) -> Desk:
    """The same with a second built-in index in the place of the engine."""
    application.engine.fill(LexicalIndex(tmp_path / "engine"))
    await application.indexer.look()
    return games


@pytest.fixture
def find(ask: Client) -> Finder:
    """Asks for precedents as a reader, or as whom the test says."""
    return Finder(ask)
