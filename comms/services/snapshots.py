"""Published snapshots of status pages: wanted in the publishing transaction, rendered and stored right after it.

A reader never waits for a render and never sees half of one: all addresses of a version are stored together, and an
older render never replaces a newer one, because the page's row is locked from reading the facts to storing the bytes.
"""

import hashlib
import logging
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from comms.choices import ComponentState
from comms.models import Component, PageSnapshot, StatusPage
from comms.queries import maintenance, status, status_history, status_months
from comms.queries.status_facts import PageFacts
from comms.queries.status_history import PageHistory
from comms.rendering import status_page
from comms.rules import availability, public_state
from mim_portal.lib import dbtime, nudge, snapshot_files

log = logging.getLogger(__name__)

SWEEP: Final = "comms.tasks.sweep_snapshots"
CHANNEL: Final = "mim_snapshots"  # as mim_portal.web.published listens
# A page nobody changed is rendered anew this often, so that a new release's look reaches it.
RENEW_AFTER: Final = timedelta(hours=1)
# One run of the sweep leaves the clock worker to the deadlines after this long; the next tick goes on.
RUN_SECONDS: Final = 1.0
LONGEST_WAIT: Final = timedelta(minutes=5)


@transaction.atomic
def want(*, audiences: Iterable[int] = (), pages: Iterable[int] = (), services: Iterable[int] = ()) -> list[StatusPage]:
    """Ask for a new version of every page of these audiences and of these pages, visible as soon as the current
    transaction commits.

    A customer's page is meant only where the news is about one of its `services`: not even the time at which it last
    changed says that something happened to somebody else. Pages are locked in the order of their ids, so that two
    publishers of the same pages wait and never deadlock.
    """
    touched = Exists(Component.objects.filter(page=OuterRef("pk"), service__in=list(services)))
    of_audience = Q(audience__in=list(audiences)) & (Q(only_its_services=False) | Q(touched))
    meant = Q(retired_at=None) & (of_audience | Q(pk__in=list(pages)))
    found = list(StatusPage.objects.select_for_update(no_key=True).filter(meant).order_by("pk"))
    if found:
        StatusPage.objects.filter(pk__in=[page.pk for page in found]).update(
            wanted_version=F("wanted_version") + 1, changed_at=Now()
        )
        nudge.nudge(SWEEP)
    return found


@transaction.atomic
def set_component_states(*, pages: Iterable[StatusPage], services: Iterable[int], now: datetime) -> int:
    """Show on these pages what the standing updates to their audiences say about the services, and which of them are
    worked on in a planned window; how many changed.

    A service with several incidents shows the worst; one whose last update was withdrawn falls back to the one before.
    """
    audience_of = {page.pk: page.audience_id for page in pages}
    components = list(Component.objects.filter(page__in=audience_of, service__in=list(services)))
    if not components:
        return 0
    said: dict[tuple[int, int], list[str]] = {}
    for update, audience, service, impact in status.standing_updates(
        services={each.service_id for each in components}, audiences=set(audience_of.values())
    ):
        state = public_state.component_state(status.said_by(update, impact=impact))
        said.setdefault((audience, service), []).append(state)
    worked_on = maintenance.running(pages=audience_of, services={each.service_id for each in components})
    changed: dict[str, list[int]] = {}
    for each in components:
        heard = said.get((audience_of[each.page_id], each.service_id), [])
        is_worked_on = (each.page_id, each.service_id) in worked_on
        state = public_state.worst([*heard, ComponentState.UNDER_MAINTENANCE] if is_worked_on else heard)
        if state != each.state:
            changed.setdefault(state, []).append(each.pk)
    for new_state, ids in changed.items():
        Component.objects.filter(pk__in=ids).update(state=new_state, changed_at=now)
    return sum(len(ids) for ids in changed.values())


def render_due(*, now: datetime | None = None, seconds: float = RUN_SECONDS) -> int:
    """Render every page that changed, or that is due by time, oldest change first; how many were rendered.

    Safe to run twice at once (each page is claimed, the others are skipped) and safe to skip. A page that cannot be
    rendered keeps its last version, does not hold up the others, and is tried again ever less often until it changes.
    `now` is the database's unless a replay gives it.
    """
    patience = time.monotonic() + seconds
    rendered = 0
    while time.monotonic() < patience:
        with transaction.atomic():
            page = _claim(now=now)
            if page is None:
                break
            try:
                with transaction.atomic():
                    _render(page, now=now or dbtime.now())
                rendered += 1
            except Exception:  # whatever a page's content does to the renderer, the other pages go on
                log.exception("status page %s could not be rendered; readers keep its last version", page.slug)
                _put_off(page, now=now or dbtime.now())
    return rendered


def _put_off(page: StatusPage, *, now: datetime) -> None:
    """2, 4, 8 … seconds, five minutes at most: people must mend what breaks it, and their change is tried at once."""
    failures = page.failures + 1 if page.failed_version == page.wanted_version else 1
    failures = min(failures, 9)  # by then the wait is the longest
    StatusPage.objects.filter(pk=page.pk).update(
        failed_version=page.wanted_version,
        failures=failures,
        tries_again_at=now + min(timedelta(seconds=2**failures), LONGEST_WAIT),
    )


def tag_of(body: bytes) -> str:
    """The same for the same bytes."""
    return hashlib.sha256(body).hexdigest()[:32]


def _claim(*, now: datetime | None) -> StatusPage | None:
    changed = Q(wanted_version__gt=F("rendered_version"))
    return (
        StatusPage.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        .select_related("audience")
        .filter(changed | Q(render_after__lte=now or Now()), retired_at=None)
        .exclude(failed_version=F("wanted_version"), tries_again_at__gt=now or Now())
        .order_by("changed_at", "pk")
        .first()
    )


def _render(page: StatusPage, *, now: datetime) -> None:
    """Render all addresses of a claimed page and store them as its next version."""
    version = max(page.wanted_version, page.rendered_version + 1)
    facts = status_months.with_months(page, status.page_facts(page))
    history = status_history.of(page, now=now)
    faces = status_page.render(facts, at=now, history=history)
    before = {(row.path, row.etag): row.modified_at for row in page.snapshots.only("path", "etag", "modified_at")}
    rows = []
    for face in faces:
        etag = tag_of(face.body)
        rows.append(
            PageSnapshot(
                page=page,
                path=face.path,
                version=version,
                valid_from=face.valid_from,
                content_type=face.content_type,
                body=face.body,
                etag=etag,
                modified_at=before.get((face.path, etag), face.valid_from),
            )
        )
    page.snapshots.all().delete()
    PageSnapshot.objects.bulk_create(rows)
    StatusPage.objects.filter(pk=page.pk).update(
        wanted_version=version,
        rendered_version=version,
        render_after=now + (_counted_again_after(facts, history, now=now) or RENEW_AFTER),
        failures=0,
        tries_again_at=None,
    )
    with connection.cursor() as cursor:  # web processes look at once; without it they look twice a second
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, page.slug])
    public, slug = page.is_public, page.slug
    transaction.on_commit(lambda: _keep_file(slug, version, rows if public else None), robust=True)


def _counted_again_after(facts: PageFacts, history: PageHistory, *, now: datetime) -> timedelta | None:
    lasting = [each for one in facts.components for each in history.troubles.get(one.service_id, ())]
    return availability.counted_again_after(lasting, now=now)


def _keep_file(slug: str, version: int, rows: list[PageSnapshot] | None) -> None:
    """Leave a public page's bytes where web processes start from; a private page's never get there."""
    try:
        if rows is None:
            snapshot_files.remove(settings.SNAPSHOT_DIR, slug)
            return
        faces = tuple(
            snapshot_files.Face(
                path=row.path,
                valid_from=row.valid_from.timestamp(),
                content_type=row.content_type,
                body=bytes(row.body),
                etag=row.etag,
                modified_at=row.modified_at.timestamp(),
            )
            for row in rows
        )
        snapshot_files.write(
            settings.SNAPSHOT_DIR, snapshot_files.PublishedPage(slug=slug, version=version, faces=faces)
        )
    except OSError as error:  # the database has the version; web processes write the file themselves
        log.error("status page %s is published but not kept as a file: %s", slug, error)
