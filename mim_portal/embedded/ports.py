"""Ports on this machine's own address."""

import errno
import random
import socket
from pathlib import Path

from mim_portal.embedded.failures import Failure

LOOPBACK = "127.0.0.1"
TRIES = 100


def free_port() -> int:
    """A port nobody listens on, from those the system gives to no outgoing connection.

    A server may need seconds until it listens (LanguageTool does). A port from the system's own range could by then be
    somebody's connection, or the next server's.
    """
    for port in random.sample(_QUIET, TRIES):
        with socket.socket() as probe:
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            return port
    raise Failure(f"{TRIES} ports between {_QUIET[0]} and {_QUIET[-1]} were tried and all are taken by other programs.")


def _quiet_ports() -> range:
    """From 10000 to where the system's range begins; 32768 where the system does not say (Linux's own default)."""
    try:
        lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        lowest = 32768
    return range(10000, lowest) if lowest > 11000 else range(10000, 65536)


_QUIET = _quiet_ports()


def refuse_taken(port: int, *, variable: str, host: str = LOOPBACK) -> None:
    """Say in one line that a port we were told to use is someone else's."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EACCES:
                raise Failure(f"Port {port} needs more rights: choose one above 1024 with {variable}=….") from None
            if host != LOOPBACK and error.errno != errno.EADDRINUSE:
                raise Failure(f"{host}:{port} cannot be used ({error.strerror}): choose another address.") from None
            raise Failure(
                f"Port {port} is taken by another program: stop that one, or choose another with {variable}=…."
            ) from None


def port_from(environ_value: str, *, variable: str, default: int) -> int:
    """A port as the environment gives it."""
    if not environ_value:
        return default
    if not (environ_value.isascii() and environ_value.isdecimal()) or not 0 < int(environ_value) < 65536:
        raise Failure(f"{variable}={environ_value} is not a port: use a number from 1 to 65535.")
    return int(environ_value)
