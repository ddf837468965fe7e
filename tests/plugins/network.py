"""No test speaks to the outside: sockets open to this machine only."""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest


class OutsideError(RuntimeError):
    """A test tried to leave this machine."""


def local(address: object) -> bool:
    """Unix sockets, loopback addresses and the names that mean them."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in {"localhost", ""}:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def no_outside_network() -> Iterator[None]:
    """Refuses, with the address in the message, whatever is not on this machine."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded(self: socket.socket, address: Any) -> None:
        if not local(address):
            raise OutsideError(f"A test tried to reach {address!r}: give it a local server instead.")
        connect(self, address)

    def guarded_ex(self: socket.socket, address: Any) -> int:
        if not local(address):
            raise OutsideError(f"A test tried to reach {address!r}: give it a local server instead.")
        return connect_ex(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        patch.setattr(socket.socket, "connect_ex", guarded_ex)
        yield
