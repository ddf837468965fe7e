"""Prepared queries: composed once, asked with other values, and the same rows as the queryset gives."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models import F, QuerySet
from django.test.utils import CaptureQueriesContext

from mim_portal.lib import prepared
from teams.models import Person, Service, Team
from tests import factories

pytestmark = pytest.mark.django_db


@prepared.query
def _called(*, name: str) -> QuerySet[Team]:
    return Team.objects.filter(name=name)


@prepared.query
def _services_of(*, team_ids: list[int]) -> QuerySet[Service]:
    return Service.objects.filter(owner_team__in=team_ids).select_related("owner_team").order_by("name")


@prepared.query
def _slugs(*, team_id: int) -> QuerySet[Service, str]:
    return Service.objects.filter(owner_team_id=team_id).order_by("slug").values_list("slug", flat=True)


@prepared.query
def _pairs(*, team_id: int) -> QuerySet[Any, Any]:
    return Service.objects.filter(owner_team_id=team_id).annotate(owner=F("owner_team__name")).values("slug", "owner")


@prepared.query
def _joined_since(*, at: datetime) -> QuerySet[Person]:
    return Person.objects.filter(date_joined__gte=at).order_by("pk")


def test_it_gives_what_the_queryset_gives_for_each_value() -> None:
    one, other = factories.team(), factories.team()
    assert _called(name=one.name) == [one]
    assert _called(name=other.name) == [other]
    assert _called(name="nobody's") == []


@prepared.query
def _with_roles(*, username: str) -> QuerySet[Person]:
    return Person.objects.filter(username=username).exclude(roles=[]).exclude(roles=["auditor"])


def test_what_is_always_the_same_may_be_a_list() -> None:
    manager = factories.person(username="mia", roles=("incident_manager",))
    factories.person(username="audra", roles=("auditor",))
    assert _with_roles(username="mia") == [manager]
    assert _with_roles(username="audra") == []


def test_related_rows_come_in_the_same_read() -> None:
    team = factories.team()
    service = factories.service(owner_team=team)
    _services_of(team_ids=[team.pk])
    with CaptureQueriesContext(connection) as asked:
        found = _services_of(team_ids=[team.pk])
        assert [row.owner_team for row in found] == [team]
    assert found == [service]
    assert len(asked) == 1


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 9])
def test_lists_of_every_length_find_each_row_once(count: int) -> None:
    services = sorted((factories.service(owner_team=factories.team()) for _ in range(count)), key=lambda one: one.name)
    factories.service(owner_team=factories.team())
    found = _services_of(team_ids=[one.owner_team_id for one in services])
    assert found == list(Service.objects.filter(pk__in=[one.pk for one in services]).order_by("name"))


def test_values_and_lists_of_values() -> None:
    team = factories.team()
    service = factories.service(owner_team=team)
    assert _slugs(team_id=service.owner_team_id) == [service.slug]
    assert _pairs(team_id=service.owner_team_id) == [{"slug": service.slug, "owner": team.name}]


def test_times_are_values() -> None:
    person = factories.person()
    assert person in _joined_since(at=person.date_joined)
    assert person not in _joined_since(at=person.date_joined + timedelta(microseconds=1))


def test_the_text_is_composed_once() -> None:
    composed = []

    @prepared.query
    def counted(*, name: str) -> QuerySet[Team]:
        composed.append(name)
        return Team.objects.filter(name=name)

    for name in ("one", "two", "three"):
        counted(name=name)
    assert len(composed) == 1
    assert "one" not in composed


def test_first_is_the_first_row_or_none() -> None:
    team = factories.team()
    assert _called.first(name=team.name) == team
    assert _called.first(name="nobody's") is None


@pytest.mark.parametrize("value", [None, True, 1.5, datetime(2026, 11, 27), object(), ["a", None]])  # noqa: DTZ001
def test_what_would_change_the_text_is_refused(value: Any) -> None:
    @prepared.query
    def any_of(*, name: Any) -> QuerySet[Team]:
        return Team.objects.filter(name=name)

    with pytest.raises(prepared.NotAValue):
        any_of(name=value)


@pytest.mark.parametrize(
    "compose",
    [
        lambda *, name: Team.objects.filter(name__icontains=name),
        lambda *, name: Team.objects.filter(name="always the same"),
    ],
)
def test_a_value_that_does_not_arrive_as_it_is_is_refused(compose: Callable[..., QuerySet[Team]]) -> None:
    with pytest.raises(prepared.NotAValue, match="name is no plain parameter"):
        prepared.query(compose)(name="x")


def test_a_number_that_stands_in_the_text_is_refused() -> None:
    @prepared.query
    def first_ones(*, count: int) -> QuerySet[Team]:
        return Team.objects.order_by("pk")[:count]

    with pytest.raises(prepared.NotAValue):
        first_ones(count=3)


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_on_its_own_connection() -> None:
    team = factories.team()
    _called(name=team.name)
    found: list[list[Team]] = []

    def ask() -> None:
        found.append(_called(name=team.name))
        connections.close_all()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert found == [[team]]
    assert _called(name=team.name) == [team]  # ours was not closed with theirs


def test_a_row_stands_for_its_key() -> None:
    service = factories.service(owner_team=factories.team())
    assert _slugs(team_id=service.owner_team) == [service.slug]


def test_what_is_fetched_beside_comes_too() -> None:
    @prepared.query
    def with_members(*, name: str) -> QuerySet[Team]:
        return Team.objects.filter(name=name).prefetch_related("members")

    member = factories.person()
    team = factories.team(members=(member,))
    assert with_members(name="nobody's") == []
    (found,) = with_members(name=team.name)
    with CaptureQueriesContext(connection) as asked:
        assert list(found.members.all()) == [member]
    assert not asked


def test_two_askers_do_not_share_values() -> None:
    teams = [factories.team() for _ in range(3)]
    readers = [iter(_called(name=team.name)) for team in teams]
    assert [next(reader) for reader in reversed(readers)] == list(reversed(teams))


def test_rows_can_be_changed_and_saved() -> None:
    team = factories.team()
    found = _called.first(name=team.name)
    assert found is not None
    found.name = "Another name"
    found.save(update_fields=["name"])
    assert _called.first(name="Another name") == team
