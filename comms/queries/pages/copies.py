"""The copies of the public status pages that are kept elsewhere, and whether each is as new as the pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from mim_portal.models import Heartbeat

# What keeps them looks every five seconds; a first copy into a bucket takes longer.
BEHIND_AFTER: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One of them; `written_at` is when it was last as new as the pages, none where it never was."""

    place: str
    written_at: datetime | None
    is_behind: bool


def targets() -> Sequence[tuple[str, Path | str]]:
    """Where copies are kept, each with the name of its heartbeat."""
    found = {"copy_status_folder": settings.STATUS_COPY_DIR, "copy_status_store": settings.STATUS_COPY_S3}
    return [(name, target) for name, target in found.items() if target]


def standing(*, now: datetime) -> list[Copy]:
    """As administrators read of them; one that cannot be written is behind, and is tried again and again."""
    wanted = targets()
    written = dict(Heartbeat.objects.filter(name__in=[name for name, _ in wanted]).values_list("name", "beat_at"))
    return [
        Copy(
            place=str(target),
            written_at=written.get(name),
            is_behind=name not in written or now - written[name] > BEHIND_AFTER,
        )
        for name, target in wanted
    ]
