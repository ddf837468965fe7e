"""The clock takes every step of the ladder when it is due, once, and tells the right people."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection
from pytest_django import DjangoAssertNumQueries, Settings

from comms.choices import DeliveryState, EscalationStep
from comms.models import Delivery, Message, Notice, UpdateDeadline
from comms.rendering import notices
from comms.services.promises import sweep
from incidents.choices import EntryKind, EntrySource
from incidents.models import Incident, TimelineDispatch, TimelineEntry
from mim_portal.lib import dbtime, times
from mim_portal.models import Heartbeat
from teams.choices import Role
from teams.models import Rota, RotaShift
from tests import factories
from tests.comms import promise_kit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_promises(settings: Settings) -> None:
    settings.TIMELINE_REACTIONS = ["comms.reactions.deadlines.react"]


def run() -> sweep.SweepResult:
    return sweep.sweep_deadlines(by="test")


def minutes_ago(minutes: float) -> datetime:
    return dbtime.now() - timedelta(minutes=minutes)


def entries(incident: Incident, kind: EntryKind) -> list[TimelineEntry]:
    return list(TimelineEntry.objects.filter(incident=incident, kind=kind).order_by("seq"))


def told(step: EscalationStep) -> list[tuple[str, int]]:
    """Who was told at the step and about how many promises."""
    rows = Notice.objects.filter(step=step).select_related("person").order_by("person__username", "id")
    return [(row.person.username, len(row.deadlines)) for row in rows]


def test_nothing_due_does_nothing_but_shows_that_the_clock_runs(cast: SimpleNamespace) -> None:
    promise_kit.declare(manager=cast.mia)

    result = run()

    assert (result.ran, result.batches, result.told) == (True, 0, 0)
    beat = Heartbeat.objects.get(name="sweep_deadlines")
    assert beat.by == "test"
    assert dbtime.now() - beat.beat_at < timedelta(seconds=5)


def test_the_notice_before_names_every_audience_of_the_window_once(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=minutes_ago(10.5))
    UpdateDeadline.objects.filter(audience__code__in=["technical", "service_desk"]).update(next_action_at=None)
    moved = UpdateDeadline.objects.get(incident=incident, audience__code="public")
    UpdateDeadline.objects.filter(pk=moved.pk).update(  # due a little later, its own notice not due yet
        due_at=moved.due_at + timedelta(minutes=3), next_action_at=minutes_ago(-2)
    )

    result = run()

    assert result.steps[EscalationStep.WARN] == 4
    assert told(EscalationStep.WARN) == [("mia", 4)]
    (entry,) = entries(incident, EntryKind.DEADLINE_WARNED)
    assert entry.data["audiences"] == ["service_owners", "executives", "end_users", "public"]
    for row in UpdateDeadline.objects.filter(incident=incident, pk__in=entry.data["deadlines"]):
        assert row.warned_at is not None
        assert row.next_action_at == row.due_at
    assert run().batches == 0


def test_an_audience_due_in_more_than_ten_minutes_is_not_named_early(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=minutes_ago(60), audiences=["technical", "public"])
    due = dbtime.now() + timedelta(minutes=8)
    UpdateDeadline.objects.filter(audience__code="technical").update(due_at=due, next_action_at=minutes_ago(0.1))
    UpdateDeadline.objects.filter(audience__code="public").update(due_at=due + timedelta(minutes=4))

    run()

    assert [entry.data["audiences"] for entry in entries(incident, EntryKind.DEADLINE_WARNED)] == [["technical"]]


def test_a_passed_deadline_is_recorded_once_and_the_manager_is_told(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=minutes_ago(15.2), audiences=["public", "executives"])

    result = run()
    again = run()

    assert (result.steps[EscalationStep.OVERDUE], result.steps[EscalationStep.WARN]) == (2, 0)
    assert again.batches == 0
    (entry,) = entries(incident, EntryKind.DEADLINE_MISSED)
    rows = list(UpdateDeadline.objects.filter(incident=incident).order_by("audience__position"))
    assert entry.data == {
        "deadlines": [row.pk for row in rows],
        "audiences": ["executives", "public"],
        "due_at": rows[0].due_at.isoformat(),
    }
    assert (entry.source, entry.actor_id, entry.at) == (EntrySource.SYSTEM, None, rows[0].due_at)
    assert TimelineDispatch.objects.filter(entry=entry).exists()
    assert all(row.missed_at and row.missed_at > row.due_at and row.kept_at is None for row in rows)
    assert {row.next_action_at for row in rows} == {rows[0].due_at + timedelta(minutes=2)}
    assert told(EscalationStep.OVERDUE) == [("mia", 2)]
    incident.refresh_from_db()
    assert incident.last_seq == entry.seq


def test_the_message_says_what_was_promised_to_whom_and_who_hears_next(cast: SimpleNamespace) -> None:
    cast.mia.time_zone = "Asia/Kolkata"
    cast.mia.save()
    incident = promise_kit.declare(
        manager=cast.mia, at=minutes_ago(15.2), audiences=["public", "executives"], title="Cards < 50 & more refused"
    )

    run()

    message = Message.objects.get()
    due = promise_kit.open_of(incident)["public"].due_at
    by = times.clock_time(due, times.zone("Asia/Kolkata"))
    assert message.subject == f"Late: update promised for {by} · {incident.reference} · Executives, Public"
    assert f"Executives: promised an update by {by}. It has not been published." in message.text
    assert f"/incidents/{incident.reference}/" in message.text
    assert "Cards < 50 & more refused" in message.text
    assert "Cards &lt; 50 &amp; more refused" in notices.html_of(message)
    later = times.clock_time(due + timedelta(minutes=2), times.zone("Asia/Kolkata"))
    assert f"a deputy hears of it at {later}" in message.text
    assert (message.thread, message.notice_id) == (incident.reference, Notice.objects.get().pk)
    delivery = Delivery.objects.get()
    assert (delivery.address, delivery.position, delivery.state) == ("mia@example.org", 0, DeliveryState.PENDING)
    assert delivery.person_id == cast.mia.pk
    assert "⟦" not in message.subject + message.text + notices.html_of(message)


def test_two_minutes_late_the_deputy_and_five_the_practice_lead(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=minutes_ago(17.1), audiences=["public"])

    run()
    assert told(EscalationStep.OVERDUE) == [("mia", 1)]
    assert told(EscalationStep.DEPUTY) == [("dan", 1)]
    assert told(EscalationStep.PRACTICE_LEAD) == []
    assert "Already told: Mia Example." in Message.objects.get(notice__step="deputy").text

    UpdateDeadline.objects.update(due_at=minutes_ago(5.1), next_action_at=minutes_ago(0.1))
    run()
    assert told(EscalationStep.PRACTICE_LEAD) == [("petra", 1)]
    assert "Already told: Mia Example, Dan Example." in Message.objects.get(notice__step="practice_lead").text
    row = UpdateDeadline.objects.get(incident=incident)
    assert row.next_action_at is None
    assert None not in (row.missed_at, row.deputy_told_at, row.practice_lead_told_at)
    assert run().batches == 0
    assert len(entries(incident, EntryKind.DEADLINE_MISSED)) == 1


def test_after_an_outage_every_step_is_taken_and_the_notice_before_is_left_out(cast: SimpleNamespace) -> None:
    promise_kit.declare(manager=cast.mia, at=minutes_ago(60), audiences=["public"])

    result = run()

    assert result.steps == {
        EscalationStep.WARN: 0,
        EscalationStep.OVERDUE: 1,
        EscalationStep.DEPUTY: 1,
        EscalationStep.PRACTICE_LEAD: 1,
    }
    assert UpdateDeadline.objects.get().next_action_at is None


def test_the_deputy_on_shift_is_told_and_not_every_deputy(cast: SimpleNamespace) -> None:
    dora = factories.person(username="dora", roles=(Role.DEPUTY,))
    rota = Rota.objects.create(name="Deputies", role=Role.DEPUTY)
    RotaShift.objects.create(rota=rota, person=dora, starts_at=minutes_ago(60), ends_at=minutes_ago(-60))
    promise_kit.declare(manager=cast.mia, at=minutes_ago(18), audiences=["public"])

    run()

    assert told(EscalationStep.DEPUTY) == [("dora", 1)]


def test_the_title_of_a_private_incident_stays_with_those_who_may_see_it(cast: SimpleNamespace) -> None:
    promise_kit.declare(
        manager=cast.mia, at=minutes_ago(18), audiences=["technical"], is_private=True, title="Payroll data leak"
    )

    run()

    to_manager = Message.objects.get(notice__step="overdue")
    to_deputy = Message.objects.get(notice__step="deputy")
    assert "Payroll data leak" in to_manager.text
    assert "Payroll" not in to_deputy.subject + to_deputy.text + notices.html_of(to_deputy)
    assert "A private incident" in to_deputy.text


def test_the_present_manager_hears_after_a_handover(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=minutes_ago(15.5), audiences=["public"])
    tenure = incident.tenures.get()
    tenure.ended_at = minutes_ago(1)
    tenure.save()
    incident.tenures.create(manager=cast.omar, started_at=tenure.ended_at)

    run()

    assert told(EscalationStep.OVERDUE) == [("omar", 1)]


def test_someone_without_an_address_is_noticed_without_a_delivery(cast: SimpleNamespace) -> None:
    cast.mia.email = ""
    cast.mia.save()
    promise_kit.declare(manager=cast.mia, at=minutes_ago(15.5), audiences=["public"])

    run()

    assert told(EscalationStep.OVERDUE) == [("mia", 1)]
    assert not Delivery.objects.exists()


def test_kept_and_ended_promises_are_left_alone(cast: SimpleNamespace) -> None:
    kept = promise_kit.declare(manager=cast.mia, at=minutes_ago(20), audiences=["public"])
    promise_kit.publish(kept, "public", author=cast.mia)
    before = Notice.objects.count()

    assert run().batches == 0
    assert Notice.objects.count() == before


def test_more_than_a_batch_is_swept_in_one_run(cast: SimpleNamespace) -> None:
    for _ in range(5):
        promise_kit.declare(manager=cast.mia, at=minutes_ago(16), audiences=["public"])

    result = sweep.sweep_deadlines(by="test", limit=2)

    assert result.batches == 3
    assert UpdateDeadline.objects.filter(missed_at__isnull=False).count() == 5


@pytest.mark.django_db(transaction=True)
def test_two_lanes_share_what_is_due_and_tell_each_once(cast: SimpleNamespace) -> None:
    for _ in range(24):
        promise_kit.declare(manager=cast.mia, at=minutes_ago(16), audiences=["public", "executives"])

    result = sweep.sweep_deadlines(by="test", limit=3)

    assert (result.told, result.steps[EscalationStep.OVERDUE]) == (24, 48)
    assert UpdateDeadline.objects.filter(missed_at__isnull=False).count() == 48
    assert sorted(told(EscalationStep.OVERDUE)) == [("mia", 2)] * 24
    assert Message.objects.filter(notice__isnull=False).count() == Delivery.objects.count() == 24
    for incident in Incident.objects.all():
        (missed,) = entries(incident, EntryKind.DEADLINE_MISSED)
        assert missed.seq == incident.last_seq
    assert run().batches == 0


def test_the_first_lane_goes_on_when_the_second_cannot(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(4):
        promise_kit.declare(manager=cast.mia, at=minutes_ago(16), audiences=["public"])
    batch = sweep._batch

    def broken(result: sweep.SweepResult, *, lane: int, limit: int) -> int:
        if lane:
            raise OperationalError("too many connections")
        return batch(result, lane=lane, limit=limit)

    monkeypatch.setattr(sweep, "_batch", broken)

    result = sweep.sweep_deadlines(by="test", limit=1)

    assert (result.ran, result.told) == (True, 4)
    assert "second lane" in caplog.text


@pytest.mark.parametrize("count", [1, 7])
def test_the_number_of_statements_does_not_grow_with_what_is_due(
    count: int, cast: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        promise_kit.declare(manager=cast.mia, at=minutes_ago(16), audiences=["public", "executives"])

    # savepoint, try-lock, claim, lock, clock, mark, audiences, numbers with entries, managers, people, notices with
    # messages and deliveries, patience as before, release; heartbeat
    with django_assert_num_queries(14):
        run()


def test_the_sweep_reads_the_partial_index_and_touches_nothing_that_is_not_due(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, audiences=["public"])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO incidents_incident (reference, external_ref, title, service_id, state, impact, urgency,"
            " priority_computed, priority, override_reason, source, is_private, is_exercise, bridge_url, declared_at,"
            " last_seq, version) SELECT 'MI-2025-' || n, '', 't', %s, 'investigating', 1, 1, 'P1', 'P1', '', 'person',"
            " false, false, '', now(), 0, 1 FROM generate_series(1, 20000) AS n",
            [incident.service_id],
        )
        cursor.execute(
            "INSERT INTO comms_updatedeadline (incident_id, audience_id, is_first, opened_at, due_at, next_action_at,"
            " end_reason) SELECT id, (SELECT min(id) FROM comms_audience), true, now(), now() + interval '1 hour',"
            " now() + interval '50 minutes', '' FROM incidents_incident WHERE reference LIKE 'MI-2025-%%'"
        )
        cursor.execute("ANALYZE incidents_incident")
        cursor.execute("ANALYZE comms_updatedeadline")
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS OFF, COSTS OFF, TIMING OFF) " + sweep.CLAIM, [100])
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "sweep_deadlines" in plan
    assert "Seq Scan" not in plan
    assert "Rows Removed by Filter" not in plan
