"""Answers to readers of published pages, whole and ready to send, by the bytes of the request.

Most readers of a page send one of a few requests, byte for byte, again and again: the same browsers, monitors and
caches ask for the same page. What was answered to such a request is answered again without reading it, within the
second and as long as no page has changed.
"""

from collections.abc import Sequence
from typing import Any

import httptools

from mim_portal.web import front

# The first words of requests that may be for a published page.
BEGINNINGS = tuple(f"{method} {front.PREFIX}".encode() for method in ("GET", "HEAD"))
LONGEST = 2048
MOST = 256  # with a page of 16 KB they are 4 MB

Headers = Sequence[tuple[bytes, bytes]]


class Shelf:
    """`answer(request, dated)` is the whole answer, or nothing where the request has to be read with care."""

    def __init__(self, pages: front.Front) -> None:
        self._pages = pages
        self._answers: dict[bytes, bytes] = {}
        self._dated: Headers = ()
        self._addresses: object = None

    def answer(self, request: bytes, dated: Headers) -> bytes:
        """`dated` are the headers of the server itself, another list each second: what was kept until then is old."""
        addresses = self._pages.addresses
        if dated is not self._dated or addresses is not self._addresses:
            self._answers.clear()
            self._dated, self._addresses = dated, addresses
        kept = self._answers.get(request)
        if kept is None:
            kept = self._made(request)
            if len(self._answers) < MOST:
                self._answers[request] = kept
        return kept

    def _made(self, request: bytes) -> bytes:
        if len(request) > LONGEST or not request.startswith(BEGINNINGS):
            return b""
        environ = _environ(request)
        if environ is None or environ["PATH_INFO"] not in self._pages.addresses:
            return b""
        said = answered(self._pages, environ)
        if said is None:
            return b""
        status, headers, body = said
        lines = [f"HTTP/1.1 {status}".encode(), *(b"%b: %b" % header for header in [*self._dated, *headers])]
        return b"\r\n".join([*lines, b"", body])


def answered(pages: front.Front, environ: front.Environ) -> tuple[str, Headers, bytes] | None:
    """Status, headers as they go over the wire, and body of what memory answers; nothing where Django has to."""
    started: list[Any] = []
    body = pages.answer(environ, lambda *given: started.extend(given))
    if body is None:
        return None
    status, headers = started
    return status, [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers], b"".join(body)


class _Request:
    """What the parser says of a request."""

    def __init__(self) -> None:
        self.begun = self.ended = 0
        self.url = b""
        self.headers: dict[bytes, bytes] = {}
        self.is_plain = True

    def on_message_begin(self) -> None:
        self.begun += 1

    def on_url(self, url: bytes) -> None:
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        # Said twice, or with something to follow, or the last on this connection: that is read with care.
        if name in self.headers or name in (b"content-length", b"transfer-encoding", b"upgrade", b"expect"):
            self.is_plain = False
        if name == b"connection" and value.lower() != b"keep-alive":
            self.is_plain = False
        self.headers[name] = value

    def on_message_complete(self) -> None:
        self.ended += 1


def _environ(data: bytes) -> dict[str, str] | None:
    """The request as the front reads it, where it is one whole request without a body, and more may follow."""
    request = _Request()
    parser = httptools.HttpRequestParser(request)
    try:
        parser.feed_data(data)
        path = httptools.parse_url(request.url).path
    except (httptools.HttpParserError, httptools.HttpParserUpgrade):
        return None
    is_one = request.is_plain and (request.begun, request.ended) == (1, 1) and data.endswith(b"\r\n\r\n")
    if not is_one or parser.get_http_version() != "1.1" or b"%" in path:
        return None
    environ = {"REQUEST_METHOD": parser.get_method().decode(), "PATH_INFO": path.decode("latin1")}
    for name in (b"accept-encoding", b"if-none-match", b"if-modified-since"):
        if name in request.headers:
            environ[f"HTTP_{name.decode().upper().replace('-', '_')}"] = request.headers[name].decode("latin1")
    return environ
