"""Two people at once: one wins, the other learns why not, and the record holds together."""

import threading
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from incidents.choices import EntryKind, IncidentState
from incidents.models import CommandTenure, Incident, IncidentLink
from incidents.services.record import details, links
from incidents.services.states import closing, lifecycle, recurrence
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Refusal
from teams.models import Person
from tests.incidents import kit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("alone")]


@pytest.fixture(autouse=True)
def no_watch(settings: Any) -> None:
    settings.WATCH_MINUTES = dict.fromkeys(settings.WATCH_MINUTES, 0)


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia, now=dbtime.now() - timedelta(hours=1))


def together(*deeds: Callable[[], object]) -> list[str]:
    """Run the deeds at the same moment, each on a connection of its own: "done", or the code of the refusal."""
    barrier = threading.Barrier(len(deeds))
    outcomes: list[str] = []

    def run(deed: Callable[[], object]) -> None:
        barrier.wait()
        try:
            deed()
            outcomes.append("done")
        except Refusal as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(outcomes) == len(deeds), "a deed is still waiting: deadlock"
    return sorted(outcomes)


def moving(incident: Incident, to: str, by: Person, **fields: Any) -> Callable[[], object]:
    return lambda: lifecycle.transition(reference=incident.reference, to=to, person=by, now=dbtime.now(), **fields)


def restored(incident: Incident, by: Person) -> None:
    moving(incident, "monitoring", by, confirmed_by="desk")()


def entries(incident: Incident, kind: EntryKind, **data: str) -> int:
    return incident.timeline.filter(kind=kind, **{f"data__{name}": value for name, value in data.items()}).count()


def test_two_people_resolve(incident: Incident, cast: SimpleNamespace) -> None:
    restored(incident, cast.mia)
    outcome = together(moving(incident, "resolved", cast.mia), moving(incident, "resolved", cast.omar))
    assert outcome == ["done", "not_allowed"]
    assert entries(incident, EntryKind.STATE_CHANGED, to="resolved") == 1


def test_two_people_close(incident: Incident, cast: SimpleNamespace) -> None:
    restored(incident, cast.mia)
    moving(incident, "resolved", cast.mia)()
    kit.answer_closing(incident, by=cast.mia, second=cast.petra, now=dbtime.now())
    outcome = together(moving(incident, "closed", cast.mia), moving(incident, "closed", cast.omar))
    assert outcome == ["done", "not_allowed"]
    incident.refresh_from_db()
    assert CommandTenure.objects.get(incident=incident).ended_at == incident.closed_at
    assert entries(incident, EntryKind.STATE_CHANGED, to="closed") == 1


def test_one_closes_while_the_other_reopens(incident: Incident, cast: SimpleNamespace) -> None:
    """Either it is closed and stays so, or it is reopened and its checklist is void: never closed without a list."""
    restored(incident, cast.mia)
    moving(incident, "resolved", cast.mia)()
    kit.answer_closing(incident, by=cast.mia, second=cast.petra, now=dbtime.now())
    outcome = together(
        moving(incident, "closed", cast.mia), moving(incident, "investigating", cast.omar, reason="It is back.")
    )
    assert outcome == ["done", "not_allowed"]
    incident.refresh_from_db()
    running = CommandTenure.objects.filter(incident=incident, ended_at=None).count()
    assert (incident.state, running) in {(IncidentState.CLOSED, 0), (IncidentState.INVESTIGATING, 1)}


def test_two_people_reopen(incident: Incident, cast: SimpleNamespace) -> None:
    restored(incident, cast.mia)
    outcome = together(
        moving(incident, "investigating", cast.mia, reason="Callers again."),
        moving(incident, "investigating", cast.omar, reason="It is back."),
    )
    assert outcome == ["done", "not_allowed"]
    assert entries(incident, EntryKind.REOPENED) == 1
    incident.refresh_from_db()
    assert incident.service_restored_at is None


def test_two_people_answer_the_same_line(incident: Incident, cast: SimpleNamespace) -> None:
    def answering(by: Person, note: str) -> Callable[[], object]:
        given = {"emergency_changes": {"answer": "done", "note": note}}
        return lambda: closing.answer(reference=incident.reference, person=by, answers=given, now=dbtime.now())

    assert together(answering(cast.mia, "CHG1"), answering(cast.omar, "CHG2")) == ["done", "done"]
    assert entries(incident, EntryKind.CLOSURE_ANSWERED) == 2  # both stay; the later one counts


def test_two_people_edit_the_same_details(incident: Incident, cast: SimpleNamespace) -> None:
    def editing(by: Person, title: str) -> Callable[[], object]:
        return lambda: details.edit(
            reference=incident.reference, person=by, changes={"title": title}, version=1, now=dbtime.now()
        )

    assert together(editing(cast.mia, "One"), editing(cast.omar, "Two")) == ["changed_meanwhile", "done"]


def test_links_that_would_close_a_circle_never_both_stand(cast: SimpleNamespace) -> None:
    """Two halves of a circle of four, which share no incident: whoever comes second sees the first."""
    one, two, three, four = (kit.incident(manager=cast.mia) for _ in range(4))

    def linking(here: Incident, there: Incident) -> Callable[[], object]:
        return lambda: links.link(
            reference=here.reference, kind="child", to=there.reference, person=cast.mia, now=dbtime.now()
        )

    linking(one, two)()
    linking(three, four)()
    assert together(linking(two, three), linking(four, one)) == ["circle", "done"]
    assert together(linking(two, one), linking(one, two)) != ["done", "done"]


def test_links_both_ways_at_once_do_not_wait_for_each_other(cast: SimpleNamespace) -> None:
    one, two = kit.incident(manager=cast.mia), kit.incident(manager=cast.mia)
    for _ in range(5):
        outcome = together(
            lambda: links.link(
                reference=one.reference, kind="duplicate", to=two.reference, person=cast.mia, now=dbtime.now()
            ),
            lambda: links.link(
                reference=two.reference, kind="duplicate", to=one.reference, person=cast.omar, now=dbtime.now()
            ),
        )
        assert outcome == ["circle", "done"]
        made = IncidentLink.objects.get(ended_at=None)
        links.end(link_id=made.pk, reference=one.reference, person=cast.mia, now=dbtime.now())


def test_a_recurrence_by_two_people_is_two_incidents_and_both_are_linked(
    incident: Incident, cast: SimpleNamespace
) -> None:
    """Nothing is lost; which of the two is the duplicate is for people to say."""
    moving(incident, "cancelled", cast.mia, reason="It went by itself.")()

    def declaring(by: Person) -> Callable[[], object]:
        return lambda: recurrence.declare(reference=incident.reference, person=by, now=dbtime.now())

    assert together(declaring(cast.mia), declaring(cast.omar)) == ["done", "done"]
    assert IncidentLink.objects.filter(other=incident, kind="recurrence").count() == 2
