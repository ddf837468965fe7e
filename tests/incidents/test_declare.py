"""Declaring without a candidate."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from incidents.choices import EntryKind
from incidents.models import Incident
from incidents.queries import command, impact
from incidents.services.states import declaration
from mim_portal.lib.refusals import Invalid
from tests import factories
from tests.factories import NOON
from tests.incidents import kit, listeners

pytestmark = pytest.mark.usefixtures("alone")


def test_whoever_declares_is_accountable_unless_another_is_named(cast: SimpleNamespace) -> None:
    assert command.current_manager(kit.incident(manager=cast.mia)) == cast.mia
    named = declaration.declare(
        person=cast.mia,
        title="Payroll",
        service=factories.service(),
        impact=1,
        urgency=1,
        impact_statement={},
        manager=cast.omar,
        now=NOON,
    )
    assert command.current_manager(named) == cast.omar


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"), [(1, 1, "P1"), (1, 2, "P2"), (2, 2, "P3"), (2, 3, "P4"), (3, 3, "P5")]
)
def test_priority_is_impact_times_urgency(cast: SimpleNamespace, impact: int, urgency: int, priority: str) -> None:
    incident = kit.incident(manager=cast.mia, impact=impact, urgency=urgency)
    assert (incident.priority, incident.priority_computed) == (priority, priority)


def test_what_is_not_known_yet_does_not_stop_a_declaration(cast: SimpleNamespace) -> None:
    incident = kit.incident(manager=cast.mia, impact_statement={})
    assert "not yet known" in impact.sentence(impact.current(incident))


def test_a_statement_keeps_its_start_as_an_instant(cast: SimpleNamespace) -> None:
    incident = kit.incident(manager=cast.mia)
    assert impact.current(incident).since == "2026-11-23T09:10:00.000Z"


def test_the_writers_zone_reads_a_bare_time(cast: SimpleNamespace) -> None:
    cast.mia.time_zone = "Europe/Berlin"
    incident = kit.incident(manager=cast.mia, impact_statement={"activity": "pay", "since": "10:10"})
    assert impact.current(incident).since == "2026-11-23T09:10:00.000Z"


def test_the_day_beside_a_time_is_the_day_of_the_start(cast: SimpleNamespace) -> None:
    incident = kit.incident(manager=cast.mia, impact_statement={"activity": "pay", "since": "yesterday 9:10 pm"})
    assert impact.current(incident).since == "2026-11-22T21:10:00.000Z"
    assert incident.impact_started_at == datetime(2026, 11, 22, 21, 10, tzinfo=UTC)


def test_a_start_that_is_still_to_come_stops_nobody_and_is_no_time_of_the_record(cast: SimpleNamespace) -> None:
    incident = kit.incident(manager=cast.mia, impact_statement={"activity": "pay", "since": "tomorrow 09:10"})
    assert impact.current(incident).since == "2026-11-24T09:10:00.000Z"
    assert incident.impact_started_at is None


def test_times_that_are_sent_are_recorded(cast: SimpleNamespace) -> None:
    detected = NOON - timedelta(hours=1)
    incident = kit.incident(manager=cast.mia, times={"detected_at": detected})
    assert incident.detected_at == detected
    recorded = incident.recorded_times.get(field="detected_at")
    assert (recorded.at, recorded.source, recorded.recorded_by) == (detected, "person", cast.mia)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"title": "  "}, "title"),
        ({"impact": 4}, "impact"),
        ({"urgency": 0}, "urgency"),
        ({"impact_statement": {"weather": "rain"}}, "weather"),
        ({"impact_statement": {"confidence": "sure"}}, "confidence"),
        ({"impact_statement": {"who": "x" * 301}}, "who"),
        ({"times": {"lunch_at": NOON}}, "lunch_at"),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_left_behind(
    cast: SimpleNamespace, options: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        kit.incident(manager=cast.mia, **options)
    assert refused.value.field == field
    assert not Incident.objects.exists()


def test_a_candidate_can_be_declared_with_a_better_statement(cast: SimpleNamespace) -> None:
    raised = kit.candidate(by=cast.desmond)
    incident = kit.incident(manager=cast.mia, candidate=raised)
    raised.refresh_from_db()
    assert raised.incident == incident
    assert incident.timeline.get(kind=EntryKind.DECLARED).data["candidate"] == raised.reference


def test_references_count_within_the_utc_year_of_declaration(cast: SimpleNamespace) -> None:
    new_year = NOON.replace(year=2027, month=1, day=1, hour=0)
    moments = [NOON, NOON + timedelta(days=1), new_year]
    assert [kit.incident(manager=cast.mia, now=now).reference for now in moments] == [
        "MI-2026-0001",
        "MI-2026-0002",
        "MI-2027-0001",
    ]


def test_reactions_see_the_new_entries_once_in_the_same_transaction(
    cast: SimpleNamespace, alone: SimpleNamespace
) -> None:
    alone.TIMELINE_REACTIONS = ["tests.incidents.listeners.remember"]
    listeners.seen.clear()
    incident = kit.incident(manager=cast.mia)
    assert listeners.seen == [
        [
            (incident.reference, "declared"),
            (incident.reference, "impact_stated"),
            (incident.reference, "command_started"),
        ]
    ]


def test_a_reaction_that_fails_takes_the_declaration_with_it(cast: SimpleNamespace, alone: SimpleNamespace) -> None:
    alone.TIMELINE_REACTIONS = ["tests.incidents.listeners.fail"]
    with pytest.raises(RuntimeError):
        kit.incident(manager=cast.mia)
    assert not Incident.objects.exists()
