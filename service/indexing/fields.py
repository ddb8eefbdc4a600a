"""The fields of a search document: prepared texts, codes with those above them, nothing empty."""

from collections.abc import Iterable, Iterator

from service.domain.cases import AskedAs
from service.domain.text import prepare
from service.domain.values import Bilingual
from service.domain.vocabularies import ancestors


def languages(text: Bilingual) -> tuple[str, ...]:
    """The text in each language it was written in, as it stands."""
    return tuple(dict.fromkeys(t for t in (text.zh_hans, text.zh_hant, text.en) if t))


def spoken(*texts: Bilingual | None) -> Iterator[str]:
    """Texts prepared, in each of their languages."""
    return (prepare(said) for text in texts if text is not None for said in languages(text))


def asked(asked_as: AskedAs) -> Iterator[str]:
    """What people would type, prepared."""
    return map(prepare, (*asked_as.zh_hans, *asked_as.en))


def with_ancestors(codes: Iterable[str]) -> tuple[str, ...]:
    """The codes and every code above them, each once."""
    return tuple(dict.fromkeys(each for code in codes for each in ancestors(code)))


def texts(**pieces: Iterable[str]) -> dict[str, str]:
    """The fields that hold something, each piece once."""
    joined = {name: " ".join(filter(None, dict.fromkeys(held))) for name, held in pieces.items()}
    return {name: text for name, text in joined.items() if text}


def facets(**codes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The fields that hold something, each code once, as plain text."""
    held = {name: tuple(dict.fromkeys(map(str, values))) for name, values in codes.items()}
    return {name: values for name, values in held.items() if values}
