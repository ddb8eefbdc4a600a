"""An embedder as it is set: what the engine asks for the meaning of a text, and when it counts as another.

Which model fits is the operator's to say, so the settings are Meilisearch's own and only what would
be unsafe or of no use is refused here.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

# The name of the one embedder of an index.
EMBEDDER: Final = "precedent"

_SOURCES: Final = ("openAi", "huggingFace", "ollama", "rest", "composite")
_SECRETS: Final = ("apiKey", "headers")
# A composite embedder holds two: one for what is typed and one for what is indexed.
_PARTS: Final = ("searchEmbedder", "indexingEmbedder")

# What people type comes before what an editor wrote of the case: small models read only the beginning.
_TEMPLATE: Final = "".join(
    f"{{% if doc.{name} %}}{{{{ doc.{name} }}}}\n{{% endif %}}"
    for name in ("title", "asked_as", "summary")
)
# Nine in ten documents of the library that ships are shorter; Meilisearch's default is 400.
_TEMPLATE_MOST_BYTES: Final = 4_000


@dataclass(frozen=True, slots=True)
class Embedder:
    """One embedder, in the words of Meilisearch. It may hold secrets, so it does not show itself."""

    _given: Mapping[str, Any] = field(repr=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the embedder a JSON object describes; raise `ValueError` saying what is wrong."""
        try:
            given = json.loads(text)
        except ValueError:
            given = None
        settings = given if isinstance(given, dict) else {}
        source = settings.get("source")
        if not settings:
            raise ValueError('must be a JSON object such as {"source": "ollama", "model": "…"}')
        if source not in _SOURCES:
            raise ValueError(
                f"must be one embedder, without a name of its own, whose `source` is one of "
                f"{', '.join(_SOURCES)}; userProvided turns no text into a vector"
            )
        for part in _parts(settings):
            _require_safe(part)
        return cls(settings)

    @property
    def settings(self) -> dict[str, Any]:
        """What Meilisearch is given, secrets included."""
        return _with_template(self._given)

    @property
    def mark(self) -> str:
        """A digest of all that decides the vectors. With another, each text needs a new vector."""
        return _digest(_without_secrets(self.settings))

    @property
    def access_mark(self) -> str:
        """A digest of the secrets. With others, the vectors stay what they are."""
        return _digest(
            [{name: part.get(name) for name in _SECRETS} for part in _parts(self._given)]
        )


def _require_safe(part: Mapping[str, Any]) -> None:
    """Refuse what Meilisearch would refuse in words that repeat a secret."""
    headers = part.get("headers", {})
    texts = [
        part.get("apiKey", ""),
        *(headers.values() if isinstance(headers, dict) else [None]),
    ]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError(
            "has an `apiKey` that is no text, or `headers` that are no object of texts"
        )
    if not re.match(r"https?://[^/]", str(part.get("url", "http://-"))):
        raise ValueError("has a `url` that does not begin with http:// or https://")


def _parts(settings: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield settings
    for name in _PARTS:
        if isinstance(part := settings.get(name), dict):
            yield part


def _with_template(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings with our template where they leave it open how a document is told."""
    indexing = settings.get("indexingEmbedder")
    if isinstance(indexing, dict):
        return {**settings, "indexingEmbedder": _with_template(indexing)}
    if "documentTemplate" in settings or "indexingFragments" in settings:
        return dict(settings)
    template = {
        "documentTemplate": _TEMPLATE,
        "documentTemplateMaxBytes": _TEMPLATE_MOST_BYTES,
    }
    return template | dict(settings)


def _without_secrets(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _without_secrets(held) if name in _PARTS and isinstance(held, dict) else held
        for name, held in settings.items()
        if name not in _SECRETS
    }


def _digest(described: object) -> str:
    told = json.dumps(described, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]
