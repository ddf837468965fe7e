"""teams/, teams/{slug}/profile/, services/ and people/me/."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from teams.models import Contact, Person, Team
from tests import factories

Api = Callable[..., APIClient]
URL = "/api/v1/"


@pytest.fixture
def team(cast: SimpleNamespace) -> Team:
    made = factories.team(slug="database", name="Database", members=(cast.rosa,))
    Contact.objects.create(team=made, kind="chat", value="#database")
    return made


def test_teams_with_contacts_and_services(team: Team, cast: SimpleNamespace, api: Api) -> None:
    factories.service(slug="payroll", owner_team=team)
    factories.team(slug="closed", is_active=False)
    body = api(cast.mia).get(f"{URL}teams/").json()
    assert [row["slug"] for row in body["results"]] == ["database"]
    assert body["results"][0]["contacts"] == [{"kind": "chat", "value": "#database", "note": "", "hours": "always"}]
    assert body["results"][0]["services"] == ["payroll"]
    assert api(cast.mia).get(f"{URL}teams/database/").json() == body["results"][0]
    assert api(cast.mia).get(f"{URL}teams/closed/").status_code == 404


def test_a_profile_is_read_and_written_by_its_team(team: Team, cast: SimpleNamespace, api: Api) -> None:
    address = f"{URL}teams/database/profile/"
    assert api(cast.mia).get(address).status_code == 404
    made = api(cast.rosa).put(address, {"reach": "Chat first", "facts_wanted": ["symptom", "scope"]})
    assert (made.status_code, made.json()["version"], made["ETag"]) == (200, 1, '"database.1"')
    assert made.json()["confirmed_by"] == "rosa"
    changed = api(cast.rosa).patch(address, {"avoid": "@all"}, headers={"If-Match": made["ETag"]})
    assert (changed.json()["version"], changed.json()["reach"]) == (2, "Chat first")
    assert api(cast.rosa).patch(address, {}, headers={"If-Match": made["ETag"]}).status_code == 412
    assert api(cast.rosa).patch(address, {}, headers={"If-Match": '"other.2"'}).status_code == 412
    assert api(cast.rosa).patch(address, {}, headers={"If-Match": "*"}).status_code == 200
    assert api(cast.mia).patch(address, {"avoid": "nothing"}).status_code == 403
    assert api(cast.rosa).patch(address, {"ask_again_minutes": 0}).status_code == 400
    assert api(cast.mia).get(address).json()["version"] == 3


def test_profiles_stay_in_the_house(team: Team, cast: SimpleNamespace, api: Api) -> None:
    factories.profile(of=team)
    assert api(cast.eve).get(f"{URL}teams/database/profile/").status_code == 403
    assert api(cast.olaf).get(f"{URL}teams/").status_code == 403
    assert api(cast.rosa, scopes=["read"]).put(f"{URL}teams/database/profile/", {}).status_code == 403


def test_services(team: Team, cast: SimpleNamespace, api: Api) -> None:
    base = factories.service(slug="network")
    shop = factories.service(slug="shop", name="Web shop", owner_team=team)
    shop.depends_on.add(base)
    shop.sites.add(factories.site(slug="dublin"))
    factories.service(slug="old", is_active=False)
    rows = api(cast.eve).get(f"{URL}services/").json()["results"]
    assert [row["slug"] for row in rows] == ["network", "shop"]
    assert (rows[1]["owner_team"], rows[1]["depends_on"], rows[1]["sites"]) == ("database", ["network"], ["dublin"])
    assert [row["slug"] for row in api(cast.eve).get(f"{URL}services/?q=web").json()["results"]] == ["shop"]


def test_lists_cost_a_fixed_number_of_queries(cast: SimpleNamespace, api: Api, django_assert_num_queries: Any) -> None:
    client = api(cast.mia)
    client.get(f"{URL}teams/")
    for number in range(3):
        factories.service(slug=f"service-{number}x", owner_team=factories.team(slug=f"team-{number}x"))
    with django_assert_num_queries(4):  # token with its person, teams, contacts, services
        assert len(client.get(f"{URL}teams/").json()["results"]) == 3
    with django_assert_num_queries(4):  # token with its person, services with owners, sites, dependencies
        assert len(client.get(f"{URL}services/").json()["results"]) == 3


def test_oneself(team: Team, cast: SimpleNamespace, api: Api, signed_in: Callable[[Person], Client]) -> None:
    body = api(cast.rosa, scopes=["read", "teams"]).get(f"{URL}people/me/").json()
    assert (body["username"], body["roles"], body["teams"], body["scopes"]) == (
        "rosa",
        ["responder"],
        ["database"],
        ["read", "teams"],
    )
    assert signed_in(cast.rosa).get(f"{URL}people/me/").json()["scopes"] is None
    assert api(cast.olaf).get(f"{URL}people/me/").json()["roles"] == []
    assert api().get(f"{URL}people/me/").status_code == 401
