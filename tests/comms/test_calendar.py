"""Deadlines in one's own calendar: a signed address that can be taken back, by reference and audience only."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from comms.models import CalendarFeed, UpdateDeadline, WaitingFor
from comms.services.promises import calendars, waiting
from incidents.choices import IncidentState
from mim_portal.lib import dbtime
from mim_portal.models import AuditEntry
from teams.models import Person
from tests.comms import promise_kit

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]


def fetched(address: str) -> list[dict[str, str]]:
    """What a calendar program reads."""
    answer = Client().get(address)
    assert answer.status_code == 200, answer.content
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(answer.content.decode())
    return [
        {"summary": str(event["summary"]), "uid": str(event["uid"]), "url": str(event["url"])}
        for event in found.walk("VEVENT")
    ]


def address(person: Person) -> str:
    return calendars.address_of(calendars.make(person=person))


def test_every_promise_by_reference_and_audience(cast: SimpleNamespace) -> None:
    made = promise_kit.declare(
        manager=cast.mia, audiences=["public", "technical"], title="Salary of Zed Zappa is not paid"
    )
    own = address(cast.carla)
    shown = fetched(own)
    assert [one["summary"] for one in shown] == [
        f"{made.reference}, update to Technical teams", f"{made.reference}, update to Public",
    ]  # fmt: skip
    row = promise_kit.open_of(made)["public"]
    assert shown[1]["uid"].startswith(f"deadline-{row.pk}@")
    assert shown[1]["url"].endswith(f"/incidents/{made.reference}/")
    raw = Client().get(own).content.decode()
    assert "Zappa" not in raw
    assert "Mia" not in raw


def test_a_time_is_the_due_time_and_late_is_said(cast: SimpleNamespace) -> None:
    made = promise_kit.declare(manager=cast.mia, audiences=["public"])
    due = (dbtime.now() - timedelta(minutes=3)).replace(microsecond=0)
    UpdateDeadline.objects.filter(incident=made).update(due_at=due)
    own = address(cast.mia)
    [event] = Calendar.from_ical(Client().get(own).content.decode()).walk("VEVENT")
    assert (event.decoded("dtstart"), fetched(own)[0]["summary"].startswith("LATE: ")) == (due, True)


def test_what_is_kept_or_over_disappears(cast: SimpleNamespace) -> None:
    made = promise_kit.declare(manager=cast.mia, audiences=["public"])
    own = address(cast.mia)
    promise_kit.move_to(made, IncidentState.RESOLVED)
    assert fetched(own) == []


def test_only_what_its_owner_may_see_now(cast: SimpleNamespace) -> None:
    promise_kit.declare(manager=cast.mia, audiences=["public"], is_private=True)
    assert (len(fetched(address(cast.mia))), fetched(address(cast.omar))) == (1, [])
    own = address(cast.mia)
    Person.objects.filter(pk=cast.mia.pk).update(roles=[])
    assert fetched(own) == []
    Person.objects.filter(pk=cast.mia.pk).update(is_active=False)
    assert Client().get(own).status_code == 404


def test_renewed_revoked_and_forged_addresses_lead_nowhere(cast: SimpleNamespace, signed_in: Browser) -> None:
    old = address(cast.mia)
    browser = signed_in(cast.mia)
    browser.post("/updates/calendar/")
    assert Client().get(old).status_code == 404
    new = calendars.address_of(CalendarFeed.objects.get())
    assert new in browser.get("/updates/").content.decode()
    browser.post("/updates/calendar/", {"deed": "revoke"})
    assert Client().get(new).status_code == 404
    browser.post("/updates/calendar/", {"deed": "revoke"})
    audited = AuditEntry.objects.filter(verb__startswith="calendar").order_by("pk").values_list("verb", flat=True)
    assert list(audited) == ["calendar.made", "calendar.renewed", "calendar.revoked"]
    assert Client().get("/calendar/forged/deadlines.ics").status_code == 404


def test_a_fixed_number_of_queries(
    cast: SimpleNamespace, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(4):
        promise_kit.declare(manager=cast.mia)
    own = address(cast.mia)
    with django_assert_max_num_queries(3):
        assert len(fetched(own)) == 24


class TestPage:
    def test_late_mine_and_an_audience(self, cast: SimpleNamespace, signed_in: Browser) -> None:
        mine = promise_kit.declare(manager=cast.mia, audiences=["public"])
        other = promise_kit.declare(manager=cast.omar, audiences=["technical"])
        UpdateDeadline.objects.filter(incident=other).update(due_at=dbtime.now() - timedelta(minutes=1))
        browser = signed_in(cast.mia)

        def shown(query: str) -> set[str]:
            page = browser.get(f"/updates/?part=promised&{query}").content.decode()
            return {one.reference for one in (mine, other) if one.reference in page}

        assert shown("") == {mine.reference, other.reference}
        assert shown("late=1") == {other.reference}
        assert shown("mine=1") == {mine.reference}
        assert shown("audience=technical") == {other.reference}
        assert shown("audience=nonsense") == {mine.reference, other.reference}
        assert "Nothing that is owed now matches." in browser.get("/updates/?mine=1&late=1").content.decode()

    def test_what_is_waited_for_stands_beside_the_promise(self, cast: SimpleNamespace, signed_in: Browser) -> None:
        incident = promise_kit.declare(manager=cast.mia, audiences=["public"])
        now = dbtime.now()
        until = now + timedelta(minutes=40)
        waiting.wait(reference=incident.reference, what="the part", until_at=until, person=cast.mia, now=now)
        browser = signed_in(cast.mia)
        page = browser.get("/updates/?part=promised").content.decode()
        assert "Waiting for the part until" in page
        WaitingFor.objects.update(said_at=now - timedelta(hours=2), until_at=now - timedelta(hours=1))
        assert "Was waiting for the part until" in browser.get("/updates/?part=promised").content.decode()
        waiting.end(reference=incident.reference, person=cast.mia, now=now)
        assert "the part" not in browser.get("/updates/?part=promised").content.decode()

    def test_the_list_is_as_dear_for_many_as_for_one(
        self, cast: SimpleNamespace, signed_in: Browser, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        browser = signed_in(cast.mia)
        promise_kit.declare(manager=cast.mia)
        browser.get("/updates/")
        with CaptureQueriesContext(connection) as one:
            browser.get("/updates/")
        for _ in range(3):
            promise_kit.declare(manager=cast.mia)
        with django_assert_num_queries(len(one)):
            browser.get("/updates/")

    def test_what_waits_for_a_reader_is_fetched_again(self, cast: SimpleNamespace, signed_in: Browser) -> None:
        browser = signed_in(cast.mia)
        assert 'data-panel-url="/updates/?part=ahead"' in browser.get("/updates/").content.decode()
        part = browser.get("/updates/?part=ahead").content.decode()
        assert "<html" not in part
        assert "Texts that need a second pair of eyes stand here" in part

    def test_the_list_is_fetched_again_as_it_was_asked_for(self, cast: SimpleNamespace, signed_in: Browser) -> None:
        page = signed_in(cast.mia).get("/updates/?late=1&after=5").content.decode()
        assert 'data-panel-url="/updates/?part=promised&amp;late=1&amp;after=5"' in page
        assert "<html" not in signed_in(cast.mia).get("/updates/?part=promised").content.decode()

    def test_shift_and_rotas_are_in_the_person_menu(self, cast: SimpleNamespace, signed_in: Browser) -> None:
        assert 'href="/handover/"' in signed_in(cast.mia).get("/").content.decode()
        page = signed_in(cast.desmond).get("/").content.decode()
        assert ('href="/handover/"' in page, 'href="/settings/rotas/"' in page) == (False, True)
        assert 'href="/settings/rotas/"' not in signed_in(cast.eve).get("/").content.decode()
