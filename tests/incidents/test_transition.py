"""From declared to closed: guards, times, and the end of accountability."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from incidents.choices import EntryKind, HandoverState, IncidentState
from incidents.models import CommandTenure, Incident
from incidents.queries import progress, timeline
from incidents.services.accountability import command
from incidents.services.locking import UnknownIncident
from incidents.services.record import details
from incidents.services.states import lifecycle
from incidents.services.work import tasks
from mim_portal.lib.refusals import Invalid
from teams.models import Person
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


def move(incident: Incident, to: str, by: Person, minutes: int = 0, **options: Any) -> Incident:
    now = NOON + timedelta(minutes=minutes)
    return lifecycle.transition(reference=incident.reference, to=to, person=by, now=now, **options)


def restore(incident: Incident, by: Person, minutes: int = 10, **options: Any) -> Incident:
    return move(incident, IncidentState.MONITORING, by, minutes, confirmed_by="desk", **options)


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def test_steps_may_be_skipped_and_set_their_times(incident: Incident, cast: SimpleNamespace) -> None:
    assert move(incident, "identified", cast.mia, 5, reason="not asked yet").diagnosed_at == at(5)
    assert move(incident, "mitigating", cast.mia, 6, reason="rolling back").fix_started_at == at(6)
    entry = incident.timeline.latest("seq")
    assert (entry.kind, entry.actor, entry.at) == (EntryKind.STATE_CHANGED, cast.mia, at(6))
    assert entry.data == {
        "from": "identified",
        "to": "mitigating",
        "reason": "rolling back",
        "confirmed_by": "",
        "unknown": ["action", "owner", "time_box", "rollback"],
    }


def test_a_time_that_somebody_recorded_stays(incident: Incident, cast: SimpleNamespace) -> None:
    move(incident, "identified", cast.mia, 5, reason="seen")
    move(incident, "investigating", cast.mia, 6, reason="not the cause")
    assert move(incident, "identified", cast.mia, 9, reason="seen").diagnosed_at == at(5)


def test_restored_is_from_when_somebody_recorded_it(incident: Incident, cast: SimpleNamespace) -> None:
    details.record_times(reference=incident.reference, given={"service_restored_at": at(7)}, person=cast.mia, now=at(9))
    assert restore(incident, cast.mia, 10).service_restored_at == at(7)


@pytest.mark.parametrize("recorded", [-30, 7])
def test_a_time_that_is_given_counts_more(incident: Incident, cast: SimpleNamespace, recorded: int) -> None:
    details.record_times(
        reference=incident.reference, given={"service_restored_at": at(recorded)}, person=cast.mia, now=at(9)
    )
    assert restore(incident, cast.mia, 10, at=at(8)).service_restored_at == at(8)


def test_a_restoration_before_the_declaration_is_not_taken_up(incident: Incident, cast: SimpleNamespace) -> None:
    details.record_times(
        reference=incident.reference, given={"service_restored_at": at(-30)}, person=cast.mia, now=at(9)
    )
    assert restore(incident, cast.mia, 10).service_restored_at == at(10)


CAUSE = {"evidence": "https://logs.example.org/42"}
FIX = {"action": "Roll back release 412", "time_box": 30, "rollback": "Restore the snapshot"}


def test_a_confirmed_cause_says_by_whom_and_on_what_evidence(incident: Incident, cast: SimpleNamespace) -> None:
    moved = move(incident, "identified", cast.mia, 5, facts={**CAUSE, "confirmer": cast.rosa})
    assert moved.cause_confirmed_at == at(5)
    entry = incident.timeline.latest("seq")
    assert (entry.data["confirmer"], entry.data["evidence"]) == (cast.rosa.pk, CAUSE["evidence"])
    assert timeline.words(entry) == (
        "State changed from declared to identified. Cause confirmed by Rosa Example. "
        "Evidence: https://logs.example.org/42."
    )
    assert move(incident, "investigating", cast.mia, 8, reason="It was not").cause_confirmed_at is None


def test_a_fix_says_what_who_how_long_and_what_if_not(incident: Incident, cast: SimpleNamespace) -> None:
    move(incident, "mitigating", cast.mia, 5, facts={**FIX, "owner": cast.rosa})
    entry = incident.timeline.latest("seq")
    assert entry.data["until"] == "2026-11-23T12:35:00.000Z"
    assert timeline.words(entry) == (
        "State changed from declared to mitigating. Action: Roll back release 412. Owner: Rosa Example. "
        "Time box: 30 min, until Mon 23 Nov, 12:35 (UTC+0). If it does not work: Restore the snapshot."
    )


def test_what_is_not_known_yet_is_no_dead_end(incident: Incident, cast: SimpleNamespace) -> None:
    with pytest.raises(lifecycle.BadInput) as refused:
        move(incident, "identified", cast.mia, 5, facts=CAUSE)
    assert (refused.value.code, refused.value.field, refused.value.status) == ("fact_missing", "confirmer", 400)
    moved = move(incident, "identified", cast.mia, 5, facts=CAUSE, reason="The lead is on the bridge")
    assert moved.cause_confirmed_at is None
    assert timeline.words(incident.timeline.latest("seq")) == (
        "State changed from declared to identified. Evidence: https://logs.example.org/42. "
        "Not known yet: confirmer. The lead is on the bridge"
    )


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"lunch": "soup"}, "lunch"),
        ({**FIX, "action": "x" * 501}, "action"),
        ({**FIX, "time_box": 0}, "time_box"),
        ({**FIX, "time_box": 10_081}, "time_box"),
    ],
)
def test_a_fact_that_cannot_be_is_named(
    incident: Incident, cast: SimpleNamespace, facts: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        move(incident, "mitigating", cast.mia, 5, facts=facts, reason="soon")
    assert refused.value.field == field


def test_restored_is_confirmed_from_the_users_side(incident: Incident, cast: SimpleNamespace) -> None:
    with pytest.raises(lifecycle.BadInput) as refused:
        move(incident, "monitoring", cast.mia, 10, confirmed_by="the fixing team")
    assert (refused.value.field, refused.value.status) == ("confirmed_by", 400)
    restored = restore(incident, cast.mia, 10, at=at(8))
    assert restored.service_restored_at == at(8)
    assert restored.restored_confirmed_at == at(10)
    assert restored.mitigated_at == at(8)
    assert incident.timeline.latest("seq").at == at(8)


def test_an_impossible_step_names_the_possible_ones(incident: Incident, cast: SimpleNamespace) -> None:
    with pytest.raises(lifecycle.NotPossible) as refused:
        move(incident, "resolved", cast.mia, 1)
    assert refused.value.status == 409
    assert refused.value.extra["allowed"] == [
        "investigating",
        "identified",
        "mitigating",
        "monitoring",
        "cancelled",
    ]


def test_a_word_that_is_no_state_is_a_bad_input(incident: Incident, cast: SimpleNamespace) -> None:
    with pytest.raises(lifecycle.BadInput) as refused:
        move(incident, "fixed", cast.mia)
    assert (refused.value.code, refused.value.field) == ("unknown_state", "to")


@pytest.mark.parametrize(
    ("options", "field"),
    [({"at": at(-1)}, "at"), ({"at": at(30)}, "at")],
)
def test_it_happened_between_declaration_and_now(
    incident: Incident, cast: SimpleNamespace, options: dict[str, Any], field: str
) -> None:
    with pytest.raises(lifecycle.BadInput) as refused:
        move(incident, "investigating", cast.mia, 5, **options)
    assert refused.value.field == field


def test_resolved_waits_for_the_watch_period(incident: Incident, cast: SimpleNamespace, settings: Any) -> None:
    settings.WATCH_MINUTES = {"P1": 60}
    restored = restore(incident, cast.mia, 10, at=at(8))
    assert lifecycle.watch_ends_at(restored) == at(68)
    with pytest.raises(lifecycle.NotPossible) as refused:
        move(incident, "resolved", cast.mia, 67)
    assert refused.value.code == "watch_period"
    assert "13:08 (UTC+0)" in refused.value.message
    assert move(incident, "resolved", cast.mia, 68).resolved_at == at(68)


def test_before_restoration_nobody_watches(incident: Incident) -> None:
    assert lifecycle.watch_ends_at(incident) is None


def test_guards_of_other_apps_can_refuse(incident: Incident, cast: SimpleNamespace, alone: Any) -> None:
    alone.TRANSITION_GUARDS = ["tests.incidents.listeners.nothing_resolves"]
    alone.WATCH_MINUTES = {"P1": 0}
    restore(incident, cast.mia)
    with pytest.raises(lifecycle.NotPossible) as refused:
        move(incident, "resolved", cast.mia, 20)
    assert refused.value.code == "not_told"
    assert refused.value.extra["missing"] == ["end_users"]
    assert "restored message" in refused.value.message
    incident.refresh_from_db()
    assert incident.state == IncidentState.MONITORING


def test_closing_ends_accountability_at_that_instant(incident: Incident, cast: SimpleNamespace, settings: Any) -> None:
    settings.WATCH_MINUTES = {"P1": 0}
    restore(incident, cast.mia)
    move(incident, "resolved", cast.mia, 20)
    assert CommandTenure.objects.get(incident=incident).ended_at is None
    kit.answer_closing(incident, by=cast.mia, second=cast.omar, now=at(25))
    closed = move(incident, "closed", cast.mia, 30)
    assert closed.closed_at == at(30)
    assert CommandTenure.objects.get(incident=incident).ended_at == at(30)


def test_cancelling_needs_a_reason_and_ends_it_too(incident: Incident, cast: SimpleNamespace) -> None:
    with pytest.raises(lifecycle.BadInput) as refused:
        move(incident, "cancelled", cast.mia, 5)
    assert refused.value.field == "reason"
    cancelled = move(incident, "cancelled", cast.mia, 5, reason="duplicate of MI-2026-0007")
    assert CommandTenure.objects.get(incident=incident).ended_at == cancelled.closed_at == at(5)
    entry = incident.timeline.latest("seq")
    assert entry.kind == EntryKind.CANCELLED
    assert entry.data == {"from": "declared", "reason": "duplicate of MI-2026-0007"}


def test_cancelled_in_the_instant_of_declaration_still_has_a_tenure(incident: Incident, cast: SimpleNamespace) -> None:
    cancelled = move(incident, "cancelled", cast.mia, 0, reason="declared in error")
    tenure = CommandTenure.objects.get(incident=incident)
    assert tenure.ended_at == cancelled.closed_at
    assert tenure.ended_at is not None
    assert tenure.ended_at > tenure.started_at


def test_an_open_offer_ends_with_the_incident(incident: Incident, cast: SimpleNamespace) -> None:
    offered = command.offer(reference=incident.reference, person=cast.mia, to=cast.omar, fields={}, now=NOON)
    move(incident, "cancelled", cast.mia, 5, reason="in error")
    offered.refresh_from_db()
    assert offered.state == HandoverState.WITHDRAWN
    assert "12:05" in offered.answer_reason


@pytest.mark.parametrize("state", ["monitoring", "resolved"])
def test_reopening_takes_the_restoration_back_and_keeps_it_on_record(
    incident: Incident, cast: SimpleNamespace, settings: Any, state: str
) -> None:
    settings.WATCH_MINUTES = {"P1": 0}
    restore(incident, cast.mia)
    if state == "resolved":
        move(incident, "resolved", cast.mia, 20)
    with pytest.raises(lifecycle.BadInput):
        move(incident, "investigating", cast.mia, 25)
    reopened = move(incident, "investigating", cast.mia, 25, reason="callers report it again")
    assert (reopened.service_restored_at, reopened.restored_confirmed_at, reopened.resolved_at) == (None, None, None)
    kept = list(incident.recorded_times.filter(field="service_restored_at").order_by("id").values_list("at", flat=True))
    assert kept == [at(10), None]
    entry = incident.timeline.latest("seq")
    assert entry.kind == EntryKind.REOPENED
    assert entry.data["from"] == state
    assert CommandTenure.objects.get(incident=incident).ended_at is None


def test_closed_is_final(
    incident: Incident, cast: SimpleNamespace, settings: Any, signed_in: Callable[[Person], Client]
) -> None:
    settings.WATCH_MINUTES = {"P1": 0}
    restore(incident, cast.mia)
    move(incident, "resolved", cast.mia, 20)
    kit.answer_closing(incident, by=cast.mia, second=cast.omar, now=at(25))
    move(incident, "closed", cast.mia, 30)
    with pytest.raises(lifecycle.NotPossible) as refused:
        move(incident, "investigating", cast.mia, 40, reason="again")
    assert refused.value.extra["allowed"] == []
    page = signed_in(cast.mia).get(f"/incidents/{incident.reference}/state/").content.decode()
    assert "has ended, and that is final" in page
    assert f"/incidents/{incident.reference}/recurrence/" in page
    for asked in ("Since when?", "it can be resolved from then on"):
        assert asked not in page


def test_what_a_state_usually_has_is_said_before_and_after_the_step_and_stops_nobody(
    incident: Incident, cast: SimpleNamespace, settings: Any, signed_in: Callable[[Person], Client]
) -> None:
    settings.WATCH_MINUTES = {"P1": 0}
    mia, page = signed_in(cast.mia), f"/incidents/{incident.reference}/state/"
    nobody, still = (
        "No team has joined yet. Ask one for help.",
        "1 task is still open. Resolved means that no emergency",
    )
    assert nobody in mia.get(page).content.decode()
    moved = mia.post(page, {"to": "investigating"}, follow=True).content.decode()
    assert (nobody in moved, still in moved) == (True, False)
    restore(incident, cast.mia)
    opened = tasks.open_task(reference=incident.reference, title="Take the extra node out", person=cast.mia, now=at(16))
    assert still in mia.get(page).content.decode()
    assert still in mia.post(page, {"to": "resolved"}, follow=True).content.decode()
    incident.refresh_from_db()
    assert incident.state == "resolved"
    tasks.done(task_id=opened.pk, person=cast.mia, now=at(20))
    assert progress.warnings(incident) == []


def test_a_private_incident_does_not_exist_for_others(cast: SimpleNamespace) -> None:
    private = kit.incident(manager=cast.mia, is_private=True)
    with pytest.raises(UnknownIncident):
        move(private, "investigating", cast.omar, 5)
    assert move(private, "investigating", cast.mia, 5).state == "investigating"


def test_an_unknown_reference_is_not_found(cast: SimpleNamespace) -> None:
    with pytest.raises(UnknownIncident):
        lifecycle.transition(reference="MI-2026-0404", to="investigating", person=cast.mia, now=NOON)
