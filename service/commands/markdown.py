"""Tables of counts in Markdown, with the labels of the vocabularies."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from service.domain.vocabularies import Vocabularies

Labelled = Callable[[str], str]


def labels_of(vocabularies: Vocabularies, set_name: str) -> Labelled:
    """What says a code of a set for a reader: its English and Chinese label, and the code."""

    def label(code: str) -> str:
        term = vocabularies.term(set_name, code)
        if term is None:
            return f"`{code}`"
        names = dict.fromkeys((term.label.en, term.label.zh_hans))
        return f"{' '.join(names)} `{code}`"

    return label


def most_first(counter: Counter[str]) -> list[tuple[str, int]]:
    """The counts with the greatest first, and equal ones by name."""
    return sorted(counter.items(), key=lambda item: (-item[1], item[0]))


def count_table(title: str, heads: tuple[str, str], counter: Counter[str], label: Labelled) -> str:
    """A titled table of counts. What was counted once stands in one line below it."""
    counts = most_first(counter)
    rows = [(label(code), count) for code, count in counts if count > 1]
    once = [label(code) for code, count in counts if count == 1]
    return "\n\n".join(
        part
        for part in (title, table(heads, rows) if rows else "", in_one_line("One each", once))
        if part
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table whose first column is text and whose others are numbers."""
    lines = [heads, ["---", *("---:" for _ in heads[1:])], *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def in_one_line(start: str, names: Sequence[str]) -> str:
    """The names after their start, or nothing where there are none."""
    return f"{start}: {'; '.join(names)}." if names else ""
