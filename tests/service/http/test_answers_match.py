"""An answer that was kept is the answer that would be made, whoever published what meanwhile."""

import random
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from service.app import Application
from service.domain.access import OPERATOR, AccessRole
from service.domain.changes import LibraryChange
from service.domain.codes import SharingMarking
from service.domain.entries import DOCUMENT, Document
from service.operations.tokens import create_token
from service.settings import Settings
from tests.library import (
    OUTAGE,
    Client,
    a_case,
    a_method,
    a_statement,
    both,
    publish,
    small_vocabularies,
)

PUBLISHES: Final = 12
ROLES: Final = (AccessRole.READER, AccessRole.RESPONDER, AccessRole.ADMIN)
CASES: Final = 4
MARKINGS: Final = (SharingMarking.TLP_CLEAR, SharingMarking.TLP_AMBER, SharingMarking.TLP_RED)

DOCUMENTS: Final = (
    "query($s: String!, $l: Locale) { case(slug: $s) { title(locale: $l) number primaryType { label } } }",
    """query($s: String!) { case(slug: $s) { primaryType { label } statements { key }
         sources { title citedBy { __typename } } links { relation case { slug } } } }""",
    "query($l: Locale) { cases(first: 9) { totalCount edges { node { slug title(locale: $l) } } } }",
    "{ methods { edges { node { slug title } } } }",
    "{ statements { totalCount edges { node { key case { slug title } } } } }",
    "{ strategyEvidence { considered } }",
    '{ case(number: "CASE-0002") { slug title } }',
    "{ library { revision } }",
    """{ cases(filter: {country: ["CN"]}, orderBy: {field: YEAR, direction: DESC}) {
         totalCount edges { cursor node { slug year statements { key } } } } }""",
)


class Replica(NamedTuple):
    """An application on the library, and someone who asks it."""

    application: Application
    ask: Client


@pytest.fixture
async def replicas(migrated_url: str, tmp_path: Path) -> AsyncIterator[tuple[Replica, ...]]:
    """Two that keep answers and entries, and one that keeps no answer, on one library."""
    async with AsyncExitStack() as stack:
        made = []
        tokens: dict[AccessRole, str] = {}
        for number, kept in enumerate((8, 8, 0)):
            var = tmp_path / f"{number}"
            settings = Settings(var=var, database_url=migrated_url, answers_mb=kept)
            application = Application(settings)
            stack.push_async_callback(application.database.aclose)
            stack.push_async_callback(application.desk.lexical.aclose)
            for role in ROLES if not tokens else ():
                tokens[role] = await create_token(
                    application.desk,
                    OPERATOR,
                    name=role.value,
                    role=role,
                    random=partial(str.ljust, role.value, 32, "0"),
                )
            ask = Client(application.asgi(), tokens)
            stack.push_async_callback(ask.aclose)
            made.append(Replica(application, ask))
        yield tuple(made)


@pytest.mark.parametrize("seed", [2])
async def test_a_kept_answer_is_the_one_that_would_be_made(
    replicas: tuple[Replica, ...], seed: int
) -> None:
    *keeping, making = replicas
    chance = random.Random(seed)
    first = [a_case(f"case-{number}", number) for number in range(1, CASES)]
    await _publish(keeping[0], [*small_vocabularies(), a_method("m"), *first], replicas)
    changes = _changes(chance)

    for _ in range(PUBLISHES):
        await _publish(chance.choice(keeping), next(changes), replicas)
        for document, role in product(DOCUMENTS, ROLES):
            variables = _variables(document, chance)
            _forget(making)
            made = await making.ask.answer(document, as_=role, **variables)
            for replica in keeping:
                kept = await replica.ask.answer(document, as_=role, **variables)
                assert kept == made, (document, role, variables)

    asked = PUBLISHES * len(DOCUMENTS) * len(ROLES)
    assert all(replica.application.answers.hits > asked / 10 for replica in keeping)
    assert making.application.answers.hits == 0


def _forget(replica: Replica) -> None:
    """Have the next answer come from the database alone."""
    assert replica.application.watch.point is not None
    unknown = LibraryChange(replica.application.watch.point, is_whole=False)
    replica.application.desk.store.hear(unknown)


async def _publish(
    writer: Replica, documents: Sequence[Document], replicas: Iterable[Replica]
) -> None:
    """Publish as one replica; the others, who hear of it within a second, are made to look."""
    await publish(writer.application.desk, *documents)
    for replica in replicas:
        if replica is not writer:
            assert await replica.application.watch.look()


def _variables(document: str, chance: random.Random) -> dict[str, Any]:
    variables: dict[str, Any] = {}
    if "$s" in document:
        variables["s"] = f"case-{chance.randint(1, 2)}"
    if "$l" in document:
        variables["l"] = chance.choice(("ZH_HANS", "EN"))
    return variables


def _relabelled(number: int) -> Document:
    """The vocabulary of crisis types, in which the outage goes by another name."""
    (types,) = (each for each in small_vocabularies() if each.slug == "crisis-type")
    body = types.model_dump(mode="json", exclude_defaults=True)
    for held in body["terms"]:
        if held["code"] == OUTAGE:
            held["label"]["zh_hans"] = f"故障{number}"
    return DOCUMENT.validate_python({**body, "entry": "VOCABULARY"})


def _shape(chance: random.Random, number: int, place: int) -> dict[str, Any]:
    """What a case is found by: lists read otherwise once it is published with another."""
    case: dict[str, Any] = {
        "sharing": chance.choice(MARKINGS),
        "country": chance.choice(("CN", "US")),
        "anchors": {"first_signal_at": {"at": chance.choice(("2022-10-23", "2023-10-23"))}},
    }
    if chance.random() < 0.5:
        case["statements"] = [a_statement(f"s{number}")]
    if place > 1 and chance.random() < 0.5:
        reason = both("相像", "Alike")
        case["links"] = [{"case": "case-1", "relation": "SIMILAR", "reason": reason}]
    return case


def _changes(chance: random.Random) -> Iterator[list[Document]]:
    """What may be published next: a title, a marking, a statement, a link, a new entry, a label."""
    number = 0
    held: dict[int, dict[str, Any]] = {}
    while True:
        number += 1
        place = chance.randint(1, CASES)
        if place not in held or chance.random() < 0.5:
            held[place] = _shape(chance, number, place)
        title = both(f"案例{place}之{number}", f"Case {place}, told the {number}th time")
        documents = [a_case(f"case-{place}", place, title=title, **held[place])]
        if chance.random() < 0.2:
            documents = [a_method("m", title=both(f"方法{number}", f"Method {number}"))]
        if chance.random() < 0.25:
            documents = [_relabelled(number)]
        yield documents
