"""Both languages are there, each in its own script, and neither is a copy of the other."""

import re
from collections.abc import Iterator
from typing import Final

from service.domain.entries import Document
from service.domain.text import HAN
from service.domain.values import Bilingual
from tests.seed_cases.parts import parts

# These fields hold names, which may be the same in every language: a brand, an account, a body.
NAMES: Final = {"name", "actor", "spokesperson", "label", "recipient"}
# Methods and vocabularies quote Chinese terms in English to explain them.
QUOTING: Final = {"METHOD", "VOCABULARY"}

_HAN = re.compile(f"[{HAN}]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+|www\.[\w./-]+")


def _texts(documents: tuple[Document, ...]) -> Iterator[tuple[str, str, Bilingual]]:
    for document in documents:
        for place, text in parts(document, Bilingual):
            yield f"{document.slug}: {place}", place.rpartition(".")[2], text


def _is_prose(text: str) -> bool:
    """Whether a text without Han says more than a date, an address or one name does."""
    return len(_LATIN_WORD.findall(_ADDRESS.sub("", text))) > 1


def test_no_prose_is_the_same_in_both_languages(documents: tuple[Document, ...]) -> None:
    same = [
        place
        for place, field, text in _texts(documents)
        if text.zh_hans == text.en
        and field not in NAMES
        and (_HAN.search(text.en) or _LATIN_WORD.search(_ADDRESS.sub("", text.en)))
    ]

    assert same == []


def test_chinese_prose_is_written_in_chinese(documents: tuple[Document, ...]) -> None:
    foreign = [
        place
        for place, field, text in _texts(documents)
        if field not in NAMES and not _HAN.search(text.zh_hans) and _is_prose(text.zh_hans)
    ]

    assert foreign == []


def test_english_holds_no_chinese_characters(documents: tuple[Document, ...]) -> None:
    entries = tuple(document for document in documents if document.entry not in QUOTING)

    mixed = [place for place, _, text in _texts(entries) if _HAN.search(text.en)]

    assert mixed == []
