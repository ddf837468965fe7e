"""Prepared queries asked together: one round trip, and the same rows as each alone."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, connection, connections
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.expressions import RawSQL
from django.test.utils import CaptureQueriesContext

from comms.models import OwedAudience
from incidents.models import CommandTenure, ImpactStatement, TimelineEntry
from mim_portal.lib import prepared, together
from teams.models import Person, Service, Team
from tests import factories
from tests.comms import update_kit

pytestmark = pytest.mark.django_db


@prepared.query
def _called(*, name: str) -> QuerySet[Team]:
    return Team.objects.filter(name=name)


@prepared.query
def _services(*, team: int) -> QuerySet[Service]:
    return Service.objects.filter(owner_team=team).select_related("owner_team").order_by("name")


@prepared.query
def _slugs(*, team: int) -> QuerySet[Service, str]:
    return Service.objects.filter(owner_team=team).order_by("slug").values_list("slug", flat=True)


@prepared.query
def _people(*, ids: list[int]) -> QuerySet[Person]:
    return Person.objects.filter(pk__in=ids).order_by("pk").prefetch_related("memberships")


@prepared.query
def _owners(*, name: str) -> QuerySet[Any, Any]:
    """Sorted by what is not given."""
    owned = Service.objects.filter(owner_team__name=name).annotate(owner=F("owner_team__name"))
    return owned.values_list("owner", flat=True).distinct().order_by("slug")


@pytest.fixture
def team() -> Team:
    made = factories.team(name='The “Pay{roll}", 100 % \\ NULL')
    for name in ("One", "Two, and {three}", 'He said "NULL"', "%s", ""):
        factories.service(owner_team=made, name=name or "’", description=name)
    return made


@pytest.fixture(params=[True, False], ids=["prepared", "as text"])
def asked_how(request: pytest.FixtureRequest, settings: LazySettings) -> Iterator[int]:
    """How often it is asked: as text, given to the connection, and by a plan for all values."""
    settings.PREPARED_STATEMENTS = request.param
    connection.close()
    yield 8 if request.param else 2
    connection.close()


def _both(team: Team, person: Person) -> list[list[Any]]:
    return [
        _called(name=team.name),
        _services(team=team),
        _slugs(team=team),
        _people(ids=[person.pk, person.pk, person.pk]),
        _owners(name=team.name),
    ]


def _asks(team: Team, person: Person) -> list[prepared.Ask]:
    return [
        _called.ask(name=team.name),
        _services.ask(team=team),
        _slugs.ask(team=team),
        _people.ask(ids=[person.pk, person.pk, person.pk]),
        _owners.ask(name=team.name),
    ]


@pytest.mark.django_db(transaction=True)
def test_the_same_rows_as_each_alone_in_one_question(team: Team, asked_how: int) -> None:
    person = factories.person(roles=("incident_manager", "auditor"))
    alone = _both(team, person)
    for _ in range(asked_how):
        with CaptureQueriesContext(connection) as queries, together.asked(*_asks(team, person)):
            found = _both(team, person)
            assert [row.owner_team for row in found[1]] == [team] * 5
        assert len(queries) == 2  # with what is fetched after the people
        assert found == alone
        assert found[3][0].__dict__.keys() == alone[3][0].__dict__.keys()
        for one, other in zip(found[1], alone[1], strict=True):
            assert {**vars(one), "_state": 0} == {**vars(other), "_state": 0}


def test_every_kind_of_column_comes_as_it_does_alone(cast: Any) -> None:
    """Times, spans, numbers, truth, lists, documents and nothing: each as its field reads it."""
    incident = update_kit.declared(cast.mia)

    def rows(model: Any) -> prepared.Query[Any]:
        def compose(*, incident: int) -> QuerySet[Any]:
            found: QuerySet[Any] = model.objects.filter(incident=incident).order_by("pk")
            seen = Value(datetime(2026, 1, 1, tzinfo=UTC))
            annotated: QuerySet[Any] = found.annotate(half=Value(0.5), span=Value(timedelta(days=3)), seen=seen)
            return annotated

        return prepared.Query(compose)

    queries = [rows(model) for model in (TimelineEntry, ImpactStatement, CommandTenure, OwedAudience)]
    alone = [query(incident=incident) for query in queries]
    assert all(alone)
    with together.asked(*(query.ask(incident=incident) for query in queries)):
        found = [query(incident=incident) for query in queries]
    for one, other in zip(found, alone, strict=True):
        assert [{**vars(row), "_state": 0} for row in one] == [{**vars(row), "_state": 0} for row in other]


def test_each_answer_is_given_once(team: Team) -> None:
    with together.asked(_called.ask(name=team.name), _slugs.ask(team=team)):
        assert _called(name=team.name) == [team]
        Team.objects.filter(pk=team.pk).update(name="Another")
        assert _called(name=team.name) == []


def test_other_values_and_what_is_asked_outside_are_asked_as_ever(team: Team) -> None:
    other = factories.team()
    with together.asked(_called.ask(name=team.name), _slugs.ask(team=team)):
        assert _called(name=other.name) == [other]
    with CaptureQueriesContext(connection) as queries:
        assert _called(name=team.name) == [team]
    assert len(queries) == 1


def test_a_block_within_adds_to_the_block_around(team: Team) -> None:
    person = factories.person()
    with together.asked(_called.ask(name=team.name), _slugs.ask(team=team)):
        with together.asked(_services.ask(team=team), _people.ask(ids=[person.pk])):
            pass
        with CaptureQueriesContext(connection) as queries:
            assert _called(name=team.name) == [team]
            assert len(_services(team=team)) == 5
        assert not queries


def test_nothing_to_ask_asks_nothing(team: Team) -> None:
    with (
        CaptureQueriesContext(connection) as queries,
        together.asked(_people.ask(ids=[]), _called.ask(name=team.name), _called.ask(name=team.name)),
    ):
        assert _people(ids=[]) == []
    assert not queries  # one alone is asked when it is called for


def test_a_question_that_is_planned_for_its_values_is_refused(team: Team) -> None:
    def compose(*, name: str) -> QuerySet[Team]:
        return Team.objects.filter(name=name)

    anew = prepared.Query(compose, keeps_plan=False)
    with (
        pytest.raises(prepared.NotAValue, match="compose is planned for its values"),
        together.asked(anew.ask(name="x"), _called.ask(name="x")),
    ):
        raise AssertionError


@pytest.mark.parametrize("cast_to", ["inet", "char(8)"])
def test_a_column_whose_text_is_another_one_is_refused(cast_to: str) -> None:
    @prepared.query
    def odd(*, name: str) -> QuerySet[Any, Any]:
        column = RawSQL(f"'10.0.0.1'::{cast_to}", (), output_field=TextField())
        return Team.objects.filter(name=name).annotate(odd=column).values_list("odd")

    with (
        pytest.raises(prepared.NotAValue, match="cannot be asked together with others"),
        together.asked(odd.ask(name="x"), _called.ask(name="x")),
    ):
        raise AssertionError


@pytest.mark.django_db(transaction=True)
def test_it_is_planned_once_on_each_connection(team: Team) -> None:
    """From the first time on: planning twenty questions takes longer than answering them, and most connections are
    asked for a room few times."""
    connection.close()
    for times in range(1, 4):
        with together.asked(_called.ask(name=team.name), _slugs.ask(team=team)):
            assert _called(name=team.name) == [team]
        with connection.cursor() as cursor:
            cursor.execute("SELECT generic_plans, custom_plans FROM pg_prepared_statements")
            assert cursor.fetchall() == [(times, 0)]
            cursor.execute("SHOW plan_cache_mode")
            assert cursor.fetchone() == ("auto",)  # for nothing else
    assert connection.connection.notices == []


@pytest.mark.django_db(transaction=True)
def test_a_question_that_went_wrong_is_given_anew(team: Team) -> None:
    """As after a column got another type under a server that runs."""
    asks = (_called.ask(name=team.name), _slugs.ask(team=team))
    for _ in range(3):
        with together.asked(*asks):
            assert _called(name=team.name) == [team]
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    with pytest.raises(DatabaseError), together.asked(*asks):
        raise AssertionError
    for _ in range(3):
        with together.asked(*asks):
            assert _called(name=team.name) == [team]


def test_another_thread_has_its_own(team: Team) -> None:
    found: list[int] = []

    def ask() -> None:
        found.append(len(_called(name=team.name)))
        connections.close_all()

    with together.asked(_called.ask(name=team.name), _slugs.ask(team=team)):
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    assert found == [0]  # the test's transaction is not seen there: it was really asked
