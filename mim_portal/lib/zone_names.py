"""Short names of time zones: those that mean one offset wherever they are written, and those that mean several."""

from datetime import timedelta, timezone
from typing import Final

# Hours from UTC.
ONE_OFFSET: Final = {
    "CET": 1,
    "CEST": 2,
    "EET": 2,
    "EEST": 3,
    "MSK": 3,
    "SAST": 2,
    "PKT": 5,
    "WIB": 7,
    "JST": 9,
    "KST": 9,
    "SGT": 8,
    "HKT": 8,
    "AWST": 8,
    "AEST": 10,
    "AEDT": 11,
    "NZST": 12,
    "NZDT": 13,
    "BRT": -3,
    "AKST": -9,
}
# Summer time of London or of Bougainville, India or Ireland, China or Chicago: only a writer's own zone says which.
SEVERAL: Final = ("BST", "IST", "CST", "EST", "EDT", "CDT", "PST", "PDT", "MST", "MDT")
EVERY: Final = (*SEVERAL, *ONE_OFFSET)


def fixed(name: str) -> timezone | None:
    """The zone of a name that means one offset; None for any other name."""
    return timezone(timedelta(hours=ONE_OFFSET[name])) if name in ONE_OFFSET else None
