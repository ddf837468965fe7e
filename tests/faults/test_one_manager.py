"""Whatever two people do, also at the same moment: one manager at every instant, one open promise an audience owed."""

import threading
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, connections
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pytest_django import Settings

from comms.choices import UpdateKind
from comms.models import OwedAudience, UpdateDeadline
from comms.models.deadline import OPEN
from comms.services.promises import sweep
from incidents.choices import COMMANDED_STATES, FINAL_STATES, LIVE_STATES, IncidentState
from incidents.models import CommandTenure, Handover, Incident, ShiftHandover
from incidents.queries import command as command_queries
from incidents.services.accountability import command, people, shifts
from incidents.services.states import lifecycle
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Refusal
from teams.models import Person, Service
from tests import factories
from tests.comms import promise_kit
from tests.incidents import kit

pytestmark = pytest.mark.django_db(transaction=True)

AUDIENCES = ["service_desk", "executives", "public"]
STATES = [state.value for state in IncidentState]
ACTORS = st.sampled_from(["mia", "omar"])
RESTATEMENT = "The gateway is being replaced and the next update to the public is due in ten minutes."


class Deeds:
    """What one person can do to the incident; a refusal is an answer like any other."""

    def __init__(self, incident: Incident, cast: SimpleNamespace) -> None:
        self.incident = incident
        self.reference = incident.reference
        self._cast = cast

    def person(self, name: str) -> Person:
        person: Person = getattr(self._cast, name)
        return person

    def offer(self, name: str, _: str) -> None:
        other = self.person("omar" if name == "mia" else "mia")
        command.offer(reference=self.reference, person=self.person(name), to=other, fields={}, now=dbtime.now())

    def accept(self, name: str, _: str) -> None:
        offered = Handover.objects.filter(incident=self.incident).order_by("-pk").first()
        if offered is not None:
            command.accept(handover_id=offered.pk, person=self.person(name), restatement=RESTATEMENT, now=dbtime.now())

    def take_over(self, name: str, _: str) -> None:
        command.take_over(reference=self.reference, person=self.person(name), reason="No answer.", now=dbtime.now())

    def shift(self, name: str, _: str) -> None:
        other = self.person("omar" if name == "mia" else "mia")
        shifts.offer(person=self.person(name), to=other, now=dbtime.now())

    def accept_shift(self, name: str, _: str) -> None:
        offered = ShiftHandover.objects.filter(handovers__incident=self.incident).order_by("-pk").first()
        if offered is not None:
            said = {self.reference: RESTATEMENT}
            shifts.accept(shift_id=offered.pk, person=self.person(name), restatements=said, now=dbtime.now())

    def appoint(self, name: str, _: str) -> None:
        """An administrator appoints whoever it is."""
        command.take_over(
            reference=self.reference,
            person=self.person("ada"),
            manager=self.person(name),
            reason="Nobody answers.",
            now=dbtime.now(),
        )

    def lead_technically(self, name: str, _: str) -> None:
        people.assign(
            reference=self.reference,
            role="technical_lead",
            to=self.person(name),
            person=self.person(name),
            now=dbtime.now(),
        )

    def move(self, name: str, to: str) -> None:
        lifecycle.transition(
            reference=self.reference,
            to=to,
            person=self.person(name),
            now=dbtime.now(),
            reason="As agreed on the bridge.",
            confirmed_by="user",
        )

    def resolve(self, name: str, _: str) -> None:
        """Restored, said to everyone, resolved."""
        with suppress(Refusal):
            self.move(name, IncidentState.MONITORING)
        self.publish(name, UpdateKind.RESTORED)
        self.move(name, IncidentState.RESOLVED)

    def close(self, name: str, to: str) -> None:
        with suppress(Refusal):
            self.resolve(name, to)
        with suppress(Refusal):
            cast = self._cast
            kit.answer_closing(self.incident, by=cast.mia, second=cast.petra, now=dbtime.now())
        self.move(name, IncidentState.CLOSED)

    def cancel(self, name: str, _: str) -> None:
        self.publish(name, UpdateKind.CLOSURE)
        self.move(name, IncidentState.CANCELLED)

    def reopen(self, name: str, _: str) -> None:
        self.move(name, IncidentState.INVESTIGATING)

    def publish(self, name: str, kind: str = UpdateKind.UPDATE) -> None:
        known = kind if kind in UpdateKind.values else UpdateKind.UPDATE
        promise_kit.publish(self.incident, *AUDIENCES, author=self.person(name), kind=UpdateKind(known))

    def set_priority(self, name: str, to: str) -> None:
        level = 1 + len(to) % 3
        lifecycle.set_priority(
            reference=self.reference,
            impact=level,
            urgency=level,
            reason="As agreed.",
            person=self.person(name),
            now=dbtime.now(),
        )

    def sweep(self, _name: str, _to: str) -> None:
        sweep.sweep_deadlines(by="property")


DEEDS = [
    "offer",
    "accept",
    "shift",
    "accept_shift",
    "take_over",
    "appoint",
    "lead_technically",
    "move",
    "resolve",
    "reopen",
    "publish",
    "set_priority",
    "sweep",
]
ENDS = ["close", "cancel"]


class Watched(RuleBasedStateMachine):
    """Random deeds of two people on one incident; what must hold is looked at after each."""

    cast: SimpleNamespace
    service: Service
    steps = 0
    refused = 0
    ended = 0
    began = 0

    @initialize(name=ACTORS, audiences=st.sampled_from([None, AUDIENCES, ["public"]]))
    def declare(self, name: str, audiences: list[str] | None) -> None:
        manager = getattr(self.cast, name)
        self.incident = kit.incident(manager=manager, now=dbtime.now(), service=self.service, audiences=audiences)
        self.deeds = Deeds(self.incident, self.cast)
        self.began = 0

    @rule(name=ACTORS, deed=st.sampled_from(DEEDS), to=st.sampled_from(STATES))
    def act(self, name: str, deed: str, to: str) -> None:
        self._count(_tried(getattr(self.deeds, deed), name, to))

    @rule(first=st.sampled_from(DEEDS), second=st.sampled_from(DEEDS), to=st.sampled_from(STATES))
    def act_at_once(self, first: str, second: str, to: str) -> None:
        deeds = [(getattr(self.deeds, first), "mia", to), (getattr(self.deeds, second), "omar", to)]
        for refusal in _together(deeds):
            self._count(refusal)

    @precondition(lambda self: self.began >= 3)
    @rule(name=ACTORS, deed=st.sampled_from(ENDS), other=st.sampled_from(DEEDS), to=st.sampled_from(STATES))
    def end(self, name: str, deed: str, other: str, to: str) -> None:
        """One ends it while the other still does something."""
        second = "omar" if name == "mia" else "mia"
        for refusal in _together([(getattr(self.deeds, deed), name, to), (getattr(self.deeds, other), second, to)]):
            self._count(refusal)

    def _count(self, refusal: Refusal | None) -> None:
        type(self).steps += 1
        self.began += 1
        type(self).refused += refusal is not None

    @invariant()
    def one_manager_at_every_instant(self) -> None:
        if not hasattr(self, "incident"):
            return
        self.incident.refresh_from_db()
        tenures = list(CommandTenure.objects.filter(incident=self.incident).order_by("started_at"))
        assert tenures[0].started_at == self.incident.declared_at
        for tenure, following in pairwise(tenures):
            assert tenure.ended_at == following.started_at
        assert tenures[-1].ended_at == self.incident.closed_at
        assert (tenures[-1].ended_at is None) == (self.incident.state in COMMANDED_STATES)
        assert command_queries.gap_seconds(self.incident) == 0

    @invariant()
    def one_open_promise_for_each_audience_owed(self) -> None:
        if not hasattr(self, "incident"):
            return
        rows = OwedAudience.objects.filter(incident=self.incident, owed_until=None)
        owed = {row.audience_id for row in rows}
        by_cadence = {row.audience_id for row in rows if row.every_minutes is not None}  # the others hear of changes
        deadlines = UpdateDeadline.objects.filter(OPEN, incident=self.incident)
        still_open = [row.audience_id for row in deadlines]
        assert len(still_open) == len(set(still_open))
        assert by_cadence <= set(still_open) <= owed
        if self.incident.state not in LIVE_STATES:
            assert not still_open

    def teardown(self) -> None:
        type(self).ended += hasattr(self, "incident") and self.incident.state in FINAL_STATES


def _tried(deed: Callable[[str, str], None], name: str, to: str) -> Refusal | None:
    try:
        deed(name, to)
    except Refusal as refusal:
        return refusal
    return None


def _together(deeds: list[tuple[Callable[[str, str], None], str, str]]) -> list[Refusal | None]:
    barrier = threading.Barrier(len(deeds))
    refusals: list[Refusal | None] = []
    errors: list[Exception] = []

    def run(deed: Callable[[str, str], None], name: str, to: str) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(10)
            refusals.append(_tried(deed, name, to))
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive(), "a deed is still waiting: deadlock"
    if errors:
        raise errors[0]
    return refusals


@pytest.fixture(autouse=True)
def no_watch_period(settings: Settings) -> None:
    settings.WATCH_MINUTES = dict.fromkeys(settings.WATCH_MINUTES, 0)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"


@pytest.mark.parametrize("examples", [25, pytest.param(300, marks=pytest.mark.long_fault)])
def test_random_lives_of_incidents(cast: SimpleNamespace, counted: Callable[..., None], examples: int) -> None:
    machine: Any = type("Machine", (Watched,), {"cast": cast, "service": factories.service()})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=14,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

    counted(incidents=Incident.objects.count(), deeds=machine.steps, refused=machine.refused, ended=machine.ended)
    assert machine.steps > machine.refused > 0
    assert machine.ended > 0
    assert CommandTenure.objects.count() > Incident.objects.count()
