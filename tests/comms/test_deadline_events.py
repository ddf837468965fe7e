"""What happens in an incident moves its promises earlier, never later, and ends them with their reason."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from comms.choices import EndReason, UpdateKind
from comms.models import CadencePolicy, OwedAudience, UpdateDeadline
from comms.models.deadline import OPEN
from comms.queries.promises import downgrades
from incidents.choices import EntryKind, EntrySource, IncidentState, RevisionReason
from incidents.models import Incident, TimelineEntry
from mim_portal.lib import dbtime
from tests.comms import promise_kit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_promises(settings: Settings) -> None:
    settings.TIMELINE_REACTIONS = ["comms.reactions.deadlines.react"]


def due(incident: Incident) -> dict[str, int]:
    """In how many whole minutes from now each audience is due, rounded."""
    return {code: round(minutes) for code, minutes in promise_kit.minutes_from(dbtime.now(), incident).items()}


@pytest.fixture
def slow(cast: SimpleNamespace) -> Incident:
    """A P2 whose first updates went out just now: technical due in 30 minutes, the others in 60."""
    made = promise_kit.declare(manager=cast.mia, priority="P2", audiences=["technical", "service_owners", "end_users"])
    promise_kit.publish(made, "technical", "service_owners", "end_users", author=cast.mia)
    assert due(made) == {"technical": 30, "service_owners": 60, "end_users": 60}
    return made


class TestEvents:
    @pytest.mark.parametrize(
        ("reason", "minutes"),
        [
            (RevisionReason.SITUATION_CHANGED, 10),
            (RevisionReason.NEW_INFORMATION, 10),
            (RevisionReason.CAPTURED_INCORRECTLY, 15),
            (RevisionReason.COMMUNICATED_INCORRECTLY, 15),
        ],
    )
    def test_a_revised_impact_is_told_soon(self, slow: Incident, reason: RevisionReason, minutes: int) -> None:
        promise_kit.append(slow, EntryKind.IMPACT_REVISED, data={"version": 2, "revision_reason": reason})

        assert set(due(slow).values()) == {minutes}
        assert UpdateDeadline.objects.filter(incident=slow, kept_at=None).count() == 3

    def test_the_first_impact_statement_is_no_event(self, slow: Incident) -> None:
        promise_kit.append(slow, EntryKind.IMPACT_STATED, data={"version": 1})
        assert due(slow)["technical"] == 30

    def test_a_restored_service_is_told_soon(self, slow: Incident) -> None:
        promise_kit.move_to(slow, IncidentState.MONITORING)
        assert set(due(slow).values()) == {10}

    def test_other_changes_of_state_move_nothing(self, slow: Incident) -> None:
        promise_kit.move_to(slow, IncidentState.MITIGATING)
        assert due(slow)["end_users"] == 60

    @pytest.mark.parametrize("kind", [EntryKind.HANDOVER_ACCEPTED, EntryKind.TAKEOVER])
    def test_a_new_manager_concerns_those_who_deal_with_the_manager(self, slow: Incident, kind: EntryKind) -> None:
        promise_kit.append(slow, kind, data={})
        assert due(slow) == {"technical": 10, "service_owners": 10, "end_users": 60}

    def test_what_is_due_sooner_or_late_already_stays(self, slow: Incident) -> None:
        soon, late = dbtime.now() + timedelta(minutes=4), dbtime.now() - timedelta(minutes=4)
        UpdateDeadline.objects.filter(audience__code="technical", kept_at=None).update(due_at=soon)
        UpdateDeadline.objects.filter(audience__code="end_users", kept_at=None).update(due_at=late)

        promise_kit.append(slow, EntryKind.IMPACT_REVISED, data={"revision_reason": "situation_changed"})

        assert due(slow) == {"technical": 4, "service_owners": 10, "end_users": -4}

    def test_the_notice_moves_with_the_deadline(self, slow: Incident) -> None:
        promise_kit.append(slow, EntryKind.IMPACT_REVISED, data={"revision_reason": "situation_changed"})
        row = promise_kit.open_of(slow)["end_users"]
        assert row.next_action_at is not None
        assert row.due_at - timedelta(minutes=10) <= row.next_action_at < row.due_at

    def test_an_audience_that_hears_of_changes_only_gets_a_deadline(self, cast: SimpleNamespace) -> None:
        incident = promise_kit.declare(manager=cast.mia, priority="P3", audiences=["executives"])
        promise_kit.append(incident, EntryKind.IMPACT_REVISED, data={"revision_reason": "situation_changed"})
        promise_kit.append(incident, EntryKind.IMPACT_REVISED, data={"revision_reason": "situation_changed"})

        assert due(incident) == {"executives": 10}

        _, kept, opened = promise_kit.publish(incident, "executives", author=cast.mia)
        assert (len(kept), opened) == (1, [])

    def test_an_imported_event_moves_nothing(self, slow: Incident) -> None:
        promise_kit.append(slow, EntryKind.IMPACT_REVISED, source=EntrySource.IMPORT, data={})
        assert due(slow)["technical"] == 30

    def test_after_the_end_nothing_moves_and_nothing_opens(self, slow: Incident) -> None:
        promise_kit.move_to(slow, IncidentState.RESOLVED)
        promise_kit.append(slow, EntryKind.IMPACT_REVISED, data={"revision_reason": "situation_changed"})
        assert due(slow) == {}


class TestPriority:
    def test_a_higher_priority_freezes_its_cadence_and_its_audiences_join(self, cast: SimpleNamespace) -> None:
        incident = promise_kit.declare(manager=cast.mia, priority="P3")
        assert "executives" not in due(incident)

        promise_kit.set_priority(incident, "P1")

        assert due(incident) == {
            "technical": 5, "service_desk": 10, "service_owners": 10, "executives": 10, "end_users": 10, "public": 10,
        }  # fmt: skip
        assert OwedAudience.objects.get(incident=incident, audience__code="public").every_minutes == 30

    def test_audiences_chosen_at_declaration_stay_as_chosen(self, slow: Incident) -> None:
        promise_kit.set_priority(slow, "P1")
        assert set(due(slow)) == {"technical", "service_owners", "end_users"}

    def test_a_cadence_that_would_have_been_broken_already_is_not_held_against_anybody(
        self, cast: SimpleNamespace
    ) -> None:
        incident = promise_kit.declare(manager=cast.mia, priority="P3", at=dbtime.now() - timedelta(minutes=28))
        promise_kit.set_priority(incident, "P1")
        assert min(due(incident).values()) == 2  # the technical teams' own first deadline, which was promised

    def test_a_lower_priority_slows_only_once_it_was_told(self, cast: SimpleNamespace) -> None:
        incident = promise_kit.declare(manager=cast.mia, audiences=["public", "technical"])
        promise_kit.publish(incident, "public", "technical", author=cast.mia)
        promise_kit.set_priority(incident, "P3")
        assert due(incident) == {"public": 10, "technical": 10}  # the change itself is told
        assert downgrades.awaited([incident.pk]) == {incident.pk: ["technical", "public"]}

        promise_kit.publish(incident, "public", "technical", author=cast.mia, kind=UpdateKind.HOLDING)
        assert due(incident) == {"public": 30, "technical": 15}  # the old cadence holds: nobody was told of another

        promise_kit.publish(incident, "public", author=cast.mia, kind=UpdateKind.DOWNGRADE)
        assert due(incident) == {"public": 240, "technical": 15}
        assert downgrades.awaited([incident.pk]) == {incident.pk: ["technical"]}

        promise_kit.publish(incident, "technical", author=cast.mia, kind=UpdateKind.DOWNGRADE)
        assert due(incident) == {"public": 240, "technical": 60}
        assert downgrades.awaited([incident.pk]) == {incident.pk: []}

    def test_a_rise_that_is_still_slower_than_what_was_promised_slows_nobody(self, cast: SimpleNamespace) -> None:
        incident = promise_kit.declare(manager=cast.mia, audiences=["public"])
        promise_kit.publish(incident, "public", author=cast.mia)
        promise_kit.set_priority(incident, "P3")
        promise_kit.set_priority(incident, "P2")
        promise_kit.publish(incident, "public", author=cast.mia)
        assert due(incident) == {"public": 30}  # every half an hour, as for a P1: the downgrade was never told
        promise_kit.publish(incident, "public", author=cast.mia, kind=UpdateKind.DOWNGRADE)
        assert due(incident) == {"public": 60}

    def test_an_edited_policy_never_moves_a_running_incident(self, cast: SimpleNamespace) -> None:
        incident = promise_kit.declare(manager=cast.mia, audiences=["public"])
        CadencePolicy.objects.filter(audience__code="public", priority="P1").update(every_minutes=120)
        promise_kit.publish(incident, "public", author=cast.mia, kind=UpdateKind.DOWNGRADE)  # though nothing went down
        assert due(incident) == {"public": 30}

    def test_a_lower_priority_makes_nobody_owed_anything_more(self, cast: SimpleNamespace) -> None:
        incident = promise_kit.declare(manager=cast.mia, priority="P1", audiences=["technical"])
        promise_kit.set_priority(incident, "P2")
        assert set(due(incident)) == {"technical"}

    @given(steps=st.lists(st.sampled_from(["P1", "P2", "P3", "update", "downgrade", "holding"]), max_size=8))
    @hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def test_whatever_happens_there_is_one_deadline_and_no_silence(
        self, cast: SimpleNamespace, steps: list[str]
    ) -> None:
        """Never two, never none, and never a cadence that is slower than the last one that an audience was told."""
        point = transaction.savepoint()
        incident = promise_kit.declare(manager=cast.mia, priority="P1", audiences=["public", "technical"])
        told = {"public": 30, "technical": 15}
        for step in steps:
            if step.startswith("P"):
                if step != incident.priority:
                    promise_kit.set_priority(incident, step)
            else:
                promise_kit.publish(incident, "public", "technical", author=cast.mia, kind=UpdateKind(step))
                if step == "downgrade" and incident.priority != "P1":
                    told = {"P2": {"public": 60, "technical": 30}, "P3": {"public": 240, "technical": 60}}[
                        incident.priority
                    ]
            rows = UpdateDeadline.objects.filter(OPEN, incident=incident)
            assert rows.count() == 2
            frozen = OwedAudience.objects.filter(incident=incident).values_list("audience__code", "every_minutes")
            assert all(minutes is not None and minutes <= told[code] for code, minutes in frozen)
        transaction.savepoint_rollback(point)


class TestEnd:
    @pytest.mark.parametrize(
        ("state", "reason"),
        [
            (IncidentState.RESOLVED, EndReason.RESOLVED),
            (IncidentState.CLOSED, EndReason.CLOSED),
            (IncidentState.CANCELLED, EndReason.CANCELLED),
        ],
    )
    def test_open_promises_end_with_the_reason(self, slow: Incident, state: IncidentState, reason: EndReason) -> None:
        ended_at = {} if state == IncidentState.RESOLVED else {"closed_at": dbtime.now()}
        promise_kit.move_to(slow, state, **ended_at)

        assert promise_kit.open_of(slow) == {}
        rows = UpdateDeadline.objects.filter(incident=slow, ended_at__isnull=False)
        assert {(row.end_reason, row.missed_at, row.next_action_at) for row in rows} == {(reason, None, None)}
        assert not OwedAudience.objects.filter(incident=slow, owed_until=None).exists()
        entry = TimelineEntry.objects.get(incident=slow, kind=EntryKind.DEADLINE_ENDED)
        assert (sorted(entry.data["audiences"]), entry.data["reason"]) == (
            ["end_users", "service_owners", "technical"], reason,
        )  # fmt: skip

    def test_cancelled_by_its_own_entry(self, slow: Incident) -> None:
        promise_kit.append(slow, EntryKind.CANCELLED, data={"from": "declared", "reason": "duplicate"})
        assert set(UpdateDeadline.objects.filter(ended_at__isnull=False).values_list("end_reason", flat=True)) == {
            "cancelled"
        }

    def test_a_promise_that_was_late_at_the_end_is_recorded_as_missed(self, slow: Incident) -> None:
        late = dbtime.now() - timedelta(seconds=1)
        UpdateDeadline.objects.filter(audience__code="technical", kept_at=None).update(due_at=late)

        promise_kit.move_to(slow, IncidentState.RESOLVED)

        missed = UpdateDeadline.objects.get(incident=slow, missed_at__isnull=False)
        assert (missed.audience.code, missed.due_at) == ("technical", late)
        entry = TimelineEntry.objects.get(incident=slow, kind=EntryKind.DEADLINE_MISSED)
        assert entry.data["deadlines"] == [missed.pk]

    def test_ended_twice_is_ended_once(self, slow: Incident) -> None:
        promise_kit.move_to(slow, IncidentState.RESOLVED)
        before = set(UpdateDeadline.objects.values_list("pk", "ended_at", "end_reason"))
        promise_kit.move_to(slow, IncidentState.CLOSED, closed_at=dbtime.now())
        assert set(UpdateDeadline.objects.values_list("pk", "ended_at", "end_reason")) == before
        assert TimelineEntry.objects.filter(kind=EntryKind.DEADLINE_ENDED).count() == 1


class TestReopened:
    def reopen(self, incident: Incident) -> None:
        before = incident.state
        incident.state = IncidentState.INVESTIGATING
        incident.save(update_fields=["state"])
        promise_kit.append(incident, EntryKind.REOPENED, data={"from": before, "to": "investigating", "reason": "r"})

    def test_every_audience_is_owed_again_within_ten_minutes(self, slow: Incident) -> None:
        promise_kit.move_to(slow, IncidentState.RESOLVED)

        self.reopen(slow)

        assert due(slow) == {"technical": 10, "service_owners": 10, "end_users": 10}
        assert OwedAudience.objects.filter(incident=slow, owed_until=None).count() == 3

    def test_reopened_while_watching_moves_what_is_open(self, slow: Incident) -> None:
        promise_kit.move_to(slow, IncidentState.MONITORING)
        UpdateDeadline.objects.filter(kept_at=None).update(due_at=dbtime.now() + timedelta(minutes=40))

        self.reopen(slow)

        assert set(due(slow).values()) == {10}
        assert UpdateDeadline.objects.filter(incident=slow, kept_at=None).count() == 3
