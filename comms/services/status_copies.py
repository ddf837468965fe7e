"""A copy of the public status pages as files, for a web server or a CDN that stands when nothing of the portal does.

Only what is public is copied, as it stands at this moment: from the minute at which a promise passes, the copy of that
minute says that the update is late, and the page's own script says it in between.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

from comms.models import PageSnapshot
from comms.queries import status
from comms.rendering import status_page
from mim_portal.lib import static_tree
from mim_portal.lib.static_tree import Entry, Written


def write(folder: Path, *, now: datetime) -> Written:
    """Bring the folder to what is public now; OSError where it cannot be written."""
    return static_tree.write(folder, [*_pages(now), *_assets()])


def _pages(now: datetime) -> Iterator[Entry]:
    for row in status.public_faces(now=now):
        path = static_tree.file_of(f"status/{row.page.slug}/{row.path}")
        yield Entry(path=path, etag=row.etag, read=partial(_body, row.pk))


def _body(pk: int) -> bytes:
    return bytes(PageSnapshot.objects.values_list("body", flat=True).get(pk=pk))


def _assets() -> Iterator[Entry]:
    for name in status_page.ASSETS.values():
        found = finders.find(name)
        if isinstance(found, str):
            body = Path(found).read_bytes()
            yield Entry(
                path=f"{settings.STATIC_URL.strip('/')}/{name}",
                etag=hashlib.sha256(body).hexdigest()[:32],
                read=partial(bytes, body),
            )
