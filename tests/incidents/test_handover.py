"""Accountability moves by offer and acceptance, at one instant, and never through nobody."""

import threading
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from incidents.choices import EntryKind, HandoverState
from incidents.models import CommandTenure, Handover, Incident
from incidents.queries import command as queries
from incidents.queries import due
from incidents.rules.handover import FIELD_CODES, Due
from incidents.services.accountability import command, people
from incidents.services.accountability.commitments import Promise
from incidents.services.locking import UnknownIncident
from incidents.services.states import lifecycle
from incidents.services.work import engagements
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Forbidden, Invalid, Refusal
from tests import factories
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")
WORDS = "End users hear at 12:30, then the failover decision, then Dublin's callback."


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


@pytest.fixture
def offered(incident: Incident, cast: SimpleNamespace) -> Handover:
    return command.offer(reference=incident.reference, person=cast.mia, to=cast.omar, fields={}, now=NOON)


def test_an_offer_does_not_move_anything(incident: Incident, offered: Handover, cast: SimpleNamespace) -> None:
    assert queries.current_manager(incident) == cast.mia
    assert queries.open_handover(incident) == offered
    assert list(queries.waiting_for(cast.omar)) == [offered]
    entry = incident.timeline.latest("seq")
    assert entry.kind == EntryKind.HANDOVER_OFFERED
    assert entry.data == {"handover": offered.pk, "from": cast.mia.pk, "to": cast.omar.pk}


def test_what_is_not_sent_is_stored_as_none(incident: Incident, cast: SimpleNamespace) -> None:
    offered = command.offer(
        reference=incident.reference, person=cast.mia, to=cast.omar, fields={"contingency": "roll back"}, now=NOON
    )
    assert set(offered.fields) == set(FIELD_CODES)
    assert offered.fields["contingency"] == "roll back"
    assert offered.fields["hypotheses"] == "none"


def test_a_field_that_is_none_of_the_brief_is_refused(incident: Incident, cast: SimpleNamespace) -> None:
    with pytest.raises(Invalid) as refused:
        command.offer(reference=incident.reference, person=cast.mia, to=cast.omar, fields={"mood": "fine"}, now=NOON)
    assert refused.value.field == "mood"


def test_the_brief_comes_from_the_record_and_from_other_apps(
    incident: Incident, cast: SimpleNamespace, alone: Any
) -> None:
    alone.BRIEF_SOURCES = ["tests.incidents.listeners.promises"]
    team = factories.team(slug="database", name="Database")
    engagements.engage(reference=incident.reference, team=team, person=cast.mia, now=NOON)
    offered = command.offer(
        reference=incident.reference, person=cast.mia, to=cast.omar, fields={}, now=NOON + timedelta(minutes=9)
    )
    brief = offered.brief
    assert brief["state_and_trend"] == "Declared, P1"
    assert brief["running_for"] == "9 min"
    assert "cannot submit timesheets" in brief["impact"]
    assert brief["teams_engaged"] == [{"team": "Database", "state": "Asked", "for": "9 min"}]
    assert brief["promises"] == f"{incident.reference}: end users 12:30"


def test_accepting_moves_accountability_at_one_instant(
    incident: Incident, offered: Handover, cast: SimpleNamespace
) -> None:
    before = dbtime.now()
    accepted = command.accept(handover_id=offered.pk, person=cast.omar, restatement=WORDS, now=NOON)
    first, second = CommandTenure.objects.filter(incident=incident).order_by("started_at")
    moved_at = second.started_at
    assert first.ended_at == moved_at == accepted.answered_at
    assert before <= second.started_at <= dbtime.now()
    assert (second.manager, second.ended_at) == (cast.omar, None)
    assert accepted.restatement == WORDS
    assert queries.manager_at(incident.pk, moved_at) == cast.omar.pk
    assert queries.manager_at(incident.pk, moved_at - timedelta(microseconds=1)) == cast.mia.pk
    assert incident.timeline.latest("seq").at == first.ended_at


@pytest.mark.parametrize("restatement", ["", "  ", "ok", "Understood."])
def test_without_own_words_nothing_moves(
    incident: Incident, offered: Handover, cast: SimpleNamespace, restatement: str
) -> None:
    with pytest.raises(Invalid) as refused:
        command.accept(handover_id=offered.pk, person=cast.omar, restatement=restatement, now=NOON)
    assert refused.value.field == "restatement"
    assert queries.current_manager(incident) == cast.mia


def test_only_the_receiver_answers_and_only_the_giver_withdraws(offered: Handover, cast: SimpleNamespace) -> None:
    with pytest.raises(Forbidden):
        command.accept(handover_id=offered.pk, person=cast.dan, restatement=WORDS, now=NOON)
    with pytest.raises(Forbidden):
        command.decline(handover_id=offered.pk, person=cast.mia, reason="", now=NOON)
    with pytest.raises(Forbidden):
        command.withdraw(handover_id=offered.pk, person=cast.omar, now=NOON)


def test_declining_says_why(incident: Incident, offered: Handover, cast: SimpleNamespace) -> None:
    declined = command.decline(handover_id=offered.pk, person=cast.omar, reason="On another P1", now=NOON)
    assert (declined.state, declined.answer_reason) == (HandoverState.DECLINED, "On another P1")
    assert queries.current_manager(incident) == cast.mia
    assert incident.timeline.latest("seq").text == "On another P1"


def test_a_withdrawn_offer_cannot_be_accepted(offered: Handover, cast: SimpleNamespace) -> None:
    command.withdraw(handover_id=offered.pk, person=cast.mia, now=NOON, reason="Shift changed")
    with pytest.raises(command.HandoverRefused) as refused:
        command.accept(handover_id=offered.pk, person=cast.omar, restatement=WORDS, now=NOON)
    assert refused.value.extra == {"state": "withdrawn"}


def test_one_offer_at_a_time(incident: Incident, offered: Handover, cast: SimpleNamespace) -> None:
    with pytest.raises(command.HandoverRefused) as refused:
        command.offer(reference=incident.reference, person=cast.mia, to=cast.dan, fields={}, now=NOON)
    assert refused.value.extra == {"handover": offered.pk}
    assert "Omar Example" in refused.value.message


@pytest.mark.parametrize(
    ("giver", "receiver", "code"),
    [("omar", "dan", "not_accountable"), ("mia", "mia", "same_person"), ("mia", "rosa", "not_a_manager")],
)
def test_who_can_hand_over_to_whom(
    incident: Incident, cast: SimpleNamespace, giver: str, receiver: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        command.offer(
            reference=incident.reference,
            person=getattr(cast, giver),
            to=getattr(cast, receiver),
            fields={},
            now=NOON,
        )
    assert refused.value.code == code


def test_an_unknown_offer_is_not_found(cast: SimpleNamespace) -> None:
    with pytest.raises(UnknownIncident):
        command.accept(handover_id=404, person=cast.omar, restatement=WORDS, now=NOON)


def test_taking_over_needs_a_reason_and_takes_the_offer_back(
    incident: Incident, offered: Handover, cast: SimpleNamespace
) -> None:
    with pytest.raises(Invalid):
        command.take_over(reference=incident.reference, person=cast.dan, reason=" ", now=NOON)
    command.take_over(reference=incident.reference, person=cast.dan, reason="Mia's line is dead", now=NOON)
    assert queries.current_manager(incident) == cast.dan
    offered.refresh_from_db()
    assert offered.state == HandoverState.WITHDRAWN
    entry = incident.timeline.latest("seq")
    assert entry.kind == EntryKind.TAKEOVER
    assert entry.data == {"from": cast.mia.pk, "to": cast.dan.pk, "reason": "Mia's line is dead"}
    with pytest.raises(command.HandoverRefused):
        command.take_over(reference=incident.reference, person=cast.dan, reason="again", now=NOON)


def test_an_administrator_appoints_and_is_not_accountable(incident: Incident, cast: SimpleNamespace) -> None:
    given: dict[str, Any] = {"reference": incident.reference, "reason": "Mia cannot be reached", "now": NOON}
    with pytest.raises(Invalid) as refused:
        command.take_over(person=cast.ada, **given)
    assert (refused.value.field, refused.value.code) == ("manager", "required")
    for manager in (cast.ada, cast.rosa):
        with pytest.raises(Invalid) as not_a_manager:
            command.take_over(person=cast.ada, manager=manager, **given)
        assert not_a_manager.value.code == "not_a_manager"
    with pytest.raises(command.HandoverRefused) as already:
        command.take_over(person=cast.ada, manager=cast.mia, **given)
    assert already.value.message == "Mia Example is accountable already."
    command.take_over(person=cast.ada, manager=cast.omar, **given)
    assert queries.current_manager(incident) == cast.omar
    entry = incident.timeline.latest("seq")
    assert (entry.actor, entry.data["to"]) == (cast.ada, cast.omar.pk)


def test_who_cannot_take_over(incident: Incident, cast: SimpleNamespace) -> None:
    given: dict[str, Any] = {"reference": incident.reference, "reason": "No answer", "now": NOON}
    with pytest.raises(Forbidden):
        command.take_over(person=cast.rosa, **given)
    with pytest.raises(Invalid) as refused:
        command.take_over(person=cast.omar, manager=cast.dan, **given)
    assert refused.value.code == "not_yourself"
    hidden = kit.incident(manager=cast.mia, is_private=True)
    with pytest.raises(UnknownIncident):
        command.take_over(person=cast.ada, manager=cast.omar, **{**given, "reference": hidden.reference})


def test_a_technical_lead_hands_on_first_but_takes_over_at_once(
    incident: Incident, offered: Handover, cast: SimpleNamespace
) -> None:
    people.assign(reference=incident.reference, role="technical_lead", to=cast.omar, person=cast.mia, now=NOON)
    with pytest.raises(people.RoleRefused) as refused:
        command.accept(handover_id=offered.pk, person=cast.omar, restatement=WORDS, now=NOON)
    assert refused.value.code == "role_conflict"
    command.take_over(reference=incident.reference, person=cast.omar, reason="Mia's line is dead", now=NOON)
    kinds = list(incident.timeline.order_by("-seq").values_list("kind", flat=True)[:2])
    assert kinds == [EntryKind.ROLE_ENDED, EntryKind.TAKEOVER]


def test_a_deputy_who_takes_command_is_no_deputy_any_more(
    incident: Incident, offered: Handover, cast: SimpleNamespace
) -> None:
    people.assign(reference=incident.reference, role="deputy_mim", to=cast.omar, person=cast.mia, now=NOON)
    command.accept(handover_id=offered.pk, person=cast.omar, restatement=WORDS, now=NOON)
    assert incident.timeline.latest("seq").kind == EntryKind.ROLE_ENDED


def test_promises_to_teams_go_into_the_record_and_the_brief(incident: Incident, cast: SimpleNamespace) -> None:
    team = factories.team(name="Database")
    offered = command.offer(
        reference=incident.reference, person=cast.mia, to=cast.omar, fields={}, now=NOON,
        promises=[Promise(team=team, text="Relief at six.", due_at=NOON + timedelta(hours=6))],
    )  # fmt: skip
    assert offered.brief["commitments"] == [
        {"team": "Database", "text": "Relief at six.", "due": "Mon 23 Nov, 18:00 (UTC+0)"}
    ]
    assert list(due.next_due([incident])[incident.pk]) == [
        Due(at=NOON + timedelta(hours=6), what="Promised to Database: Relief at six.")
    ]


def test_the_gap_is_counted_from_the_rows(incident: Incident, cast: SimpleNamespace) -> None:
    assert queries.gap_seconds(incident) == 0
    Incident.objects.filter(pk=incident.pk).update(declared_at=NOON - timedelta(seconds=90))
    assert queries.gap_seconds(incident) == 90


def test_nobody_takes_over_what_has_ended(incident: Incident, cast: SimpleNamespace) -> None:
    now = timezone.now()
    lifecycle.transition(reference=incident.reference, to="cancelled", person=cast.mia, now=now, reason="in error")
    with pytest.raises(command.HandoverRefused) as refused:
        command.take_over(reference=incident.reference, person=cast.omar, reason="x", now=now)
    assert refused.value.code == "ended"


def test_a_closed_incident_was_commanded_without_a_gap(
    incident: Incident, offered: Handover, cast: SimpleNamespace, settings: Any
) -> None:
    settings.WATCH_MINUTES = {"P1": 0}
    command.accept(handover_id=offered.pk, person=cast.omar, restatement=WORDS, now=NOON)
    command.take_over(reference=incident.reference, person=cast.mia, reason="Omar is on a train", now=NOON)
    now = timezone.now()
    for to, confirmed_by in (("monitoring", "desk"), ("resolved", ""), ("closed", "")):
        if to == "closed":
            kit.answer_closing(incident, by=cast.mia, second=cast.omar, now=now)
        lifecycle.transition(reference=incident.reference, to=to, person=cast.mia, now=now, confirmed_by=confirmed_by)
    incident.refresh_from_db()
    tenures = list(queries.tenures(incident))
    assert tenures[0].started_at == incident.declared_at
    assert tenures[-1].ended_at == incident.closed_at
    assert [row.ended_at for row in tenures[:-1]] == [row.started_at for row in tenures[1:]]
    assert queries.current_tenure(incident) is None
    assert queries.current_manager(incident) == cast.mia
    assert queries.managers_of([incident.pk]) == {incident.pk: cast.mia}
    assert Incident.objects.annotate(name=queries.last_manager_name()).get().name == cast.mia.name


@pytest.mark.django_db(transaction=True)
def test_accepting_and_taking_over_at_once_leave_one_manager() -> None:
    mia, omar, dan = (factories.manager(username=name) for name in ("mia", "omar", "dan"))
    incident = kit.incident(manager=mia)
    offered = command.offer(reference=incident.reference, person=mia, to=omar, fields={}, now=NOON)
    start, outcomes = threading.Barrier(2), []

    def attempt(verb: Any, options: dict[str, Any]) -> None:
        start.wait()
        try:
            verb(**options)
            outcomes.append("done")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    attempts: list[tuple[Any, dict[str, Any]]] = [
        (command.accept, {"handover_id": offered.pk, "person": omar, "restatement": WORDS, "now": NOON}),
        (command.take_over, {"reference": incident.reference, "person": dan, "reason": "unreachable", "now": NOON}),
    ]
    threads = [threading.Thread(target=attempt, args=each) for each in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(outcomes) in (["done", "done"], ["already_answered", "done"])
    tenures = list(queries.tenures(incident))
    assert [row.ended_at for row in tenures[:-1]] == [row.started_at for row in tenures[1:]]
    assert tenures[-1].ended_at is None
