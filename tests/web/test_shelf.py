"""Answers from the shelf are those that reading with care gives."""

import time
from email.utils import formatdate

import pytest

from mim_portal.lib.snapshot_files import Face, PublishedPage
from mim_portal.web import front, published
from mim_portal.web.shelf import LONGEST, MOST, Shelf
from tests.web.talk import BODY, PAGE, request

DATED = [(b"date", b"Sun, 29 Nov 2026 17:00:00 GMT")]


def page(*, version: int = 1, etag: str = "first", body: bytes = BODY, until: float | None = None) -> PublishedPage:
    made = time.time() - 60
    faces = [Face(path="", valid_from=made, content_type="text/html", body=body, etag=etag, modified_at=made)]
    if until is not None:
        faces.append(
            Face(path="", valid_from=until, content_type="text/html", body=b"late", etag="late", modified_at=until)
        )
    return PublishedPage(slug="public", version=version, faces=tuple(faces))


@pytest.fixture
def library() -> published.Library:
    library = published.Library(headers=front.headers())
    library.put([page()])
    return library


def shelf_of(library: published.Library) -> Shelf:
    return Shelf(front.Front(lambda *_: pytest.fail("this is not for Django"), library))


def status(answer: bytes) -> str:
    return answer.split(b"\r\n", 1)[0].decode()


def test_a_reader_gets_the_page_with_its_headers(library: published.Library) -> None:
    head, _, body = shelf_of(library).answer(request(), DATED).partition(b"\r\n\r\n")
    assert body == BODY
    lines = head.decode().split("\r\n")
    assert lines[0] == "HTTP/1.1 200 OK"
    assert "date: Sun, 29 Nov 2026 17:00:00 GMT" in lines
    assert f"content-length: {len(BODY)}" in lines
    assert 'etag: "first"' in lines
    assert f"content-security-policy: {front.POLICY}" in lines


def test_what_is_known_is_not_sent_again(library: published.Library) -> None:
    answer = shelf_of(library).answer(request(PAGE, 'If-None-Match: "first"'), DATED)
    assert status(answer) == "HTTP/1.1 304 Not Modified"
    assert answer.endswith(b"\r\n\r\n")
    since = formatdate(time.time(), usegmt=True)
    assert status(shelf_of(library).answer(request(PAGE, f"If-Modified-Since: {since}"), DATED)).endswith(
        "Not Modified"
    )


def test_a_head_has_no_body_and_an_encoding_is_honoured(library: published.Library) -> None:
    assert shelf_of(library).answer(request(method="HEAD"), DATED).endswith(b"\r\n\r\n")
    assert b"\r\ncontent-encoding: br\r\n" in shelf_of(library).answer(
        request(PAGE, "Accept-Encoding: gzip, br"), DATED
    )


def test_a_question_behind_the_address_changes_nothing(library: published.Library) -> None:
    assert shelf_of(library).answer(request(PAGE + "?from=mail"), DATED).endswith(BODY)


@pytest.mark.parametrize(
    "asked",
    [
        request("/status/other/"),
        request("/status/public"),
        request("/status/public/%69ncidents/"),
        request("/incidents/"),
        request("/"),
        request(method="POST"),
        request(method="OPTIONS"),
        request(PAGE, "Connection: close"),
        request(PAGE, "Content-Length: 0"),
        request(PAGE, "Transfer-Encoding: chunked"),
        request(PAGE, "Expect: 100-continue"),
        request(PAGE, "Connection: Upgrade", "Upgrade: websocket"),
        request(PAGE, 'If-None-Match: "a"', 'If-None-Match: "first"'),
        request(PAGE, "X: " + "x" * LONGEST),
        request(PAGE, "no colon"),
        request(PAGE, "X:\0"),
        request().replace(b"HTTP/1.1", b"HTTP/1.0"),
        request().replace(b"HTTP/1.1", b"HTTP/3.0"),
        request()[:-1],
        request() * 2,
        request() + b"GET ",
        request().replace(b"/status/public/", b"http://localhost/status/public/"),
        request().replace(b"/status/public/", "/status/öffentlich/".encode()),
        b"GET /status/public/\r\n\r\n",
        b"\r\n" + request(),
        b"",
    ],
)
def test_the_rest_is_read_with_care(library: published.Library, asked: bytes) -> None:
    assert shelf_of(library).answer(asked, DATED) == b""


def test_news_are_on_the_shelf_at_once(library: published.Library) -> None:
    shelf = shelf_of(library)
    assert shelf.answer(request(), DATED).endswith(BODY)
    library.put([page(version=2, etag="second", body=b"Payroll works again.")])
    assert shelf.answer(request(), DATED).endswith(b"\r\n\r\nPayroll works again.")
    library.keep_only([])
    assert shelf.answer(request(), DATED) == b""
    library.put([page(version=1)])
    assert shelf.answer(request(), DATED).endswith(BODY)


def test_with_the_next_second_comes_what_holds_then(library: published.Library) -> None:
    now = time.time()
    library.put([page(version=2, until=now)])
    clock = [now - 1]
    shelf = Shelf(front.Front(lambda *_: pytest.fail("not for Django"), library, clock=lambda: clock[0]))
    assert shelf.answer(request(), DATED).endswith(BODY)
    clock[0] = now + 1
    assert shelf.answer(request(), list(DATED)).endswith(b"\r\n\r\nlate")


def test_the_same_request_is_read_once_a_second(library: published.Library) -> None:
    shelf = shelf_of(library)
    assert shelf.answer(request(), DATED) is shelf.answer(request(), DATED)


def test_the_shelf_has_an_end(library: published.Library) -> None:
    shelf = shelf_of(library)
    for number in range(MOST + 10):
        assert shelf.answer(request(f"{PAGE}?{number}"), DATED).endswith(BODY)
    last = request(f"{PAGE}?{MOST + 9}")
    assert shelf.answer(last, DATED) is not shelf.answer(last, DATED)
