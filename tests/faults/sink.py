"""A mail server that records every message it took, and that can misbehave in each of the ways real ones do."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from mim_portal.embedded.ports import LOOPBACK, free_port
from tests.faults.background import Background
from tests.faults.waiting import wait_until


@dataclass
class Manners:
    """How the server behaves from now on; everything is off."""

    refuses: bool = False  # 421 at the greeting
    seconds_each: float = 0.0  # before it answers that it took a message
    closes_in_data: int = 0  # so many times, in the middle of a message's text
    closes_after_data: int = 0  # so many times, the message kept and the answer lost
    full: bool = False  # 452: no space
    answers: dict[str, str] = field(default_factory=dict)  # by recipient


@dataclass(frozen=True)
class Taken:
    """One message that the server kept."""

    message_id: str
    recipient: str
    at: float


class Sink:
    """Listens on one port for its whole life; `stop` and `start` take it away and bring it back."""

    def __init__(self, background: Background) -> None:
        self.port = free_port()
        self.manners = Manners()
        self._background = background
        self._taken: list[Taken] = []
        self._lock = threading.Lock()
        self._server: asyncio.Server | None = None
        self._lines: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        return f"smtp://{LOOPBACK}:{self.port}"

    def start(self) -> None:
        async def listen() -> None:
            self._server = await asyncio.start_server(self._serve, LOOPBACK, self.port)

        self._background.run(listen())

    def stop(self) -> None:
        """Nobody listens, and who was connected no longer is."""

        async def leave() -> None:
            if self._server is not None:
                self._server.close()
            self._server = None
            for line in list(self._lines):
                line.transport.abort()

        self._background.run(leave())

    def taken(self) -> list[Taken]:
        with self._lock:
            return list(self._taken)

    def count(self) -> int:
        return len(self._taken)

    def wait_for(self, count: int, *, seconds: float) -> None:
        """So many messages have been taken in its life."""
        wait_until(lambda: self.count() >= count, seconds=seconds)

    def copies(self, message_ids: Iterable[str]) -> Counter[str]:
        """How often each of these messages was taken; zero for one that never arrived."""
        found = Counter(one.message_id for one in self.taken())
        return Counter({message_id: found[message_id] for message_id in message_ids})

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._lines.add(writer)
        try:
            await self._talk(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._lines.discard(writer)
            writer.transport.abort()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.manners.refuses:
            writer.write(b"421 Too busy\r\n")
            await writer.drain()
            return
        writer.write(b"220 sink\r\n")
        recipient = ""
        while line := (await reader.readline()).decode(errors="replace").strip():
            verb = line[:4].upper()
            if verb == "RCPT":
                recipient = line.partition("<")[2].partition(">")[0]
                writer.write(self.manners.answers.get(recipient, "250 OK").encode() + b"\r\n")
            elif verb == "DATA":
                answer = await self._data(reader, writer, recipient)
                if not answer:
                    return
                writer.write(answer)
            elif verb == "QUIT":
                writer.write(b"221 Bye\r\n")
                await writer.drain()
                return
            else:
                writer.write(b"250 OK\r\n")
            await writer.drain()

    async def _data(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, recipient: str) -> bytes:
        """Take one message; empty where the line is to be dropped instead of an answer."""
        manners = self.manners
        writer.write(b"354 Go on\r\n")
        await writer.drain()
        if manners.closes_in_data > 0:
            manners.closes_in_data -= 1
            await reader.readline()
            return b""
        text = await reader.readuntil(b"\r\n.\r\n")
        if manners.seconds_each:
            await asyncio.sleep(manners.seconds_each)
        if manners.full:
            return b"452 No space left\r\n"
        with self._lock:
            self._taken.append(Taken(message_id=_message_id(text), recipient=recipient, at=time.time()))
        if manners.closes_after_data > 0:
            manners.closes_after_data -= 1
            return b""
        return b"250 Taken\r\n"


def _message_id(text: bytes) -> str:
    head = text.partition(b"\r\n\r\n")[0].decode(errors="replace")
    for line in head.splitlines():
        if line.lower().startswith("message-id:"):
            return line.partition(":")[2].strip()
    return ""
