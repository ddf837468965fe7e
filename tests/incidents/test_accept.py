"""Accepting a candidate declares the incident; of two managers one wins."""

import threading
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection

from incidents.choices import CandidateState, EntryKind
from incidents.models import Candidate, CommandTenure, Incident
from incidents.queries import impact
from incidents.services.desk import candidates
from incidents.services.states import declaration
from mim_portal.lib.refusals import Forbidden, Invalid, Refusal
from teams.choices import Role
from teams.models import Person, Rota, RotaShift
from tests import factories
from tests.cast import ROLES
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")


def accept(reference: str | None, person: Person, **options: object) -> Incident:
    given: dict[str, object] = {"impact": 1, "urgency": 1, "manager": None, "now": NOON + timedelta(minutes=2)}
    return declaration.accept(reference=reference or "", person=person, **(given | options))  # type: ignore[arg-type]


def test_everything_begins_in_one_transaction(cast: SimpleNamespace) -> None:
    raised = kit.candidate(by=cast.desmond)
    incident = accept(raised.reference, cast.mia, audiences=["technical", "end_users"])
    assert (incident.reference, incident.priority, incident.state) == ("MI-2026-0001", "P1", "declared")
    tenure = CommandTenure.objects.get(incident=incident)
    assert (tenure.manager, tenure.started_at, tenure.ended_at) == (cast.mia, incident.declared_at, None)
    entries = list(incident.timeline.order_by("seq"))
    assert [entry.kind for entry in entries] == [
        EntryKind.DECLARED,
        EntryKind.IMPACT_STATED,
        EntryKind.COMMAND_STARTED,
    ]
    assert entries[0].data == {
        "priority": "P1",
        "impact": 1,
        "urgency": 1,
        "audiences": ["technical", "end_users"],
        "candidate": raised.reference,
        "manager": cast.mia.pk,
    }
    raised.refresh_from_db()
    assert (raised.state, raised.incident, raised.decided_by) == (CandidateState.ACCEPTED, incident, cast.mia)


def test_the_desks_answers_become_the_first_statement(cast: SimpleNamespace) -> None:
    incident = accept(kit.candidate(by=cast.desmond).reference, cast.mia)
    statement = impact.current(incident)
    assert statement.version == 1
    assert (statement.who, statement.not_affected) == ("store staff", "England")
    assert impact.sentence(statement).startswith(
        "About 1,200 store staff in Ireland and Scotland cannot submit timesheets in Payroll, since 09:10 (UTC+0)."
    )


def test_times_are_recorded_with_where_they_come_from(cast: SimpleNamespace) -> None:
    incident = accept(kit.candidate(by=cast.desmond).reference, cast.mia)
    assert incident.impact_started_at == datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
    assert (incident.candidate_at, incident.handover_accepted_at) == (NOON, NOON + timedelta(minutes=2))
    recorded = {row.field: (row.source, row.precision) for row in incident.recorded_times.all()}
    assert recorded["declared_at"] == ("system", "exact")
    assert recorded["impact_started_at"] == ("person", "approx")


def test_levels_fall_back_to_what_the_desk_proposed(cast: SimpleNamespace) -> None:
    raised = kit.candidate(by=cast.desmond, impact=2, urgency=1)
    assert accept(raised.reference, cast.mia, impact=None, urgency=None).priority == "P2"


@pytest.mark.parametrize(("given", "field"), [({"impact": None}, "impact"), ({"urgency": None}, "urgency")])
def test_without_levels_it_is_refused(cast: SimpleNamespace, given: dict[str, None], field: str) -> None:
    raised = kit.candidate(by=cast.desmond)
    with pytest.raises(Invalid) as refused:
        accept(raised.reference, cast.mia, **given)
    assert refused.value.field == field
    assert refused.value.status == 400


def test_a_service_that_nobody_knows_is_chosen_when_accepting(cast: SimpleNamespace) -> None:
    given = kit.facts() | {"service": None, "service_text": "the till thing"}
    raised = candidates.raise_candidate(person=cast.desmond, facts=given, now=NOON)
    with pytest.raises(Invalid) as refused:
        accept(raised.reference, cast.mia)
    assert refused.value.field == "service"
    tills = factories.service(slug="tills")
    assert accept(raised.reference, cast.mia, service=tills).service == tills


def test_another_manager_can_be_named(cast: SimpleNamespace) -> None:
    incident = accept(kit.candidate(by=cast.desmond).reference, cast.mia, manager=cast.omar)
    assert CommandTenure.objects.get(incident=incident).manager == cast.omar


def test_only_managers_and_deputies_can_be_accountable(cast: SimpleNamespace) -> None:
    raised = kit.candidate(by=cast.desmond)
    with pytest.raises(Invalid) as refused:
        accept(raised.reference, cast.mia, manager=cast.rosa)
    assert refused.value.field == "manager"
    with pytest.raises(Forbidden):
        accept(raised.reference, cast.rosa)


def test_the_desk_lead_waits_five_minutes_then_declares_for_the_manager_on_shift(cast: SimpleNamespace) -> None:
    rota = Rota.objects.create(name="Managers", role=Role.INCIDENT_MANAGER)
    RotaShift.objects.create(
        rota=rota, person=cast.omar, starts_at=NOON - timedelta(hours=1), ends_at=NOON + timedelta(hours=1)
    )
    raised = kit.candidate(by=cast.desmond)
    with pytest.raises(Forbidden):
        accept(raised.reference, cast.dara, now=NOON + timedelta(minutes=4))
    incident = accept(raised.reference, cast.dara, now=NOON + timedelta(minutes=5))
    assert CommandTenure.objects.get(incident=incident).manager == cast.omar


def test_with_nobody_on_the_rota_the_desk_lead_names_somebody(cast: SimpleNamespace) -> None:
    raised = kit.candidate(by=cast.desmond)
    later = NOON + timedelta(minutes=6)
    with pytest.raises(Invalid) as refused:
        accept(raised.reference, cast.dara, now=later)
    assert refused.value.field == "manager"
    incident = accept(raised.reference, cast.dara, manager=cast.mia, now=later)
    assert CommandTenure.objects.get(incident=incident).manager == cast.mia


def test_whoever_comes_second_is_told_who_was_first(cast: SimpleNamespace) -> None:
    raised = kit.candidate(by=cast.desmond)
    incident = accept(raised.reference, cast.mia)
    with pytest.raises(candidates.AlreadyDecided) as refused:
        accept(raised.reference, cast.omar)
    assert f"Mia Example accepted {raised.reference} at 12:02 (UTC+0)" in refused.value.message
    assert refused.value.extra == {
        "state": "accepted",
        "incident": incident.reference,
        "incident_url": f"http://127.0.0.1:8000/incidents/{incident.reference}/",
        "decided_by": "mia",
    }


def test_an_unknown_candidate_is_not_found(cast: SimpleNamespace) -> None:
    with pytest.raises(candidates.UnknownCandidate):
        accept("CA-2026-0404", cast.mia)


@pytest.mark.django_db(transaction=True)
def test_two_managers_at_the_same_instant_make_one_incident() -> None:
    people = {name: factories.person(username=name, roles=ROLES[name]) for name in ("desmond", "mia", "omar")}
    raised = kit.candidate(by=people["desmond"])
    start = threading.Barrier(2)
    outcomes: list[Incident | Refusal] = []

    def try_to_accept(person: Person) -> None:
        start.wait()
        try:
            outcomes.append(accept(raised.reference, person))
        except Refusal as refusal:
            outcomes.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=try_to_accept, args=(people[name],)) for name in ("mia", "omar")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    winners = [outcome for outcome in outcomes if isinstance(outcome, Incident)]
    losers = [outcome for outcome in outcomes if isinstance(outcome, candidates.AlreadyDecided)]
    assert (len(winners), len(losers)) == (1, 1)
    winner = CommandTenure.objects.get().manager
    assert losers[0].message.startswith(f"{winner.name} accepted")
    assert Incident.objects.count() == 1
    assert Candidate.objects.get().incident == winners[0]


@pytest.mark.django_db(transaction=True)
def test_two_declarations_at_once_get_two_references() -> None:
    mia = factories.manager(username="mia")
    service = factories.service()
    start, references = threading.Barrier(3), []

    def declare() -> None:
        start.wait()
        references.append(kit.incident(manager=mia, service=service).reference)
        connection.close()

    threads = [threading.Thread(target=declare) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(references) == ["MI-2026-0001", "MI-2026-0002", "MI-2026-0003"]
