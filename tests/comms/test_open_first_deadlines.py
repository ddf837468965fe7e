"""A declared incident and its first deadlines are there together."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from comms.models import Audience, CadencePolicy, OwedAudience, UpdateDeadline
from comms.services.promises import deadlines
from incidents.choices import EntrySource
from tests import factories
from tests.comms import promise_kit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_promises(settings: Settings) -> None:
    settings.TIMELINE_REACTIONS = ["comms.reactions.deadlines.react"]


def test_every_default_audience_of_the_priority_is_owed_from_declaration(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=factories.NOON)

    assert promise_kit.minutes_from(factories.NOON, incident) == {
        "technical": 5,
        "service_desk": 5,  # ten by policy: it joins the beat of the technical teams
        "service_owners": 15,
        "executives": 15,
        "end_users": 15,
        "public": 15,
    }
    assert all(row.is_first and row.opened_at == factories.NOON for row in promise_kit.open_of(incident).values())
    owed = OwedAudience.objects.get(incident=incident, audience__code="end_users")
    assert (owed.first_minutes, owed.every_minutes, owed.later_minutes) == (15, 30, 60)
    assert (owed.owed_since, owed.owed_until) == (factories.NOON, None)


def test_the_sweep_looks_first_when_the_notice_is_due(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=factories.NOON)

    due = promise_kit.open_of(incident)
    assert due["technical"].next_action_at == factories.NOON + timedelta(minutes=5) * 2 / 3
    assert due["public"].next_action_at == factories.NOON + timedelta(minutes=10)


def test_chosen_audiences_replace_the_default(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(
        manager=cast.mia, priority="P2", at=factories.NOON, audiences=["executives", "technical"]
    )

    assert promise_kit.minutes_from(factories.NOON, incident) == {"technical": 10, "executives": 30}


def test_a_chosen_audience_without_a_policy_is_served_by_the_professions_default(cast: SimpleNamespace) -> None:
    Audience.objects.create(code="partners", name="Partners", position=70)

    incident = promise_kit.declare(
        manager=cast.mia, priority="P1", at=factories.NOON, audiences=["partners", "service_owners"]
    )

    assert promise_kit.minutes_from(factories.NOON, incident) == {"partners": 15, "service_owners": 15}


def test_an_audience_that_hears_of_changes_only_is_owed_without_a_deadline(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, priority="P3", at=factories.NOON, audiences=["executives"])

    assert OwedAudience.objects.get(incident=incident).first_minutes is None
    assert promise_kit.open_of(incident) == {}


def test_low_priorities_owe_nothing_unless_chosen(cast: SimpleNamespace) -> None:
    quiet = promise_kit.declare(manager=cast.mia, priority="P4", at=factories.NOON)
    chosen = promise_kit.declare(manager=cast.mia, priority="P4", at=factories.NOON, audiences=["service_desk"])

    assert promise_kit.open_of(quiet) == {}
    assert promise_kit.minutes_from(factories.NOON, chosen) == {"service_desk": 60}


def test_a_later_edit_of_the_policy_does_not_move_a_running_promise(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=factories.NOON)

    CadencePolicy.objects.update(first_minutes=1, every_minutes=1, later_minutes=1)

    assert OwedAudience.objects.get(incident=incident, audience__code="public").every_minutes == 30
    _, _, opened = promise_kit.publish(incident, "public", author=cast.mia, at=factories.NOON + timedelta(minutes=2))
    assert opened[0].due_at == factories.NOON + timedelta(minutes=32)


def test_an_imported_incident_promises_nothing(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=factories.NOON, source=EntrySource.IMPORT)

    assert not UpdateDeadline.objects.filter(incident=incident).exists()
    assert not OwedAudience.objects.filter(incident=incident).exists()


def test_opening_twice_makes_no_second_deadline(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=factories.NOON)

    deadlines.open_first(declared=[(incident, None)])

    assert UpdateDeadline.objects.filter(incident=incident).count() == 6


def test_the_number_of_statements_does_not_grow_with_the_number_of_incidents(
    cast: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    declared = [promise_kit.declare(manager=cast.mia, at=factories.NOON, source=EntrySource.IMPORT) for _ in range(5)]

    with django_assert_num_queries(
        6
    ):  # savepoint, policies, what services differ in, owed audiences, deadlines, release
        deadlines.open_first(declared=[(incident, None) for incident in declared])

    assert UpdateDeadline.objects.count() == 30
