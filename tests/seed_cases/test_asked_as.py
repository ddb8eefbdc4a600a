"""What people would type: enough of it, in both languages, once, and without the name."""

import re
from collections.abc import Iterator
from typing import Final

from service.domain.cases import AskedAs, Case, Organisation
from service.domain.entries import Document
from service.domain.text import HAN, prepare
from tests.seed_cases.parts import parts

_HAN = re.compile(f"[{HAN}]")
_LETTER = re.compile(r"[a-z]")
_NOT_WORD = re.compile(r"[\W_]+")
_BETWEEN_NAMES = re.compile(r"[（）()、，,/;；]")

# A branch bears its country in brackets; the country alone names nobody.
COUNTRIES: Final = {"中国", "china"}


def _names(organisation: Organisation) -> Iterator[str]:
    """Every form of a name that tells who it was, prepared as a query is."""
    written = (organisation.name.zh_hans, organisation.name.en, *organisation.aliases)
    for name in written:
        for part in (name, *_BETWEEN_NAMES.split(name)):
            prepared = prepare(part)
            if len(_HAN.findall(prepared)) >= 2 or len(_LETTER.findall(prepared)) >= 4:
                yield prepared


def _phrasings(document: Document) -> Iterator[str]:
    for _, asked in parts(document, AskedAs):
        yield from (*asked.zh_hans, *asked.en)


def test_every_case_is_asked_for_in_enough_ways(cases: tuple[Case, ...]) -> None:
    few = {
        case.slug: (len(case.asked_as.zh_hans), len(case.asked_as.en))
        for case in cases
        if len(case.asked_as.zh_hans) < 12 or len(case.asked_as.en) < 6
    }

    assert few == {}


def test_every_guide_is_asked_for_in_both_languages(documents: tuple[Document, ...]) -> None:
    silent = [
        document.slug
        for document in documents
        for _, asked in parts(document, AskedAs)
        if not asked.zh_hans or not asked.en
    ]

    assert silent == []


def test_each_phrasing_is_in_the_language_it_stands_under(documents: tuple[Document, ...]) -> None:
    asked = [(one.slug, asked) for one in documents for _, asked in parts(one, AskedAs)]

    not_chinese = [
        (slug, text) for slug, one in asked for text in one.zh_hans if not _HAN.search(text)
    ]
    not_english = [(slug, text) for slug, one in asked for text in one.en if _HAN.search(text)]

    assert (not_chinese, not_english) == ([], [])


def test_no_phrasing_names_the_organisation(cases: tuple[Case, ...]) -> None:
    named = [
        (case.slug, name, phrasing)
        for case in cases
        if not case.organisation.anonymised
        for name in sorted(set(_names(case.organisation)) - COUNTRIES)
        for phrasing in _phrasings(case)
        if name in prepare(phrasing)
    ]

    assert named == []


def test_no_phrasing_stands_twice_in_the_library(documents: tuple[Document, ...]) -> None:
    first: dict[str, str] = {}
    twice = []
    for document in documents:
        for phrasing in _phrasings(document):
            typed = _NOT_WORD.sub("", prepare(phrasing))
            if typed in first:
                twice.append((phrasing, first[typed], document.slug))
            first.setdefault(typed, document.slug)

    assert twice == []
