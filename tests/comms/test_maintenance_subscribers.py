"""Subscribers hear of planned maintenance: announced, changed, reminded, begun, done; each once, by what they chose."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django import Settings

from comms.adapters.mailbox import Mailbox
from comms.choices import MaintenanceState
from comms.models import Delivery, Maintenance, MaintenanceReminder, Message, StatusPage, Subscription
from comms.services.maintenance import reminders, series, subscribers, windows
from comms.services.subscriptions import links
from comms.tasks import deliver
from comms.tasks import maintenance as tasks
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Refusal
from tests import status_pages
from tests.comms import maintenance_kit, subscription_kit
from tests.comms.test_deadline_races import together
from tests.constraints.kit import refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def origin(settings: Settings) -> None:
    settings.BASE_URL = "https://portal.example"


@pytest.fixture
def shown(cast: SimpleNamespace) -> StatusPage:
    """Payroll stands in the group Money, mail in none; Sam subscribed to everything."""
    found = maintenance_kit.shown_page()
    found.components.filter(service__slug="payroll").update(group="Money")
    subscription_kit.subscriber(page=found)
    return found


@pytest.fixture
def window(shown: StatusPage, cast: SimpleNamespace) -> Maintenance:
    """In two days."""
    return maintenance_kit.plan(by=cast.mia, start=dbtime.now() + timedelta(days=2))


def heard(address: str = "sam@example.org") -> list[str]:
    """The subjects that an address was sent, up to the title."""
    ids = Delivery.objects.filter(address=address).values("message")
    found = Message.objects.filter(pk__in=ids, maintenance__isnull=False).order_by("pk")
    return [message.subject.partition(":")[0] for message in found]


def sleep(window: Maintenance, **ago: float) -> None:
    """As if so much time had passed."""
    gone = timedelta(**ago)
    for row in MaintenanceReminder.objects.filter(maintenance=window):
        MaintenanceReminder.objects.filter(pk=row.pk).update(due_at=row.due_at - gone)
    window.refresh_from_db()
    Maintenance.objects.filter(pk=window.pk).update(
        scheduled_for=window.scheduled_for - gone,
        scheduled_until=window.scheduled_until - gone,
        next_action_at=window.next_action_at - gone if window.next_action_at else None,
    )


def test_from_the_announcement_to_the_end(window: Maintenance) -> None:
    assert heard() == ["Planned maintenance"]
    assert reminders.run_due() == 0
    sleep(window, hours=24, minutes=1)
    tasks.sweep_reminders()
    assert reminders.run_due() == 0
    sleep(window, hours=23)
    tasks.sweep_reminders()
    assert heard() == ["Planned maintenance", "Reminder of maintenance", "Reminder of maintenance"]
    sleep(window, hours=1)
    tasks.sweep_maintenance()
    sleep(window, hours=2)
    tasks.sweep_maintenance()
    assert heard()[3:] == ["Maintenance has begun", "Maintenance is done"]
    assert not MaintenanceReminder.objects.filter(done_at=None).exists()


def test_a_planner_chooses_when_subscribers_are_reminded(shown: StatusPage, cast: SimpleNamespace) -> None:
    start = dbtime.now() + timedelta(days=2)
    chosen = maintenance_kit.plan(by=cast.mia, start=start, remind_before=[15, 240, 15])
    assert sorted(chosen.reminders.values_list("minutes", flat=True)) == [15, 240]
    windows.change(pk=chosen.pk, values={"remind_before": []}, person=cast.mia, now=dbtime.now())
    assert not chosen.reminders.exists()
    assert heard() == ["Planned maintenance"]  # readers are not told that they hear less often
    windows.change(pk=chosen.pk, values={"title": "Payroll moves on"}, person=cast.mia, now=dbtime.now())
    assert not chosen.reminders.exists()
    with pytest.raises(Refusal, match="at most 6"):
        windows.change(pk=chosen.pk, values={"remind_before": range(1, 8)}, person=cast.mia, now=dbtime.now())


def test_every_window_of_a_series_reminds_as_the_first(shown: StatusPage, cast: SimpleNamespace) -> None:
    start = dbtime.now() + timedelta(days=2)
    first = maintenance_kit.plan(by=cast.mia, start=start, repeat="weekly", remind_before=[30])
    assert first.series is not None
    found = {tuple(window.reminders.values_list("minutes", flat=True)) for window in first.series.windows.all()}
    assert found == {(30,)}
    assert first.series.windows.count() > 1


def test_what_stands_in_the_mail(window: Maintenance, shown: StatusPage) -> None:
    message = Message.objects.get(maintenance=window)
    assert message.subject.startswith("Planned maintenance: Payroll moves to new servers, ")
    assert message.text.startswith("You cannot submit timesheets. Use the paper form.\n\nServices: ")
    assert "https://portal.example/status/public/" in message.text
    mailbox = Mailbox()
    deliver.run(mailbox)
    row = Subscription.objects.get()
    assert {address: each.opt_out for address, each in mailbox.listed.items()} == {row.address: links.to_manage(row)}


def test_by_what_each_chose(shown: StatusPage, cast: SimpleNamespace) -> None:
    services = dict(shown.components.values_list("service__slug", "service_id"))
    other = status_pages.page(slug="other")
    hidden = status_pages.page(slug="hidden", audience="end_users", is_public=False)
    subscription_kit.subscriber(page=other)  # Sam again
    subscription_kit.subscriber(page=hidden, address="hidden@example.org")
    chosen: dict[str, dict[str, Any]] = {
        "service": {"services": [services["payroll"]]},
        "group": {"groups": ["Money"]},
        "elsewhere": {"services": [services["mail"]], "groups": ["Travel"], "incidents": [1]},
    }
    for address, fields in chosen.items():
        subscription_kit.subscriber(page=shown, address=f"{address}@example.org", is_whole=False, **fields)
    subscription_kit.subscriber(page=shown, address="held@example.org", state="suspended")
    maintenance_kit.plan(by=cast.mia, pages=["public", "other", "hidden"])
    addresses = Delivery.objects.order_by("address").values_list("address", flat=True)
    assert list(addresses) == ["group@example.org", "sam@example.org", "service@example.org"]


def test_another_time_is_told_and_reminded_of_anew(window: Maintenance, cast: SimpleNamespace) -> None:
    sleep(window, hours=24, minutes=1)
    assert reminders.run_due() == 1
    window.refresh_from_db()
    later = {name: getattr(window, name) + timedelta(days=1) for name in ("scheduled_for", "scheduled_until")}
    windows.change(pk=window.pk, values=later, person=cast.mia, now=dbtime.now())
    assert heard()[2:] == ["Planned maintenance has changed"]
    assert MaintenanceReminder.objects.filter(done_at=None).count() == 2
    windows.change(pk=window.pk, values={"title": "Payroll moves"}, person=cast.mia, now=dbtime.now())
    assert MaintenanceReminder.objects.filter(done_at=None).count() == 2
    windows.change(pk=window.pk, values={"ends_with": "Done."}, person=cast.mia, now=dbtime.now())
    assert len(heard()) == 4  # readers see nothing of that yet


def test_what_is_said_and_cancelled(window: Maintenance, cast: SimpleNamespace) -> None:
    windows.say(pk=window.pk, body="It will be shorter.", person=cast.mia, now=dbtime.now())
    maintenance_kit.move(window, MaintenanceState.CANCELLED, by=cast.mia, now=dbtime.now(), body="We need no move.")
    assert heard() == ["Planned maintenance", "About maintenance", "Maintenance will not take place"]
    sleep(window, days=1, hours=12)
    assert reminders.run_due() == 0


def test_a_clock_that_stood_reminds_once_and_not_of_what_has_begun(
    window: Maintenance, shown: StatusPage, cast: SimpleNamespace
) -> None:
    sleep(window, hours=47, minutes=30)
    assert reminders.run_due() == 1
    assert heard().count("Reminder of maintenance") == 1
    other = maintenance_kit.plan(by=cast.mia, start=dbtime.now() + timedelta(days=2))
    sleep(other, hours=49)
    assert reminders.run_due() == 0
    assert heard().count("Reminder of maintenance") == 1


def test_a_series_is_announced_once_and_each_window_reminded_of(shown: StatusPage, cast: SimpleNamespace) -> None:
    first = maintenance_kit.plan(by=cast.mia, start=dbtime.now() + timedelta(days=2), repeat="weekly")
    assert Maintenance.objects.count() > 1
    assert heard() == ["Planned maintenance"]
    assert MaintenanceReminder.objects.count() == 2 * Maintenance.objects.count()
    series.extend_all(now=dbtime.now())
    assert heard() == ["Planned maintenance"]
    assert first.reminders.count() == 2


def test_without_subscribers_nothing_is_written(cast: SimpleNamespace) -> None:
    maintenance_kit.plan(by=cast.mia)
    assert not Message.objects.exists()


def test_the_database_keeps_one_reminder_a_time(window: Maintenance) -> None:
    with refused("reminded_once"):
        MaintenanceReminder.objects.create(maintenance=window, minutes=60, due_at=dbtime.now())


def test_a_worker_passes_over_what_another_holds(window: Maintenance, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was reminded of between the look and the lock is not reminded of again."""
    sleep(window, hours=24, minutes=1)
    MaintenanceReminder.objects.filter(due_at__lte=dbtime.now()).update(done_at=dbtime.now())
    told: list[object] = []
    monkeypatch.setattr(subscribers, "tell", lambda *args, **kwargs: told.append(args))
    assert reminders.run_due() == 0
    assert told == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_remind_once(cast: SimpleNamespace) -> None:
    page = maintenance_kit.shown_page()
    subscription_kit.subscriber(page=page)
    found = maintenance_kit.plan(by=cast.mia, start=dbtime.now() + timedelta(days=2))
    sleep(found, hours=24, minutes=1)
    together(reminders.run_due, reminders.run_due)
    assert heard().count("Reminder of maintenance") == 1
