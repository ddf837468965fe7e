"""Incidents as readers of a status page know them: made straight from rows, so that only publishing is under test."""

import itertools
import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from comms.choices import UpdateKind, UpdateState
from comms.models import Audience, Component, StatusPage, Update
from comms.reactions import snapshots as reaction
from comms.services import snapshots
from incidents.choices import EntryKind, IncidentState, Priority
from incidents.models import Incident, TimelineEntry
from teams.models import Person, Service
from tests import factories

_numbers = itertools.count(1)
START = factories.NOON


def page(*, slug: str = "public", audience: str = "public", is_public: bool = True, **fields: Any) -> StatusPage:
    fields.setdefault("name", "Example status")
    return StatusPage.objects.create(
        slug=slug, audience=Audience.objects.get(code=audience), is_public=is_public, **fields
    )


def component(*, of: StatusPage, service: Service, **fields: Any) -> Component:
    fields.setdefault("position", of.components.count() + 1)
    return Component.objects.create(page=of, service=service, **fields)


def incident(*, service: Service, state: str = IncidentState.INVESTIGATING, impact: int = 2, **fields: Any) -> Incident:
    number = next(_numbers)
    fields.setdefault("declared_at", START)
    return Incident.objects.create(
        reference=f"MI-2026-{number:04d}",
        title=f"internal title {number}",
        service=service,
        state=state,
        impact=impact,
        urgency=2,
        priority_computed=Priority.P2,
        priority=Priority.P2,
        **fields,
    )


def update(
    *,
    of: Incident,
    author: Person,
    audiences: tuple[str, ...] = ("public",),
    kind: str = UpdateKind.UPDATE,
    minutes: float = 0,
    next_in: float | None = None,
    **fields: Any,
) -> Update:
    """An update published `minutes` after START that promises the next one `next_in` minutes later; nothing reacts."""
    at = START + timedelta(minutes=minutes)
    fields = {
        "state": UpdateState.PUBLISHED,
        "subject": "staff cannot submit timesheets",
        "body": "We are working on it. Use the paper form.",
        "incident_state": of.state,
        "priority": of.priority,
        "published_at": at,
        "sequence": Update.objects.filter(incident=of).count() + 1,
    } | fields
    made = Update.objects.create(
        incident=of,
        kind=kind,
        author=author,
        next_update_at=None if next_in is None else at + timedelta(minutes=next_in),
        **fields,
    )
    made.audiences.set(Audience.objects.filter(code__in=audiences))
    return made


def entry(*, of: Incident, kind: str, at: datetime = START, **data: Any) -> TimelineEntry:
    number = TimelineEntry.objects.filter(incident=of).count() + 1
    return TimelineEntry.objects.create(incident=of, seq=number, kind=kind, at=at, data=data)


def publish(*, of: Incident, author: Person, **fields: Any) -> Update:
    """An update with the reaction that follows its publication."""
    made = update(of=of, author=author, **fields)
    assert made.published_at is not None
    reaction.react([entry(of=of, kind=EntryKind.UPDATE_PUBLISHED, at=made.published_at, update=made.pk)])
    return made


def html(of: StatusPage, *, at: datetime, path: str = "") -> str:
    """What the address shows at `at`, rendered now."""
    of.refresh_from_db()
    if of.wanted_version > of.rendered_version:
        snapshots.render_due(now=at)
    faces = of.snapshots.filter(path=path).order_by("valid_from")
    holding = faces.filter(valid_from__lte=at).last() or faces.first()
    assert holding is not None
    return bytes(holding.body).decode()


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    """Files of a test stay in its own folder."""
    settings.SNAPSHOT_DIR = tmp_path / "snapshots"


@pytest.fixture
def payroll(cast: SimpleNamespace) -> SimpleNamespace:
    """A public page with payroll, which has an incident, and mail, which works."""
    shown = page()
    service = factories.service(name="Payroll")
    component(of=shown, service=service)
    component(of=shown, service=factories.service(name="Mail"))
    return SimpleNamespace(page=shown, incident=incident(service=service, impact=1), author=cast.mia)


def tell(payroll: SimpleNamespace, **fields: Any) -> None:
    """Publish one more update about payroll."""
    publish(of=payroll.incident, author=payroll.author, **fields)


def body(payroll: SimpleNamespace, name: str) -> dict[str, Any]:
    """What an address of the API answers."""
    found: dict[str, Any] = json.loads(html(payroll.page, at=START, path=f"api/v2/{name}.json"))
    return found


def text(html: str) -> str:
    """The words of a page, in their order."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"</?time[^>]*>", "", html)))
