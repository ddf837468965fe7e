"""Quiet hours: for what is not one's to answer, in one's own zone, and never for who is accountable or on shift."""

from datetime import UTC, datetime, time, timedelta, tzinfo


def ends(*, now: datetime, begins: time, until: time, tz: tzinfo) -> datetime | None:
    """When the quiet hours end that hold now; None outside them.

    They may reach over midnight; equal ends mean none. A night in which the clocks change ends at its local time.
    """
    if begins == until:
        return None
    local = now.astimezone(tz)
    at = local.time()
    over_midnight = begins > until
    inside = (at >= begins or at < until) if over_midnight else begins <= at < until
    if not inside:
        return None
    day = local.date() + timedelta(days=1 if over_midnight and at >= begins else 0)
    end = datetime.combine(day, until, tzinfo=tz).astimezone(UTC)
    return max(end, now)
