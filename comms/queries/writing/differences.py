"""Two texts of one update, compared in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from comms.models import Audience, Update
from comms.rules import differences
from comms.rules.differences import Piece


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One part of the update, from the earlier to the later text."""

    name: str
    pieces: tuple[Piece, ...]


def from_typed(theirs: Update, mine: Mapping[str, Any]) -> list[Difference]:
    """What is in their saved text against what was typed here: out is mine alone, in is theirs alone."""
    typed = {"subject": mine.get("subject", ""), "body": mine.get("body", ""), "texts": mine.get("texts", {})}
    return between(typed, content(theirs))


def between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Every part that stands in either of them; contents as versions keep them."""
    parts = [
        (_("Subject"), before["subject"], after["subject"]),
        (_("Text"), before["body"], after["body"]),
    ]
    codes = sorted({*before["texts"], *after["texts"]})
    names = dict(Audience.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
    for code in codes:
        old, new = before["texts"].get(code, {}), after["texts"].get(code, {})
        if old.get("subject") or new.get("subject"):
            name = _("Subject for %(audience)s") % {"audience": names.get(code, code)}
            parts.append((name, old.get("subject", ""), new.get("subject", "")))
        name = _("Text for %(audience)s") % {"audience": names.get(code, code)}
        parts.append((name, old.get("body", ""), new.get("body", "")))
    return [Difference(name=str(name), pieces=differences.between(old, new)) for name, old, new in parts]


def content(update: Update) -> dict[str, Any]:
    """The words of the update as versions keep them."""
    return {"subject": update.subject, "body": update.body, "texts": update.texts}
