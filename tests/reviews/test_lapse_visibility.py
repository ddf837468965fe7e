"""An unconfirmed lapse exists for its addressee alone, whatever the others' roles."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser

from incidents.models import IncidentMember
from reviews.choices import LapseState
from reviews.queries import lapses
from tests.factories import NOON
from tests.reviews import rows

pytestmark = pytest.mark.django_db
EVERYBODY = ("ada", "mia", "omar", "carla", "desmond", "dara", "petra", "dan", "audra", "rosa", "nils", "eve", "olaf")


def seers(cast: SimpleNamespace) -> set[str]:
    """Everybody for whom any lapse exists."""
    return {name for name in EVERYBODY if lapses.visible_lapses(getattr(cast, name)).exists()}


def test_while_users_are_without_the_service_nobody_sees_it(cast: SimpleNamespace) -> None:
    rows.lapse(of=rows.incident(manager=cast.mia, state="investigating"), addressee=cast.mia, shown_after=None)
    assert seers(cast) == set()


def test_suggested_is_the_addressees_alone(cast: SimpleNamespace) -> None:
    rows.lapse(of=rows.incident(manager=cast.mia), addressee=cast.mia)
    assert seers(cast) == {"mia"}


def test_passed_on_is_the_practice_leads_too(cast: SimpleNamespace) -> None:
    rows.lapse(of=rows.incident(manager=cast.mia), addressee=cast.mia, lead_told_at=NOON)
    assert seers(cast) == {"mia", "petra"}


def test_dismissed_stays_with_those_who_saw_it(cast: SimpleNamespace) -> None:
    rows.lapse(
        of=rows.incident(manager=cast.mia),
        addressee=cast.mia,
        state=LapseState.DISMISSED,
        dismissal_reason="Sent by hand",
    )
    assert seers(cast) == {"mia"}


def test_confirmed_is_the_practices(cast: SimpleNamespace) -> None:
    rows.lapse(of=rows.incident(manager=cast.mia), addressee=cast.mia, state=LapseState.CONFIRMED)
    assert seers(cast) == {"mia", "omar", "dan", "petra", "carla", "audra"}


def test_a_private_incidents_lapse_follows_the_incident(cast: SimpleNamespace) -> None:
    incident = rows.incident(manager=cast.mia, is_private=True)
    rows.lapse(of=incident, addressee=cast.mia, state=LapseState.CONFIRMED)
    assert seers(cast) == {"mia"}
    IncidentMember.objects.create(incident=incident, person=cast.petra)
    assert seers(cast) == {"mia", "petra"}


def test_nobody_signed_in_sees_none(cast: SimpleNamespace) -> None:
    rows.lapse(of=rows.incident(manager=cast.mia), addressee=cast.mia, state=LapseState.CONFIRMED)
    assert not lapses.visible_lapses(AnonymousUser()).exists()


def test_what_waits_for_whom(cast: SimpleNamespace) -> None:
    incident = rows.incident(manager=cast.mia)
    rows.lapse(of=incident, addressee=cast.mia)
    rows.lapse(of=incident, addressee=cast.mia, state=LapseState.OWNED)
    rows.lapse(of=incident, addressee=cast.mia, state=LapseState.WATCHING)
    rows.lapse(of=incident, addressee=cast.omar, lead_told_at=NOON)
    planned = rows.lapse(of=incident, addressee=cast.mia, state=LapseState.PLANNED)
    rows.plan(of=planned, owner=cast.omar, due_date=NOON.date())
    assert lapses.waiting_for(cast.mia).count() == 2
    assert lapses.waiting_for(cast.mia, today=NOON.date()).count() == 3
    assert lapses.waiting_for(cast.omar, today=NOON.date()).count() == 2
    assert lapses.waiting_for(cast.omar, today=NOON.date() - timedelta(days=1)).count() == 1
    assert lapses.waiting_for(cast.petra).count() == 1
    assert lapses.waiting_for(cast.audra).count() == 0
