"""What looks the same as what is typed: running, ended lately, waiting; and nothing that the person may not see."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.models import Incident, IncidentMember
from incidents.queries import similar
from incidents.services.desk import candidates
from incidents.services.record import impact
from teams.models import Person, Service
from tests import factories
from tests.incidents import kit
from tests.naughty.texts import OWN, big_list

pytestmark = pytest.mark.usefixtures("alone")


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def incident(cast: SimpleNamespace, now: datetime) -> Incident:
    """Its title does not say timesheets; its statement does."""
    statement = {"who": "store staff", "activity": "submit timesheets", "where": "Ireland and Scotland"}
    return kit.incident(
        manager=cast.mia, title="Payroll outage", service=factories.service(slug="payroll", name="Payroll"),
        impact_statement=statement, now=now - timedelta(hours=1),
    )  # fmt: skip


def find(person: Person, text: str = "", where: str = "", service: Service | None = None) -> similar.Found:
    return similar.find(person=person, service=service, text=text, where=where, now=timezone.now())


def whys(found: Any) -> dict[str, str]:
    return {one.row.reference: one.why for one in found}


def test_the_statement_is_searched_too_and_why_is_said(incident: Incident, cast: SimpleNamespace) -> None:
    found = find(cast.desmond, "Staff cannot submit their timesheet", "Scotland", incident.service)
    why = "same service, same words: submit, timesheets, same place: scotland"
    assert whys(found.incidents) == {incident.reference: why}


def test_without_a_service_the_words_find_it(incident: Incident, cast: SimpleNamespace) -> None:
    assert whys(find(cast.desmond, "cannot submit timeshee").incidents) == {
        incident.reference: "same words: submit, timesheets"
    }
    assert find(cast.desmond, "cannot print labels").incidents == []
    assert find(cast.desmond, "") == similar.Found()


def test_the_newest_statement_counts(incident: Incident, cast: SimpleNamespace) -> None:
    impact.state(
        reference=incident.reference, person=cast.mia, fields={"activity": "print payslips"},
        revision_reason="situation_changed", now=timezone.now(),
    )  # fmt: skip
    assert find(cast.desmond, "submit timesheets").incidents == []
    assert incident.reference in whys(find(cast.desmond, "cannot print payslips").incidents)


@pytest.mark.parametrize(("days", "is_shown"), [(1, True), (13, True), (15, False)])
def test_what_ended_lately_is_shown_and_takes_no_callers(
    incident: Incident, cast: SimpleNamespace, now: datetime, days: int, is_shown: bool
) -> None:
    ended = now - timedelta(days=days)
    Incident.objects.filter(pk=incident.pk).update(
        state="closed", resolved_at=ended, closed_at=ended, declared_at=ended - timedelta(hours=2)
    )
    found = find(cast.desmond, "submit timesheets").incidents
    assert len(found) == int(is_shown)
    assert [(one.may_add, one.ended_at) for one in found] == [(False, ended)] * is_shown


def test_what_runs_comes_before_what_ended_and_exercises(
    incident: Incident, cast: SimpleNamespace, now: datetime
) -> None:
    text = {"activity": "submit timesheets"}
    drill = kit.incident(
        manager=cast.mia, title="Drill", service=incident.service, impact_statement=text, is_exercise=True, now=now
    )
    over = kit.incident(manager=cast.mia, title="submit timesheets", service=incident.service, now=now)
    Incident.objects.filter(pk=over.pk).update(state="closed", closed_at=now, resolved_at=now)
    found = find(cast.desmond, "submit timesheets", "", incident.service).incidents
    assert [one.row for one in found] == [incident, drill, over]


def test_candidates_that_wait_are_found(cast: SimpleNamespace) -> None:
    waiting = kit.candidate(by=cast.desmond, where="Dublin")
    decided = kit.candidate(by=cast.desmond, service=waiting.service)
    candidates.reject(reference=decided.reference or "", person=cast.mia, reason="known error", now=timezone.now())
    candidates.save_draft(person=cast.dara, facts={"cannot_do": "submit timesheets"}, draft_id=None, now=timezone.now())
    found = find(cast.dara, "submit timesheets", "Dublin")
    assert whys(found.candidates) == {waiting.reference: "same words: submit, timesheets, same place: dublin"}


def test_a_private_incident_is_suggested_to_its_members_alone(incident: Incident, cast: SimpleNamespace) -> None:
    Incident.objects.filter(pk=incident.pk).update(is_private=True)
    assert find(cast.desmond, "submit timesheets", "", incident.service).incidents == []
    assert incident.reference in whys(find(cast.mia, "submit timesheets").incidents)
    IncidentMember.objects.create(incident=incident, person=cast.desmond)
    assert incident.reference in whys(find(cast.desmond, "submit timesheets").incidents)
    assert find(cast.olaf, "submit timesheets").incidents == []


def test_it_costs_two_queries_whatever_there_is(
    incident: Incident, cast: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(6):
        kit.incident(manager=cast.mia, title=f"Timesheets {number}", service=incident.service)
        kit.candidate(by=cast.desmond, service=incident.service)
    with django_assert_num_queries(2):
        found = find(cast.desmond, "submit timesheets", "", incident.service)
    assert (len(found.incidents), len(found.candidates)) == (similar.SHOWN, similar.SHOWN)


@pytest.mark.parametrize("name", OWN)
def test_whatever_is_typed_can_be_looked_for(incident: Incident, cast: SimpleNamespace, name: str) -> None:
    find(cast.desmond, OWN[name], OWN[name], incident.service)


@pytest.mark.skipif(not big_list(), reason="the shared list of naughty strings is not beside the repository")
def test_the_big_list_can_be_looked_for(incident: Incident, cast: SimpleNamespace) -> None:
    for text in big_list():
        find(cast.desmond, text.replace("\x00", ""), "")
