"""What a request asks for: its body, and its JSON map or its address, read part by part."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from cross_web import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive
from strawberry.http import GraphQLRequestData, GraphQLRequestProtocol

_DOCUMENT_ID = re.compile(r"sha256:([0-9a-f]{64})")


async def read_body(receive: Receive) -> bytes:
    """The whole body. Raises `ClientDisconnect` where it does not come.

    Nearly every one comes in one piece, for which Starlette's own way takes three times as long.
    """
    message = await receive()
    pieces = [message.get("body", b"")]
    while message["type"] == "http.request" and message.get("more_body", False):
        message = await receive()
        pieces.append(message.get("body", b""))
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def reading_again(body: bytes, receive: Receive) -> Receive:
    """What gives a body that has been read once more, and then what comes after it."""
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again


def asked_for(given: Any, *, protocol: GraphQLRequestProtocol) -> GraphQLRequestData:
    """One operation as it was asked for. Raises `HTTPException` that names the part that is wrong."""
    if not isinstance(given, Mapping):
        raise HTTPException(HTTPStatus.BAD_REQUEST, "The body must be a JSON map.")
    extensions = _part(given, "extensions", dict, "a map")
    return GraphQLRequestData(
        query=_part(given, "query", str, "a string"),
        variables=_part(given, "variables", dict, "a map"),
        operation_name=_part(given, "operationName", str, "a string"),
        extensions=_with_document_id(extensions, _part(given, "documentId", str, "a string")),
        protocol=protocol,
    )


def _part(given: Mapping[str, Any], name: str, kind: type, shown: str) -> Any:
    value = given.get(name)
    if value is not None and not isinstance(value, kind):
        raise HTTPException(HTTPStatus.BAD_REQUEST, f"`{name}` must be {shown}.")
    return value


def _with_document_id(
    extensions: dict[str, Any] | None, document_id: str | None
) -> dict[str, Any] | None:
    """The extensions with the document's identifier in the form of a persisted query, its older twin."""
    if document_id is None:
        return extensions
    found = _DOCUMENT_ID.fullmatch(document_id)
    if found is None:
        raise HTTPException(
            HTTPStatus.BAD_REQUEST,
            "`documentId` must be `sha256:` and 64 hexadecimal digits in lower case.",
        )
    named = {"version": 1, "sha256Hash": found[1]}
    held = extensions or {}
    if held.get("persistedQuery", named) != named:
        raise HTTPException(
            HTTPStatus.BAD_REQUEST, "`documentId` and `persistedQuery` name different documents."
        )
    return {**held, "persistedQuery": named}
