"""A team's time to engage before and after its profile: what page and API say, and what they never say."""

import html
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from incidents.models import Incident
from reviews.rules import evidence
from teams.models import Team, TeamHoliday
from tests import factories
from tests.factories import NOON
from tests.reviews import rows

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]
Api = Callable[..., APIClient]
MINUTE = timedelta(minutes=1)
CONFIRMED = datetime(2026, 6, 1, tzinfo=UTC)  # a Monday
PAGE = "/teams/payments/evidence/"


@pytest.fixture
def team(cast: SimpleNamespace) -> Team:
    made = factories.team(slug="payments", name="Payments", members=(cast.rosa,))
    factories.profile(of=made, confirmed_at=CONFIRMED)
    return made


def called(
    incident: Incident, team: Team, cast: SimpleNamespace, *, day: int, minutes: float | None, hour: int = 10
) -> None:
    """So many days from the confirmation, at that hour of the day."""
    at = CONFIRMED + timedelta(days=day, hours=hour)
    rows.engagement(
        of=incident,
        team=team,
        asked_by=cast.mia,
        asked_at=at,
        joined_at=None if minutes is None else at + minutes * MINUTE,
        released_at=at + timedelta(days=1),
    )


def weeks(incident: Incident, team: Team, cast: SimpleNamespace, *, n: int, before: float, after: float) -> None:
    """One call a week on each side, always on a Monday morning."""
    for week in range(1, n + 1):
        called(incident, team, cast, day=-7 * week, minutes=before + week / 100)
        called(incident, team, cast, day=7 * week, minutes=after + week / 100)


def text_of(client: Client) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def compared(client: APIClient, *, in_hours: bool = True) -> dict[str, Any]:
    answer = client.get("/api/v1/teams/payments/evidence/")
    assert answer.status_code == 200, answer.content
    (found,) = [one for one in answer.json()["comparisons"] if one["in_hours"] is in_hours]
    return dict(found)


def test_without_calls_it_says_when_there_will_be_something(
    cast: SimpleNamespace, team: Team, signed_in: Browser
) -> None:
    assert "No call for help with a recorded answer yet" in text_of(signed_in(cast.rosa))


def test_few_are_dots(cast: SimpleNamespace, team: Team, signed_in: Browser, api: Api) -> None:
    weeks(rows.incident(manager=cast.mia), team, cast, n=7, before=20, after=5)
    page = text_of(signed_in(cast.mia))
    assert "Too few to say: 7 before and 7 after. Figures begin at 8 on each side." in page
    assert page.count("strip-before") == 7
    assert "strip-middle" not in page
    found = compared(api(cast.mia))
    assert (found["evidence"], found["ratio"], found["interval"], found["verdict"]) == ("too_few", None, None, None)
    assert found["before"] == pytest.approx([20 + week / 100 for week in range(1, 8)])


def test_more_are_exploratory(cast: SimpleNamespace, team: Team, signed_in: Browser) -> None:
    weeks(rows.incident(manager=cast.mia), team, cast, n=8, before=20, after=5)
    page = text_of(signed_in(cast.mia))
    assert "Exploratory: the middle time after is 0.25 times that before" in page
    assert "A verdict needs 20 on each side." in page
    assert page.count("strip-middle") == 2


def test_enough_give_a_verdict_with_what_else_may_explain_it(
    cast: SimpleNamespace, team: Team, signed_in: Browser, api: Api
) -> None:
    weeks(rows.incident(manager=cast.mia), team, cast, n=20, before=20, after=5)
    page = text_of(signed_in(cast.audra))
    assert "Faster: the middle time after is 0.25 times that before" in page
    assert "comes up in < 0.1 % of cases" in page
    assert all(words in page for words in evidence.CONFOUNDERS)
    assert "associated with the profile, not caused by it" in page
    found = compared(api(cast.audra))
    assert (found["evidence"], found["verdict"]) == ("sound", "faster")


def test_no_difference_is_no_verdict(cast: SimpleNamespace, team: Team, signed_in: Browser) -> None:
    weeks(rows.incident(manager=cast.mia), team, cast, n=20, before=9, after=9)
    page = text_of(signed_in(cast.mia))
    assert "Cannot tell: the middle time after is 1.00 times that before" in page
    assert "Faster" not in page


def test_nights_stand_by_themselves_in_the_teams_own_zone(cast: SimpleNamespace, team: Team, api: Api) -> None:
    incident = rows.incident(manager=cast.mia)
    called(incident, team, cast, day=7, hour=9, minutes=4)
    called(incident, team, cast, day=7, hour=21, minutes=40)
    assert (compared(api(cast.mia))["after"], compared(api(cast.mia), in_hours=False)["after"]) == ([4], [40])
    Team.objects.filter(pk=team.pk).update(time_zone="America/Los_Angeles")  # 02:00 and 14:00 there
    assert (compared(api(cast.mia))["after"], compared(api(cast.mia), in_hours=False)["after"]) == ([40], [4])
    TeamHoliday.objects.create(team=team, on_date=(CONFIRMED + timedelta(days=7)).date(), name="Founders’ Day")
    assert compared(api(cast.mia), in_hours=False)["after"] == [4, 40]


def test_what_cannot_be_measured_is_said(cast: SimpleNamespace, team: Team, signed_in: Browser, api: Api) -> None:
    incident = rows.incident(manager=cast.mia)
    called(incident, team, cast, day=7, minutes=4)
    called(incident, team, cast, day=14, minutes=None)
    called(incident, team, cast, day=21, minutes=-3)
    page = text_of(signed_in(cast.mia))
    assert "One call has no recorded time of joining" in page
    assert "One call says that the team joined no later than it was asked" in page
    answer = api(cast.mia).get("/api/v1/teams/payments/evidence/").json()
    assert (answer["not_joined"], answer["invalid"]) == (1, 1)


def test_without_a_confirmed_profile_everything_is_before(cast: SimpleNamespace, signed_in: Browser) -> None:
    team = factories.team(slug="payments")
    factories.profile(of=team)
    called(rows.incident(manager=cast.mia), team, cast, day=7, minutes=4)
    page = text_of(signed_in(cast.mia))
    assert "has not confirmed a profile yet" in page
    assert "1 before and 0 after" in page


def test_the_first_confirmation_counts(cast: SimpleNamespace, team: Team, api: Api) -> None:
    factories.profile(of=team, confirmed_at=CONFIRMED + timedelta(days=70))
    called(rows.incident(manager=cast.mia), team, cast, day=7, minutes=4)
    assert compared(api(cast.mia))["after"] == [4]


def test_what_the_reader_may_not_see_does_not_count(cast: SimpleNamespace, team: Team, api: Api) -> None:
    called(rows.incident(manager=cast.mia, is_private=True), team, cast, day=7, minutes=4)
    called(rows.incident(manager=cast.mia, is_exercise=True), team, cast, day=7, minutes=5)
    called(rows.incident(manager=cast.mia, state="cancelled", closed_at=NOON), team, cast, day=7, minutes=6)
    assert compared(api(cast.omar))["after"] == []
    assert compared(api(cast.mia))["after"] == [4]


def test_of_each_side_the_nearest_hundred(
    cast: SimpleNamespace, team: Team, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "KEPT", 3)
    weeks(rows.incident(manager=cast.mia), team, cast, n=5, before=20, after=5)
    found = compared(api(cast.mia))
    assert found["before"] == pytest.approx([20.01, 20.02, 20.03])
    assert found["after"] == pytest.approx([5.01, 5.02, 5.03])


@pytest.mark.parametrize("name", ["eve", "olaf"])
def test_who_does_not_read_it(cast: SimpleNamespace, team: Team, signed_in: Browser, name: str) -> None:
    assert signed_in(getattr(cast, name)).get(PAGE).status_code == 403


def test_a_team_that_is_not_there(cast: SimpleNamespace, signed_in: Browser, api: Api) -> None:
    assert signed_in(cast.mia).get("/teams/nobody/evidence/").status_code == 404
    assert api(cast.mia).get("/api/v1/teams/nobody/evidence/").status_code == 404


def test_it_is_linked_from_the_team(cast: SimpleNamespace, team: Team, signed_in: Browser) -> None:
    assert PAGE in signed_in(cast.rosa).get("/teams/payments/").content.decode()


def test_a_fixed_number_of_queries(
    cast: SimpleNamespace, team: Team, signed_in: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(cast.mia)
    client.get(PAGE)
    with django_assert_num_queries(9) as first:
        client.get(PAGE)
    weeks(rows.incident(manager=cast.mia), team, cast, n=3, before=20, after=5)
    with django_assert_num_queries(len(first)):
        client.get(PAGE)
