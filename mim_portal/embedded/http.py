"""A very small HTTP client for our own servers on this machine: no proxy, no redirect, one connection a request."""

import asyncio
from dataclasses import dataclass

from mim_portal.embedded.ports import LOOPBACK


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


async def request(port: int, path: str, *, body: bytes | None = None, seconds: float = 2.0) -> Answer:
    """GET, or POST a form; raises OSError (TimeoutError included) or ValueError when nobody sensible answers."""
    return await asyncio.wait_for(_exchange(port, path, body), seconds)


async def _exchange(port: int, path: str, body: bytes | None) -> Answer:
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    try:
        head = [f"{'GET' if body is None else 'POST'} {path} HTTP/1.0", f"Host: {LOOPBACK}:{port}", "Connection: close"]
        if body is not None:
            head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        writer.write("\r\n".join([*head, "", ""]).encode() + (body or b""))
        await writer.drain()
        received = await reader.read()
    finally:
        writer.close()
    first, _, rest = received.partition(b"\r\n")
    parts = first.split()
    if len(parts) < 2:
        raise ValueError("not an HTTP answer")
    return Answer(status=int(parts[1]), body=rest.partition(b"\r\n\r\n")[2])
