"""Words as formats carry them that have no place for control characters: one that stands in them makes the whole file
unreadable, and nobody who pastes a text sees it."""

import re
from typing import Final

_NOT_IN_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NOT_IN_CALENDARS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_LINE_END: Final = re.compile(r"\r\n?")


def in_xml(text: str) -> str:
    """What XML 1.0 can hold."""
    return _NOT_IN_XML.sub("", text)


def in_calendar(text: str) -> str:
    """What a text of a calendar can hold (RFC 5545, 3.1); its lines end as calendars escape them."""
    return _NOT_IN_CALENDARS.sub("", _LINE_END.sub("\n", text))
