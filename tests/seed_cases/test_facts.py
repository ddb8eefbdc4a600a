"""Every fact of the founding documents is somewhere in the library, cited by its number."""

import re
from collections.abc import Iterable
from typing import Final

from service.domain.citations import cited_place
from service.domain.entries import Document
from service.domain.methods import Method
from service.domain.references import all_citations_in
from tests.seed_cases.fact_ids import FACT_IDS

FOUNDING: Final = {"S000", "S001", "S002"}

# A fact that no entry cites, and why.
NOT_CITED: Final[dict[str, str]] = {}

# A citation may also name a section of a founding document: S000#三(一)2.
_FACT = re.compile(r"[A-Z]x?-[0-9]{2}")


def _facts_cited_in(documents: Iterable[Document]) -> set[str]:
    places = (cited_place(use.citation) for one in documents for use in all_citations_in(one))
    return {
        place
        for key, place in places
        if key in FOUNDING and place is not None and _FACT.fullmatch(place)
    }


def test_the_founding_documents_hold_175_facts() -> None:
    assert len(FACT_IDS) == len(set(FACT_IDS)) == 175
    assert [fact for fact in FACT_IDS if not _FACT.fullmatch(fact)] == []


def test_every_fact_of_the_founding_documents_is_cited(documents: tuple[Document, ...]) -> None:
    cited = _facts_cited_in(documents)

    assert sorted(set(FACT_IDS) - cited) == sorted(NOT_CITED)


def test_no_entry_cites_a_fact_that_does_not_exist(documents: tuple[Document, ...]) -> None:
    cited = _facts_cited_in(documents)

    assert cited - set(FACT_IDS) == set()


def test_the_article_on_systems_cites_each_system_named(methods: tuple[Method, ...]) -> None:
    systems = {fact for fact in FACT_IDS if fact.startswith("Y-")}
    article = [method for method in methods if method.slug == "systems-and-knowledge-base"]

    cited = _facts_cited_in(article)

    assert len(systems) == 25
    assert systems - cited == set()
