"""What a situation given to the API must be; each refusal says what would be right."""

from typing import Any

import pytest

from service.app import Application
from service.operations.ports import Desk
from tests.library import HIJACK, OUTAGE, Client

FIND = """query($s: SituationInput!) {
  findPrecedents(situation: $s) { hasFit edges { node { slug } } } }"""
BRIEF = "query($s: SituationInput!) { brief(situation: $s) { hasFit } }"


@pytest.fixture
async def indexed(application: Application, library: Desk) -> Desk:
    await application.indexer.look()
    return library


EMPTY = "The situation is empty; describe what happened in text, or give crisisTypes, platforms, industry, level or jurisdictions."
WORDLESS = (
    "text has no word to look up; describe what happened in a few words, or give crisisTypes."
)
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("nothing", {}, EMPTY),
    ("an empty text", {"text": ""}, EMPTY),
    ("blanks", {"text": " 　\n"}, EMPTY),
    ("empty lists", {"crisisTypes": [], "platforms": [], "jurisdictions": []}, EMPTY),
    ("only emoji", {"text": "😀🔥🙏"}, WORDLESS),
    ("only signs", {"text": "？？！！---\"\"''()*~^%_"}, WORDLESS),
    ("only zero-width characters", {"text": "\u200b\u200d\ufeff"}, WORDLESS),
    ("only an address", {"text": "https://weibo.com/1/x?y=z"}, WORDLESS),
    ("only tags", {"text": "<script>崩了</script><br>"}, WORDLESS),
    (
        "too long",
        {"text": "宕" * 20_000},
        "text has 20000 characters; at most 2000 are read. Give the sentences that say what happened.",
    ),
    (
        "an unknown type",
        {"crisisTypes": ["DATA_SECURITY.ACCOUNT_COMPROMIZE"]},
        f"'DATA_SECURITY.ACCOUNT_COMPROMIZE' is not a code of CrisisType; near it are {HIJACK},",
    ),
    (
        "an unknown platform",
        {"text": "崩了", "platforms": ["WEIBOO"]},
        "'WEIBOO' is not a code of Platform; near it are WEIBO",
    ),
    (
        "an unknown industry",
        {"text": "崩了", "industry": "GAME"},
        "'GAME' is not a code of Industry; near it are GAMES",
    ),
    (
        "an unknown concept",
        {"text": "崩了", "excludeConcepts": ["DATA_SECURITY.ACCOUNT"]},
        (
            "excludeConcepts: 'DATA_SECURITY.ACCOUNT' is not a code that is read from texts; "
            f"near it are {HIJACK}, DATA_SECURITY, DATA_SECURITY.PRIVACY_BREACH."
        ),
    ),
    (
        "an unknown jurisdiction",
        {"text": "崩了", "jurisdictions": ["XX"]},
        "'XX' is not a jurisdiction by ISO 3166, nor EU; write two capital letters, such as CN.",
    ),
    (
        "a jurisdiction in small letters",
        {"text": "崩了", "jurisdictions": ["cn"]},
        "'cn' is not a jurisdiction by ISO 3166, nor EU; write CN.",
    ),
    (
        "too many values",
        {"crisisTypes": [OUTAGE] * 21},
        "crisisTypes has 21 values; at most 20 are taken.",
    ),
    (
        "hours to come",
        {"text": "崩了", "hoursSinceFirstSignal": -0.5},
        "hoursSinceFirstSignal is -0.5; give the hours passed, 0 to 87600.",
    ),
    (
        "hours without end",
        {"text": "崩了", "hoursSinceFirstSignal": 1e308},
        "hoursSinceFirstSignal is 1e+308; give the hours passed, 0 to 87600.",
    ),
    (
        "fewer than nobody",
        {"text": "崩了", "affectedCount": -1},
        "affectedCount is -1; give 0 or more.",
    ),
    (
        "a type that is excluded",
        {"crisisTypes": [OUTAGE], "excludeConcepts": [OUTAGE]},
        f"'{OUTAGE}' is in crisisTypes, and '{OUTAGE}' in excludeConcepts; leave out one of them.",
    ),
    (
        "a type below an excluded one",
        {"crisisTypes": [OUTAGE], "excludeConcepts": ["PUBLIC_OPINION"]},
        (
            f"'{OUTAGE}' is in crisisTypes, and 'PUBLIC_OPINION' in excludeConcepts; "
            "leave out one of them."
        ),
    ),
]


async def test_a_situation_that_says_nothing_or_what_is_not_so_is_refused_in_words(
    indexed: Desk, ask: Client
) -> None:
    for label, situation, said in REFUSED:
        for query in (FIND, BRIEF):
            answer = await ask.answer(query, s=situation)

            (error,) = answer["errors"]
            assert error["message"].startswith(said), label
            assert error["extensions"] == {"code": "BAD_INPUT"}, label
            assert not any((answer["data"] or {}).values()), label


TAKEN: list[tuple[str, dict[str, Any]]] = [
    ("words", {"text": "崩了"}),
    ("as many characters as are read", {"text": "崩" * 2_000}),
    ("facets without a word", {"crisisTypes": [HIJACK]}),
    ("a facet and signs", {"text": "？！", "platforms": ["X"]}),
    ("the same type twice", {"crisisTypes": [HIJACK, HIJACK]}),
    ("the members of the EU", {"text": "崩了", "jurisdictions": ["EU", "CN"]}),
    ("a concept of another set", {"text": "崩了", "excludeConcepts": ["WEIBO"]}),
    ("a concept above", {"text": "崩了", "excludeConcepts": ["DATA_SECURITY"]}),
    ("just begun", {"text": "崩了", "hoursSinceFirstSignal": 0, "affectedCount": 0}),
    ("ten years on", {"text": "崩了", "hoursSinceFirstSignal": 87_600}),
    ("nothing excluded", {"text": "崩了", "excludeConcepts": []}),
]


async def test_whatever_says_something_is_taken(indexed: Desk, ask: Client) -> None:
    for label, situation in TAKEN:
        for query in (FIND, BRIEF):
            answer = await ask.answer(query, s=situation)

            assert "errors" not in answer, (label, answer["errors"])


async def test_a_code_given_twice_counts_and_is_named_once(indexed: Desk, ask: Client) -> None:
    query = """query($s: SituationInput!) { findPrecedents(situation: $s, first: 1) {
      edges { reasons { matched label } } } }"""

    data = await ask(query, s={"crisisTypes": [HIJACK, HIJACK]})

    (edge,) = data["findPrecedents"]["edges"]
    assert edge["reasons"] == [{"matched": [HIJACK], "label": "危机类型相同：账号被盗"}]
