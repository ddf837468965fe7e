"""What a cadence may be: a promise without a next time is none, and one that gets faster with time is a slip."""

from collections.abc import Mapping
from typing import Final

from comms.rules.promises.cadence import LONGEST, SHORTEST

FIELDS: Final = ("first_minutes", "every_minutes", "later_minutes")
Minutes = Mapping[str, int | None]


def fault(minutes: Minutes) -> tuple[str, str] | None:
    """The field at fault and why: minutes within a day, and all three or none (owed on change only)."""
    for name in FIELDS:
        value = minutes[name]
        if value is not None and not SHORTEST <= value <= LONGEST:
            return name, f"Give between {SHORTEST} and {LONGEST} minutes (a day)."
    empty = [name for name in FIELDS if minutes[name] is None]
    if empty and len(empty) < len(FIELDS):
        return empty[
            0
        ], "Give all three times, or leave all three empty for “on change only”: else a next time is lost."
    return None


def advice(minutes: Minutes) -> str:
    """What to think about; it may be saved as it is."""
    every, later, first = minutes["every_minutes"], minutes["later_minutes"], minutes["first_minutes"]
    if every is None or later is None or first is None:
        return ""
    if later < every:
        return "After two hours they hear more often than before. Usually it is the other way round."
    if first > every:
        return "The first word comes later than the following ones. Usually it is the most urgent."
    return ""
