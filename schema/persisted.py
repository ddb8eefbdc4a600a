"""Documents known by the SHA-256 of their text, so that a client may send the hash in its place.

Some are known from the start, out of files; clients may register others, until the service ends.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from graphql import GraphQLError, GraphQLSchema, parse, validate

from schema.documents import LENGTH_MOST
from service.domain.errors import BadInput
from service.domain.reads import note_passing

REGISTERED_MOST = 500

_DIGEST = re.compile(r"[0-9a-f]{64}")


class PersistedDocuments:
    """The documents of one process that a hash stands for.

    In allow-list mode (`only_these`) the given documents are the only ones that are answered, whether
    their hash is sent or their text.
    """

    def __init__(
        self, texts: Iterable[str] = (), *, only_these: bool = False, most: int = REGISTERED_MOST
    ) -> None:
        self._given = {digest_of(text): text for text in texts}
        self._registered: OrderedDict[str, str] = OrderedDict()
        self._only_these = only_these
        self._most = most

    def text_of(self, text: str | None, extensions: Mapping[str, Any] | None) -> str | None:
        """The document a request asks for; None where it names none.

        Raises `GraphQLError` for a hash that is unknown or is not the text's, and in allow-list mode
        for every other document.
        """
        named = named_digest(extensions)
        if not text:
            return text if named is None else self._find(named)
        if named is not None and named != digest_of(text):
            raise GraphQLError(
                "The hash is not that of the query; send the SHA-256 of exactly the text you send.",
                extensions={"code": "PERSISTED_QUERY_MISMATCH"},
            )
        if self._only_these and digest_of(text) not in self._given:
            raise _not_allowed()
        return text

    def register(self, text: str, extensions: Mapping[str, Any] | None) -> None:
        """Hold a valid document under the hash that was sent beside it, until others push it out."""
        digest = named_digest(extensions)
        if digest is None or digest in self._given or len(text) > LENGTH_MOST:
            return
        # A kept answer would be sent without anything being registered.
        note_passing()
        self._registered[digest] = text
        self._registered.move_to_end(digest)
        while len(self._registered) > self._most:
            self._registered.popitem(last=False)

    def _find(self, digest: str) -> str:
        if (given := self._given.get(digest)) is not None:
            return given
        if self._only_these:
            raise _not_allowed()
        if (registered := self._registered.get(digest)) is not None:
            self._registered.move_to_end(digest)
            return registered
        # Clients know this answer by its exact words and send the text with the hash.
        raise GraphQLError(
            "PersistedQueryNotFound", extensions={"code": "PERSISTED_QUERY_NOT_FOUND"}
        )


def digest_of(text: str) -> str:
    """The hash a document is known by."""
    return sha256(text.encode(errors="surrogatepass")).hexdigest()


def named_digest(extensions: Mapping[str, Any] | None) -> str | None:
    """The hash a request names; None where it names none. Raises `GraphQLError` for what is no hash."""
    named = (extensions or {}).get("persistedQuery")
    if named is None:
        return None
    digest = named.get("sha256Hash") if isinstance(named, dict) else None
    if not isinstance(digest, str) or named.get("version") != 1 or not _DIGEST.fullmatch(digest):
        raise GraphQLError(
            '`persistedQuery` must be `{"version": 1, "sha256Hash": "…"}` with 64 hexadecimal '
            "digits in lower case.",
            extensions={"code": BadInput.code},
        )
    return digest


def documents_in(folder: Path, schema: GraphQLSchema) -> Iterator[str]:
    """The documents of a folder's `.graphql` files, each as it stands and without the blanks around it.

    Raises `ValueError` that names the file, for what cannot be read or the schema does not answer.
    """
    files = sorted(folder.rglob("*.graphql"))
    if not files:
        raise ValueError(f"{folder.absolute()} has no file that ends in .graphql")
    for file in files:
        try:
            text = file.read_bytes().decode()
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"{file} cannot be read: {error}") from error
        for problem in _problems(text, schema):
            line = "".join(
                f":{place.line}:{place.column}" for place in (problem.locations or ())[:1]
            )
            raise ValueError(f"{file}{line}: {problem.message}")
        yield text
        # An editor ends a file with a line break, which a client does not send.
        yield text.strip()


def _problems(text: str, schema: GraphQLSchema) -> list[GraphQLError]:
    try:
        return validate(schema, parse(text))
    except GraphQLError as error:
        return [error]


def _not_allowed() -> GraphQLError:
    return GraphQLError(
        "This service answers only documents that are known to it. Have this one put among them, "
        "or send one that is, character by character, or its SHA-256.",
        extensions={"code": "DOCUMENT_NOT_ALLOWED"},
    )
