"""A list asks the database as often for ten as for one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from service.app import Application
from service.operations.ports import Desk
from service.store.caches import EntryCache
from tests.library import (
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
    term,
    vocabulary,
)


@contextmanager
def statements_of(application: Application) -> Iterator[list[str]]:
    """The statements sent to the database meanwhile, that which reads the token among them."""
    application.desk.tokens.clear()
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    engine = application.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def linked(number: int) -> dict[str, Any]:
    target = f"c{number % 12 + 1}"
    return {"relation": "SIMILAR", "case": target, "reason": both("像", "Alike")}


@pytest.fixture
async def twelve(desk: Desk) -> Desk:
    """Twelve cases, each with its own links, guides, sources, statements and metrics."""
    cases = [
        a_case(
            f"c{n}",
            n,
            links=[linked(n)],
            statements=[a_statement(f"S-{n}", strategies=["DENY.DENIAL"])],
            outcomes=[an_outcome("CHURN_RATE", n)],
            remedies=[
                {
                    "kind": "CASH",
                    "recipient": "AFFECTED_USER",
                    "form": both("现金", "Cash"),
                    "citations": ["S1"],
                }
            ],
            secondary_effects=[
                {
                    "type": "SECONDARY.LITIGATION",
                    "text": both("起诉", "A lawsuit"),
                    "citations": ["S1"],
                }
            ],
        )
        for n in range(1, 13)
    ]
    guides = [
        document
        for n in range(1, 13)
        for document in (
            a_method(f"m{n}", example_cases=[f"c{n}"]),
            a_template(f"t{n}", crisis_types=[OUTAGE], example_cases=[f"c{n}"]),
            a_procedure(
                f"p{n}",
                a_step(
                    "a",
                    example_cases=[f"c{n}"],
                    templates=[f"t{n}"],
                    methods=[f"m{n}"],
                    procedures=[f"p{n % 12 + 1}"],
                ),
            ),
        )
    ]
    more = [
        vocabulary("RemedyKind", "remedy-kind", term("CASH", "现金", "Cash")),
        vocabulary("StakeholderKind", "stakeholder", term("AFFECTED_USER", "用户", "User")),
    ]
    await publish(desk, *small_vocabularies(), *more, *cases, *guides)
    return desk


CITED_BY = "sources { citedBy { __typename } }"
QUERIES = [
    ("cases alone", "cases", "number title"),
    ("links", "cases", "links { case { slug } } similar { slug }"),
    ("guides of cases", "cases", "methods { slug } procedures { slug }"),
    ("sources of cases", "cases", CITED_BY),
    (
        "a case with all that bears on it",
        "cases",
        f"""title organisation {{ name }} statements {{ key case {{ slug }} }}
        links {{ case {{ slug }} }} methods {{ slug exampleCases {{ slug }} }}
        procedures {{ slug steps {{ templates {{ slug }} }} }} {CITED_BY}
        primaryType {{ cases {{ slug }} templates {{ slug }} }}""",
    ),
    ("statements", "statements", "key case { slug title } strategies { cases { slug } }"),
    ("outcome metrics", "outcomeMetrics", "value case { slug } metric { cases { slug } }"),
    ("remedies", "remedies", "kind { code } form case { slug title primaryType { code } }"),
    ("methods", "methods", f"slug exampleCases {{ slug }} {CITED_BY}"),
    (
        "procedures",
        "procedures",
        """slug steps { templates { slug } methods { slug } procedures { slug }
           exampleCases { slug } }""",
    ),
    ("templates", "statementTemplates", f"slug exampleCases {{ slug }} {CITED_BY}"),
    ("sources", "sources", "title citedBy { __typename }"),
]


async def test_nine_more_items_of_a_list_take_no_statements_of_their_own(
    application: Application, twelve: Desk, ask: Client
) -> None:
    for label, field, selection in QUERIES:
        query = f"query($n: Int) {{ {field}(first: $n) {{ totalCount edges {{ node {{ {selection} }} }} }} }}"

        application.desk.store._cache = EntryCache()
        with statements_of(application) as for_one:
            one = await ask(query, n=1)
        application.desk.store._cache = EntryCache()
        with statements_of(application) as for_ten:
            ten = await ask(query, n=10)

        assert len(one[field]["edges"]) == 1, label
        assert len(ten[field]["edges"]) == 10, label
        # Whether loads of two fields fall into one batch depends on which query ends first, so the
        # counts may differ by a batch; one load for each of nine more items would add nine at least.
        assert len(for_ten) - len(for_one) < 9, label


async def test_the_vocabulary_asks_the_database_once_for_all_its_terms(
    application: Application, twelve: Desk, ask: Client
) -> None:
    query = """query($s: String!) { vocabulary(set: $s) { terms {
      ... on CrisisType { cases { slug } procedures { slug } methods { slug } } } } }"""

    with statements_of(application) as sent:
        await ask(query, s="CrisisType")

    selects = [statement for statement in sent if statement.startswith("SELECT")]
    assert len(selects) <= 12


GATHERED = [
    (
        "strategyEvidence",
        """query($n: Int) { strategyEvidence { note findings { text } groups { code label
             cases(first: $n) { edges { node { slug } } }
             verdicts { cases(first: $n) { edges { node { slug } } } }
             measures { median { least } values { case { slug } } }
             rates { cases(first: $n) { edges { node { slug } } } }
             secondaryEffects { cases(first: $n) { edges { node { slug } } } }
             failures(first: $n) { edges { node { case { slug } } } } } } }""",
    ),
    (
        "followedWithin",
        """query($n: Int) { followedWithin { considered groups { within
             effects(first: $n) { edges { node { effect { type { code } case { slug } } } } } } } }""",
    ),
]


async def test_what_is_gathered_loads_the_cases_of_all_its_groups_together(
    application: Application, twelve: Desk, ask: Client
) -> None:
    for field, query in GATHERED:
        application.desk.store._cache = EntryCache()
        with statements_of(application) as for_one:
            await ask(query, n=1)
        application.desk.store._cache = EntryCache()
        with statements_of(application) as for_ten:
            await ask(query, n=10)

        selects = [one for one in for_ten if one.startswith("SELECT")]
        assert len(for_ten) == len(for_one), field
        assert len(selects) <= 10, (field, selects)


async def test_a_comparison_loads_all_its_cases_at_once(
    application: Application, twelve: Desk, ask: Client
) -> None:
    query = """query($s: [String!]!) { compareCases(slugs: $s) { cases { case { slug title }
                 points { label term { code } } } metrics { metric { code } values { value } } } }"""
    counts = []
    for slugs in (["c1", "c2"], [f"c{n}" for n in range(1, 7)]):
        application.desk.store._cache = EntryCache()
        with statements_of(application) as sent:
            await ask(query, s=slugs)
        counts.append(len(sent))

    assert counts[0] == counts[1]


async def test_precedents_of_ten_templates_take_no_more_statements_than_those_of_one(
    application: Application, twelve: Desk, ask: Client
) -> None:
    query = """query($n: Int, $type: String!) { statementTemplates(crisisType: $type, first: $n) {
      edges { node { slug } precedents(first: 2) { statement { key case { slug } } } } } }"""

    counts = []
    for n in (1, 10):
        application.desk.store._cache = EntryCache()
        with statements_of(application) as sent:
            data = await ask(query, n=n, type=OUTAGE)
        edges = data["statementTemplates"]["edges"]
        assert [len(edge["precedents"]) for edge in edges] == [2] * n
        counts.append(len(sent))

    assert counts[0] == counts[1]


async def test_the_first_hour_takes_as_many_statements_for_ten_steps_as_for_one(
    application: Application, twelve: Desk, ask: Client
) -> None:
    query = """query($type: String!) { firstHour(crisisType: $type) { steps {
      step { key } precedents { case { slug } statement { key } } } } }"""
    at_once = [{"starts_from": "DETECTED", "basis": "EDITORIAL"}]
    counts = []
    for n in (1, 10):
        steps = [
            a_step(f"s{i}", clocks=at_once, templates=["t1"], example_cases=[f"c{i}"])
            for i in range(1, n + 1)
        ]
        await publish(twelve, a_procedure("hour", *steps, crisis_types=[OUTAGE]))
        application.desk.store._cache = EntryCache()

        with statements_of(application) as sent:
            data = await ask(query, type=OUTAGE)

        assert len(data["firstHour"]["steps"]) == n
        counts.append(len(sent))

    assert counts[0] == counts[1]


async def test_more_precedents_take_no_more_statements_however_they_are_explained(
    application: Application, twelve: Desk, ask: Client
) -> None:
    await application.indexer.look()
    query = """query($n: Int!, $s: SituationInput!) { findPrecedents(situation: $s, first: $n) {
      edges { score node { slug title } saidFirst { key case { slug } }
        cameOfIt { value case { slug } metric { code } } doDifferently { text }
        reasons { label } differences { label } } } }"""
    counts = []
    for n in (1, 10):
        application.desk.store._cache = EntryCache()
        with statements_of(application) as sent:
            data = await ask(query, n=n, s={"text": "案例的经过", "crisisTypes": [OUTAGE]})
        assert len(data["findPrecedents"]["edges"]) == n
        counts.append(len(sent))

    # Of one alone, the cases linked with it are read besides.
    assert counts[0] >= counts[1]


async def test_a_brief_loads_its_cases_at_once(
    application: Application, twelve: Desk, ask: Client
) -> None:
    await application.indexer.look()
    query = "query($s: SituationInput!) { brief(situation: $s) { markdown } }"
    find = "query($s: SituationInput!) { findPrecedents(situation: $s, first: 1) { hasFit } }"
    counts = []
    for asked in (find, query):
        application.desk.store._cache = EntryCache()
        with statements_of(application) as sent:
            await ask(asked, s={"text": "案例的经过", "crisisTypes": [OUTAGE]})
        counts.append(len(sent))

    assert counts[0] == counts[1]
