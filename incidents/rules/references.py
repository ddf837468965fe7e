"""References that people read aloud on a bridge: MI-2026-0001 for incidents, CA-2026-0001 for candidates."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

INCIDENT: Final = "MI"
CANDIDATE: Final = "CA"
# For routes: what may stand where a reference is expected.
PATTERN: Final = r"(?:MI|CA)-\d{4}-\d{4,}"

_REFERENCE = re.compile(r"\s*(MI|CA)[-\s]?(\d{4})[-\s]?0*(\d{1,9})\s*", re.IGNORECASE)
# A part of an incident's: its year and number, or the number alone.
_PART = re.compile(r"\s*(?:MI[-\s]?)?(?:(\d{4})[-\s])?0*(\d{1,9})\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A reference taken apart."""

    prefix: str
    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year:04d}-{self.number:04d}"


def incident(*, declared_at: datetime, number: int) -> str:
    """MI, the UTC year of declaration, and a counter of at least four digits."""
    return str(Reference(prefix=INCIDENT, year=declared_at.astimezone(UTC).year, number=number))


def candidate(*, raised_at: datetime, number: int) -> str:
    """CA, the UTC year in which it was raised, and a counter; gaps are allowed."""
    return str(Reference(prefix=CANDIDATE, year=raised_at.astimezone(UTC).year, number=number))


def parse(text: str) -> Reference | None:
    """What a person typed as a reference (case, blanks and leading zeros do not matter), or None."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        return None
    prefix, year, number = match.groups()
    return Reference(prefix=prefix.upper(), year=int(year), number=int(number))


def guesses(text: str, *, year: int) -> list[str]:
    """References of incidents that somebody may mean who types a part: the number alone is this or last year's."""
    whole = parse(text)
    if whole is not None:
        return [str(whole)]
    match = _PART.fullmatch(text)
    if match is None:
        return []
    given, number = match.groups()
    years = [int(given)] if given else [year, year - 1]
    return [str(Reference(prefix=INCIDENT, year=each, number=int(number))) for each in years]
