"""A network between the portal and a server that can fail: it forwards, swallows everything, or refuses."""

import asyncio
import contextlib
from enum import Enum

from mim_portal.embedded.ports import LOOPBACK, free_port
from tests.faults.background import Background

BLOCK = 65536


class Mode(Enum):
    """What the network does."""

    FORWARD = "forward"
    SWALLOW = "swallow"  # packets vanish: connections stay, nothing arrives
    REFUSE = "refuse"  # nobody listens, connections are reset


class Proxy:
    """Listens on a port of its own for one server's port."""

    def __init__(self, background: Background, *, to_port: int) -> None:
        self.port = free_port()
        self._background = background
        self._to_port = to_port
        self._mode = Mode.REFUSE
        self._forwards = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._lines: set[asyncio.StreamWriter] = set()
        self.set(Mode.FORWARD)

    def set(self, mode: Mode) -> None:
        self._background.run(self._set(mode))

    def close(self) -> None:
        self.set(Mode.REFUSE)

    async def _set(self, mode: Mode) -> None:
        self._mode = mode
        if mode is Mode.FORWARD:
            self._forwards.set()
        else:
            self._forwards.clear()
        if mode is Mode.REFUSE:
            await self._stop_listening()
        elif self._server is None:
            self._server = await asyncio.start_server(self._serve, LOOPBACK, self.port)

    async def _stop_listening(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()
        for line in list(self._lines):
            line.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._lines.add(writer)
        onward: asyncio.StreamWriter | None = None
        try:
            await self._forwards.wait()
            back, onward = await asyncio.open_connection(LOOPBACK, self._to_port)
            self._lines.add(onward)
            await asyncio.gather(self._pump(reader, onward), self._pump(back, writer))
        except OSError:
            pass
        finally:
            for line in (writer, onward):
                if line is not None:
                    self._lines.discard(line)
                    line.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while block := await reader.read(BLOCK):
            await self._forwards.wait()
            writer.write(block)
            await writer.drain()
        with contextlib.suppress(OSError):
            writer.transport.abort()
