"""The break-glass brief: each minute what a manager needs of each live incident goes to a second place, so that an
incident can be run on without the portal. Nothing here is in the way of anything else: it reads, then writes files.
"""

import json
import time
from datetime import datetime
from pathlib import Path

from comms.adapters import private_folder
from comms.queries import break_glass
from comms.rendering import break_glass as words
from comms.services import heartbeats
from teams.queries import contacts

HEARTBEAT = "sweep_break_glass"


def write(*, folder: Path, now: datetime) -> int:
    """Write one text and one JSON file an incident, an index and the contact sheet; how many incidents.

    Files of incidents that ended are removed. The heartbeat beats only when everything is written.
    """
    started = time.monotonic()
    briefs = break_glass.live(now=now)
    files = {"index.txt": words.index(briefs, now=now), "contacts.csv": contacts.as_csv(contacts.sheet(at=now))}
    for brief in briefs:
        files[f"{brief['reference']}.txt"] = words.brief(brief)
        files[f"{brief['reference']}.json"] = json.dumps(brief, indent=2, ensure_ascii=False) + "\n"
    private_folder.write(folder, files)
    took_ms = (time.monotonic() - started) * 1000
    heartbeats.beat(name=HEARTBEAT, took_ms=took_ms, by=heartbeats.this_process("clock"))
    return len(briefs)
