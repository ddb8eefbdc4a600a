"""Which codes a vocabulary names to somebody who typed one that it does not hold."""

import pytest

from service.domain.vocabularies import Vocabulary
from tests.library import BREACH, HIJACK, OUTAGE, small_vocabularies

TYPED = [
    ("a slip in a code", f"{HIJACK}S", [HIJACK]),
    ("the last part of a code", "ACCOUNT_COMPROMISE", [HIJACK]),
    ("a word of the last part", "OUTAGE", [OUTAGE]),
    ("the Chinese name", "账号被盗", [HIJACK]),
    ("an alias", "宕机", [OUTAGE]),
    ("the English name, in small letters", "privacy breach", [BREACH]),
    (
        "what is like nothing",
        "???",
        [
            "PUBLIC_OPINION",
            "PUBLIC_OPINION.PRODUCT_SERVICE_COMPLAINT",
            OUTAGE,
            "DATA_SECURITY",
            HIJACK,
        ],
    ),
]


@pytest.mark.parametrize(("label", "typed", "expected"), TYPED, ids=[row[0] for row in TYPED])
def test_what_was_typed_finds_codes_by_code_and_by_name(
    label: str, typed: str, expected: list[str]
) -> None:
    [types] = [
        each
        for each in small_vocabularies()
        if isinstance(each, Vocabulary) and each.set == "CrisisType"
    ]

    near = types.nearest(typed)

    assert near[: len(expected)] == expected
