"""Attacks on the guard in front of every address that people enter, and what it lets through."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from mim_portal.lib import outgoing
from tests.http_sink import Sink, silence, sink


@pytest.fixture
def server() -> Iterator[Sink]:
    with sink() as kept:
        yield kept


def post(url: str) -> outgoing.Answer:
    return outgoing.post(url, body=b"{}", headers={"Content-Type": "application/json"})


@pytest.mark.parametrize(
    "url",
    [
        "https://169.254.169.254/latest/meta-data/",  # the cloud's own
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",  # IPv4 in IPv6's clothes
        "https://[::ffff:a9fe:a9fe]/",
        "https://2130706433/",  # decimal
        "https://0x7f000001/",
        "https://0177.0.0.1/",  # octal
        "https://127.1/",
        "https://0.0.0.0/",
        "https://[::]/",
        "https://10.0.0.7/",
        "https://172.16.3.4/",
        "https://192.168.1.1/",
        "https://100.64.0.1/",
        "https://[fd00::1]/",
        "https://[fe80::1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://224.0.0.1/",
        "https://localhost/",
    ],
)
def test_nothing_internal_is_called(url: str) -> None:
    with pytest.raises(outgoing.Forbidden, match="internal network"):
        post(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "//example.org/",
        "example.org/hook",
        "https:///hook",
        "",
        "https://user:secret@example.org/",
        "https://example.org@127.0.0.1/",
        "https://example.org\\@127.0.0.1/",
        "https://example.org/\r\nHost: internal",
        "https://example.org /",
        "https://ex\u0430mple.org/",  # a Cyrillic letter
        "https://[::1",
        "https://example.org:notaport/",
    ],
)
def test_what_is_no_plain_https_address_is_refused_before_any_name_is_resolved(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: pytest.fail("resolved"))
    with pytest.raises(outgoing.Forbidden):
        post(url)


class TestRebinding:
    """A name that is harmless when it is judged and internal when it is called."""

    def test_the_address_that_was_judged_is_the_one_that_is_called(
        self, server: Sink, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[str] = []
        public = "8.8.8.8"

        def resolve(host: str, port: int, *_args: Any, **_kwargs: Any) -> list[Any]:
            asked.append(host)
            ip = public if host == public or len(asked) == 1 else "127.0.0.1"
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))]

        called: list[str] = []

        def connect(address: tuple[str, int], *_args: Any, **_kwargs: Any) -> socket.socket:
            called.append(address[0])
            raise OSError("no route in this test")

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
        with pytest.raises(outgoing.Unreachable):
            post(f"https://rebound.example.org:{server.port}/")
        assert called == [public]
        assert server.taken == []

    def test_a_public_name_that_leads_inside_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.168.0.10", 443))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: inside)
        with pytest.raises(outgoing.Forbidden, match="internal network"):
            post("https://hooks.example.org/")


class TestAllowed:
    """Hosts of one's own network that the settings name."""

    @pytest.fixture(autouse=True)
    def named(self, server: Sink, settings: Settings) -> None:
        settings.OUTGOING_INTERNAL_HOSTS = [server.host]

    def test_exact_bytes_and_headers_arrive(self, server: Sink) -> None:
        answer = outgoing.post(f"{server.url}/hook?x=1", body=b'{"a": 1}', headers={"X-One": "1"})
        assert (answer.status, answer.text, answer.is_taken) == (200, "ok", True)
        (taken,) = server.taken
        assert (taken.path, taken.body, taken.headers["x-one"]) == ("/hook?x=1", b'{"a": 1}', "1")
        assert taken.headers["user-agent"] == "MIM-Portal"

    def test_another_port_or_name_of_it_is_not_allowed(self, server: Sink) -> None:
        with silence() as port, pytest.raises(outgoing.Forbidden):
            post(f"http://127.0.0.1:{port}/")
        with pytest.raises(outgoing.Forbidden):
            post(f"http://localhost:{server.port}/")

    @pytest.mark.parametrize("where", ["/inside", "http://169.254.169.254/", "file:///etc/passwd"])
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_a_redirect_is_an_answer_and_never_followed(self, server: Sink, where: str, status: int) -> None:
        server.says((status, {"Location": where}))
        answer = post(server.url)
        assert (answer.status, answer.is_taken) == (status, False)
        assert len(server.taken) == 1

    def test_when_to_come_again(self, server: Sink) -> None:
        server.says((429, {"Retry-After": "7"}))
        assert post(server.url).retry_after == "7"

    def test_an_endless_answer_is_read_to_its_bound(self, server: Sink) -> None:
        server.answers = [(200, {}, b"x" * (2 * outgoing.ANSWER_BYTES))]
        assert len(post(server.url).text) == outgoing.ANSWER_BYTES

    def test_proxies_and_passwords_of_the_environment_are_not_used(
        self, server: Sink, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with silence() as port:
            monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
            monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{port}")
            assert post(server.url).is_taken

    def test_silence_is_told_soon(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(outgoing, "TIMEOUT", (0.2, 0.2))
        with silence() as port:
            settings.OUTGOING_INTERNAL_HOSTS = [f"127.0.0.1:{port}"]
            with pytest.raises(outgoing.Unreachable, match="did not answer in time"):
                post(f"http://127.0.0.1:{port}/")

    def test_a_closed_port_is_told(self, server: Sink, settings: Settings) -> None:
        with silence() as port:
            pass
        settings.OUTGOING_INTERNAL_HOSTS = [f"127.0.0.1:{port}"]
        with pytest.raises(outgoing.Unreachable, match="cannot be reached"):
            post(f"http://127.0.0.1:{port}/")


def test_an_unknown_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_args: Any, **_kwargs: Any) -> list[Any]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(outgoing.Unreachable, match="No host of this name"):
        post("https://nowhere.example.org/")
