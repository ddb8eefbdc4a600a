"""The cases: as many as there are said to be, judged, learned from, linked and soundly timed."""

from itertools import combinations
from typing import Final

from service.domain.cases import Case, LinkRelation
from service.domain.entries import Document
from service.domain.moments import Moment, elapsed
from service.domain.vocabularies import Vocabulary
from tests.seed_cases.parts import parts

# Cases in which the owner spoke before the first signal, and why that is no mistake.
SPOKE_BEFORE_THE_FIRST_SIGNAL: Final = {
    "peloton-tread-2021": "It wrote to its customers a month before the authority’s warning, "
    "from which the case is counted.",
}
CONTRADICTORY: Final = {LinkRelation.SIMILAR, LinkRelation.DISSIMILAR}


def test_there_are_102_cases(cases: tuple[Case, ...]) -> None:
    assert len(cases) == 102


def test_every_case_has_a_verdict_with_its_reason_and_lessons(cases: tuple[Case, ...]) -> None:
    without_verdict = [case.slug for case in cases if case.editorial_verdict is None]
    without_lessons = [case.slug for case in cases if not case.lessons]

    assert (without_verdict, without_lessons) == ([], [])


def test_every_link_leads_to_a_case(cases: tuple[Case, ...]) -> None:
    slugs = {case.slug for case in cases}

    broken = [
        (case.slug, link.case) for case in cases for link in case.links if link.case not in slugs
    ]

    assert broken == []


def test_no_two_links_between_the_same_cases_contradict(cases: tuple[Case, ...]) -> None:
    relations: dict[frozenset[str], set[LinkRelation]] = {}
    for case in cases:
        for link in case.links:
            relations.setdefault(frozenset({case.slug, link.case}), set()).add(link.relation)

    contradictory = [sorted(pair) for pair, held in relations.items() if held >= CONTRADICTORY]

    assert contradictory == []


def test_no_case_links_twice_to_the_same_case(cases: tuple[Case, ...]) -> None:
    twice = [
        (case.slug, one.case)
        for case in cases
        for one, other in combinations(case.links, 2)
        if one.case == other.case
    ]

    assert twice == []


def test_a_statement_is_not_made_before_the_first_signal(cases: tuple[Case, ...]) -> None:
    before = {
        case.slug: case
        for case in cases
        for statement in case.statements
        if (interval := elapsed(statement.moment, case.anchors)) is not None
        and interval.to_hours < 0
    }

    assert sorted(before) == sorted(SPOKE_BEFORE_THE_FIRST_SIGNAL)
    assert [slug for slug, case in before.items() if case.anchors.note is None] == []


def test_an_owner_who_knew_before_the_first_signal_is_told_of_in_the_note(
    cases: tuple[Case, ...],
) -> None:
    untold = [
        case.slug
        for case in cases
        if (interval := elapsed(case.anchors.detected_at, case.anchors)) is not None
        and interval.to_hours < 0
        and case.anchors.note is None
    ]

    assert untold == []


def test_a_statement_earlier_than_the_first_is_told_of_in_the_note(
    cases: tuple[Case, ...],
) -> None:
    untold = [
        (case.slug, statement.key)
        for case in cases
        for statement in case.statements
        if (first := case.first_statement_after) is not None
        and (interval := elapsed(statement.moment, case.anchors)) is not None
        and interval.to_hours < first.from_hours
        and case.anchors.note is None
    ]

    assert untold == []


def test_a_case_does_not_end_before_its_first_statement(cases: tuple[Case, ...]) -> None:
    ended = [
        case.slug
        for case in cases
        if (first := case.first_statement_after) is not None
        and (end := elapsed(case.anchors.resolved_at, case.anchors)) is not None
        and end.to_hours < first.from_hours
    ]

    assert ended == []


def test_an_offset_agrees_with_the_date_beside_it(cases: tuple[Case, ...]) -> None:
    disagreeing = []
    for case in cases:
        for place, moment in parts(case, Moment):
            dated = elapsed(Moment(at=moment.at), case.anchors) if moment.at else None
            stated = elapsed(Moment(offset=moment.offset), case.anchors) if moment.offset else None
            if (
                dated
                and stated
                and (dated.to_hours < stated.from_hours or stated.to_hours < dated.from_hours)
            ):
                disagreeing.append((case.slug, place, dated, stated))

    assert disagreeing == []


def test_a_correction_does_not_precede_what_it_replaces(cases: tuple[Case, ...]) -> None:
    reversed_ = []
    for case in cases:
        spoken = {one.key: elapsed(one.moment, case.anchors) for one in case.statements}
        for statement in case.statements:
            if statement.supersedes is None:
                continue
            later, earlier = spoken[statement.key], spoken[statement.supersedes]
            if later and earlier and later.to_hours < earlier.from_hours:
                reversed_.append((case.slug, statement.key))

    assert reversed_ == []


def test_a_platform_with_a_code_is_named_by_it(
    cases: tuple[Case, ...], documents: tuple[Document, ...]
) -> None:
    named = {
        name.casefold()
        for one in documents
        if isinstance(one, Vocabulary) and one.set == "Platform"
        for term in one.terms
        for name in (term.label.zh_hans, term.label.en, *term.aliases)
    }

    by_name = [
        (case.slug, name)
        for case in cases
        for name in case.other_platforms
        if name.casefold() in named
    ]

    assert by_name == []
