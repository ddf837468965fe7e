"""Who is in which room, over all live processes: each tells the others on the channel when its own people change.

Names come with the signed tickets, so that no database is asked. A process that dies is forgotten after a while.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PRESENCE_SECONDS = 1.0
PRESENCE_STREAMS_A_SECOND = 500  # a crowd entering one room hears of itself less often, not all the time
REPEATED_SECONDS = 10.0  # so that a process that has just started learns who is elsewhere
FORGOTTEN_SECONDS = 25.0
NAMED_AT_MOST = 40
WAITING_AT_MOST = 1000  # announcements; whatever is dropped is repeated

People = Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What another process said about a room."""

    heard_at: float
    count: int
    people: dict[int, str]


@dataclass
class Crowds:
    """The people of every room, as far as this process knows them."""

    process: str
    outgoing: list[bytes] = field(default_factory=list)  # for the channel
    _due: dict[str, float] = field(default_factory=dict)  # rooms whose people changed, and when they may be told
    _told: dict[str, dict[str, Any]] = field(default_factory=dict)
    _elsewhere: dict[str, dict[str, Elsewhere]] = field(default_factory=dict)
    _repeat_at: float = 0.0

    def changed(self, reference: str, *, streams: int, now: float) -> None:
        """Somebody came or left here."""
        self._due.setdefault(reference, now + PRESENCE_SECONDS + streams / PRESENCE_STREAMS_A_SECOND)

    def emptied(self, reference: str) -> None:
        """Nobody is here any more."""
        self._due.pop(reference, None)
        self._told.pop(reference, None)
        self.announce(reference, {})

    def due(self, now: float) -> list[str]:
        """Rooms whose people may be told now that their number changed; each is named once."""
        found = [reference for reference, at in self._due.items() if at <= now]
        for reference in found:
            del self._due[reference]
        return found

    def repeats(self, now: float) -> bool:
        """Whether it is time to tell the others again; forgets those who were not heard of for long."""
        if now < self._repeat_at:
            return False
        self._repeat_at = now + REPEATED_SECONDS
        for reference, told in list(self._elsewhere.items()):
            kept = {name: one for name, one in told.items() if now - one.heard_at <= FORGOTTEN_SECONDS}
            if len(kept) < len(told):
                self._due.setdefault(reference, now)
            self._elsewhere[reference] = kept
            if not kept:
                del self._elsewhere[reference]
        return True

    def announce(self, reference: str, here: People) -> None:
        """Tell the other processes who is in the room here."""
        named = dict(sorted(here.items())[:NAMED_AT_MOST])
        event = {"ref": reference, "presence": self.process, "count": len(here), "people": list(named.items())}
        if len(self.outgoing) < WAITING_AT_MOST:
            self.outgoing.append(json.dumps(event).encode())

    def hear(self, event: Mapping[str, Any], *, now: float) -> None:
        """What another process says about one room; raises ValueError or TypeError where it makes no sense."""
        reference, process, count = str(event["ref"]), str(event["presence"]), int(event["count"])
        if process == self.process:
            return
        people = {int(pk): str(name) for pk, name in event["people"]}
        told = self._elsewhere.setdefault(reference, {})
        before = told.pop(process, None)
        if count:
            told[process] = Elsewhere(now, count, people)
        elif not told:
            del self._elsewhere[reference]
        if (before.count, before.people) != (count, people) if before else count:
            self._due.setdefault(reference, now)

    def together(self, reference: str, here: People) -> dict[str, Any]:
        """How many people are in the room everywhere, and the names of the first of them by the alphabet.

        Whoever has it open in two processes is one person, as far as both name them.
        """
        elsewhere = self._elsewhere.get(reference, {}).values()
        people = dict(here)
        for one in elsewhere:
            people |= one.people
        unnamed = sum(one.count - len(one.people) for one in elsewhere)
        names = sorted(filter(None, people.values()), key=str.casefold)
        return {"count": len(people) + unnamed, "people": names[:NAMED_AT_MOST]}

    def is_news(self, reference: str, said: dict[str, Any]) -> bool:
        """Whether the room has not been told so yet; it counts as told from now on."""
        if self._told.get(reference) == said:
            return False
        self._told[reference] = said
        return True

    def told(self, reference: str) -> dict[str, Any] | None:
        """What the room was told last."""
        return self._told.get(reference)
