"""A draft held against what is on file: facts with their status, and the approved line.

Only what can be seen in the words is decided: the same thing stated, denied, or given another figure.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.domain.codes import FactStatus
from service.domain.lint.drafts import Fact
from service.domain.lint.findings import Breach, quotable
from service.domain.lint.quantities import Quantity, quantities
from service.domain.lint.readings import Reading, Sentence
from service.domain.mapped_texts import Span
from service.domain.text import bigrams, is_han, prepare, words_in
from service.domain.values import Bilingual

_STATED = 0.6
_ABOUT = 0.4
_DENIED = re.compile(
    r"没有|并未|未(?!来|成年|必)|不存在|并非|不是|不属实|不实|否认|从未|无(?=任何|人|一)|不会|不曾|谣"
    r"|\b(?:no|not|never|none|nobody|deny|denies|denied|false|untrue|without|neither|nor)\b|n't\b"
)
_OPEN = re.compile(
    r"核实|核查|调查中|是否|尚未|尚不|待查|待确认|未经证实|未证实|有待|网传|传言|有(?:人|帖|网友|报道|说法)"
    r"|不清楚|无法确认|\b(?:whether|being checked|being investigated|unconfirmed|unverified|not yet|investigat\w+"
    r"|looking into|rumou?rs?|claims?|alleg\w+|reports? (?:that|of)|cannot confirm|have not confirmed)\b"
)
_PRELIMINARY = re.compile(r"初步|暂时|目前看|\b(?:preliminar\w+|initial\w*|so far|early)\b")
_SMALL_WORDS = frozenset(
    {
        *("a", "an", "and", "are", "as", "at", "be", "been", "by", "but", "for", "from", "had"),
        *("has", "have", "in", "is", "it", "its", "of", "on", "or", "our", "s", "that", "the"),
        *("their", "there", "they", "this", "to", "was", "we", "were", "which", "who", "will"),
        *("with", "you", "your"),
    }
)
_PARTICLES = frozenset("的了在是和与就都也还这那我们于已将对为有")
_STATUS = {
    FactStatus.PROBABLE: Bilingual(zh_hans="基本核实", en="probable"),
    FactStatus.UNCONFIRMED: Bilingual(zh_hans="待核实", en="unconfirmed"),
    FactStatus.REFUTED: Bilingual(zh_hans="已证伪", en="refuted"),
    FactStatus.UNKNOWN: Bilingual(zh_hans="未知", en="unknown"),
}


@dataclass(frozen=True, slots=True)
class _Claim:
    """A text reduced to what can be compared: its words, its figures, and whether it denies."""

    words: frozenset[str]
    figures: tuple[Quantity, ...]
    denies: bool

    @classmethod
    def of(cls, text: str) -> "_Claim":
        return cls(_words(text), tuple(quantities(text)), _DENIED.search(text) is not None)

    def share_in(self, other: "_Claim") -> float:
        """How much of what this one is about stands in the other."""
        return len(self.words & other.words) / len(self.words) if self.words else 0.0


def unconfirmed(reading: Reading, code: str, facts: Sequence[Fact]) -> Iterator[Breach]:
    """Sentences that state a fact which is not confirmed."""
    for fact in facts:
        if fact.status is FactStatus.CONFIRMED:
            continue
        claim = _Claim.of(prepare(fact.text))
        for sentence in reading.sentences:
            if _states(sentence, claim) and not _is_allowed(sentence, fact, claim):
                yield Breach(
                    code,
                    _span(reading, sentence),
                    {"fact": quotable(fact.text), "status": _STATUS[fact.status]},
                )


def contradicted(
    reading: Reading, code: str, texts: Sequence[str], *, detail: str
) -> Iterator[Breach]:
    """Sentences that deny one of the texts, or give another figure for the same thing."""
    for text in texts:
        claim = _Claim.of(prepare(text))
        for sentence in reading.sentences:
            place = _conflict(sentence, claim)
            if place is not None:
                start, end = place.start + sentence.start, place.end + sentence.start
                details = {detail: quotable(text)}
                yield Breach(code, reading.displayed(start, end), details)


def _states(sentence: Sentence, claim: _Claim) -> bool:
    said = _Claim.of(sentence.text)
    share = claim.share_in(said)
    if not claim.figures:
        return share >= _STATED
    same = any(
        one.unit == other.unit and one.agrees(other)
        for one in claim.figures
        for other in said.figures
    )
    return same and share >= _ABOUT


def _is_allowed(sentence: Sentence, fact: Fact, claim: _Claim) -> bool:
    if _OPEN.search(sentence.text):
        return True
    if fact.status is FactStatus.PROBABLE and _PRELIMINARY.search(sentence.text):
        return True
    return (_DENIED.search(sentence.text) is not None) != claim.denies


def _conflict(sentence: Sentence, claim: _Claim) -> Span | None:
    said = _Claim.of(sentence.text)
    share = claim.share_in(said)
    if share < _ABOUT or _OPEN.search(sentence.text):
        return None
    for unit in dict.fromkeys(figure.unit for figure in claim.figures):
        approved = [figure for figure in claim.figures if figure.unit == unit]
        given = [figure for figure in said.figures if figure.unit == unit]
        if given and not any(one.agrees(other) for one in given for other in approved):
            return given[0].span
    if share >= _STATED and said.denies != claim.denies:
        return Span(0, len(sentence.text.rstrip()))
    return None


def _words(text: str) -> frozenset[str]:
    words: set[str] = set()
    for word in words_in(_DENIED.sub(" ", text)):
        if not is_han(word):
            if word not in _SMALL_WORDS and not word[0].isdigit():
                words.add(word.removesuffix("s"))
        elif len(word) > 1:
            words.update(pair for pair in bigrams(word) if not _PARTICLES.intersection(pair))
    return frozenset(words)


def _span(reading: Reading, sentence: Sentence) -> Span:
    start = sentence.start + len(sentence.text) - len(sentence.text.lstrip())
    return reading.displayed(start, sentence.start + len(sentence.text.rstrip()))
