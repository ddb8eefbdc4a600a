"""The Situation: what a responder knows so far, and what is read from their words."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape

from service.domain.codes import RiskLevel
from service.domain.concepts import Concept, ConceptReader, as_spoken
from service.domain.errors import BadInput
from service.domain.highlights import query_words
from service.domain.text import PARTICLES, prepare, words_in
from service.domain.vocabularies import ancestors

SITUATION_LENGTH_MOST = 2_000
# Ten years: what began earlier is no crisis to answer in hours.
_HOURS_MOST = 87_600
# The share of a text's characters from which on it only names a type.
_NAMING_FROM = 0.5

# What is pasted along with words: addresses, and the tags of a copied page.
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"'，。；！？、）)]+", re.IGNORECASE)
_HIDDEN = re.compile(
    r"<(script|style)\b.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a responder has: free text in any state of haste, and whatever is known.

    Codes are those of the vocabularies, jurisdictions ISO 3166-1 codes. `excluded_concepts` are
    codes that must not be read from the text.
    """

    text: str = ""
    crisis_types: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    industry: str | None = None
    level: RiskLevel | None = None
    hours_since_first_signal: float | None = None
    jurisdictions: tuple[str, ...] = ()
    listed: bool | None = None
    affected_count: int | None = None
    excluded_concepts: frozenset[str] = field(default_factory=frozenset)

    @property
    def has_facets(self) -> bool:
        """Whether anything is given that cases can be told apart by without a word of text."""
        return bool(
            self.crisis_types or self.platforms or self.industry or self.level or self.jurisdictions
        )


@dataclass(frozen=True)
class SituationReading:
    """What a situation's text says: the words to look up, and the concepts they speak of.

    `set_aside` are those that were denied or excluded; their words are not looked up.
    """

    words: str
    concepts: tuple[Concept, ...]
    set_aside: tuple[Concept, ...]

    @cached_property
    def telling_words(self) -> tuple[str, ...]:
        """The words that a case is looked through for, to show what it shares with the text."""
        return query_words(self.words)

    @property
    def named_types(self) -> tuple[str, ...]:
        """The crisis types that a text names which says little else, such as 系统崩了."""
        types = [concept for concept in self.concepts if concept.set == "CrisisType"]
        said = {word for concept in types for word in concept.words}
        telling = sum(
            character not in PARTICLES for word in words_in(self.words) for character in word
        )
        naming = sum(len(part) for word in said for part in words_in(word))
        is_little_else = naming > 0 and naming >= _NAMING_FROM * telling
        return tuple(concept.code for concept in types) if is_little_else else ()


def without_markup(text: str) -> str:
    """The text a person reads in what was pasted: no tags, no entities, no addresses."""
    return _ADDRESS.sub(" ", unescape(_TAG.sub(" ", _HIDDEN.sub(" ", text))))


def read_situation(situation: Situation, reader: ConceptReader) -> SituationReading:
    """What the text says. What it denies (没有泄露) or the responder excludes is set aside."""
    prepared = prepare(without_markup(situation.text))
    denials = reader.read_denials(prepared)
    read = reader.read(prepared)
    kept = tuple(c for c in read if situation.excluded_concepts.isdisjoint(ancestors(c.code)))
    excluded = tuple(concept for concept in read if concept not in kept)
    aside = (*(denial.said for denial in denials), *(w for c in excluded for w in c.words))
    words = as_spoken(prepared) if aside else prepared
    for said in aside:
        words = _without(said, words)
    set_aside = dict.fromkeys((*excluded, *(denial.concept for denial in denials)))
    return SituationReading(" ".join(words.split()), kept, tuple(set_aside))


def _without(said: str, words: str) -> str:
    """The words without what was said; what merely holds its letters, as online does LINE, stays."""
    before = r"(?<![a-z0-9])" if said[0].isascii() else ""
    after = r"(?![a-z0-9])" if said[-1].isascii() else ""
    return re.sub(f"{before}{re.escape(said)}{after}", " ", words)


def require_usable(situation: Situation) -> None:
    """Raise `BadInput` for a situation that says nothing, too much, or contradicts itself."""
    length = len(situation.text)
    if length > SITUATION_LENGTH_MOST:
        raise BadInput(
            f"text has {length} characters; at most {SITUATION_LENGTH_MOST} are read. "
            "Give the sentences that say what happened."
        )
    if not situation.has_facets:
        if not situation.text.strip():
            raise BadInput(
                "The situation is empty; describe what happened in text, or give crisisTypes, "
                "platforms, industry, level or jurisdictions."
            )
        if not words_in(prepare(without_markup(situation.text))):
            raise BadInput(
                "text has no word to look up; describe what happened in a few words, "
                "or give crisisTypes."
            )
    hours = situation.hours_since_first_signal
    if hours is not None and not 0 <= hours <= _HOURS_MOST:
        raise BadInput(
            f"hoursSinceFirstSignal is {hours:g}; give the hours passed, 0 to {_HOURS_MOST}."
        )
    if situation.affected_count is not None and situation.affected_count < 0:
        raise BadInput(f"affectedCount is {situation.affected_count}; give 0 or more.")
    for code in situation.crisis_types:
        for above in ancestors(code):
            if above in situation.excluded_concepts:
                raise BadInput(
                    f"'{code}' is in crisisTypes, and '{above}' in excludeConcepts; "
                    "leave out one of them."
                )
