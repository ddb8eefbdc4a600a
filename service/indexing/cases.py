"""A case and its statements as documents of the search index."""

import re
from collections.abc import Iterator

from search.protocol import CASE, STATEMENT, SearchDocument
from service.domain.cases import Case, Statement
from service.domain.entries import codes_in, key_of
from service.domain.findings import document_id
from service.domain.text import pinyin_of, pinyin_pairs, prepare
from service.domain.values import Bilingual
from service.indexing.fields import asked, facets, languages, spoken, texts, with_ancestors
from service.indexing.terms import TermLookup

_NAME_JOINS = re.compile(r"[/()（）、,，;；]")


def case_documents(case: Case, *, revision: int, terms: TermLookup) -> tuple[SearchDocument, ...]:
    """A case for the index, and each of its statements with what is known of the case."""
    shared: dict[str, tuple[str, ...]] = {
        "crisis_types": with_ancestors(case.types),
        "platforms": case.platforms,
        "industry": (case.industry,),
        "country": (case.country,) if case.country else (),
        "level": (case.level,) if case.level else (),
        "year": (str(case.year),) if case.year is not None else (),
        "provenance": (case.provenance,),
        "sharing": (case.sharing,),
        "verdict": (case.editorial_verdict.verdict,) if case.editorial_verdict else (),
    }
    names = (*_names(case), *pinyin_pairs(case.title.zh_hans))
    known = {"title": tuple(spoken(case.title)), "names": names}
    numbers = _numbers(case)
    whole = SearchDocument(
        id=document_id(CASE, case.slug),
        kind=CASE,
        entry=str(key_of(case)),
        revision=revision,
        texts=texts(
            **known,
            asked_as=asked(case.asked_as),
            labels=_case_labels(case, terms),
            summary=spoken(case.summary),
            body=_body(case),
        ),
        facets=facets(**shared, **_case_facets(case)),
        numbers=numbers,
    )
    types = [name for code in case.types for name in terms.names("CrisisType", code)]
    return (
        whole,
        *(
            SearchDocument(
                id=document_id(STATEMENT, case.slug, statement.key),
                kind=STATEMENT,
                entry=str(key_of(case)),
                revision=revision,
                texts=texts(
                    **known,
                    labels=(*_statement_labels(statement, terms), *types),
                    summary=spoken(*statement.key_messages),
                    body=spoken(statement.spokesperson, *_received(statement)),
                ),
                facets=facets(**shared | _statement_facets(statement)),
                numbers=numbers,
            )
            for statement in case.statements
        ),
    )


def _case_facets(case: Case) -> dict[str, tuple[str, ...]]:
    spoken_or_done = (
        *(statement.strategies for statement in case.statements),
        *(action.strategies for action in case.actions),
    )
    phases = (
        *(event.phase for event in case.timeline),
        *(action.phase for action in case.actions),
        *(lesson.phase for lesson in case.lessons),
    )
    return {
        "strategies": with_ancestors(code for codes in spoken_or_done for code in codes),
        "statement_kind": tuple(statement.kind for statement in case.statements),
        "channel": tuple(s.channel for s in case.statements if s.channel is not None),
        "phase": tuple(phase for phase in phases if phase is not None),
        "metrics": tuple(outcome.metric for outcome in case.outcomes),
    }


def _statement_facets(statement: Statement) -> dict[str, tuple[str, ...]]:
    """What a statement says of itself; where it names no platform, those of the case stand."""
    own = {
        "strategies": with_ancestors(statement.strategies),
        "statement_kind": (statement.kind,),
        "channel": (statement.channel,) if statement.channel is not None else (),
    }
    return own | ({"platforms": statement.platforms} if statement.platforms else {})


def _case_labels(case: Case, terms: TermLookup) -> Iterator[str]:
    """Nearly every case passes through the same phases, so they tell none apart."""
    yield from terms.of_uses(use for use in codes_in(case) if use.set != "Phase")
    yield from map(prepare, case.other_platforms)


def _statement_labels(statement: Statement, terms: TermLookup) -> Iterator[str]:
    yield from terms.names("StatementKind", statement.kind)
    if statement.channel is not None:
        yield from terms.names("ChannelKind", statement.channel)
    for strategy in statement.strategies:
        yield from terms.names("ResponseStrategy", strategy)
    for platform in statement.platforms:
        yield from terms.names("Platform", platform)


def _body(case: Case) -> Iterator[str]:
    for event in case.timeline:
        yield from spoken(event.text, event.actor)
    for statement in case.statements:
        yield from spoken(*statement.key_messages, statement.spokesperson, *_received(statement))
    yield from spoken(
        *(action.text for action in case.actions),
        *(promise.text for promise in case.promises),
        *(effect.text for effect in case.secondary_effects),
        *(lesson.text for lesson in case.lessons),
    )
    yield from spoken(*(remedy.form for remedy in case.remedies))
    yield from spoken(*(outcome.label for outcome in case.outcomes))
    if case.editorial_verdict is not None:
        yield from spoken(case.editorial_verdict.reason)
    yield from (prepare(source.title) for source in case.sources)


def _received(statement: Statement) -> tuple[Bilingual, ...]:
    return (statement.reception.text,) if statement.reception is not None else ()


def _names(case: Case) -> Iterator[str]:
    organisation = case.organisation
    names = (*languages(organisation.name), *organisation.aliases)
    for name in names:
        yield prepare(name)
    if not organisation.anonymised:
        for name in names:
            for part in _NAME_JOINS.split(name):
                yield from pinyin_of(part)


def _numbers(case: Case) -> dict[str, float]:
    """Intervals by both bounds, so that a range holds only where it certainly does."""
    first = case.first_statement_after
    numbers = {
        "year_number": case.year,
        "first_statement_from_hours": first.from_hours if first is not None else None,
        "first_statement_hours": first.to_hours if first is not None else None,
    }
    return {name: float(number) for name, number in numbers.items() if number is not None}
