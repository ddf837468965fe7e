"""Real servers on this machine that take what the portal sends: one that answers, one that never does."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Taken:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Sink:
    """What came, and what the server says next: the last of `answers` stays."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=lambda: [(200, {}, b"ok")])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def says(self, *answers: int | tuple[int, dict[str, str]]) -> None:
        """Statuses, with headers where they matter."""
        self.answers = [(one, {}, b"") if isinstance(one, int) else (*one, b"") for one in answers]


@contextmanager
def sink(*, tls: ssl.SSLContext | None = None) -> Iterator[Sink]:
    """An HTTP server that keeps what it is sent."""
    kept = Sink()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            kept.taken.append(Taken(path=self.path, headers=headers, body=body))
            status, answered, said = kept.answers[0]
            if len(kept.answers) > 1:
                kept.answers.pop(0)
            self.send_response(status)
            for name, value in answered.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_args: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    kept.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def silence() -> Iterator[int]:
    """The port of a server that takes connections and never says a word."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)
    try:
        yield listening.getsockname()[1]
    finally:
        listening.close()
