"""What uvicorn's protocol does here beside HTTP: each answer on its own request, nothing without an end."""

import contextlib
import time

import pytest

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
