"""A live incident that lost a deadline gets it back, and somebody hears of it."""

import logging
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from pytest_django import Settings

from comms.models import UpdateDeadline
from comms.services.promises import repair
from comms.tasks import deadlines as tasks
from incidents.choices import EntryKind, EntrySource, IncidentState
from incidents.models import Incident, TimelineEntry
from mim_portal.lib import dbtime
from tests.comms import promise_kit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_promises(settings: Settings) -> None:
    settings.TIMELINE_REACTIONS = ["comms.reactions.deadlines.react"]


def minutes_ago(minutes: float) -> datetime:
    return dbtime.now() - timedelta(minutes=minutes)


def lose(incident: Incident, *codes: str) -> None:
    UpdateDeadline.objects.filter(incident=incident, audience__code__in=codes, kept_at=None).delete()


def test_nothing_is_missing(cast: SimpleNamespace) -> None:
    promise_kit.declare(manager=cast.mia)
    assert repair.sweep_missing_deadlines() == repair.Scan(repaired=[], go_on_after=0)


def test_nothing_was_ever_declared() -> None:
    assert repair.sweep_missing_deadlines() == repair.Scan(repaired=[], go_on_after=0)


def test_a_first_deadline_comes_back_where_it_was(cast: SimpleNamespace) -> None:
    at = minutes_ago(3)
    incident = promise_kit.declare(manager=cast.mia, at=at)
    lose(incident, "public", "end_users")

    scan = repair.sweep_missing_deadlines()

    assert sorted((each.reference, each.audience) for each in scan.repaired) == [
        (incident.reference, "end_users"), (incident.reference, "public"),
    ]  # fmt: skip
    row = promise_kit.open_of(incident)["public"]
    assert (row.due_at, row.is_first, row.opened_at) == (at + timedelta(minutes=15), True, at)
    assert row.next_action_at is not None
    entry = TimelineEntry.objects.get(incident=incident, kind=EntryKind.DEADLINE_REPAIRED)
    assert sorted(entry.data["audiences"]) == ["end_users", "public"]
    assert row.pk in entry.data["deadlines"]
    assert repair.sweep_missing_deadlines().repaired == []


def test_a_following_deadline_counts_from_what_was_last_sent_and_promised(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=minutes_ago(20), audiences=["public", "executives"])
    sent, promised = minutes_ago(5), minutes_ago(-7)
    promise_kit.publish(incident, "public", author=cast.mia, at=sent, next_update_at=promised)
    promise_kit.publish(incident, "executives", author=cast.mia, at=sent)
    lose(incident, "public", "executives")

    repair.sweep_missing_deadlines()

    rows = promise_kit.open_of(incident)
    assert (rows["public"].due_at, rows["public"].promised_at) == (promised, promised)
    assert (rows["executives"].due_at, rows["executives"].opened_at) == (sent + timedelta(minutes=30), sent)


def test_what_is_owed_nothing_stays_so(cast: SimpleNamespace) -> None:
    ended = promise_kit.declare(manager=cast.mia)
    promise_kit.move_to(ended, IncidentState.RESOLVED)
    on_change = promise_kit.declare(manager=cast.mia, priority="P3", audiences=["executives"])
    imported = promise_kit.declare(manager=cast.mia, source=EntrySource.IMPORT)

    assert repair.sweep_missing_deadlines().repaired == []
    assert [promise_kit.open_of(incident) for incident in (ended, on_change, imported)] == [{}, {}, {}]


def test_a_long_list_is_looked_at_in_windows_and_begins_again(cast: SimpleNamespace) -> None:
    made = [promise_kit.declare(manager=cast.mia, audiences=["public", "executives"]) for _ in range(4)]
    lose(made[3], "executives")
    seen, after = [], 0

    for _ in range(10):
        scan = repair.sweep_missing_deadlines(after=after, window=3)
        seen += scan.repaired
        after = scan.go_on_after
        if after == 0:
            break

    assert [each.reference for each in seen] == [made[3].reference]
    assert after == 0


def test_the_tick_tells_the_operator(cast: SimpleNamespace, caplog: pytest.LogCaptureFixture) -> None:
    incident = promise_kit.declare(manager=cast.mia)
    lose(incident, "public")

    with caplog.at_level(logging.ERROR):
        tasks.sweep_missing_deadlines()

    assert f"incident {incident.reference} owed public an update without a deadline" in caplog.text
    assert "public" in promise_kit.open_of(incident)


def test_the_clocks_tick_sweeps(cast: SimpleNamespace) -> None:
    promise_kit.declare(manager=cast.mia, at=minutes_ago(16), audiences=["public"])

    tasks.sweep_deadlines()

    assert UpdateDeadline.objects.get().missed_at is not None
