"""What the organisation asks of messages of a kind beyond the profession's table (C28)."""

from dataclasses import dataclass
from typing import Final

from comms.choices import UpdateKind
from comms.queries.writing import vocabulary
from comms.rules.checking.wording import check_content
from comms.rules.checking.wording.check_content import ASKED_FOR, Element
from mim_portal.models import OrganisationSetting

_APART: Final = ":"  # between kind and element, where both are one choice


@dataclass(frozen=True, kw_only=True)
class RequiredPart:
    """A kind of message, and what it has to say."""

    kind: str
    part: str

    @property
    def words(self) -> str:
        """“Update: whether data was lost”."""
        return f"{UpdateKind(self.kind).label}: {ASKED_FOR[Element(self.part)]}"


def every() -> list[RequiredPart]:
    """All of them, in the order of kinds and elements."""
    pairs = held()
    return [
        RequiredPart(kind=kind, part=element.value)
        for kind in UpdateKind.values
        for element in check_content.may_require(kind)
        if (kind, element.value) in pairs
    ]


def held() -> set[tuple[str, str]]:
    """Kind and element, as they are kept."""
    return OrganisationSetting.pairs(vocabulary.REQUIRED_PARTS)


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Everything that may be required, by kind, for a list to choose from."""
    return [
        (
            str(UpdateKind(kind).label),
            [(one(kind, each.value), RequiredPart(kind=kind, part=each.value).words) for each in elements],
        )
        for kind in UpdateKind.values
        if (elements := check_content.may_require(kind))
    ]


def one(kind: str, part: str) -> str:
    """Both as one value."""
    return f"{kind}{_APART}{part}"


def read(value: str) -> RequiredPart | None:
    """The value as kind and element; None where nothing of that kind can be required."""
    kind, _apart, part = value.partition(_APART)
    may = {element.value for element in check_content.may_require(kind)}
    return RequiredPart(kind=kind, part=part) if part in may else None


def subject(required: RequiredPart) -> str:
    """What an audit entry about it is about."""
    return f"part {required.kind} {required.part}"
