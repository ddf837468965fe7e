"""Planned windows: announced, begun and ended by the clock or by hand, on the pages that announce them."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import icalendar
import pytest
from django.db import connection, transaction

from comms.choices import MaintenanceState
from comms.models import Component, Maintenance, MaintenanceUpdate, StatusPage
from comms.queries import maintenance as queries
from comms.services import snapshots
from comms.services.maintenance import series, windows
from comms.tasks import maintenance as tasks
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Forbidden, Invalid
from mim_portal.models import AuditEntry
from teams.models import Service
from tests import status_pages
from tests.comms import maintenance_kit as kit
from tests.constraints.kit import refused
from tests.status_pages import folder

__all__ = ["folder"]  # fixture
pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return dbtime.now()


@pytest.fixture
def window(cast: SimpleNamespace, now: datetime) -> Maintenance:
    return kit.plan(by=cast.mia, now=now)


def states(page: StatusPage) -> dict[str, str]:
    return dict(Component.objects.filter(page=page).values_list("service__slug", "state"))


def due(window: Maintenance, *, minutes_ago: float = 1) -> None:
    """As if its next step had been due then."""
    Maintenance.objects.filter(pk=window.pk).update(next_action_at=dbtime.now() - timedelta(minutes=minutes_ago))


def told(window: Maintenance) -> list[tuple[str, str, str]]:
    rows = MaintenanceUpdate.objects.filter(maintenance=window).order_by("pk").select_related("author")
    return [(row.state, row.body, row.author.username if row.author else "") for row in rows]


def test_what_is_announced_stands_on_its_page_at_once(window: Maintenance, now: datetime) -> None:
    page = StatusPage.objects.get(slug="public")
    html = status_pages.html(page, at=now)
    shown = status_pages.text(html)
    assert "Planned maintenance" in shown
    assert "Payroll moves to new servers" in shown
    assert "You cannot submit timesheets. Use the paper form." in shown
    assert "Everything works." in shown
    assert f'id="maintenance-{window.pk}"' in html
    assert told(window) == [("scheduled", "You cannot submit timesheets. Use the paper form.", "mia")]
    assert window.next_action_at == window.scheduled_for
    assert AuditEntry.objects.filter(verb="maintenance.planned", data__maintenance=window.pk).exists()


def test_the_clock_begins_and_ends_it_with_the_words_that_were_announced(window: Maintenance, now: datetime) -> None:
    page = StatusPage.objects.get(slug="public")
    assert windows.run_due() == 0
    due(window)
    tasks.sweep_maintenance()
    window.refresh_from_db()
    assert (window.state, window.next_action_at) == ("in_progress", window.scheduled_until)
    assert window.started_at is not None
    assert states(page) == {"payroll": "under_maintenance", "mail": "operational"}
    assert "Payroll is under maintenance. Everything else works." in status_pages.html(page, at=dbtime.now())

    due(window)
    assert windows.run_due() == 1
    window.refresh_from_db()
    assert (window.state, window.next_action_at) == ("completed", None)
    assert states(page) == {"payroll": "operational", "mail": "operational"}
    assert told(window)[1:] == [("in_progress", "The move has begun.", ""), ("completed", "The move is done.", "")]
    assert "Payroll moves" not in status_pages.html(page, at=dbtime.now())
    assert "The move is done." in status_pages.html(page, at=dbtime.now(), path="history/")


def test_a_clock_that_stood_through_the_window_begins_and_ends_it_in_one_run(window: Maintenance) -> None:
    Maintenance.objects.filter(pk=window.pk).update(
        scheduled_for=dbtime.now() - timedelta(hours=3), scheduled_until=dbtime.now() - timedelta(hours=1)
    )
    due(window, minutes_ago=180)
    assert windows.run_due() == 2
    assert [state for state, _body, _author in told(window)] == ["scheduled", "in_progress", "completed"]


def test_by_hand_nothing_moves_by_itself(cast: SimpleNamespace, now: datetime) -> None:
    window = kit.plan(by=cast.mia, now=now, is_automatic=False, begins_with="", ends_with="")
    assert window.next_action_at is None
    with pytest.raises(Invalid, match="what this means for them") as caught:
        kit.move(window, MaintenanceState.IN_PROGRESS, by=cast.mia, now=now)
    assert caught.value.field == "body"
    kit.move(window, MaintenanceState.IN_PROGRESS, by=cast.mia, now=now, body="We begin.")
    kit.move(window, MaintenanceState.VERIFYING, by=cast.mia, now=now, body="We look whether it works.")
    assert states(StatusPage.objects.get())["payroll"] == "under_maintenance"
    done = kit.move(window, MaintenanceState.COMPLETED, by=cast.mia, now=now, body="Done.")
    assert done.ended_at == now
    assert [state for state, *_ in told(window)] == ["scheduled", "in_progress", "verifying", "completed"]
    with pytest.raises(windows.NotNow):
        kit.move(window, MaintenanceState.IN_PROGRESS, by=cast.mia, now=now)
    with pytest.raises(windows.NotNow):
        windows.say(pk=window.pk, body="More", person=cast.mia, now=now)


def test_a_cancelled_window_leaves_the_page_and_its_services_alone(
    window: Maintenance, cast: SimpleNamespace, now: datetime
) -> None:
    kit.move(window, MaintenanceState.CANCELLED, by=cast.mia, now=now, body="It moves to next month.")
    page = StatusPage.objects.get()
    assert windows.run_due() == 0
    assert "Payroll moves" not in status_pages.html(page, at=now)
    assert (
        json.loads(status_pages.html(page, at=now, path="api/v2/scheduled-maintenances.json"))["scheduled_maintenances"]
        == []
    )


def test_an_outage_on_a_service_that_is_worked_on_shows_the_worse(window: Maintenance, cast: SimpleNamespace) -> None:
    page = StatusPage.objects.get()
    due(window)
    windows.run_due()
    incident = status_pages.incident(service=Service.objects.get(slug="payroll"), impact=1)
    status_pages.publish(of=incident, author=cast.mia)
    assert states(page)["payroll"] == "major_outage"
    status_pages.publish(of=incident, author=cast.mia, minutes=9, kind="closure", incident_state="resolved")
    assert states(page)["payroll"] == "under_maintenance"


def test_a_change_is_told_where_readers_see_it_and_keeps_what_was_not_sent(
    window: Maintenance, cast: SimpleNamespace, now: datetime
) -> None:
    later = window.scheduled_for + timedelta(hours=3)
    windows.change(
        pk=window.pk,
        values={"scheduled_for": later, "scheduled_until": later + timedelta(hours=1)},
        person=cast.mia,
        now=now,
    )
    window.refresh_from_db()
    assert (window.next_action_at, window.title) == (later, "Payroll moves to new servers")
    assert len(told(window)) == 2
    windows.change(pk=window.pk, values={"ends_with": "It is done."}, person=cast.mia, now=now)
    assert len(told(window)) == 2  # nothing that readers see


def test_a_page_that_no_longer_announces_it_forgets_it(
    window: Maintenance, cast: SimpleNamespace, now: datetime
) -> None:
    public = StatusPage.objects.get()
    status_pages.page(slug="staff", audience="end_users", is_public=False)
    status_pages.html(public, at=now)
    windows.change(pk=window.pk, values={"pages": ["staff"]}, person=cast.mia, now=now)
    assert "Payroll moves" not in status_pages.html(public, at=now)
    assert "Payroll moves" in status_pages.html(StatusPage.objects.get(slug="staff"), at=now)


def test_of_a_running_window_only_its_end_changes(window: Maintenance, cast: SimpleNamespace) -> None:
    due(window)
    windows.run_due()
    until = window.scheduled_until + timedelta(hours=1)
    windows.change(
        pk=window.pk, values={"title": "Another", "scheduled_until": until}, person=cast.mia, now=dbtime.now()
    )
    window.refresh_from_db()
    assert (window.title, window.scheduled_until, window.next_action_at) == (
        "Payroll moves to new servers",
        until,
        until,
    )


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"body": " "}, "body"),
        ({"body": "x" * 4001}, "body"),
        ({"begins_with": ""}, "begins_with"),
        ({"ends_with": ""}, "ends_with"),
        ({"services": []}, "services"),
        ({"services": ["payroll", "nowhere"]}, "services"),
        ({"pages": []}, "pages"),
        ({"pages": ["nowhere"]}, "pages"),
        ({"hours": -1}, "scheduled_until"),
        ({"hours": 24 * 15}, "scheduled_until"),
    ],
)
def test_what_cannot_be_announced_says_at_which_field(
    cast: SimpleNamespace, now: datetime, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        kit.plan(by=cast.mia, now=now, **changed)
    assert caught.value.field == field
    assert not Maintenance.objects.exists()


def test_only_planners_plan(cast: SimpleNamespace, window: Maintenance, now: datetime) -> None:
    for deed in (
        lambda: kit.plan(by=cast.desmond, now=now),
        lambda: windows.say(pk=window.pk, body="x", person=cast.desmond, now=now),
        lambda: kit.move(window, MaintenanceState.CANCELLED, by=cast.desmond, now=now, body="x"),
        lambda: windows.change(pk=window.pk, values={}, person=cast.desmond, now=now),
    ):
        with pytest.raises(Forbidden):
            deed()


# --- series -----------------------------------------------------------------------------------------------------------
def test_a_series_announces_the_next_ones_and_each_is_a_window_of_its_own(cast: SimpleNamespace, now: datetime) -> None:
    first = kit.plan(by=cast.mia, now=now, repeat="weekly")
    rows = list(Maintenance.objects.order_by("scheduled_for"))
    assert len(rows) == 4
    assert {row.series_id for row in rows} == {first.series_id}
    assert {row.scheduled_until - row.scheduled_for for row in rows} == {timedelta(hours=2)}
    assert len(told(rows[3])) == 1
    kit.move(rows[2], MaintenanceState.CANCELLED, by=cast.mia, now=now, body="Not on this day.")
    assert list(Maintenance.objects.filter(state="scheduled").order_by("pk").values_list("pk", flat=True)) == [
        rows[0].pk,
        rows[1].pk,
        rows[3].pk,
    ]


def test_a_series_goes_on_as_time_passes_and_never_twice(cast: SimpleNamespace, now: datetime) -> None:
    kit.plan(by=cast.mia, now=now, repeat="weekly")
    assert series.extend_all(now=now) == 0
    later = now + timedelta(days=16)
    assert series.extend_all(now=later) == 3
    assert series.extend_all(now=later) == 0
    starts = list(Maintenance.objects.order_by("scheduled_for").values_list("scheduled_for", flat=True))
    assert len(starts) == len(set(starts)) == 7


def test_a_series_that_ends_cancels_what_has_not_begun(cast: SimpleNamespace, now: datetime) -> None:
    first = kit.plan(by=cast.mia, now=now, repeat="fortnightly")
    kit.move(first, MaintenanceState.IN_PROGRESS, by=cast.mia, now=now)
    assert series.end(pk=first.series_id or 0, body="We are done with this.", person=cast.mia, now=now) == 3
    first.refresh_from_db()
    assert first.state == "in_progress"
    assert series.extend_all(now=now + timedelta(days=60)) == 0
    with pytest.raises(windows.Unknown):
        series.end(pk=first.series_id or 0, body="Again.", person=cast.mia, now=now)


@pytest.mark.parametrize(
    ("repeat", "until", "field"), [("daily", None, "repeat"), ("weekly", date(2020, 1, 1), "until")]
)
def test_a_series_that_cannot_be_says_why(
    cast: SimpleNamespace, now: datetime, repeat: str, until: Any, field: str
) -> None:
    kit.shown_page()
    with pytest.raises(Invalid) as caught:
        series.plan(
            values=kit.values(start=now + timedelta(days=1)),
            repeat=repeat,
            until=until,
            time_zone="UTC",
            person=cast.mia,
            now=now,
        )
    assert caught.value.field == field
    assert not Maintenance.objects.exists()


# --- what clients, calendars and the room read ------------------------------------------------------------------------
def test_statuspages_clients_read_windows_as_they_know_them(window: Maintenance, now: datetime) -> None:
    page = StatusPage.objects.get()
    (upcoming,) = body(page, "scheduled-maintenances/upcoming")
    assert body(page, "scheduled-maintenances/active") == []
    assert (upcoming["status"], upcoming["impact"], upcoming["name"]) == (
        "scheduled",
        "maintenance",
        "Payroll moves to new servers",
    )
    assert upcoming["resolved_at"] is None
    assert upcoming["scheduled_for"].endswith("Z")
    due(window)
    windows.run_due()
    (active,) = body(page, "scheduled-maintenances/active")
    assert body(page, "summary") == [active]
    assert [each["status"] for each in active["incident_updates"]] == ["in_progress", "scheduled"]
    assert active["incident_updates"][0]["affected_components"] == [
        {
            "code": active["components"][0]["id"],
            "name": "Payroll",
            "old_status": "operational",
            "new_status": "under_maintenance",
        }
    ]
    assert active["components"][0]["status"] == "under_maintenance"
    due(window)
    windows.run_due()
    (over,) = body(page, "scheduled-maintenances")
    assert (over["status"], over["id"]) == ("completed", upcoming["id"])
    assert over["resolved_at"] == over["updated_at"]


def body(page: StatusPage, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(status_pages.html(page, at=dbtime.now(), path=f"api/v2/{name}.json"))[
        "scheduled_maintenances"
    ]
    return found


def test_calendars_read_each_window_as_one_event(window: Maintenance, cast: SimpleNamespace, now: datetime) -> None:
    page = StatusPage.objects.get()
    raw = status_pages.html(page, at=now, path="maintenance.ics")
    (event,) = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    assert event.decoded("dtstart") == window.scheduled_for.astimezone(UTC).replace(microsecond=0)
    assert str(event["summary"]) == "Payroll moves to new servers"
    assert "paper form" in str(event["description"])
    assert (str(event["status"]), int(str(event["sequence"]))) == ("CONFIRMED", 0)
    windows.say(pk=window.pk, body="Bring tea.", person=cast.mia, now=now)
    (event,) = icalendar.Calendar.from_ical(status_pages.html(page, at=now, path="maintenance.ics")).walk("VEVENT")
    assert int(str(event["sequence"])) == 1


def test_the_page_costs_a_fixed_number_of_queries_however_many_windows(
    cast: SimpleNamespace, now: datetime, django_assert_num_queries: Any
) -> None:
    kit.plan(by=cast.mia, now=now, repeat="weekly")
    with django_assert_num_queries(5):
        queries.windows_of(StatusPage.objects.get(), {})


def test_incidents_while_it_ran_are_those_that_one_may_see(window: Maintenance, cast: SimpleNamespace) -> None:
    due(window)
    windows.run_due()
    window.refresh_from_db()
    assert window.started_at is not None
    payroll, mail = (Service.objects.get(slug=slug) for slug in ("payroll", "mail"))
    during = window.started_at + timedelta(minutes=5)
    seen = status_pages.incident(service=payroll, declared_at=during)
    status_pages.incident(service=payroll, declared_at=during, is_private=True)
    status_pages.incident(service=mail, declared_at=during)
    status_pages.incident(service=payroll, declared_at=window.started_at - timedelta(minutes=1))
    assert queries.incidents_during(window, person=cast.desmond) == [seen]


def test_whoever_handles_an_incident_hears_of_windows_that_run_or_begin_soon(
    window: Maintenance, now: datetime
) -> None:
    payroll = Service.objects.get(slug="payroll")
    assert queries.of_service(payroll.pk, now=now) == []
    assert queries.of_service(payroll.pk, now=window.scheduled_for - timedelta(hours=3)) == [window]
    due(window)
    windows.run_due()
    assert queries.of_service(payroll.pk, now=now) == [window]


# --- what the database refuses, and two at once -----------------------------------------------------------------------
def test_the_database_refuses_windows_that_cannot_be(window: Maintenance) -> None:
    rows = Maintenance.objects.filter(pk=window.pk)
    with refused("maintenance_has_length"):
        rows.update(scheduled_until=window.scheduled_for)
    with refused("maintenance_ended_has_a_time"):
        rows.update(state="completed")
    with refused("maintenance_ended_has_a_time"):
        rows.update(ended_at=window.scheduled_for)
    with refused("maintenance_ended_has_a_time"):
        rows.update(state="completed", ended_at=window.scheduled_for)  # and still due


@pytest.fixture
def other() -> Iterator[Any]:
    """A second connection."""
    copy = connection.copy()
    yield copy
    copy.close()


@pytest.mark.django_db(transaction=True)
def test_a_window_that_somebody_holds_is_skipped_by_the_clock(window: Maintenance, other: Any) -> None:
    due(window)
    with transaction.atomic(), other.cursor() as cursor:
        other.set_autocommit(False)
        cursor.execute("SELECT 1 FROM comms_maintenance WHERE id = %s FOR UPDATE", [window.pk])
        assert windows.run_due() == 0
        other.rollback()
    assert windows.run_due() == 1
    assert snapshots.render_due() == 1
