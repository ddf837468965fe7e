"""What tests of the live stream share: a key, a room of this process, its events."""

import asyncio
import json
import os
from collections.abc import Coroutine
from typing import Any

from mim_portal.lib import tickets

KEY = tickets.derive_key("a secret of tests")
# Channels are shared by all databases of a Redis server, so tests that run side by side hear each other.
REFERENCE = f"MI-2026-{os.getpid()}"


def event(*, seq: int) -> bytes:
    return json.dumps({"ref": REFERENCE, "kind": "note", "seq": seq, "panels": ["timeline"]}).encode()


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 20))
