"""Ports that are taken, wrong or the same are one line before anything is started."""

import random
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from mim_portal.embedded import portal, ports
from mim_portal.embedded.failures import Failure


@pytest.fixture
def taken() -> Iterator[int]:
    listener = socket.socket()
    listener.bind((ports.LOOPBACK, 0))
    listener.listen()
    with listener:
        yield listener.getsockname()[1]


def test_a_taken_port_names_the_variable_that_chooses_another(taken: int) -> None:
    with pytest.raises(Failure, match=f"Port {taken} is taken .* LIVE_PORT=") as refusal:
        ports.refuse_taken(taken, variable="LIVE_PORT")
    assert len(str(refusal.value).splitlines()) == 1


def test_a_free_port_is_free() -> None:
    ports.refuse_taken(ports.free_port(), variable="PORT")


def test_a_free_port_is_given_to_no_outgoing_connection() -> None:
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()[0])
    assert all(10000 <= ports.free_port() < lowest for _ in range(20))


def test_a_taken_one_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as listener:
        first = ports.free_port()
        listener.bind((ports.LOOPBACK, first))
        second = ports.free_port()
        monkeypatch.setattr(random, "sample", lambda *_: [first, second])
        assert ports.free_port() == second
        monkeypatch.setattr(random, "sample", lambda *_: [first])
        with pytest.raises(Failure, match="all are taken"):
            ports.free_port()


@pytest.mark.parametrize("value", ["eighty", "0", "65536", "-1", "80.0", "８０"])
def test_a_port_is_a_number_that_can_be_one(value: str) -> None:
    with pytest.raises(Failure, match="PORT="):
        ports.port_from(value, variable="PORT", default=8000)


def test_an_unset_port_has_its_default() -> None:
    assert ports.port_from("", variable="PORT", default=8000) == 8000


def test_the_two_ports_differ() -> None:
    port = str(ports.free_port())
    with pytest.raises(Failure, match="both"):
        portal.ports({"PORT": port, "LIVE_PORT": port})


def test_the_portal_refuses_a_taken_live_port(taken: int) -> None:
    with pytest.raises(Failure, match="LIVE_PORT"):
        portal.ports({"PORT": str(ports.free_port()), "LIVE_PORT": str(taken)})
