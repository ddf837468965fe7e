"""By which ways a team is called: its hours and holidays decide, and the priority; asking is never delayed."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from comms.models import Delivery
from incidents.models import Incident
from teams.models import Contact, Rota, RotaShift, Team, TeamHoliday
from tests import factories
from tests.comms import paging_kit as kit
from tests.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(cast: SimpleNamespace) -> Team:
    """Noon of these tests is a Monday, in its hours."""
    made = kit.team(cast)
    for value, hours in (("day@example.org", "in_hours"), ("night@example.org", "out_of_hours")):
        Contact.objects.create(team=made, kind=Contact.Kind.EMAIL, value=value, hours=hours)
    factories.paging_target(of=made, code="by-day", hours="in_hours")
    factories.paging_target(of=made, code="by-night", hours="out_of_hours")
    return made


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(cast)


def called(incident: Incident, team: Team, cast: SimpleNamespace) -> set[str]:
    kit.engage(incident, team, cast)
    return set(Delivery.objects.exclude(message__engagement=None).values_list("address", flat=True))


def holiday(team: Team) -> None:
    TeamHoliday.objects.create(team=team, on_date=NOON.date(), name="Founders’ Day")


def test_in_working_hours(team: Team, incident: Incident, cast: SimpleNamespace) -> None:
    assert called(incident, team, cast) == {"day@example.org", "by-day"}


def test_on_a_holiday_as_at_night(team: Team, incident: Incident, cast: SimpleNamespace) -> None:
    holiday(team)
    assert called(incident, team, cast) == {"night@example.org", "by-night"}


def test_a_holiday_takes_nobody_off_the_rota(team: Team, incident: Incident, cast: SimpleNamespace) -> None:
    holiday(team)
    rota = Rota.objects.create(name="Database on call", team=team)
    RotaShift.objects.create(
        rota=rota, person=cast.rosa, starts_at=NOON - timedelta(hours=1), ends_at=NOON + timedelta(hours=1)
    )
    assert cast.rosa.email in called(incident, team, cast)


def test_where_no_address_is_of_this_hour_all_are_used(team: Team, incident: Incident, cast: SimpleNamespace) -> None:
    Contact.objects.filter(value="night@example.org").delete()
    holiday(team)
    assert called(incident, team, cast) == {"day@example.org", "by-night"}


def test_another_way_of_a_target_that_rests_is_used_itself(
    team: Team, incident: Incident, cast: SimpleNamespace
) -> None:
    phone = factories.paging_target(of=team, code="phone")
    by_day = factories.paging_target(of=team, code="also-by-day", hours="in_hours", fallback=phone)
    assert called(incident, team, cast) == {"day@example.org", "by-day", by_day.code}
    Delivery.objects.all().delete()
    other = kit.incident(cast)
    holiday(team)
    assert called(other, team, cast) == {"night@example.org", "by-night", "phone"}


def test_by_priority(team: Team, incident: Incident, cast: SimpleNamespace) -> None:
    factories.paging_target(of=team, code="for-p1", lowest="P1")
    factories.paging_target(of=team, code="for-p2", lowest="P2")
    Incident.objects.filter(pk=incident.pk).update(priority="P2", priority_computed="P2")
    assert called(incident, team, cast) == {"day@example.org", "by-day", "for-p2"}
