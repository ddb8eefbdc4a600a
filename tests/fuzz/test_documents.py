"""What is drawn fits the schema, is answered, and a find is seen as one."""

from collections import Counter

import pytest
from graphql import GraphQLError, parse, validate

from schema.build import build_schema
from service.app import Application
from service.domain.access import AccessRole
from service.operations.ports import Desk
from tests.fuzz.asking import HARVEST, harvest, outcomes_of
from tests.fuzz.documents import Documents
from tests.fuzz.judging import HIDDEN_SLUG, Judge, hidden_case
from tests.fuzz.values import Pool
from tests.library import (
    OUTAGE,
    Client,
    a_case,
    a_method,
    a_procedure,
    a_statement,
    a_template,
    an_outcome,
    publish,
    small_vocabularies,
)

SEED = 20_261_129
COUNT = 150


@pytest.fixture
async def library(application: Application, desk: Desk) -> None:
    await publish(
        desk,
        *small_vocabularies(),
        a_case("seen", 1, statements=[a_statement("S-1")], outcomes=[an_outcome("CHURN_RATE", 5)]),
        hidden_case("seen"),
        a_method("method", example_cases=["seen", HIDDEN_SLUG]),
        a_procedure("procedure", crisis_types=[OUTAGE]),
        a_template("template", example_cases=["seen", HIDDEN_SLUG]),
    )
    await application.indexer.look()


async def test_random_documents_are_answered_without_a_find(ask: Client, library: None) -> None:
    tokens = [ask.tokens[AccessRole.READER], ask.tokens[AccessRole.ADMIN]]
    judge = Judge.of(*tokens)
    documents = Documents(build_schema()._schema, SEED, harvest(await ask(HARVEST)))
    finds, outcomes = [], Counter[str]()

    for number in range(COUNT):
        asked = documents.next()
        response = await ask.request(
            "POST",
            "/graphql",
            content=asked.body,
            headers={
                "authorization": f"Bearer {tokens[number % 2]}",
                "content-type": "application/json",
            },
        )
        wrong = judge.wrong(
            response.status_code,
            response.text,
            0.0,
            sent=f"{asked.body.decode()}{asked.document}{asked.variables}",
            is_reader=number % 2 == 0,
        )
        finds += [(wrong, asked, response.text)] if wrong else []
        outcomes.update(set(outcomes_of(response)) or {"answered"})

    assert finds == []
    # That it reached behind the parser, most of the time.
    assert outcomes["answered"] > COUNT / 3
    assert outcomes["BAD_INPUT"]


def test_the_same_seed_draws_the_same_and_most_of_it_fits_the_schema() -> None:
    schema = build_schema()._schema
    one, same = (Documents(schema, SEED, Pool({"slug": ["a-case"]})) for _ in range(2))
    drawn = [one.next() for _ in range(COUNT)]

    assert drawn == [same.next() for _ in range(COUNT)]
    fitting = 0
    for asked in drawn:
        try:
            fitting += not validate(schema, parse(asked.document))
        except GraphQLError:
            continue
    assert COUNT / 2 < fitting < COUNT


@pytest.mark.parametrize(
    ("status", "answer", "find"),
    [
        (500, '{"data": null}', "status 500"),
        (200, "Oops", "is no JSON"),
        (200, "[]", "has neither data nor errors"),
        (200, '{"errors": [{"extensions": {"code": "INTERNAL"}}]}', "code INTERNAL"),
        (200, '{"errors": [{"extensions": {"code": "MADE_UP"}}]}', "code MADE_UP"),
        (200, r'{"data": {"title": "\u9e6e\u7edd\u5bc6"}}', "shows 鹮绝密"),
        (200, '{"data": "SELECT x FROM entries"}', "tells 'FROM entries'"),
        (200, '{"data": "strawberry"}', "tells 'strawberry'"),
        (200, '{"data": "Traceback"}', "tells 'Traceback'"),
        (200, '{"data": "/srv/secret/x"}', "tells '/srv/secret'"),
        (200, '{"data": "precedent_token"}', "a token"),
    ],
)
def test_a_find_is_seen_as_one(status: int, answer: str, find: str) -> None:
    judge = Judge.of("precedent_token", paths=["/srv/secret"])

    assert find in judge.wrong(status, answer, 0.0, sent="", is_reader=True)
    assert judge.wrong(200, '{"data": {}}', 0.0, sent="", is_reader=True) == []


def test_what_was_sent_may_come_back_and_an_administrator_may_see_all() -> None:
    judge = Judge.of()

    assert judge.leaks(HIDDEN_SLUG, is_reader=True)
    assert judge.leaks(HIDDEN_SLUG, sent=HIDDEN_SLUG, is_reader=True) == []
    assert judge.leaks(HIDDEN_SLUG, is_reader=False) == []
