"""The organisation's lists, kept by administrators on pages and by REST."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from incidents.services.work import engagements
from mim_portal.models import AuditEntry
from teams.models import Contact, GlossaryTerm, Person, Service, Site, Team
from tests import factories
from tests.comms import update_kit
from tests.factories import NOON
from tests.incidents import kit
from tests.naughty.texts import OWN

Browser = Callable[..., Client]
TEAM = {"name": "Database", "slug": "Database", "description": "Keeps data.", "time_zone": "Europe/London"}


@pytest.fixture
def ada(cast: SimpleNamespace, signed_in: Browser) -> Client:
    return signed_in(cast.ada)


def version_in(page: Any) -> str:
    found = re.search(r'name="version" value="([^"]+)"', page.content.decode())
    assert found is not None
    return found[1]


def test_a_team_is_added_and_changed(ada: Client) -> None:
    done = ada.post("/settings/teams/+new/", TEAM)
    assert done["Location"] == "/settings/teams/database/"
    assert Team.objects.get().name == "Database"
    again = ada.post("/settings/teams/+new/", TEAM)
    assert again.status_code == 422
    assert "database is taken." in again.content.decode()
    assert 'value="Database"' in again.content.decode()
    ada.post("/settings/teams/database/", {"name": "Databases", "time_zone": "UTC", "slug": "other"})
    team = Team.objects.get()
    assert (team.name, team.slug, team.time_zone, team.description) == ("Databases", "database", "UTC", "")
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", "subject", "data")
    assert list(verbs) == [
        ("team.added", "team database", {}),
        ("team.changed", "team database", {"fields": ["description", "name", "time_zone"]}),
    ]


def test_the_second_of_two_editors_is_told(ada: Client) -> None:
    factories.site(slug="dublin", name="Dublin")
    version = version_in(ada.get("/settings/sites/dublin/"))
    Site.objects.update(headcount=640)
    given = {"name": "Dublin 2", "time_zone": "UTC", "version": version}
    page = ada.post("/settings/sites/dublin/", given)
    assert page.status_code == 422
    assert "Somebody else has changed Dublin" in page.content.decode()
    assert 'value="Dublin 2"' in page.content.decode()
    assert Site.objects.get().name == "Dublin"
    assert ada.post("/settings/sites/dublin/", given | {"version": version_in(page)}).status_code == 302


def test_a_service_has_an_owner_sites_and_what_it_needs(ada: Client) -> None:
    factories.team(slug="database")
    factories.team(slug="old", is_active=False)
    factories.site(slug="dublin")
    factories.service(slug="sign-in")
    given = {"name": "Payroll", "slug": "payroll", "tier": "critical", "owner_team": "database", "sites": ["dublin"]}
    ada.post("/settings/services/+new/", given | {"depends_on": ["sign-in"]})
    payroll = Service.objects.get(slug="payroll")
    assert (payroll.owner_team, payroll.sites.get().slug) == (Team.objects.get(slug="database"), "dublin")
    assert payroll.depends_on.get().slug == "sign-in"
    page = ada.get("/settings/services/payroll/").content.decode()
    assert 'value="old"' not in page
    assert 'value="payroll"' not in page  # a service does not depend on itself
    ada.post("/settings/services/payroll/", {"name": "Pay", "tier": "standard"})
    payroll.refresh_from_db()
    assert (payroll.owner_team, payroll.sites.count(), payroll.depends_on.count()) == (None, 0, 0)


def test_what_hangs_on_it_is_named_before_it_is_switched_off(ada: Client, cast: SimpleNamespace) -> None:
    team = factories.team(slug="database", name="Database", members=(cast.rosa,))
    site = factories.site(slug="dublin")
    payroll = factories.service(slug="payroll", name="Payroll", owner_team=team)
    payroll.sites.add(site)
    factories.service(slug="shop", name="Shop").depends_on.add(payroll)
    incident = update_kit.declared(cast.mia, service=payroll)
    private = kit.incident(manager=cast.omar, service=payroll, is_private=True)
    engagements.engage(reference=incident.reference, team=team, person=cast.mia, now=NOON)
    page = ada.get("/settings/teams/database/").content.decode()
    assert f"is engaged in {incident.reference}" in page
    assert "owns the service Payroll" in page
    page = ada.get("/settings/services/payroll/").content.decode()
    assert f"{incident.reference} is running" in page
    assert private.reference not in page
    assert "a private incident is running" in page
    assert "Shop depends on it" in page
    assert "Payroll is used there" in ada.get("/settings/sites/dublin/").content.decode()
    for of, slug in (("teams", "database"), ("services", "payroll"), ("sites", "dublin")):
        off = ada.post(f"/settings/{of}/{slug}/active/", {"active": "no"}, follow=True).content.decode()
        assert "can no longer be chosen" in off
        assert ada.get(f"/settings/{of}/").content.decode().count(f"/{of}/{slug}/") == 0
        assert "switched off" in ada.get(f"/settings/{of}/?show=all").content.decode()
        on = ada.post(f"/settings/{of}/{slug}/active/", {"active": "yes"}, follow=True).content.decode()
        assert "can be chosen again" in on


def test_ways_to_reach_a_team(ada: Client) -> None:
    team = factories.team(slug="database")
    given = {"kind": "phone", "value": "+353 1", "note": "nights", "position": "1"}
    assert ada.post("/settings/teams/database/contacts/", given).status_code == 302
    twice = ada.post("/settings/teams/database/contacts/", given)
    assert twice.status_code == 422
    assert "The team has this already." in twice.content.decode()
    contact = Contact.objects.get()
    page = ada.get(f"/settings/contacts/{contact.pk}/").content.decode()
    assert 'value="+353 1"' in page
    ada.post(f"/settings/contacts/{contact.pk}/", given | {"value": "+353 2"})
    contact.refresh_from_db()
    assert contact.value == "+353 2"
    assert "Removed." in ada.post(f"/settings/contacts/{contact.pk}/remove/", follow=True).content.decode()
    assert not team.contacts.exists()
    assert ada.get(f"/settings/contacts/{contact.pk}/").status_code == 404
    assert not AuditEntry.objects.filter(data__icontains="353").exists()


def test_words_of_the_house(ada: Client, cast: SimpleNamespace) -> None:
    ada.post("/settings/words/+new/", {"term": "Halden", "meaning": "our company", "is_plain": "on"})
    word = GlossaryTerm.objects.get()
    assert (word.term, word.is_plain, word.added_by) == ("Halden", True, cast.ada)
    again = ada.post("/settings/words/+new/", {"term": "HALDEN"})
    assert "HALDEN is in the list already." in again.content.decode()
    ada.post(f"/settings/words/{word.pk}/", {"term": "Halden Group"})
    assert "Halden Group" in ada.get("/settings/words/?q=group").content.decode()
    assert ada.post(f"/settings/words/{word.pk}/active/", {"active": "no"}).status_code == 404
    assert "Removed." in ada.post(f"/settings/words/{word.pk}/remove/", follow=True).content.decode()
    assert "Nothing stands here yet." in ada.get("/settings/words/").content.decode()
    assert ada.get("/settings/words/x/").status_code == 404


@pytest.mark.parametrize("of", ["teams", "services", "sites", "words"])
def test_a_list_is_searched_paged_and_costs_the_same(
    of: str, ada: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    def fill(start: int, end: int) -> None:
        for n in range(start, end):
            if of == "words":
                GlossaryTerm.objects.create(term=f"word {n:02}")
            elif of == "services":
                made = factories.service(slug=f"a-{n:02}", owner_team=factories.team())
                made.sites.add(factories.site())
            else:
                getattr(factories, of[:-1])(slug=f"a-{n:02}")

    fill(0, 3)
    costs = {"teams": 7, "services": 6, "sites": 4, "words": 4}[of]
    with django_assert_num_queries(costs):
        ada.get(f"/settings/{of}/")
    fill(3, 60)
    with django_assert_num_queries(costs):
        page = ada.get(f"/settings/{of}/").content.decode()
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following is not None
    second = ada.get(f"/settings/{of}/{following[1]}").content.decode()
    assert second.count('<th scope="row">') == 10
    assert "Nothing is called like that." in ada.get(f"/settings/{of}/?q=nowhere").content.decode()


@pytest.mark.parametrize("words", OWN.values(), ids=OWN.keys())
def test_whatever_is_typed_is_kept_or_refused_at_its_field(ada: Client, words: str) -> None:
    for of, field, rest in (
        ("teams", "name", {"slug": "x", "time_zone": "UTC"}),
        ("sites", "name", {"slug": "x", "time_zone": "UTC"}),
        ("services", "description", {"slug": "x", "name": "X", "tier": "standard"}),
        ("words", "term", {}),
    ):
        answer = ada.post(f"/settings/{of}/+new/", rest | {field: words}, follow=True)
        assert answer.status_code == 200
        assert "<script>alert(1)" not in answer.content.decode()
        shown = ada.get(f"/settings/{of}/")
        assert "<script>alert(1)" not in shown.content.decode()


@pytest.mark.parametrize("username", ["mia", "petra", "rosa", "audra", "eve", "olaf"])
def test_nobody_else_keeps_lists(username: str, cast: SimpleNamespace, signed_in: Browser) -> None:
    factories.team(slug="database")
    browser = signed_in(getattr(cast, username))
    for address in ("/settings/teams/", "/settings/teams/database/", "/settings/services/+new/", "/settings/words/"):
        assert browser.get(address).status_code == 403
    assert browser.post("/settings/teams/database/contacts/", {}).status_code == 403


# REST

Api = Callable[..., APIClient]


def test_teams_by_rest(cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.ada)
    given = {
        "slug": "database",
        "name": "Database",
        "contacts": [{"kind": "phone", "value": "+353 1", "note": "", "hours": "in_hours"}],
    }
    made = client.post("/api/v1/teams/", given)
    assert made.status_code == 201, made.json()
    assert made.json()["contacts"] == given["contacts"]
    assert client.post("/api/v1/teams/", given).json()["errors"][0]["field"] == "slug"
    tag = made["ETag"]
    changed = client.patch("/api/v1/teams/database/", {"name": "Databases"}, headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["name"]) == (200, "Databases")
    stale = client.patch("/api/v1/teams/database/", {"name": "X"}, headers={"If-Match": tag})
    assert stale.status_code == 412
    contacts = [{"kind": "chat", "value": "#db"}, {"kind": "phone", "value": "+353 1"}]
    ordered = client.patch("/api/v1/teams/database/", {"contacts": contacts}).json()["contacts"]
    assert [one["value"] for one in ordered] == ["#db", "+353 1"]
    client.patch("/api/v1/teams/database/", {"is_active": False})
    assert client.get("/api/v1/teams/").json()["results"] == []
    assert len(client.get("/api/v1/teams/?active=all").json()["results"]) == 1
    assert client.patch("/api/v1/teams/nowhere/", {}).status_code == 404


def test_services_and_sites_by_rest(cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.ada)
    factories.team(slug="database")
    site = client.post("/api/v1/sites/", {"slug": "dublin", "name": "Dublin", "country": "ie", "headcount": 640})
    assert site.json() == {
        "slug": "dublin", "name": "Dublin", "country": "IE", "time_zone": "UTC", "headcount": 640, "is_active": True,
    }  # fmt: skip
    given = {"slug": "payroll", "name": "Payroll", "tier": "critical", "owner_team": "database", "sites": ["dublin"]}
    made = client.post("/api/v1/services/", given)
    assert made.status_code == 201
    assert made.json()["sites"] == ["dublin"]
    assert client.patch("/api/v1/services/payroll/", {"owner_team": None}).json()["owner_team"] is None
    for bad, field in (
        ({"owner_team": "nobody"}, "owner_team"),
        ({"sites": ["nowhere"]}, "sites"),
        ({"depends_on": ["payroll"]}, "depends_on"),
        ({"name": " "}, "name"),
        ({"tier": "golden"}, "tier"),
    ):
        answer = client.patch("/api/v1/services/payroll/", bad)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    assert client.patch("/api/v1/sites/dublin/", {"country": "Ireland"}).status_code == 400
    assert client.patch("/api/v1/sites/dublin/", {"is_active": False}).json()["is_active"] is False
    assert client.get("/api/v1/sites/?active=false").json()["results"][0]["slug"] == "dublin"


def test_people_by_rest(cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.ada)
    factories.team(slug="database")
    given = {"email": "Niamh@example.org", "roles": ["responder"], "teams": [{"team": "database", "is_lead": True}]}
    made = client.post("/api/v1/people/", given, headers={"Idempotency-Key": "1"})
    assert made.status_code == 201, made.json()
    body = made.json()
    assert (body["username"], body["email"], body["can_sign_in"], body["invitation"]) == (
        "niamh", "niamh@example.org", False, "sent",
    )  # fmt: skip
    assert body["teams"] == [{"team": "database", "is_lead": True}]
    assert client.post("/api/v1/people/", given, headers={"Idempotency-Key": "1"}).json() == body
    taken = client.post("/api/v1/people/", given)
    assert (taken.status_code, taken.json()["errors"][0]["field"]) == (400, "email")
    tag = made["ETag"]
    changed = client.patch("/api/v1/people/niamh/", {"roles": ["deputy"], "teams": []}, headers={"If-Match": tag})
    assert (changed.json()["roles"], changed.json()["teams"]) == (["deputy"], [])
    assert client.patch("/api/v1/people/niamh/", {"phone": "1"}, headers={"If-Match": tag}).status_code == 412
    assert client.delete("/api/v1/people/niamh/invitation/").status_code == 204
    assert client.get("/api/v1/people/niamh/").json()["invitation"] == "withdrawn"
    assert client.post("/api/v1/people/niamh/invitation/").json()["invitation"] == "sent"
    assert client.post("/api/v1/people/mia/invitation/").status_code == 409
    found = client.get("/api/v1/people/?role=deputy&active=true").json()["results"]
    assert [one["username"] for one in found] == ["dan", "niamh"]
    last = client.patch("/api/v1/people/ada/", {"roles": []})
    assert (last.status_code, last.json()["code"]) == (409, "last_administrator")
    assert client.get("/api/v1/people/nobody/").status_code == 404


def test_a_deactivation_by_rest_names_what_is_needed(cast: SimpleNamespace, api: Api) -> None:
    incident = kit.incident(manager=cast.mia)
    answer = api(cast.ada).patch("/api/v1/people/mia/", {"is_active": False})
    assert answer.status_code == 409
    assert answer.json()["needed_for"] == [f"is accountable for {incident.reference}"]


def test_people_are_for_administrators_with_the_scope(cast: SimpleNamespace, api: Api) -> None:
    for client in (api(cast.mia), api(cast.audra), api(cast.ada, scopes=["read", "teams"])):
        assert client.get("/api/v1/people/").status_code == 403
        assert client.patch("/api/v1/people/mia/", {"roles": ["administrator"]}).status_code == 403
        assert client.post("/api/v1/sites/", {"slug": "x", "name": "X"}).status_code == 403
    assert Person.objects.get(username="mia").roles == ["incident_manager"]


def test_what_is_switched_off_is_there_for_administrators(cast: SimpleNamespace, api: Api) -> None:
    factories.service(slug="old", is_active=False)
    assert api(cast.mia).get("/api/v1/services/old/").status_code == 404
    assert api(cast.ada).get("/api/v1/services/old/").json()["is_active"] is False
