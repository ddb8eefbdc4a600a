"""Synonyms for the search engine, from the labels and aliases of the vocabularies."""

from collections.abc import Iterator, Mapping

from service.domain.concepts import label_parts
from service.domain.text import prepare, words_in
from service.domain.vocabularies import Term, Vocabulary

# What cases are about. Metrics, units and clocks are named in too many everyday words.
SYNONYM_SETS = (
    "CrisisType",
    "ResponseStrategy",
    "Platform",
    "Industry",
    "StatementKind",
    "RemedyKind",
    "CauseOrigin",
    "ChannelKind",
    "StakeholderKind",
)

SYNONYMS_MOST = 12
_WORDS_MOST = 4


def synonyms_of(vocabularies: Mapping[str, Vocabulary]) -> Mapping[str, tuple[str, ...]]:
    """For each name of a term the other names of it, so that either finds the other.

    A name keeps the first twelve: the labels in all languages come before the aliases.
    """
    synonyms: dict[str, dict[str, None]] = {}
    for set_name in SYNONYM_SETS:
        if (vocabulary := vocabularies.get(set_name)) is None:
            continue
        for term in vocabulary.terms:
            names = tuple(dict.fromkeys(_names_of(term)))
            for name in names:
                others = synonyms.setdefault(name, {})
                others.update(dict.fromkeys(other for other in names if other != name))
    return {
        name: tuple(others)[:SYNONYMS_MOST] for name, others in sorted(synonyms.items()) if others
    }


def _names_of(term: Term) -> Iterator[str]:
    """The names of a term people may type: a joined label by its parts only."""
    if term.is_nameless:
        return
    for label in (term.label.zh_hans, term.label.zh_hant, term.label.en):
        prepared = prepare(label)
        yield from filter(_may_be_typed, tuple(label_parts(prepared)) or (prepared,))
    yield from filter(_may_be_typed, map(prepare, term.aliases))


def _may_be_typed(name: str) -> bool:
    return len(name) > 1 and 0 < len(words_in(name)) <= _WORDS_MOST
