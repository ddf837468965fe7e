"""Ports on this machine's own address."""

import errno
import socket

from mim_portal.embedded.failures import Failure

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


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
