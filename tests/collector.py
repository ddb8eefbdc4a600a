"""A collector of traces on the loopback, which keeps what it is sent as it came."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_WAIT_SECONDS = 30
_POLL_SECONDS = 0.05


@dataclass(slots=True)
class Collector:
    """The address of the collector, and the bodies it was sent: Protocol Buffers, not compressed."""

    address: str
    received: list[bytes] = field(default_factory=list)

    def wait_for(self, text: str) -> bytes:
        """All that was received, once it holds this text."""
        deadline = time.monotonic() + _WAIT_SECONDS
        while text.encode() not in (held := b"".join(self.received)):
            assert time.monotonic() < deadline, f"no span tells of {text}"
            time.sleep(_POLL_SECONDS)
        return held


@contextmanager
def running_collector() -> Iterator[Collector]:
    """A collector that ends with the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.received.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        collector = Collector(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield collector
        finally:
            server.shutdown()
            thread.join()
