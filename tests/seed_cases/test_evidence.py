"""The evidence in the library that ships: the rows say what the documents say."""

import pytest

from service.domain.cases import Case
from service.domain.conditions import EVERYTHING, Among
from service.domain.entries import Document
from service.domain.evidence import evidence_of
from service.domain.methods import Method
from service.domain.moments import elapsed
from service.domain.observations import Dimension, observed
from service.store.engine import Database
from service.store.units import Store
from tests.library import NOON

CLEAR = frozenset({"TLP_CLEAR"})


@pytest.fixture
async def store(database: Database, cases: tuple[Case, ...]) -> Store:
    store = Store(database)
    async with store.writing() as writing:
        await writing.entries.publish(cases, author="ada", note=None, now=NOON)
    return store


async def test_every_case_is_observed_in_its_rows_as_in_its_document(
    store: Store, cases: tuple[Case, ...]
) -> None:
    for by in Dimension:
        async with store.reading() as reading:
            rows = await reading.observations(visible=CLEAR).cases(EVERYTHING, by=by)

        documents = {observed(case, by=by) for case in cases}
        assert len(rows) == len(cases), by
        assert set(rows) == documents, by


async def test_observations_are_narrowed_by_the_condition_and_by_what_may_be_seen(
    store: Store, cases: tuple[Case, ...]
) -> None:
    gain = Among("verdict", ("GAIN",))
    async with store.reading() as reading:
        rows = await reading.observations(visible=CLEAR).cases(gain, by=Dimension.STRATEGY)
        hidden = await reading.observations(visible=frozenset()).cases(gain, by=Dimension.STRATEGY)

    expected = {case.slug for case in cases if observed(case, by=Dimension.LEVEL).verdict == "GAIN"}
    assert {one.slug for one in rows} == expected
    assert hidden == ()


async def test_every_effect_not_certainly_later_is_read_with_its_hours(
    store: Store, cases: tuple[Case, ...]
) -> None:
    async with store.reading() as reading:
        rows = await reading.observations(visible=CLEAR).effects(EVERYTHING, hours=72)

    expected = {
        (case.slug, position)
        for case in cases
        for position, effect in enumerate(case.secondary_effects)
        if (interval := elapsed(effect.moment, case.anchors)) is None or interval.from_hours <= 72
    }
    assert {(one.slug, one.position) for one in rows} == expected
    assert len(rows) == len(expected)


def test_strategies_and_verdicts_reach_the_limit_in_so_many_cells(cases: tuple[Case, ...]) -> None:
    evidence = evidence_of(cases)

    assert (evidence.considered, evidence.ungrouped, evidence.excluded) == (102, 5, 0)
    assert (evidence.comparable_cells, evidence.cells) == (21, 33)


def test_the_figures_of_research_are_those_the_article_gives(
    documents: tuple[Document, ...],
) -> None:
    findings = [
        (finding, method)
        for method in documents
        if isinstance(method, Method)
        for finding in method.findings
    ]

    figures = [
        (finding.figure.value, finding.figure.unit, finding.citations)
        for finding, _ in findings
        if finding.figure is not None
    ]

    assert figures == [(-0.54, "CORRELATION", ("R5",)), (0.23, "CORRELATION", ("R5",))]
    for finding, method in findings:
        (citation,) = finding.citations
        assert f"[@{citation}]" in method.body.zh_hans
        assert f"[@{citation}]" in method.body.en
