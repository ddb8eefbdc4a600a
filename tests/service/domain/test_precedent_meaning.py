"""How the nearness of meaning counts in the score of a precedent."""

from dataclasses import replace

import pytest

from service.domain.precedents import FIT, Signals, precedent_score

NEAR = Signals(typed=40.0, covered=0.8, lead=2.0, standing=1.0)
FAR = replace(NEAR, standing=0.0)
ALIKE = Signals()

SCORES = [
    ("words alone", NEAR, None, 0.9471),
    ("words, and no meaning", NEAR, 0.0, 0.9471),
    ("words, and half the meaning", NEAR, 0.5, 0.9672),
    ("words, and the meaning", NEAR, 1.0, 0.9799),
    ("neither", FAR, None, 0.0),
    ("neither, though it was looked for", FAR, 0.0, 0.0),
    ("half the meaning alone", FAR, 0.5, 0.0204),
    ("the meaning alone", FAR, 1.0, 0.3543),
    ("no text", ALIKE, None, 0.168),
    ("no word of the text known, and the meaning", ALIKE, 1.0, 0.3543),
]


@pytest.mark.parametrize(
    ("signals", "meaning", "score"), [row[1:] for row in SCORES], ids=[row[0] for row in SCORES]
)
def test_meaning_adds_to_words_and_stands_in_for_them(
    signals: Signals, meaning: float | None, score: float
) -> None:
    assert precedent_score(replace(signals, meaning=meaning)) == score


def test_meaning_alone_claims_no_fit() -> None:
    assert precedent_score(replace(FAR, meaning=1.0)) < FIT
