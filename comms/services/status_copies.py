"""A copy of the public status pages as files, for a web server or a CDN that stands when nothing of the portal does.

Only what is public is copied, as it stands at this moment: from the minute at which a promise passes, the copy of that
minute says that the update is late, and the page's own script says it in between.
"""

import mimetypes
import re
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles import finders

from comms.models import PageSnapshot
from comms.queries import status
from comms.rendering import status_frame
from comms.services import snapshots
from mim_portal.lib import static_tree
from mim_portal.lib.static_tree import Entry, Place, Written

# What was withdrawn or corrected of an incident that no page lists takes its file away; a copy that stood still for
# longer than this may miss it.
CORRECTED_WITHIN: Final = timedelta(days=1)
_INCIDENT: Final = re.compile(r"status/([^/]+)/(?:[a-z]{2}/)?incidents/([^/]+)/index\.html")


def write(place: Place, *, now: datetime) -> Written:
    """Bring the place to what is public now; OSError where it cannot be written."""
    return static_tree.write(place, [*_pages(now), *_assets()], leaving=partial(_leaving, now))


def _pages(now: datetime) -> Iterator[Entry]:
    for row in status.public_faces(now=now):
        path = static_tree.file_of(f"status/{row.page.slug}/{row.path}")
        yield Entry(path=path, etag=row.etag, content_type=row.content_type, read=partial(_body, row.pk))


def _body(pk: int) -> bytes:
    return bytes(PageSnapshot.objects.values_list("body", flat=True).get(pk=pk))


def _leaving(now: datetime, missing: Collection[str], changed: bool) -> Collection[str]:
    """Which files go: all but incidents that the pages only list no more. Their addresses stay, as long as readers may
    know of them and what stands there is what was said; that changes only together with the page, so that nothing is
    asked while it stands still."""
    old = {path: (found[1], found[2]) for path in missing if (found := _INCIDENT.fullmatch(path)) is not None}
    if not old or (not changed and len(old) == len(missing)):
        return [path for path in missing if path not in old]
    stay = status.told_publicly(old.values(), unchanged_since=now - CORRECTED_WITHIN)
    return [path for path in missing if old.get(path) not in stay]


def _assets() -> Iterator[Entry]:
    for name in status_frame.ASSETS.values():
        found = finders.find(name)
        if isinstance(found, str):
            body = Path(found).read_bytes()
            yield Entry(
                path=f"{settings.STATIC_URL.strip('/')}/{name}",
                etag=snapshots.tag_of(body),
                content_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
                read=partial(bytes, body),
            )
