"""What a query is about, read with the labels and aliases of the controlled vocabularies."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from service.domain.text import HAN, prepare
from service.domain.vocabularies import Term, Vocabulary, ancestors

CONCEPT_SETS = (
    "CrisisType",
    "Platform",
    "Industry",
    "Metric",
    "ResponseStrategy",
    "StatementKind",
    "RemedyKind",
)

# Terms that stand for what has no name: their labels say nothing about a query.
# Parts of joined labels that mean too much alone.
_GENERIC_PARTS = {
    *("产品", "服务", "食品", "价格", "用户", "账号", "平台", "内容", "媒体", "个人", "搜索"),
    *("规则", "政策", "事实", "方案", "失控", "无意", "代言人", "第三方", "合成内容"),
}
# Names of platforms that are English words: read only where the text is not English throughout.
_EVERYDAY_ENGLISH = {"line", "threads", "red"}

_HAN = re.compile(f"[{HAN}]")
_JOINS = re.compile(r"[/()+、;,]")
_HAN_JOINS = re.compile(f"(?<=[{HAN}]{{2}})[与或和](?=[{HAN}]{{2}})")
_APOSTROPHES = re.compile(r"['’‘`]")
_HYPHENS = re.compile(r"[-‐‑–—_]+")
_SPACE_AT_HAN = re.compile(f" (?=[{HAN}])|(?<=[{HAN}]) ")
_PLURAL_FROM = 4
# What stands before a name that is being denied. 是不是 and 有没有 ask, and deny nothing.
_DENIAL = re.compile(
    r"(?:(?<!有)没有?|(?<!是)不是|并非|未|无)(?:发生|出现|任何|造成|导致|涉及|存在)?$"
    r"|\b(?:no|not|without|never|isnt|wasnt|arent|werent)(?: an?| any| a case of| about)? $"
)


@dataclass(frozen=True, slots=True)
class Concept:
    """A term of a vocabulary set a text speaks of, and the words that say so."""

    set: str
    code: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Denial:
    """A concept a text says is not the case, and the whole of the words that say so."""

    concept: Concept
    said: str


@dataclass(slots=True)
class _Node:
    """A place in the tree of all names; `codes` holds the codes by set of the name ending here."""

    children: dict[str, "_Node"] = field(default_factory=dict)
    codes: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    end: int
    set: str
    codes: tuple[str, ...]


class ConceptReader:
    """Reads texts for concepts. Built once from the vocabularies, and safe to share."""

    def __init__(self, vocabularies: Mapping[str, Vocabulary]) -> None:
        self._root = _Node()
        for set_name in CONCEPT_SETS:
            if (vocabulary := vocabularies.get(set_name)) is None:
                continue
            for term in vocabulary.terms:
                for name in _names_of(term):
                    self._learn(name, set_name, term.code)

    def read(self, text: str) -> tuple[Concept, ...]:
        """The concepts of a text, prepared or not, in the order they are spoken of.

        Within one set the longest name wins; names of different sets may share their words. What
        is only spoken of to deny it is not among them.
        """
        spoken = as_spoken(prepare(text))
        words: dict[tuple[str, str], dict[str, None]] = {}
        for match in self._matches(spoken):
            if _DENIAL.search(spoken, 0, match.start):
                continue
            for code in match.codes:
                said = words.setdefault((match.set, code), {})
                said[spoken[match.start : match.end]] = None
        return tuple(
            Concept(set_name, code, tuple(said)) for (set_name, code), said in words.items()
        )

    def read_denials(self, text: str) -> tuple[Denial, ...]:
        """The crisis types a text, prepared or not, says are not the case."""
        spoken = as_spoken(prepare(text))
        return tuple(
            Denial(
                Concept(match.set, code, (spoken[match.start : match.end],)),
                spoken[denial.start() : match.end],
            )
            for match in self._matches(spoken)
            if match.set == "CrisisType"
            and (denial := _DENIAL.search(spoken, 0, match.start)) is not None
            for code in match.codes
        )

    def _learn(self, name: str, set_name: str, code: str) -> None:
        node = self._root
        for character in name:
            if character not in node.children:
                node.children[character] = _Node()
            node = node.children[character]
        codes = {*node.codes.get(set_name, ()), code}
        above = {other for each in codes for other in ancestors(each) if other != each}
        node.codes[set_name] = tuple(sorted(codes - above))

    def _matches(self, spoken: str) -> list[_Match]:
        """The longest matches of each set, none overlapping another of its set."""
        taken: dict[str, bytearray] = {}
        kept = []
        for match in sorted(self._all_matches(spoken), key=lambda m: m.start - m.end):
            covered = taken.setdefault(match.set, bytearray(len(spoken)))
            if not any(covered[match.start : match.end]):
                covered[match.start : match.end] = b"\1" * (match.end - match.start)
                kept.append(match)
        return sorted(kept, key=lambda m: (m.start, CONCEPT_SETS.index(m.set)))

    def _all_matches(self, spoken: str) -> Iterator[_Match]:
        is_english = not _HAN.search(spoken)
        for start, first in enumerate(spoken):
            if start and _is_latin(first) and _is_latin(spoken[start - 1]):
                continue
            node = self._root
            for end, character in enumerate(spoken[start:], start=start + 1):
                if character not in node.children:
                    break
                node = node.children[character]
                if not node.codes or (
                    end < len(spoken) and _is_latin(character) and _is_latin(spoken[end])
                ):
                    continue
                if is_english and spoken[start:end] in _EVERYDAY_ENGLISH:
                    continue
                for set_name, codes in node.codes.items():
                    yield _Match(start, end, set_name, codes)


def label_parts(label: str) -> Iterator[str]:
    """What a joined label is made of, such as 系统故障 and 服务中断 of 系统故障/服务中断."""
    for piece in _JOINS.split(label):
        for part in map(str.strip, _HAN_JOINS.split(piece)):
            if len(part) > 1 and part != label and part not in _GENERIC_PARTS:
                yield part


def _is_latin(character: str) -> bool:
    return character.isalnum() and not _HAN.match(character)


def as_spoken(prepared: str) -> str:
    """A prepared text as names are compared: no apostrophes or hyphens, no blanks beside Han."""
    plain = _HYPHENS.sub(" ", _APOSTROPHES.sub("", prepared))
    return _SPACE_AT_HAN.sub("", plain)


def _names_of(term: Term) -> Iterator[str]:
    """Every form in which a term can be named."""
    if term.is_nameless:
        return
    labels = [prepare(label) for label in (term.label.zh_hans, term.label.zh_hant, term.label.en)]
    names = dict.fromkeys((*labels, *(prepare(alias) for alias in term.aliases)))
    for label in labels:
        for part in label_parts(label):
            names[part] = None
    for name in names:
        for form in (name, _HYPHENS.sub("", name)):
            spoken = as_spoken(form)
            if len(spoken) > 1:
                yield spoken
                yield from _other_number(spoken)


def _other_number(spoken: str) -> Iterator[str]:
    """The plural of an English singular and the singular of a plural, where an s makes it."""
    if len(spoken) < _PLURAL_FROM or not (spoken.isascii() and spoken[-1].isalpha()):
        return
    if not spoken.endswith("s"):
        yield f"{spoken}s"
    elif not spoken.endswith(("ss", "us", "is")):
        yield spoken[:-1]
