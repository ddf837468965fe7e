"""Which template a message begins with, and what may be written into one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from comms.choices import AudienceCode, UpdateKind

# What a template says: the activity part of the subject, the text, the SMS, and the shorter text of a status page.
PARTS: Final = ("subject", "body", "sms", "status_text")
# A correction begins with what was said wrongly, whatever the audience.
KINDS: Final = tuple(kind for kind in UpdateKind if kind != UpdateKind.CORRECTION)
SUBJECT: Final = 200

TECHNICAL, DESK, BUSINESS, BOARD, PLAIN = "technical", "service_desk", "service_owners", "executives", "plain"
_REGISTERS: Final[Mapping[str, str]] = {
    AudienceCode.TECHNICAL: TECHNICAL,
    AudienceCode.SERVICE_DESK: DESK,
    AudienceCode.SERVICE_OWNERS: BUSINESS,
    AudienceCode.EXECUTIVES: BOARD,
    AudienceCode.END_USERS: PLAIN,
    AudienceCode.PUBLIC: PLAIN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What matters of an audience here."""

    code: str
    is_technical: bool = False
    is_plain: bool = False
    is_public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The sources, or the rendered texts, of one template. An empty part is the built-in one's."""

    subject: str = ""
    body: str = ""
    sms: str = ""
    status_text: str = ""

    def over(self, below: "Parts") -> "Parts":
        """This one's parts, and the other's where it has none."""
        return Parts(**{name: getattr(self, name) or getattr(below, name) for name in PARTS})

    def as_dict(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in PARTS}


def register(reader: Reader) -> str:
    """The register of domain.md 4.2 that an audience is written to in; the organisation's own ones by their marks."""
    if reader.code in _REGISTERS:
        return _REGISTERS[reader.code]
    if reader.is_plain or reader.is_public:
        return PLAIN
    return TECHNICAL if reader.is_technical else BUSINESS


def lead(readers: Iterable[Reader]) -> Reader | None:
    """Whose template one text for several audiences begins with: the words that all of them can read."""
    order = (PLAIN, BUSINESS, BOARD, DESK, TECHNICAL)
    return min(readers, key=lambda reader: (order.index(register(reader)), reader.is_public), default=None)


def read_file(text: str) -> Parts:
    """A built-in template: its parts, each below a line with its name in brackets."""
    names = {"[subject]": "subject", "[body]": "body", "[sms]": "sms", "[status]": "status_text"}
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        if line in names:
            current = found.setdefault(names[line], [])
        else:
            current.append(line)
    return Parts(**{name: "\n".join(lines).strip() for name, lines in found.items()})


def tidy(text: str) -> str:
    """Without the empty lines that conditions leave behind."""
    lines = [line.rstrip() for line in text.splitlines()]
    kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
    return "\n".join(kept).strip()
