"""Traces by OpenTelemetry, where `PRECEDENT_OTLP_ENDPOINT` says where they go.

OpenTelemetry is imported only when there are traces: it takes time to start and memory to hold.
Nothing is set for the whole process, and the errors of a span are kinds, since messages may hold what
was typed.
"""

from importlib.metadata import version
from threading import Thread
from typing import TYPE_CHECKING, Any, Self

from service.footprints import Attributes, Span, SpanKind

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor

_STOP_SECONDS = 3.0
_PATH = "/v1/traces"


class Traces:
    """The `Spans` of one process, handed to a processor."""

    def __init__(self, processor: "SpanProcessor", *, instance: str) -> None:
        from opentelemetry import context, trace
        from opentelemetry.sdk.resources import OTELResourceDetector, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        ours = Resource(
            {
                "service.name": "precedent",
                "service.version": version("precedent"),
                "service.instance.id": instance,
            }
        )
        # OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES go before what we say.
        resource = ours.merge(OTELResourceDetector().detect())
        provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        provider.add_span_processor(processor)
        self._processor = processor
        self._tracer = provider.get_tracer("precedent")
        self._context, self._trace = context, trace
        self._propagator = TraceContextTextMapPropagator()

    @classmethod
    def over_http(cls, address: str, *, instance: str) -> Self:
        """Traces that are sent in batches to a collector, by OTLP over HTTP."""
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        endpoint = address.rstrip("/")
        if not endpoint.endswith(_PATH):
            endpoint += _PATH
        return cls(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)), instance=instance)

    def begin(
        self,
        name: str,
        *,
        kind: SpanKind = "internal",
        encloses: bool = True,
        traceparent: str | None = None,
        attributes: Attributes | None = None,
    ) -> Span:
        """Begin a span; it goes on with the sender's trace where that is given."""
        # A sender's `tracestate` and `baggage` could say anything, so they are left behind.
        parent = (
            None
            if traceparent is None
            else self._propagator.extract({"traceparent": traceparent}, self._context.Context())
        )
        span = self._tracer.start_span(
            name,
            context=parent,
            kind=self._trace.SpanKind[kind.upper()],
            attributes=attributes,
        )
        token = None
        if encloses:
            token = self._context.attach(self._trace.set_span_in_context(span))
        return _OpenSpan(self, span, token)

    def close(self) -> None:
        """Send what is left, for at most a few seconds: a collector that is away holds up no stop."""
        sending = Thread(target=self._processor.shutdown, daemon=True)
        sending.start()
        sending.join(_STOP_SECONDS)

    def ended(self, span: Any, token: Any, error: str | None) -> None:
        """End a span of OpenTelemetry, as failed where there is an error."""
        if error is not None:
            span.set_attribute("error.type", error)
            span.set_status(self._trace.StatusCode.ERROR)
        span.end()
        if token is not None:
            self._context.detach(token)


class _OpenSpan:
    def __init__(self, traces: Traces, span: Any, token: Any) -> None:
        self._traces, self._span, self._token = traces, span, token

    def end(
        self,
        *,
        name: str | None = None,
        attributes: Attributes | None = None,
        error: str | None = None,
    ) -> None:
        if name is not None:
            self._span.update_name(name)
        if attributes is not None:
            self._span.set_attributes(attributes)
        self._traces.ended(self._span, self._token, error)
