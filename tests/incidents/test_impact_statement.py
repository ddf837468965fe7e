"""Each version of the impact is a new row that says why it exists."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from incidents.choices import EntryKind
from incidents.models import ImpactStatement, Incident
from incidents.queries import impact as queries
from incidents.services.record import impact
from incidents.services.states import lifecycle
from mim_portal.lib.refusals import Invalid, Refusal
from teams.models import Person
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")
LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


def state(
    incident: Incident, by: Person, reason: str = "new_information", now: datetime = LATER, **fields: Any
) -> ImpactStatement:
    return impact.state(reference=incident.reference, person=by, fields=fields, revision_reason=reason, now=now)


def test_what_is_not_sent_stays(incident: Incident, cast: SimpleNamespace) -> None:
    version = state(incident, cast.mia, count="1,500", count_basis="tickets", confidence="confirmed")
    assert (version.version, version.author, version.as_of) == (2, cast.mia, LATER)
    assert (version.who, version.activity, version.since) == (
        "store staff",
        "submit timesheets",
        "2026-11-23T09:10:00.000Z",
    )
    assert queries.current(incident) == version
    assert queries.sentence(queries.current(incident)).endswith("Confirmed from tickets, as of 12:05 (UTC+0).")
    assert [row.version for row in queries.versions(incident)] == [2, 1]
    entry = incident.timeline.latest("seq")
    assert entry.kind == EntryKind.IMPACT_REVISED
    assert entry.data == {"version": 2, "revision_reason": "new_information"}


def test_what_is_sent_empty_is_taken_back(incident: Incident, cast: SimpleNamespace) -> None:
    assert state(incident, cast.mia, count="").count == ""


def test_confidence_by_field(incident: Incident, cast: SimpleNamespace) -> None:
    version = state(incident, cast.mia, confidence={"count": "confirmed", "where": "unknown"})
    assert version.confidence == {"count": "confirmed", "where": "unknown"}


@pytest.mark.parametrize("reason", ["initial", "", "because"])
def test_it_says_why_there_is_a_new_version(incident: Incident, cast: SimpleNamespace, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        state(incident, cast.mia, reason, count="3")
    assert refused.value.field == "revision_reason"


def test_the_same_again_is_refused_unless_it_was_only_said_wrongly(incident: Incident, cast: SimpleNamespace) -> None:
    with pytest.raises(impact.NothingChanged):
        state(incident, cast.mia, who="store staff")
    assert state(incident, cast.mia, "communicated_incorrectly", who="store staff").version == 2


def test_a_corrected_start_moves_the_incidents_time(incident: Incident, cast: SimpleNamespace) -> None:
    assert incident.impact_started_at == datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
    state(incident, cast.mia, "captured_incorrectly", since="08:50 (UTC+0)")
    incident.refresh_from_db()
    assert incident.impact_started_at == datetime(2026, 11, 23, 8, 50, tzinfo=UTC)
    assert incident.recorded_times.filter(field="impact_started_at").count() == 2


def test_a_start_that_somebody_set_is_not_moved(incident: Incident, cast: SimpleNamespace) -> None:
    Incident.objects.filter(pk=incident.pk).update(impact_started_at=NOON - timedelta(hours=5))
    state(incident, cast.mia, since="08:50 (UTC+0)")
    incident.refresh_from_db()
    assert incident.impact_started_at == NOON - timedelta(hours=5)


def test_a_start_in_words_stays_in_words(incident: Incident, cast: SimpleNamespace) -> None:
    version = state(incident, cast.mia, since="shortly after the release")
    assert "since shortly after the release" in queries.sentence(queries.current(incident))
    assert version.since == "shortly after the release"


def test_a_cancelled_incident_keeps_its_impact(incident: Incident, cast: SimpleNamespace) -> None:
    lifecycle.transition(reference=incident.reference, to="cancelled", person=cast.mia, now=LATER, reason="in error")
    with pytest.raises(Refusal) as refused:
        state(incident, cast.mia, count="3")
    assert refused.value.code == "ended"


def test_restored_is_told_in_the_past(incident: Incident, cast: SimpleNamespace) -> None:
    lifecycle.transition(
        reference=incident.reference, to="monitoring", person=cast.mia, now=LATER, confirmed_by="affected_user"
    )
    assert "could not submit timesheets in" in queries.sentence(queries.current(incident))


def test_what_is_missing_is_known(incident: Incident) -> None:
    assert [gate.code for gate in queries.missing(queries.current(incident))] == [
        "count",
        "where",
        "workaround",
        "consequence",
    ]


def test_a_page_of_incidents_reads_its_statements_at_once(
    cast: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    incidents = [kit.incident(manager=cast.mia) for _ in range(3)]
    state(incidents[0], cast.mia, count="9")
    with django_assert_num_queries(1):
        current = queries.current_of([row.pk for row in incidents])
        assert all(queries.sentence(statement) for statement in current.values())
    assert [current[row.pk].version for row in incidents] == [2, 1, 1]


def test_an_incident_without_a_statement_is_an_error(incident: Incident) -> None:
    with pytest.raises(ImpactStatement.DoesNotExist):
        queries.current(Incident(pk=incident.pk + 1, reference="MI-0"))
