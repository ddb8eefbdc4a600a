"""What a request asks for, read from its JSON map or its address, part by part."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from cross_web import HTTPException
from strawberry.http import GraphQLRequestData, GraphQLRequestProtocol

_DOCUMENT_ID = re.compile(r"sha256:([0-9a-f]{64})")


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
