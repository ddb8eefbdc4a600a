"""Sources, what cites them, and how far each item can be trusted (the Admiralty scale)."""

import hashlib
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, NamedTuple, Self

from pydantic import Field, model_validator

from service.domain.codes import InformationCredibility, SourceReliability
from service.domain.moments import PartialDate
from service.domain.values import Bilingual, Key, Text, Value

CITATION_PATTERN = r"^[A-Za-z][A-Za-z0-9_-]{0,39}(?:#[^\s\]\x00-\x1f\x7f]{1,80})?$"

Citation = Annotated[
    str,
    Field(
        pattern=CITATION_PATTERN,
        description="Key of a source of this entry, with the place in it after #: S1 or S1#T-05",
    ),
]


class Basis(StrEnum):
    """On what an item rests."""

    REPORTED = "REPORTED"
    DERIVED = "DERIVED"
    EDITORIAL = "EDITORIAL"
    UNVERIFIED = "UNVERIFIED"


class Source(Value):
    """A publication that items of an entry cite, with its Admiralty reliability (A to F)."""

    key: Key
    title: Text
    publisher: Text | None = None
    url: Annotated[str, Field(pattern=r"^https?://[^\s\x00-\x1f\x7f]+$", max_length=600)] | None = (
        None
    )
    published_on: PartialDate | None = None
    published_on_inferred: bool = False
    reliability: SourceReliability
    note: Bilingual | None = None

    @property
    def identity(self) -> str:
        """A digest of what makes a publication: its address, else its publisher and title."""
        named = self.url or f"{self.publisher or ''}|{self.title}"
        return hashlib.sha256(named.encode()).hexdigest()


class Cited(Value):
    """An item that says what it rests on: a source, a computation, the editors, or nothing yet.

    A reported item cites at least one source.
    """

    basis: Basis = Basis.REPORTED
    citations: tuple[Citation, ...] = ()
    credibility: InformationCredibility = InformationCredibility.CRED_6
    note: Bilingual | None = None

    @model_validator(mode="after")
    def _rests_on_something(self) -> Self:
        if self.basis is Basis.REPORTED and not self.citations:
            raise ValueError(
                "is REPORTED but cites no source; give `citations`, "
                "or say `basis: DERIVED`, `EDITORIAL` or `UNVERIFIED`"
            )
        return self


class CitedPlace(NamedTuple):
    """One citation taken apart: the source's key and the place in the source, if any."""

    key: str
    place: str | None


def cited_place(citation: str) -> CitedPlace:
    """Take a citation apart at its first #."""
    key, _, place = citation.partition("#")
    return CitedPlace(key, place or None)


def admiralty_grade(item: Cited, sources: Iterable[Source]) -> str | None:
    """The usual two-character grade, such as B2: the best cited source and the item's credibility.

    None where nothing is cited.
    """
    keys = {cited_place(citation).key for citation in item.citations}
    letters = [source.reliability.value for source in sources if source.key in keys]
    if not letters:
        return None
    return f"{min(letters)}{item.credibility.value.removeprefix('CRED_')}"
