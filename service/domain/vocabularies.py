"""The controlled vocabularies: sets of terms with labels, and the aliases people really type."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from service.domain.clocks import RegulatoryClockDefinition
from service.domain.codes import CODE_PATTERN, AmecLevel, SharingMarking
from service.domain.values import Bilingual, Slug, Text, Value

Code = Annotated[str, Field(pattern=CODE_PATTERN, max_length=120)]
SetName = Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9]{0,59}$")]


class Label(Bilingual):
    """A term's name in simplified and traditional Chinese and English."""

    zh_hant: str


class Better(StrEnum):
    """Which direction of a metric is better for the owner."""

    LOWER = "LOWER"
    HIGHER = "HIGHER"
    CONTEXT = "CONTEXT"


class MetricDefinition(Value):
    """How a metric is measured."""

    unit: Text
    better: Better
    amec_level: AmecLevel
    computed: Bilingual | None = None


class Term(Value):
    """One code of a set, with its labels and the other words people type for it."""

    code: Code
    label: Label
    aliases: tuple[Text, ...] = ()
    definition: Bilingual | None = None
    source: Text | None = None
    metric: MetricDefinition | None = None
    regulatory_clock: RegulatoryClockDefinition | None = None

    @property
    def parent(self) -> str | None:
        """The code one level up, or None at the top."""
        head, dot, _ = self.code.rpartition(".")
        return head if dot else None

    @property
    def is_nameless(self) -> bool:
        """Whether it stands for whatever has no term, so that nobody asks by its name."""
        return self.code.rpartition(".")[2] in {"OTHER", "UNKNOWN"}


class Vocabulary(Value):
    """A set of terms. `open` sets grow; closed ones are enums of the API."""

    entry: Literal["VOCABULARY"]
    slug: Slug
    set: SetName
    title: Bilingual
    description: Bilingual | None = None
    # Codes and labels are part of the API, so every reader sees every vocabulary.
    sharing: Literal[SharingMarking.TLP_CLEAR] = SharingMarking.TLP_CLEAR
    open: bool = False
    terms: tuple[Term, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_distinct_codes(self) -> Self:
        codes = [term.code for term in self.terms]
        if len(codes) != len(set(codes)):
            twice = sorted({code for code in codes if codes.count(code) > 1})
            raise ValueError(f"two terms have the code {', '.join(twice)}")
        return self

    @property
    def by_code(self) -> dict[str, Term]:
        """The terms by their code."""
        return {term.code: term for term in self.terms}

    def nearest(self, typed: str) -> list[str]:
        """The codes whose code, last part or name is most like what was typed, or the first few."""
        names: dict[str, list[str]] = {}
        for code, term in self.by_code.items():
            label = (term.label.zh_hans, term.label.zh_hant, term.label.en)
            for name in (code, code.rpartition(".")[2], *label, *term.aliases):
                names.setdefault((name or "").casefold(), []).append(code)
        # A code may be near by several of its names, so more names are taken than codes given.
        near = get_close_matches(typed[:120].casefold(), names, n=6, cutoff=0.5)
        found = dict.fromkeys(code for name in near for code in names[name])
        return list(found)[:3] or list(self.by_code)[:5]


def ancestors(code: str) -> Iterator[str]:
    """The code itself and then each code above it: A.B.C, A.B, A."""
    while code:
        yield code
        code = code.rpartition(".")[0]


class Vocabularies:
    """All the vocabularies of a library, by the name of their set."""

    def __init__(self, vocabularies: Iterable[Vocabulary] = ()) -> None:
        self._by_set = {vocabulary.set: vocabulary for vocabulary in vocabularies}
        self._terms = {name: held.by_code for name, held in self._by_set.items()}

    @property
    def by_set(self) -> Mapping[str, Vocabulary]:
        """The vocabularies by the name of their set."""
        return self._by_set

    def find(self, set_name: str) -> Vocabulary | None:
        """The vocabulary of a set, or None."""
        return self._by_set.get(set_name)

    def term(self, set_name: str, code: str) -> Term | None:
        """The term of a code, or None where the set or the code is unknown."""
        return self._terms.get(set_name, {}).get(code)

    def holds(self, set_name: str, code: str) -> bool:
        """Whether the code is one of the set, or the set is not there to say."""
        terms = self._terms.get(set_name)
        return terms is None or code in terms
