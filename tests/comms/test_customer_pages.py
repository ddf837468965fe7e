"""A customer's page knows its own services and what touched them: nothing of anybody else is in any of its bytes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from comms.models import Audience, Component, PageSnapshot, StatusPage
from comms.reactions import snapshots as reaction
from comms.rendering import messages
from comms.services import snapshots, status_copies
from comms.services.maintenance import series
from comms.services.pages import pages
from incidents.choices import EntryKind
from incidents.models import Incident
from mim_portal.lib import addresses, dbtime, static_tree
from teams.models import Person
from tests import factories, status_pages
from tests.comms import maintenance_kit
from tests.status_pages import START, folder

__all__ = ["folder"]  # a fixture
pytestmark = pytest.mark.django_db
OTHERS = ("Heronworks", "MI-2026-7777", "heron", "Egret", "bittern")


@pytest.fixture
def now() -> datetime:
    return dbtime.now()


@pytest.fixture
def contoso(cast: SimpleNamespace) -> SimpleNamespace:
    """Two customers whose pages show what one audience is told, each with a service of its own."""
    audience = Audience.objects.create(code="customers", name="Customers", is_plain=True)
    ours, theirs = factories.service(name="Contoso till"), factories.service(name="Heronworks")
    made = {}
    for slug, service in (("contoso", ours), ("egret", theirs)):
        made[slug] = status_pages.page(
            slug=slug, name=slug.title(), audience="customers", is_public=False, only_its_services=True
        )
        status_pages.component(of=made[slug], service=service)
    return SimpleNamespace(
        page=made["contoso"], other=made["egret"], ours=ours, theirs=theirs, audience=audience, author=cast.mia
    )


def told(contoso: SimpleNamespace, *, service: Any, body: str, **fields: Any) -> Incident:
    incident = status_pages.incident(service=service, **fields)
    status_pages.publish(of=incident, author=contoso.author, audiences=("customers",), body=body)
    return incident


def bytes_of(page: StatusPage) -> bytes:
    """Every byte of every address of the page, and the addresses themselves."""
    rows = PageSnapshot.objects.filter(page=page)
    assert rows.count() > 10
    return b"\n".join(row.path.encode() + b"\n" + bytes(row.body) for row in rows)


def test_nothing_of_another_customer_is_in_any_byte(
    contoso: SimpleNamespace, cast: SimpleNamespace, now: datetime
) -> None:
    told(contoso, service=contoso.ours, body="Tills are slow.")
    planted = status_pages.incident(service=contoso.theirs)
    Incident.objects.filter(pk=planted.pk).update(reference="MI-2026-7777")
    planted.refresh_from_db()
    status_pages.publish(of=planted, author=cast.mia, audiences=("customers",), subject="heron", body="a heron here")
    ended = told(contoso, service=contoso.theirs, body="an old heron")
    status_pages.publish(of=ended, author=cast.mia, audiences=("customers",), kind="closure", body="heron gone")
    for title, services in (("Tea break", [contoso.ours, contoso.theirs]), ("bittern", [contoso.theirs])):
        values = maintenance_kit.values(
            start=now + timedelta(days=1),
            title=title,
            services=[service.slug for service in services],
            pages=["contoso", "egret"],
        )
        series.plan(values=values, repeat="", until=None, time_zone="Europe/London", person=cast.mia, now=now)
    snapshots.render_due(now=now)
    whole = bytes_of(contoso.page)
    assert [word for word in OTHERS if word.lower().encode() in whole.lower()] == []
    assert b"Contoso till" in whole
    assert b"Tills are slow." in whole
    assert b"Tea break" in whole
    theirs = bytes_of(contoso.other)
    assert b"MI-2026-7777" in theirs
    assert b"Contoso" not in theirs


def test_not_even_the_time_of_its_last_change_tells_of_others(contoso: SimpleNamespace) -> None:
    snapshots.render_due(now=START)
    before = StatusPage.objects.get(pk=contoso.page.pk)
    told(contoso, service=contoso.theirs, body="a heron here")
    after = StatusPage.objects.get(pk=contoso.page.pk)
    assert (after.changed_at, after.wanted_version) == (before.changed_at, before.wanted_version)
    assert StatusPage.objects.get(pk=contoso.other.pk).wanted_version == 2


def test_an_incident_that_turns_out_to_be_anothers_leaves_the_page(contoso: SimpleNamespace, now: datetime) -> None:
    incident = told(contoso, service=contoso.ours, body="a heron at the till")
    assert "heron" in status_pages.html(contoso.page, at=START)
    incident.service = contoso.theirs
    incident.save()
    changed = {"service": [contoso.ours.slug, contoso.theirs.slug]}
    reaction.react([status_pages.entry(of=incident, kind=EntryKind.DETAILS_CHANGED, at=now, changed=changed)])
    snapshots.render_due(now=now)
    assert b"heron" not in bytes_of(contoso.page)
    assert Component.objects.get(page=contoso.page).state == "operational"
    assert b"heron at the till" in bytes_of(contoso.other)
    assert Component.objects.get(page=contoso.other).state != "operational"


def test_a_service_that_leaves_the_page_takes_its_incidents_along(
    contoso: SimpleNamespace, cast: SimpleNamespace
) -> None:
    told(contoso, service=contoso.ours, body="a heron at the till")
    snapshots.render_due(now=START)
    pages.arrange(slug="contoso", services=[], by=cast.ada, now=START)
    snapshots.render_due(now=START)
    assert b"heron" not in bytes_of(contoso.page)


def test_its_bytes_are_in_no_public_place(
    contoso: SimpleNamespace, tmp_path: Path, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    public = status_pages.page()
    status_pages.component(of=public, service=factories.service(name="Mail"))
    told(contoso, service=contoso.ours, body="Tills are slow.")
    with django_capture_on_commit_callbacks(execute=True):
        snapshots.render_due(now=START)
    tree = tmp_path / "tree"
    status_copies.write(static_tree.Folder(tree), now=START)
    kept = [path for folder in (tree, settings.SNAPSHOT_DIR) for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in kept} >= {"public.snapshot", "index.html"}
    for path in kept:
        assert "contoso" not in str(path).lower()
        assert b"contoso" not in path.read_bytes().lower()


def test_strangers_sign_in_and_others_learn_nothing(
    contoso: SimpleNamespace, cast: SimpleNamespace, client: Client, signed_in: Callable[[Person], Client]
) -> None:
    snapshots.render_due(now=START)
    for path in ("", "api/v2/summary.json", "feed.atom", "history/"):
        assert client.get(f"/status/contoso/{path}").status_code == 302
        assert signed_in(cast.rosa).get(f"/status/contoso/{path}").status_code == 404
    Audience.objects.filter(code="customers").update(roles=["responder"])
    answer = signed_in(cast.rosa).get("/status/contoso/")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-cache")


def test_its_address_stands_in_no_message_and_no_other_page(contoso: SimpleNamespace) -> None:
    assert messages.status_pages([contoso.audience]) == {}
    public = status_pages.page(slug="customers", audience="customers", is_public=False)
    known = messages.status_pages([contoso.audience])[contoso.audience.pk]
    assert addresses.status_page(known.slug).endswith("/status/customers/")
    pages_known = StatusPage.objects.filter(pk=public.pk)
    pages_known.update(retired_at=START + timedelta(hours=1))
    assert messages.status_pages([contoso.audience]) == {}
