"""Open rooms and who is in them: streams by incident, events to all of a room, heartbeats, a count of people.

Everything here runs on one event loop; nothing waits except a stream for its own next words.
"""

import asyncio
import json
import logging
import random
import time
from collections.abc import AsyncIterator, Iterable

from mim_portal.livecrowd import Crowds

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 15.0
TICK_SECONDS = 0.25
# Then the page asks for a new ticket: who lost access to an incident loses its stream.
LONGEST_SECONDS = 3600.0
WAITING_AT_MOST = 64  # chunks for one slow reader, who then reconnects and reads everything anew
SLOWEST_RETRY_MS = 5000

HEARTBEAT = b"event: beat\ndata: 1\n\n"  # heard by the page, which gives up a stream that has gone silent
_SLOTS = int(HEARTBEAT_SECONDS / TICK_SECONDS)


def message(data: bytes) -> bytes:
    """What changed, for every listener: one line of JSON from the channel."""
    return b"data: " + data.replace(b"\r", b" ").replace(b"\n", b" ") + b"\n\n"


def named(kind: str, **fields: object) -> bytes:
    """Something about the stream itself, which a page that does not know it ignores."""
    return f"event: {kind}\ndata: {json.dumps({'kind': kind, **fields})}\n\n".encode()


def retry() -> bytes:
    """How long to wait before coming back, different for each reader, so that not all come back at once."""
    return f"retry: {random.randint(500, SLOWEST_RETRY_MS)}\n\n".encode()  # noqa: S311 -- jitter, no secret


class Stream:
    """One open page. Iterate over it for what to send; it ends when somebody closes it."""

    __slots__ = ("_chunks", "_closed", "_waiting", "name", "opened_at", "person_id", "reference")

    def __init__(self, *, reference: str, person_id: int, now: float, name: str = "") -> None:
        self.reference = reference
        self.person_id = person_id
        self.name = name
        self.opened_at = now
        self._chunks: list[bytes] = []
        self._closed = False
        self._waiting: asyncio.Future[None] | None = None

    def push(self, chunk: bytes) -> None:
        if len(self._chunks) >= WAITING_AT_MOST:
            self._closed = True
        else:
            self._chunks.append(chunk)
        self._wake()

    def close(self) -> None:
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            if self._chunks:
                chunks, self._chunks = self._chunks, []
                yield b"".join(chunks)
            elif self._closed:
                return
            else:
                self._waiting = asyncio.get_running_loop().create_future()
                await self._waiting
                self._waiting = None


class Hub:
    """Every stream of this process."""

    def __init__(self, process: str = "") -> None:
        self.crowds = Crowds(process)
        self._rooms: dict[str, set[Stream]] = {}
        self._slots: list[set[Stream]] = [set() for _ in range(_SLOTS)]
        self._slot_of: dict[Stream, int] = {}
        self._next_slot = 0
        self._tick = 0
        self.is_stale = True  # until the channel has said that it is listened to
        self.is_closing = False

    def __len__(self) -> int:
        return len(self._slot_of)

    def enter(self, stream: Stream) -> None:
        self._rooms.setdefault(stream.reference, set()).add(stream)
        self._next_slot = (self._next_slot + 1) % _SLOTS
        self._slot_of[stream] = self._next_slot
        self._slots[self._next_slot].add(stream)
        stream.push(retry())
        if self.is_stale:
            stream.push(named("stale"))
        told = self.crowds.told(stream.reference)
        if told is not None:
            stream.push(named("presence", **told))
        self._crowd_changed(stream.reference)

    def leave(self, stream: Stream) -> None:
        room = self._rooms[stream.reference]
        room.discard(stream)
        self._slots[self._slot_of.pop(stream)].discard(stream)
        if room:
            self._crowd_changed(stream.reference)
        else:
            del self._rooms[stream.reference]
            self.crowds.emptied(stream.reference)

    def hear(self, data: bytes) -> None:
        """Pass on the events of one message, a line each, to the rooms that they name; what is none is dropped."""
        for line in data.splitlines():
            try:
                event = json.loads(line)
                reference = event["ref"]
                if "presence" in event:
                    self.crowds.hear(event, now=time.monotonic())
                    continue
            except (ValueError, KeyError, TypeError):
                log.warning("an event that names no incident was dropped")
                continue
            _tell(self._rooms.get(reference, ()), message(line))

    def lost(self) -> None:
        """Nothing is heard from the channel: open pages ask for themselves until it is back."""
        if not self.is_stale:
            self.is_stale = True
            _tell(self._slot_of, named("stale"))

    def found(self) -> None:
        """The channel is back; what was said meanwhile is lost, so pages read everything once."""
        if self.is_stale:
            self.is_stale = False
            _tell(self._slot_of, named("fresh"))

    def close(self) -> None:
        """End every stream and take no new one; readers come back at different moments."""
        self.is_closing = True
        for stream in list(self._slot_of):
            stream.push(retry())
            stream.close()

    async def keep_alive(self) -> None:
        """Heartbeats, a sixtieth of the streams at a time, ends of long streams, and the number of people."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            self._tick = (self._tick + 1) % _SLOTS
            now = time.monotonic()
            for stream in self._slots[self._tick]:
                stream.push(HEARTBEAT)
                if now - stream.opened_at > LONGEST_SECONDS:
                    stream.close()
            self._tell_crowds(now)

    def _crowd_changed(self, reference: str) -> None:
        self.crowds.changed(reference, streams=len(self._rooms[reference]), now=time.monotonic())

    def _tell_crowds(self, now: float) -> None:
        if self.crowds.repeats(now):
            for reference in self._rooms:
                self.crowds.announce(reference, self._people(reference))
        for reference in self.crowds.due(now):
            here = self._people(reference)
            self.crowds.announce(reference, here)
            said = self.crowds.together(reference, here)
            if here and self.crowds.is_news(reference, said):
                _tell(self._rooms[reference], named("presence", **said))

    def _people(self, reference: str) -> dict[int, str]:
        return {stream.person_id: stream.name for stream in self._rooms.get(reference, ())}


def _tell(streams: Iterable[Stream], chunk: bytes) -> None:
    for stream in streams:
        stream.push(chunk)
