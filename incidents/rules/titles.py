"""The title of an incident, made from what the desk knows first."""

import re
from typing import Final

MAX_LENGTH: Final = 120
_DENIAL: Final = re.compile(
    r"\b(?:cannot|can['’]t|can not|could not|couldn['’]t|unable|not able|no longer|do(?:es)? not|don['’]t|doesn['’]t|"
    r"(?:is|are)(?: not|n['’]t)|fails?|failing|slow)\b",
    re.IGNORECASE,
)


def title(*, service: str, cannot_do: str) -> str:
    """“Payroll: staff cannot submit timesheets”: the service, then what people cannot do, on one line.

    “Submit timesheets” becomes “cannot submit timesheets”. What is too long ends at a word, with an ellipsis.
    """
    name = _line(service)
    activity = lower_first(denied(cannot_do).rstrip(".!,;: "))
    text = ": ".join(part for part in (name, activity) if part)
    return shorten(text)


def denied(cannot_do: str) -> str:
    """“Submit timesheets” as “cannot submit timesheets”; what already says that something does not work stays."""
    activity = _line(cannot_do)
    return f"cannot {lower_first(activity)}" if activity and not _DENIAL.search(activity) else activity


def told(cannot_do: str) -> str:
    """The same as callers are told it: “they cannot submit timesheets”."""
    words = denied(cannot_do)
    return words if words == _line(cannot_do) else f"they {words}"


def shorten(text: str, *, limit: int = MAX_LENGTH) -> str:
    """`text` cut at a word so that it fits, with an ellipsis as its last character."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    if not text[limit - 1].isspace() and " " in head:
        head = head.rsplit(" ", 1)[0]
    return head.rstrip(" .,;:") + "…"


def _line(text: str) -> str:
    return " ".join(text.split())


def lower_first(text: str) -> str:
    """The first letter in lower case, unless the first word has more capitals or figures (PIN, VoIP, E-4012)."""
    if not text or any(char.isupper() or char.isdigit() for char in text.split()[0][1:]):
        return text
    return text[0].lower() + text[1:]
