"""Values of measures as pages, reports and mails write them."""

from mim_portal.lib import times


def said(value: float | None, unit: str) -> str:
    """“12 min”, “93 %”, “69”: a length in seconds, a share from 0 to 1, or a score; “–” where there is no value."""
    if value is None:
        return "–"
    if unit == "share":
        return f"{round(100 * value)} %"
    return str(round(value)) if unit == "score" else times.duration(value)
