"""Who to call now."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from teams.choices import Role
from teams.models import Contact, Person, Rota, RotaShift
from teams.queries import calling
from tests import factories
from tests.factories import NOON


@pytest.fixture
def rota(db: None) -> Rota:
    return Rota.objects.create(name="Managers", role=Role.INCIDENT_MANAGER)


def shift(rota: Rota, person: Person, starts: int = -1, ends: int = 1, **options: Any) -> RotaShift:
    """From and to, in hours around noon."""
    return RotaShift.objects.create(
        rota=rota,
        person=person,
        starts_at=NOON + timedelta(hours=starts),
        ends_at=NOON + timedelta(hours=ends),
        **options,
    )


def test_whoever_is_on_shift_is_told(rota: Rota, cast: SimpleNamespace) -> None:
    shift(rota, cast.omar)
    shift(rota, cast.mia, 1, 2)
    assert calling.told(Role.INCIDENT_MANAGER, at=NOON) == [cast.omar]
    assert calling.told(Role.INCIDENT_MANAGER, at=NOON + timedelta(hours=1)) == [cast.mia]


def test_with_nobody_on_the_rota_every_holder_is_told(rota: Rota, cast: SimpleNamespace) -> None:
    shift(rota, cast.omar, -5, -3)
    assert calling.on_shift(Role.INCIDENT_MANAGER, at=NOON) == []
    assert calling.told(Role.INCIDENT_MANAGER, at=NOON) == [cast.mia, cast.omar]
    assert calling.told(Role.PRACTICE_LEAD, at=NOON) == [cast.petra]


def test_an_override_replaces_the_plan_of_its_own_rota(rota: Rota, cast: SimpleNamespace) -> None:
    shift(rota, cast.omar)
    shift(rota, cast.mia, is_override=True)
    assert calling.on_shift(Role.INCIDENT_MANAGER, at=NOON) == [cast.mia]
    night = Rota.objects.create(name="Night", role=Role.INCIDENT_MANAGER)
    shift(night, cast.omar)
    assert calling.on_shift(Role.INCIDENT_MANAGER, at=NOON) == [cast.mia, cast.omar]


def test_a_person_is_told_once_and_never_when_inactive(rota: Rota, cast: SimpleNamespace) -> None:
    shift(rota, cast.omar)
    shift(rota, cast.omar, -2, 2)
    assert calling.on_shift(Role.INCIDENT_MANAGER, at=NOON) == [cast.omar]
    Person.objects.filter(pk=cast.omar.pk).update(is_active=False)
    assert calling.told(Role.INCIDENT_MANAGER, at=NOON) == [cast.mia]


def test_the_card_of_a_team(cast: SimpleNamespace, django_assert_num_queries: Any) -> None:
    team = factories.team(slug="database", members=(cast.rosa, cast.nils))
    factories.profile(of=team)
    newest = factories.profile(of=team, reach="Call.")
    Contact.objects.create(team=team, kind="email", value="db@example.org", position=2)
    Contact.objects.create(team=team, kind="phone", value="+44 20 7946 0000", position=1)
    with django_assert_num_queries(4):
        card = calling.call_card(team, at=NOON)
    assert [contact.kind for contact in card.contacts] == ["phone", "email"]
    assert card.profile == newest
    assert list(card.people) == [cast.nils, cast.rosa]
    own = Rota.objects.create(name="Database", team=team)
    shift(own, cast.rosa)
    assert list(calling.call_card(team, at=NOON).people) == [cast.rosa]


def test_a_team_without_a_profile(db: None) -> None:
    assert calling.current_profile(factories.team()) is None
