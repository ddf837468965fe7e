"""The versions of a draft: written as it is saved, brought back on request, gone when it is sent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from comms.models import DraftVersion, Update
from comms.rules import versions

_TEXTS = ("subject", "body")
_AS_THEY_ARE = ("subject", "body", "texts", "component_state")


def keep(update: Update, *, audiences: list[str], now: datetime) -> None:
    """Note the draft as it stands, in its own transaction; its row is locked."""
    content = {
        **{name: getattr(update, name) for name in _AS_THEY_ARE},
        "audiences": sorted(audiences),
        "next_update_at": update.next_update_at.isoformat() if update.next_update_at else None,
    }
    last = DraftVersion.objects.filter(update=update).order_by("-revision").first()
    if last is not None and versions.continues(
        author_id=update.author_id,
        last_author_id=last.author_id,
        began_at=last.began_at,
        length=_length(content),
        last_length=_length(last.content),
        now=now,
    ):
        DraftVersion.objects.filter(pk=last.pk).update(revision=update.revision, saved_at=now, content=content)
        return
    DraftVersion.objects.create(
        update=update,
        revision=update.revision,
        author_id=update.author_id,
        began_at=now,
        saved_at=now,
        content=content,
    )


def forget(update: Update) -> None:
    """What was sent is the record; unsent words of it are nobody's business any more."""
    DraftVersion.objects.filter(update=update).delete()


def fields_of(version: DraftVersion, *, texts_now: Mapping[str, Any]) -> dict[str, Any]:
    """The version as the verb that edits takes it; texts that it did not have are taken away."""
    content = dict(version.content)
    at = content["next_update_at"]
    content["next_update_at"] = parse_datetime(at) if at else None
    content["texts"] = {**dict.fromkeys(texts_now), **content["texts"]}
    return content


def _length(content: Mapping[str, Any]) -> int:
    own = [part for text in content["texts"].values() for part in text.values()]
    return sum(map(len, (*(content[name] for name in _TEXTS), *own)))
