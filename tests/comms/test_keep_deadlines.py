"""A published update keeps the promises of its audiences and makes the next ones."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from pytest_django import Settings

from comms.choices import EndReason, UpdateKind
from comms.models import OwedAudience, UpdateDeadline
from incidents.choices import EntryKind, IncidentState
from incidents.models import TimelineEntry
from tests.comms import promise_kit
from tests.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_promises(settings: Settings) -> None:
    settings.TIMELINE_REACTIONS = ["comms.reactions.deadlines.react"]


def after(minutes: float) -> timedelta:
    return timedelta(minutes=minutes)


def test_published_in_time_keeps_and_opens_the_next_by_cadence(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=NOON)

    update, kept, opened = promise_kit.publish(incident, "end_users", "public", author=cast.mia, at=NOON + after(14))

    assert {row.audience.code for row in kept} == {"end_users", "public"}
    for row in UpdateDeadline.objects.filter(pk__in=[row.pk for row in kept]):
        assert (row.kept_at, row.kept_by_id) == (NOON + after(14), update.pk)
        assert (row.missed_at, row.next_action_at) == (None, None)
    assert {row.due_at for row in opened} == {NOON + after(44)}
    assert not any(row.is_first for row in opened)
    due = promise_kit.minutes_from(NOON, incident)
    assert due == {
        "technical": 5, "service_desk": 5, "service_owners": 15, "executives": 15, "end_users": 44, "public": 44,
    }  # fmt: skip


def test_published_at_the_due_moment_is_on_time(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=NOON)

    _, kept, _ = promise_kit.publish(incident, "public", author=cast.mia, at=NOON + after(15))

    assert kept[0].missed_at is None


def test_a_late_update_keeps_the_promise_late_and_records_it_once(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=NOON)
    late = NOON + after(15) + timedelta(microseconds=1)

    _, kept, opened = promise_kit.publish(incident, "public", "executives", author=cast.mia, at=late)

    assert [row.missed_at for row in kept] == [late, late]
    assert {row.kept_at for row in kept} == {late}
    entry = TimelineEntry.objects.get(incident=incident, kind=EntryKind.DEADLINE_MISSED)
    assert entry.data["audiences"] == ["executives", "public"]
    assert sorted(entry.data["deadlines"]) == sorted(row.pk for row in kept)
    assert (entry.at, entry.data["due_at"]) == (NOON + after(15), (NOON + after(15)).isoformat())
    assert {row.due_at for row in opened} == {late + after(30)}


def test_a_miss_that_the_sweep_recorded_is_not_recorded_again(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=NOON)
    recorded_at = NOON + after(15) + timedelta(seconds=1)
    UpdateDeadline.objects.filter(incident=incident, audience__code="public").update(missed_at=recorded_at)

    _, kept, _ = promise_kit.publish(incident, "public", author=cast.mia, at=NOON + after(17))

    assert kept[0].missed_at == recorded_at
    assert not TimelineEntry.objects.filter(incident=incident, kind=EntryKind.DEADLINE_MISSED).exists()


@pytest.mark.parametrize(
    ("promised", "due"),
    [(20, 20), (30, 30), (45, 31)],
    ids=["promise sooner than policy", "promise sooner by a minute", "promise later than policy"],
)
def test_the_promise_beats_the_policy(cast: SimpleNamespace, promised: int, due: int) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=NOON)

    _, _, opened = promise_kit.publish(
        incident, "end_users", author=cast.mia, at=NOON + after(1), next_update_at=NOON + after(promised)
    )

    assert [row.due_at for row in opened] == [NOON + after(due)]
    assert opened[0].promised_at == NOON + after(promised)


def test_a_time_that_the_message_named_is_not_moved_to_the_beat_of_others(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=NOON)

    _, _, opened = promise_kit.publish(
        incident, "end_users", "technical", author=cast.mia, at=NOON, next_update_at=NOON + after(18)
    )

    assert {row.audience.code: row.due_at for row in opened} == {
        "technical": NOON + after(15),  # its cadence asks sooner
        "end_users": NOON + after(18),
    }


def test_the_next_deadline_joins_the_beat_of_another_audience(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, priority="P2", at=NOON, audiences=["technical", "end_users"])
    promise_kit.publish(incident, "end_users", author=cast.mia, at=NOON)  # due at 60

    _, _, opened = promise_kit.publish(incident, "technical", author=cast.mia, at=NOON + after(33))  # policy: 63

    assert opened[0].due_at == NOON + after(60)


def test_after_two_hours_the_slower_pace_holds(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=NOON, audiences=["public"])

    _, _, opened = promise_kit.publish(incident, "public", author=cast.mia, at=NOON + after(121))

    assert opened[0].due_at == NOON + after(181)


def test_restored_with_no_further_updates_ends_what_these_audiences_are_owed(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=NOON)

    _, kept, opened = promise_kit.publish(
        incident, "public", "end_users", author=cast.mia, at=NOON + after(9), kind=UpdateKind.RESTORED,
        no_further_updates=True,
    )  # fmt: skip

    assert (len(kept), opened) == (2, [])
    ended = OwedAudience.objects.filter(incident=incident, owed_until=NOON + after(9))
    assert {row.audience.code for row in ended} == {"public", "end_users"}
    assert "public" not in promise_kit.open_of(incident)
    entry = TimelineEntry.objects.get(incident=incident, kind=EntryKind.DEADLINE_ENDED)
    assert entry.data == {"audiences": ["end_users", "public"], "reason": EndReason.RESTORED}


def test_restored_alone_still_owes_the_next(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=NOON)

    _, _, opened = promise_kit.publish(incident, "public", author=cast.mia, at=NOON, kind=UpdateKind.RESTORED)

    assert opened[0].due_at == NOON + after(30)


def test_a_closure_is_final(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=NOON)

    _, kept, opened = promise_kit.publish(incident, "public", author=cast.mia, at=NOON, kind=UpdateKind.CLOSURE)

    assert (len(kept), opened) == (1, [])
    assert TimelineEntry.objects.get(kind=EntryKind.DEADLINE_ENDED).data["reason"] == EndReason.CLOSED


def test_a_promise_to_an_audience_that_was_owed_nothing_is_owed_from_now_on(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=NOON, audiences=["technical"])

    _, kept, opened = promise_kit.publish(
        incident, "executives", author=cast.mia, at=NOON, next_update_at=NOON + after(40)
    )

    assert kept == []
    assert [row.due_at for row in opened] == [NOON + after(40)]
    assert OwedAudience.objects.get(incident=incident, audience__code="executives").owed_since == NOON


def test_an_update_without_a_promise_to_an_audience_that_is_owed_nothing_opens_nothing(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=NOON, audiences=["technical"])

    assert promise_kit.publish(incident, "executives", author=cast.mia, at=NOON)[1:] == ([], [])


def test_a_time_that_has_passed_promises_nothing(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=NOON, audiences=["technical"])

    _, _, opened = promise_kit.publish(
        incident, "executives", "technical", author=cast.mia, at=NOON + after(1), next_update_at=NOON
    )

    assert [(row.audience.code, row.due_at) for row in opened] == [("technical", NOON + after(16))]
    assert not OwedAudience.objects.filter(incident=incident, audience__code="executives").exists()


def test_a_promise_after_the_last_message_is_owed_again(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=NOON, audiences=["public"])
    promise_kit.publish(incident, "public", author=cast.mia, at=NOON, kind=UpdateKind.RESTORED, no_further_updates=True)

    promise_kit.publish(incident, "public", author=cast.mia, at=NOON + after(5), next_update_at=NOON + after(25))

    assert promise_kit.minutes_from(NOON, incident) == {"public": 25}
    assert OwedAudience.objects.get(incident=incident).owed_until is None


def test_after_the_incident_is_resolved_nothing_new_is_promised(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=NOON, audiences=["public"])
    promise_kit.move_to(incident, IncidentState.RESOLVED)

    assert promise_kit.publish(incident, "public", author=cast.mia, at=NOON)[1:] == ([], [])
