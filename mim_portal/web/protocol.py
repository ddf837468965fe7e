"""HTTP as uvicorn speaks it, with three things more: readers of published pages are answered from the shelf, what a
client may send before it is answered has an end, and a connection on which nothing is asked is closed.
"""

import asyncio
from typing import Any

import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_HEAD = 65536
MOST_WAITING = 10_000  # requests of one connection; more than fit into what is read at once
LOOK_SECONDS = 15.0
# Looks at a connection without a whole request since the last one. A proxy in front closes idle connections sooner
# (Caddy after two minutes), so that it never sends a request on one that is being closed here.
PATIENCE_WITHIN_A_HEAD = 2
PATIENCE_BETWEEN_REQUESTS = 10
IDLE_SECONDS = PATIENCE_BETWEEN_REQUESTS * LOOK_SECONDS


class Protocol(HttpToolsProtocol):
    """One connection. `_is_between` is true from the end of one request to the first byte of the next."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._shelf = self.config.loaded_app.shelf
        self._is_between = True
        self._is_within_head = False
        self._head_size = 0
        self._looks = 0
        self._look_task: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._look_task = self.loop.call_later(LOOK_SECONDS, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._look_task is not None:
            self._look_task.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        # Only where nothing is on its way in either direction: else the answers would change places.
        if self._is_between and (self.cycle is None or self.cycle.response_complete) and not self.flow.write_paused:
            answer = self._shelf.answer(data, self.server_state.default_headers)
            if answer:
                if self.timeout_keep_alive_task is not None:
                    self._unset_keepalive_if_required()
                self._looks = 0
                self.transport.write(answer)
                return
        self._read(data)

    def _read(self, data: bytes) -> None:
        was_within_head = self._is_within_head
        self._head_size += len(data)  # from nothing where a head begins in these bytes: they may hold others before it
        super().data_received(data)
        if was_within_head and self._is_within_head and self._head_size > LARGEST_HEAD:
            self.send_400_response("The head of this request is too large.")

    def on_message_begin(self) -> None:
        self._is_between, self._is_within_head, self._head_size = False, True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._is_within_head = False
        super().on_headers_complete()
        if len(self.pipeline) > MOST_WAITING:
            self.transport.abort()

    def on_response_complete(self) -> None:
        """uvicorn reads on after each answer; who asks more than it reads would fill the memory with requests."""
        super().on_response_complete()
        if self.pipeline:
            self.flow.pause_reading()

    def on_message_complete(self) -> None:
        self._is_between, self._looks = True, 0
        super().on_message_complete()

    def _look(self) -> None:
        """Close where nobody has asked anything for long. A request that is being answered has the time it needs."""
        is_waiting = self._is_within_head or self.cycle is None or self.cycle.response_complete
        self._looks = self._looks + 1 if is_waiting else 0
        if self._looks >= (PATIENCE_WITHIN_A_HEAD if self._is_within_head else PATIENCE_BETWEEN_REQUESTS):
            self.transport.close()
        else:
            self._look_task = self.loop.call_later(LOOK_SECONDS, self._look)


class Loop(uvloop.Loop):
    """Each process listens by itself at the one address, and the kernel deals connections out evenly."""

    async def create_server(self, *args: Any, **kwargs: Any) -> Any:
        return await super().create_server(*args, **{**kwargs, "reuse_port": True})
