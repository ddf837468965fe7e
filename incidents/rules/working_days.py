"""Working days: Monday to Friday. Public holidays differ by site and are not counted out."""

from datetime import datetime, timedelta
from typing import Final

_SATURDAY: Final = 5


def one_later(at: datetime) -> datetime:
    """One working day later, at the same time of day: Friday 15:00 becomes Monday 15:00; Saturday counts as Monday."""
    start = at
    while start.weekday() >= _SATURDAY:
        start = (start + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    due = start + timedelta(days=1)
    while due.weekday() >= _SATURDAY:
        due += timedelta(days=1)
    return due
