"""Where a watched mistake could happen again, the practice's own plan is said in one quiet line."""

import html
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from incidents.models import Incident
from reviews.choices import LapseState
from reviews.models import Lapse
from reviews.queries import reminders
from teams.models import Person
from tests.comms import update_kit
from tests.factories import NOON
from tests.reviews import rows

pytestmark = pytest.mark.django_db


def watching(cast: SimpleNamespace, plan: str, *, code: str = "L07", days: int = 1, **fields: Any) -> Lapse:
    incident = rows.incident(manager=cast.omar, reference=f"MI-2025-{Lapse.objects.count():04d}", **fields)
    made = rows.lapse(of=incident, addressee=cast.omar, code=code, state=LapseState.WATCHING)
    rows.plan(of=made, owner=cast.omar, plan=plan, in_place_at=NOON - timedelta(days=days))
    return made


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("L07", "impact"),
        ("L09", "impact"),
        ("L02", "message"),
        ("L05", "message"),
        ("L08", "message"),
        ("L06", "message"),
        ("L11", "message"),
        ("L15", "call"),
    ],
)
def test_each_where_it_happens(code: str, place: str, cast: SimpleNamespace) -> None:
    watching(cast, "Count from the till log.", code=code)
    assert reminders.watched(place, person=cast.mia) == ["Count from the till log."]
    for other in {"impact", "message", "call"} - {place}:
        assert reminders.watched(other, person=cast.mia) == []


def test_the_newest_two_each_once(cast: SimpleNamespace) -> None:
    for days, plan in enumerate(["First.", "Second.", "First.", "Third."]):
        watching(cast, plan, days=days)
    assert reminders.watched("impact", person=cast.mia) == ["First.", "Second."]


@pytest.mark.parametrize("change", ["held", "not in place", "private", "another role"])
def test_what_is_not_said(change: str, cast: SimpleNamespace) -> None:
    made = watching(cast, "Count from the till log.")
    reader: Person = cast.mia
    if change == "held":
        Lapse.objects.update(state=LapseState.HELD)
    elif change == "not in place":
        made.plans.update(in_place_at=None)
    elif change == "private":
        Incident.objects.update(is_private=True)
    else:
        reader = cast.eve
    assert reminders.watched("impact", person=reader) == []


def test_one_query(cast: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    watching(cast, "Count from the till log.")
    with django_assert_num_queries(1):
        reminders.watched("impact", person=cast.mia)


def test_it_stands_where_impact_and_messages_are_written(cast: SimpleNamespace, signed_in: Any) -> None:
    watching(cast, "Count from the <till> log.")
    watching(cast, "Begin at two thirds.", code="L02")
    watching(cast, "Chat first, by day.", code="L15")
    incident = update_kit.declared(cast.mia)
    client = signed_in(cast.mia)
    impact = html.unescape(client.get(f"/incidents/{incident.reference}/impact/").content.decode())
    assert "Since last time: Count from the <till> log." in impact
    call = html.unescape(client.get(f"/incidents/{incident.reference}/engage/").content.decode())
    assert "Since last time: Chat first, by day." in call
    draft = update_kit.drafted(incident, cast.mia, "end_users")
    page = html.unescape(client.get(f"/updates/{draft.pk}/").content.decode())
    assert "Since last time: Begin at two thirds." in page
    assert "<till>" not in page
