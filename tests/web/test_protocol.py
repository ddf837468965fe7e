"""What uvicorn's protocol does here beside HTTP: each answer on its own request, nothing without an end."""

import asyncio
import contextlib
import time
from types import SimpleNamespace
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from mim_portal.web import protocol
from tests.web.talk import BODY, PAGE, Line, get, request

CLOSING = request("/livez", "Connection: close")


def statuses(heard: bytes) -> list[bytes]:
    return [part[:3] for part in heard.split(b"HTTP/1.1 ")[1:]]


def test_the_shelf_answers_as_reading_with_care_does(web: int) -> None:
    """`Content-Length: 0` is read with care, the same request without it is not."""
    heard = []
    for headers in ((), ("Content-Length: 0",)):
        with Line(web) as line:
            line.say(request(PAGE, "Accept-Encoding: gzip", *headers), CLOSING)
            heard.append(line.hear_all().partition(b"HTTP/1.1 200 OK\r\n")[2].partition(b"HTTP/1.1 ")[0])
    quick, careful = (answer.partition(b"\r\n\r\n") for answer in heard)
    assert quick[2] == careful[2]
    without_date = [
        [line for line in each[0].split(b"\r\n") if not line.startswith(b"date")] for each in (quick, careful)
    ]
    assert without_date[0] == without_date[1]


def test_requests_of_both_kinds_are_answered_in_their_order(web: int) -> None:
    with Line(web) as line:
        line.say(request() + request("/livez") + request(PAGE, 'If-None-Match: "first"') + CLOSING)
        assert statuses(line.hear_all()) == [b"200", b"200", b"304", b"200"]
    with Line(web) as line:
        for asked in (
            request("/livez"),
            request(),
            request("/livez"),
            request(PAGE, 'If-None-Match: "first"'),
            CLOSING,
        ):
            line.say(asked)  # the next one leaves while the one before is being answered
        heard = line.hear_all()
    assert statuses(heard) == [b"200", b"200", b"200", b"304", b"200"]
    assert heard.count(BODY) == 1


def test_a_request_in_pieces_is_one_request(web: int) -> None:
    asked = request()
    with Line(web) as line:
        for part in (asked[:7], asked[7:30], asked[30:-2], asked[-2:], CLOSING):
            line.say(part)
            time.sleep(0.05)
        assert statuses(line.hear_all()) == [b"200", b"200"]


def test_a_body_that_looks_like_a_request_is_a_body(web: int) -> None:
    asked = request()
    with Line(web) as line:
        line.say(request(PAGE, f"Content-Length: {len(asked)}", method="POST"))
        assert statuses(line.hear(1)) == [b"405"]  # answered before its body is there
        line.say(asked, CLOSING)
        heard = line.hear_all()
        assert BODY not in heard
        assert statuses(heard) == [b"200"]


def test_a_line_within_a_head_is_no_request(web: int) -> None:
    with Line(web) as line:
        line.say(b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Folded:")
        time.sleep(0.1)
        line.say(request())  # continues the header, and ends the head
        line.say(CLOSING)
        heard = line.hear_all()
    assert BODY not in heard


def test_a_head_without_an_end_is_refused(web: int) -> None:
    with Line(web) as line:
        line.say(b"GET /status/public/ HTTP/1.1\r\nHost: localhost\r\n")
        heard = b""
        with contextlib.suppress(ConnectionError):
            for _ in range(protocol.LARGEST_HEAD // 1000 + 100):
                line.say(b"X: " + b"x" * 1000 + b"\r\n")
            heard = line.hear_all()
        assert heard.startswith(b"HTTP/1.1 400") or not heard
    assert get(web, PAGE).status_code == 200


def test_who_reads_nothing_is_sent_no_more(web: int) -> None:
    """Answers wait for a reader up to a limit; beyond it the requests wait, here and in the kernel."""
    asked = request(PAGE, "X: " + "x" * 1800)
    many = asked * 200_000  # 370 MB; the kernel alone may take some 40
    with Line(web) as line:
        line.socket.settimeout(5)
        with pytest.raises(TimeoutError):
            line.socket.sendall(many)
    assert get(web, PAGE).status_code == 200


def test_names_with_an_underscore_are_not_taken_for_those_of_a_proxy(web: int) -> None:
    with Line(web) as line:
        line.say(request("/livez", "Content_Length: 5", "Connection: close"))
        assert line.hear_all().startswith(b"HTTP/1.1 200")


def test_pages_are_read_while_every_thread_of_django_hangs(web: int) -> None:
    """Twenty bodies that never come hold all threads of both processes."""
    hanging = [Line(web) for _ in range(20)]
    try:
        for line in hanging:
            line.say(request("/api/v1/intakes/", "Content-Type: application/json", "Content-Length: 10", method="POST"))
        time.sleep(0.5)
        for _ in range(8):
            assert get(web, PAGE).content == BODY
            assert get(web, "/status/public/nothing").status_code == 404
    finally:
        for line in hanging:
            line.__exit__()
    assert get(web, "/livez").status_code == 200


class Wire:
    """A transport that remembers."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.is_closed = False

    def get_extra_info(self, _name: str) -> None:
        return None

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def close(self) -> None:
        self.is_closed = True

    def is_closing(self) -> bool:
        return self.is_closed

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


def test_a_connection_on_which_nothing_is_asked_is_closed() -> None:
    async def looked(*, asks: bytes, times: int) -> bool:
        line, wire = connection(), Wire()
        line.connection_made(wire)
        if asks:
            line.data_received(asks)
        for _ in range(times):
            assert not wire.is_closed
            line._look()
        is_closed = wire.is_closed
        line.connection_lost(None)
        return is_closed

    cases = (
        (b"", protocol.PATIENCE_BETWEEN_REQUESTS, True),
        (b"", protocol.PATIENCE_BETWEEN_REQUESTS - 1, False),
        (request(), protocol.PATIENCE_BETWEEN_REQUESTS, True),
        (b"GET /livez HTTP/1.1\r\nHost:", protocol.PATIENCE_WITHIN_A_HEAD, True),
        (b"GET /livez HTTP/1.1\r\nHost:", protocol.PATIENCE_WITHIN_A_HEAD - 1, False),
        (request("/livez"), 3 * protocol.PATIENCE_BETWEEN_REQUESTS, False),  # it is being answered
    )
    for asks, times, closed in cases:
        assert asyncio.run(looked(asks=asks, times=times)) is closed, (asks, times)


def test_who_asks_goes_on_being_answered() -> None:
    async def asked_again() -> bool:
        line, wire = connection(), Wire()
        line.connection_made(wire)
        for _ in range(3 * protocol.PATIENCE_BETWEEN_REQUESTS):
            line._look()
            line.data_received(request())
        is_closed = wire.is_closed
        line.connection_lost(None)
        return wire.written == [b"page"] * 3 * protocol.PATIENCE_BETWEEN_REQUESTS and not is_closed

    assert asyncio.run(asked_again())


def connection() -> Any:
    """One whose application never answers, and whose shelf answers readers of the page."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(60)

    application.shelf = SimpleNamespace(answer=lambda data, _dated: b"page" if data == request() else b"")  # type: ignore[attr-defined]
    config = Config(application, lifespan="off", ws="none", log_config=None)
    config.load()
    config.loaded_app = application
    return protocol.Protocol(config, ServerState(), {})
