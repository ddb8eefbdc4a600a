"""GraphQL over HTTP, answered to the letter of its specification.

Strawberry executes; this view decides what HTTP sees of it: the media type, the status code, and the
shape of a refusal. The public `graphql-http` audit passes whole. Section names are those of the
GraphQL-over-HTTP specification.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from http import HTTPMethod, HTTPStatus
from typing import Any, Final

import orjson
from cross_web import AsyncHTTPRequestAdapter, HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import MissingQueryError
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.http.base import BaseRequestProtocol
from strawberry.schema import BaseSchema
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType
from strawberry.types.unset import UnsetType
from typing_extensions import override

from service.domain.access import Actor
from service.http.answers import Answer, AnswerCache, AnswerKey
from service.http.bodies import asked_for, read_body, reading_again
from service.http.heads import header
from service.http.sockets import SocketAdapter, SocketHandler, Visitor

_GRAPHQL_JSON: Final = "application/graphql-response+json"
_JSON: Final = "application/json"
_ACTOR: Final = "precedent.actor"
_FIRST_MESSAGE_WITHIN: Final = timedelta(seconds=10)

ActorFinder = Callable[[Request | WebSocket, str | None], Awaitable[Actor]]
ContextMaker = Callable[[Request | WebSocket, str | None, Actor], Any]
Page = Callable[[], Response | None]


class GraphQLView(GraphQL[Any, None]):
    """Strawberry's view, with the media types and status codes of GraphQL over HTTP.

    `find_actor` says who asks, by what a WebSocket's first message carried where its handshake had no
    `Authorization`; it raises `HTTPException` for nobody. `make_context` makes what answers them with.
    `batch_most` is how many operations one
    body may hold as a list; 0 takes no list. `operations_per_socket` is how many one WebSocket may run
    at once. Pages of `origins` may open one. A request is given up after `most_seconds`. `on_kept` is
    told of each answer that was kept from before: the name of its operation, and how many seconds it
    took.
    """

    websocket_adapter_class = SocketAdapter
    graphql_transport_ws_handler_class = SocketHandler

    def __init__(
        self,
        schema: BaseSchema,
        *,
        find_actor: ActorFinder,
        make_context: ContextMaker,
        page: Page,
        batch_most: int = 0,
        operations_per_socket: int = 20,
        origins: Sequence[str] = (),
        most_seconds: float = 30,
        answers: AnswerCache | None = None,
        on_kept: Callable[[str, float], None] = lambda _operation, _seconds: None,
    ) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
            connection_init_wait_timeout=_FIRST_MESSAGE_WITHIN,
            max_subscriptions_per_connection=operations_per_socket,
            allowed_origins=origins,
        )
        self._find_actor = find_actor
        self._make_context = make_context
        self._page = page
        self._batch_most = batch_most
        self._most_seconds = most_seconds
        self._answers = answers
        self._on_kept = on_kept

    @override
    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Any:
        if isinstance(request, WebSocket):
            return Visitor(request, self._find_actor, self._make_context)
        known = request.scope.get(_ACTOR)
        actor = await self._find_actor(request, None) if known is None else known
        return self._make_context(request, None, actor)

    @override
    async def on_ws_connect(self, context: Visitor) -> UnsetType | dict[str, object] | None:
        await context.context()
        return await super().on_ws_connect(context)

    @override
    def encode_json(self, data: object) -> str:
        # WebSocket frames must be text.
        return _encoded(data).decode()

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        if _wants_page(scope) and (page := self._page()) is not None:
            await page(scope, receive, send)
            return
        # A stream goes on after this: what is bounded is the time until it begins.
        limit = asyncio.timeout(self._most_seconds)
        try:
            async with limit:
                response = await self._answered(_with_plain_media_type(scope), receive)
        except HTTPException as refusal:
            response = _refused(scope, refusal)
        except TimeoutError:
            if not limit.expired():
                raise
            message = (
                f"The request took longer than {self._most_seconds:g} seconds and was given up. "
                "Ask for less, or again later."
            )
            response = _refused(scope, HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, message))
            # What is left of the body is not waited for.
            response.headers["Connection"] = "close"
        # One URL answers in two media types, so a cache must key on what was asked for.
        response.raw_headers.append((b"vary", b"Accept"))
        await response(scope, receive, send)

    async def _answered(self, scope: Scope, receive: Receive) -> Response:
        """The answer to a request, kept from before where it still holds."""
        request = Request(scope, receive)
        accept = _accept(scope)
        if self._answers is None or not self._may_be_kept(scope, accept):
            return await self.run(request)
        started = time.perf_counter()
        actor = scope[_ACTOR] = await self._find_actor(request, None)
        body = await read_body(receive) if scope["method"] == HTTPMethod.POST else b""
        media_type = _media_type(accept)
        key = AnswerKey(actor.role, scope["method"], media_type, scope["query_string"], body)
        answer = await self._answers.find(key)
        if answer is not None:
            if answer.operation is not None:
                self._on_kept(answer.operation, time.perf_counter() - started)
            return Response(answer.body, media_type=_utf8(media_type))
        with self._answers.making(key) as flight:
            response = await self.run(Request(scope, reading_again(body, receive)))
            if isinstance(response, _WholeResponse):
                flight.answer = Answer(bytes(response.body))
        return response

    def _may_be_kept(self, scope: Scope, accept: str) -> bool:
        """Whether a request is sent as an answer is kept for: no stream, and nothing to be refused."""
        if accept and self._get_stream_transport_from_headers({"accept": accept}) is not None:
            return False
        if scope["method"] == HTTPMethod.POST:
            return _content_type(header(scope, b"content-type")) == _JSON
        return bool(scope["method"] == HTTPMethod.GET)

    @override
    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        # "Accept": the client's preference is known here and needed in `create_response`.
        response = await super().get_sub_response(request)
        response.media_type = _media_type(_accept(request.scope))
        return response

    @override
    def should_render_graphql_ide(self, request: BaseRequestProtocol) -> bool:
        # The page is served above; a GET without a text may name its document by hash.
        return False

    @override
    async def parse_http_body(
        self, request: AsyncHTTPRequestAdapter
    ) -> GraphQLRequestData | list[GraphQLRequestData]:
        # "POST": "the server MUST reject" what it cannot read. A form or plain text is also what
        # another site's page can make a browser send without asking us first.
        if request.method == HTTPMethod.POST and _content_type(request.content_type) != _JSON:
            raise HTTPException(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"The body of a POST must be {_JSON}."
            )
        try:
            given = (
                self.parse_query_params(request.query_params)
                if request.method == HTTPMethod.GET
                else self.parse_json(await request.get_body())
            )
        except (ValueError, RecursionError) as error:
            # The body is not UTF-8, or nests or counts beyond all reason.
            raise HTTPException(HTTPStatus.BAD_REQUEST, "The body must be a JSON map.") from error
        transport = self._get_stream_transport_from_headers(request.headers)
        protocol = transport.protocol if transport else "http"
        if isinstance(given, list):
            batch = [asked_for(one, protocol=protocol) for one in self._batch(given)]
            if transport:
                raise HTTPException(HTTPStatus.BAD_REQUEST, "A stream answers no list.")
            return batch
        return asked_for(given, protocol=protocol)

    def _batch(self, given: list[Any]) -> list[Any]:
        if not self._batch_most:
            message = "Several operations in one body are not taken here; send each by itself."
            raise HTTPException(HTTPStatus.BAD_REQUEST, message)
        if not 1 <= len(given) <= self._batch_most:
            message = f"The body holds {len(given)} operations; 1 to {self._batch_most} are taken."
            raise HTTPException(HTTPStatus.BAD_REQUEST, message)
        return given

    @override
    async def execute_single(
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        sub_response: Response,
        context: Any,
        root_value: None,
        request_data: GraphQLRequestData,
    ) -> ExecutionResult:
        allowed = {OperationType.QUERY}
        if request.method == HTTPMethod.POST:
            allowed.add(OperationType.MUTATION)
        try:
            return await self.schema.execute(
                request_data.query,
                root_value=root_value,
                variable_values=request_data.variables,
                context_value=context,
                operation_name=request_data.operation_name,
                allowed_operation_types=allowed,
                operation_extensions=request_data.extensions,
            )
        except InvalidOperationTypeError as error:
            if error.operation_type is OperationType.SUBSCRIPTION:
                raise HTTPException(
                    HTTPStatus.NOT_ACCEPTABLE,
                    "A subscription is answered over WebSocket, or as text/event-stream.",
                ) from error
            # "GET": for a mutation "the server MUST respond with error status code 405 (Method Not
            # Allowed) and halt execution".
            raise HTTPException(
                HTTPStatus.METHOD_NOT_ALLOWED, "A mutation must be sent by POST."
            ) from error
        except CannotGetOperationTypeError as error:
            raise HTTPException(HTTPStatus.BAD_REQUEST, error.as_http_error_reason()) from error
        except MissingQueryError as error:
            raise HTTPException(
                HTTPStatus.BAD_REQUEST,
                "The request has no `query`, and no hash of a persisted one.",
            ) from error

    @override
    async def process_result(
        self, request: Request, result: ExecutionResult
    ) -> GraphQLHTTPResponse:
        response = await super().process_result(request, result)
        if _is_request_error(result):
            # The GraphQL specification, "Response Format": after a request error "the {data} entry
            # must not be present", while `null` means that execution ran and failed.
            del response["data"]
        return response

    @override
    def create_response(
        self,
        response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse],
        sub_response: Response,
    ) -> Response:
        media_type = sub_response.media_type or _JSON
        status = sub_response.status_code
        if not status:
            # "application/graphql-response+json": without {data} "the server MUST reply with a 4xx
            # or 5xx status code". "application/json": it SHOULD reply 200 whatever the result,
            # since such a client reads other codes as a fault of the network between.
            is_refused = isinstance(response_data, dict) and "data" not in response_data
            status = (
                HTTPStatus.BAD_REQUEST
                if is_refused and media_type == _GRAPHQL_JSON
                else HTTPStatus.OK
            )
        is_whole = isinstance(response_data, dict) and response_data.keys() == {"data"}
        kind = _WholeResponse if is_whole and status == HTTPStatus.OK else Response
        response = kind(_encoded(response_data), status, media_type=_utf8(media_type))
        response.headers.raw.extend(sub_response.headers.raw)
        response.background = sub_response.background
        return response


class _WholeResponse(Response):
    """An answer in which nothing went wrong."""


def _content_type(given: str | None) -> str:
    """The media type of a body, without its parameters."""
    return (given or "").partition(";")[0].strip().lower()


def _with_plain_media_type(scope: Scope) -> Scope:
    """The request with its media type in lower case, which is how Strawberry compares it."""
    if (header(scope, b"content-type") or "a").islower():
        return scope
    headers = [
        (name, value.lower() if name == b"content-type" else value)
        for name, value in scope["headers"]
    ]
    return {**scope, "headers": headers}


def _accept(scope: Scope) -> str:
    return header(scope, b"accept") or ""


def _wants_page(scope: Scope) -> bool:
    """Whether a browser asks for the page and not for an answer."""
    return scope["method"] == HTTPMethod.GET and "text/html" in _accept(scope)


def _encoded(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:
        # A message that quotes half a surrogate pair has no UTF-8, only an escape.
        return json.dumps(value).encode()


def _is_request_error(result: ExecutionResult) -> bool:
    """Whether execution never began: parsing, validation or coercion of variables failed.

    Only an error met while executing has a path.
    """
    errors = result.errors or ()
    return result.data is None and bool(errors) and all(error.path is None for error in errors)


def _refused(scope: Scope, refusal: HTTPException) -> Response:
    """A request that is no GraphQL request, refused in the shape of a GraphQL answer."""
    headers = {}
    if refusal.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        is_mutation = isinstance(refusal.__cause__, InvalidOperationTypeError)
        headers["Allow"] = "POST" if is_mutation else "GET, POST"
    if refusal.status_code == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="precedent"'
    body = orjson.dumps({"errors": [{"message": refusal.reason}]})
    media_type = _media_type(_accept(scope))
    return Response(body, refusal.status_code, headers, media_type=_utf8(media_type))


def _media_type(accept: str) -> str:
    """The media type to answer in: the newer one only for a client that names it.

    "Accept": a client that sends none, or `*/*`, is a legacy client and gets `application/json`. One
    that accepts neither gets it too, which the specification allows.
    """
    if _GRAPHQL_JSON not in accept.lower():
        return _JSON
    weights = dict(_weighted(part) for part in accept.split(","))
    wanted = weights.get(_GRAPHQL_JSON, 0.0)
    return _GRAPHQL_JSON if wanted > 0 and wanted >= weights.get(_JSON, 0.0) else _JSON


def _weighted(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key == "q":
            try:
                return name, float(value)
            except ValueError:
                return name, 0.0
    return name, 1.0


def _utf8(media_type: str) -> str:
    """The media type with the encoding every answer has, which both media types require."""
    return f"{media_type}; charset=utf-8"
