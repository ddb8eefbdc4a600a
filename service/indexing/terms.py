"""The names of vocabulary terms, prepared for the index."""

from collections.abc import Iterable, Iterator, Mapping

from service.domain.entries import CodeUse
from service.domain.text import prepare
from service.domain.vocabularies import Vocabulary, ancestors
from service.indexing.fields import spoken

# Sets whose terms make a document findable. People ask for a metric by other words than for a case,
# so of metrics, phases, channels and roles only the labels count.
_SETS_WITH_ALIASES = frozenset(
    {
        *("CrisisType", "Platform", "Industry", "ResponseStrategy", "StatementKind"),
        *("RemedyKind", "CauseOrigin"),
    }
)
_SETS_BY_LABEL = frozenset({"Metric", "Phase", "PhaseStep", "ChannelKind", "Role"})


class TermLookup:
    """The prepared names of vocabulary terms. Each is prepared once."""

    def __init__(self, vocabularies: Mapping[str, Vocabulary]) -> None:
        self._vocabularies = vocabularies
        self._labels: dict[tuple[str, str], tuple[str, ...]] = {}
        self._aliases: dict[tuple[str, str], tuple[str, ...]] = {}

    def labels(self, set_name: str, code: str) -> tuple[str, ...]:
        """The labels of a term in its languages; none where the term is not known."""
        key = (set_name, code)
        if key not in self._labels:
            vocabulary = self._vocabularies.get(set_name)
            term = vocabulary.by_code.get(code) if vocabulary is not None else None
            known = term if term is not None and not term.is_nameless else None
            self._aliases[key] = tuple(map(prepare, known.aliases)) if known else ()
            self._labels[key] = tuple(spoken(known.label)) if known else ()
        return self._labels[key]

    def names(self, set_name: str, code: str) -> tuple[str, ...]:
        """The labels of a term, and its aliases in the sets where people ask by them."""
        labels = self.labels(set_name, code)
        return labels + self._aliases[set_name, code] if set_name in _SETS_WITH_ALIASES else labels

    def of_uses(self, uses: Iterable[CodeUse]) -> Iterator[str]:
        """The names of the terms used, and the labels of those above them."""
        for set_name, code in dict.fromkeys((use.set, use.code) for use in uses):
            if set_name in _SETS_WITH_ALIASES | _SETS_BY_LABEL:
                yield from self.names(set_name, code)
                for above in ancestors(code):
                    yield from self.labels(set_name, above)
