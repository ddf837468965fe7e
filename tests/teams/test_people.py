"""People are changed by administrators: together, with their history, and never to nobody being one."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from incidents.models import IncidentMember
from incidents.services.work import engagements
from mim_portal.lib.refusals import Invalid, Refusal
from mim_portal.models import AuditEntry
from teams.choices import Role
from teams.models import Invitation, Membership, Person, Rota, RotaShift
from teams.queries import dependents, naming
from teams.queries import people as queries
from teams.services import people
from tests import factories
from tests.comms import update_kit
from tests.factories import NOON
from tests.incidents import kit
from tests.reviews import rows

Browser = Callable[..., Client]


def change(cast: SimpleNamespace, who: Person, **changes: Any) -> Person:
    return people.change(person_id=who.pk, by=cast.ada, changes=changes, now=NOON)


def loaded(who: Person) -> Person:
    found = queries.by_username(who.username)
    assert found is not None
    return found


def test_what_is_not_sent_stays(cast: SimpleNamespace) -> None:
    team = factories.team(slug="database", members=(cast.mia,))
    changed = change(cast, cast.mia, roles=["deputy", "incident_manager"], phone=" +353 1  555 0100 ")
    assert (changed.roles, changed.phone, changed.first_name) == (
        ["incident_manager", "deputy"],
        "+353 1 555 0100",
        "Mia",
    )
    assert team.memberships.count() == 1
    assert AuditEntry.objects.get().data == {
        "fields": ["phone", "roles"],
        "roles_added": ["deputy"],
        "roles_removed": [],
    }


def test_what_is_as_it_was_is_no_change(cast: SimpleNamespace) -> None:
    change(cast, cast.mia, roles=["incident_manager"], email="MIA@example.org", teams={})
    assert not AuditEntry.objects.exists()


def test_teams_are_set_with_who_leads(cast: SimpleNamespace) -> None:
    factories.team(slug="network", members=(cast.rosa,))
    factories.team(slug="database")
    change(cast, cast.rosa, teams={"database": True})
    assert {(one.team.slug, one.is_lead) for one in Membership.objects.select_related("team")} == {("database", True)}
    assert AuditEntry.objects.get().data["teams_removed"] == ["network"]


def test_a_team_that_is_switched_off_is_kept_and_not_joined(cast: SimpleNamespace) -> None:
    factories.team(slug="old", members=(cast.rosa,), is_active=False)
    change(cast, cast.rosa, teams={"old": True})
    with pytest.raises(Invalid, match="no team old"):
        change(cast, cast.nils, teams={"old": False})


def test_whoever_becomes_administrator_enters_the_admin_and_whoever_ceases_does_not(cast: SimpleNamespace) -> None:
    made = change(cast, cast.mia, roles=["administrator"])
    assert (made.is_staff, made.is_superuser) == (True, True)
    gone = change(cast, cast.mia, roles=["deputy"])
    assert (gone.is_staff, gone.is_superuser) == (False, False)


@pytest.mark.parametrize("changes", [{"roles": []}, {"roles": ["deputy"]}, {"is_active": False}])
def test_the_last_administrator_stays_one(cast: SimpleNamespace, changes: dict[str, Any]) -> None:
    with pytest.raises(people.LastAdministrator, match="Ada Example is the last administrator"):
        change(cast, cast.ada, **changes)
    change(cast, cast.mia, roles=["administrator"])
    change(cast, cast.ada, **changes)
    with pytest.raises(people.LastAdministrator):
        change(cast, cast.mia, **changes)


def test_a_deactivated_administrator_does_not_count(cast: SimpleNamespace) -> None:
    factories.person(username="gone", roles=(Role.ADMINISTRATOR,), is_active=False)
    with pytest.raises(people.LastAdministrator):
        change(cast, cast.ada, roles=[])


def test_whoever_is_accountable_is_not_deactivated(cast: SimpleNamespace) -> None:
    incident = kit.incident(manager=cast.mia)
    with pytest.raises(people.StillNeeded, match=f"is accountable for {incident.reference}. Hand it over") as caught:
        change(cast, cast.mia, is_active=False)
    assert caught.value.extra["needed_for"] == [f"is accountable for {incident.reference}"]
    assert Person.objects.get(pk=cast.mia.pk).is_active


def test_a_private_incident_is_counted_and_not_named(cast: SimpleNamespace) -> None:
    incident = kit.incident(manager=cast.mia, is_private=True)
    with pytest.raises(people.StillNeeded, match="is accountable for a private incident"):
        change(cast, cast.mia, is_active=False)
    IncidentMember.objects.create(incident=incident, person=cast.ada)
    with pytest.raises(people.StillNeeded, match=incident.reference):
        change(cast, cast.mia, is_active=False)


def test_what_would_be_nobodys_is_named(cast: SimpleNamespace) -> None:
    team = factories.team(slug="database", name="Database")
    Membership.objects.create(team=team, person=cast.rosa, is_lead=True)
    rota = Rota.objects.create(name="Database nights", team=team)
    for day in (-9, 1, 2):
        starts_at = NOON + timedelta(days=day)
        RotaShift.objects.create(
            rota=rota, person=cast.rosa, starts_at=starts_at, ends_at=starts_at + timedelta(hours=8)
        )
    incident = update_kit.declared(cast.mia)
    asked = engagements.engage(reference=incident.reference, team=team, person=cast.mia, now=NOON)
    engagements.acknowledge(engagement_id=asked.pk, person=cast.rosa, now=NOON)
    rows.action(of=rows.review(of=incident), owner=cast.rosa)
    found = [one.text for one in dependents.of(cast.rosa, viewer=cast.ada, now=NOON)]
    assert found == [
        "2 turns on the rota Database nights, the first on Tue 24 Nov 2026, 12:00 (UTC+0)",
        "leads the team Database",
        f"answers for a team in {incident.reference}",
        "owns 1 open improvement action",
    ]
    assert not change(cast, cast.rosa, is_active=False).is_active


def test_a_deactivated_person_is_out_everywhere(cast: SimpleNamespace, signed_in: Browser, api: Any) -> None:
    browser, token = signed_in(cast.omar), api(cast.omar)
    assert token.get("/api/v1/people/me/").status_code == 200
    invited = people.invite(by=cast.ada, email="x@example.org", now=NOON).person
    for one in (cast.omar, invited):
        change(cast, one, is_active=False)
    assert browser.get("/teams/").status_code == 302
    assert token.get("/api/v1/people/me/").status_code == 401
    assert Invitation.objects.get().withdrawn_at == NOON
    change(cast, cast.omar, is_active=True)
    assert token.get("/api/v1/people/me/").status_code == 200


def test_a_second_administrator_hears_of_the_first(cast: SimpleNamespace) -> None:
    version = queries.version(loaded(cast.mia))
    change(cast, cast.mia, phone="1")
    with pytest.raises(people.Outdated, match="Somebody else has changed Mia Example"):
        people.change(person_id=cast.mia.pk, by=cast.ada, changes={"phone": "2"}, now=NOON, version=version)
    assert Person.objects.get(pk=cast.mia.pk).phone == "1"


def test_nobody_changes_somebody_who_is_not_there(cast: SimpleNamespace) -> None:
    with pytest.raises(people.Unknown):
        people.change(person_id=0, by=cast.ada, changes={}, now=NOON)


@pytest.mark.parametrize(
    "changes", [{"roles": ["administrator"]}, {"teams": {}}, {"email": "x@example.org"}, {"is_active": True}]
)
def test_nobody_raises_themselves(cast: SimpleNamespace, changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="An administrator changes this"):
        people.edit_own(person=cast.mia, changes=changes, now=NOON)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_remove_each_other(cast: SimpleNamespace) -> None:
    change(cast, cast.mia, roles=["administrator"])
    refused: list[Refusal] = []

    def remove(person: Person, by: Person) -> None:
        try:
            people.change(person_id=person.pk, by=by, changes={"roles": []}, now=NOON)
        except Refusal as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=remove, args=pair) for pair in ((cast.ada, cast.mia), (cast.mia, cast.ada))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(one) for one in refused] == [people.LastAdministrator]
    assert Person.objects.filter(roles__contains=["administrator"]).count() == 1


# The pages


@pytest.fixture
def ada(cast: SimpleNamespace, signed_in: Browser) -> Client:
    return signed_in(cast.ada)


def names(page: Any) -> list[str]:
    """The user names of the list, in its order."""
    return re.findall(r'<th scope="row"><a href="/settings/people/([^"/]+)/"', page.content.decode())


def form_of(who: Person, **changes: Any) -> dict[str, Any]:
    found = loaded(who)
    kept = queries.state(found) | {"teams": list(queries.state(found)["teams"]), "version": queries.version(found)}
    del kept["is_active"], kept["username"]
    return kept | changes


def test_the_list_is_narrowed(ada: Client, cast: SimpleNamespace) -> None:
    factories.team(slug="database", members=(cast.rosa,))
    factories.person(username="gone", is_active=False)
    people.invite(by=cast.ada, email="niamh@example.org", now=NOON)

    def shown(query: str) -> set[str]:
        return set(names(ada.get(f"/settings/people/?{query}")))

    assert shown("q=MIA+exam") == {"mia"}
    assert shown("role=deputy") == {"dan"}
    assert shown("team=database") == {"rosa"}
    assert shown("active=no") == {"gone"}
    assert shown("active=invited") == {"niamh"}
    assert "gone" in shown("active=all")
    assert "gone" not in shown("")
    assert shown("q=%25") == set()
    assert "Nobody fits" in ada.get("/settings/people/?q=nobody+at+all").content.decode()
    assert len(shown("role=emperor&team=nowhere")) > 10


def test_the_list_is_paged_and_costs_the_same(
    ada: Client, cast: SimpleNamespace, django_assert_num_queries: Callable[..., Any]
) -> None:
    factories.team(slug="database", members=(cast.rosa,))
    with django_assert_num_queries(7):  # session, person, teams, people, their teams, their invitations, clock
        ada.get("/settings/people/")
    team = factories.team(slug="z", members=tuple(factories.person(username=f"zz{number:02}") for number in range(60)))
    with django_assert_num_queries(7):
        page = ada.get("/settings/people/")
    assert len(names(page)) == 50
    following = re.search(r'rel="next" href="([^"]+)"', page.content.decode())
    assert following is not None
    second = ada.get(f"/settings/people/{following[1]}")
    assert names(second)[0] > names(page)[-1]
    assert 'rel="prev" href="?"' in second.content.decode()
    assert team.memberships.count() == 60


def test_one_page_says_everything(
    ada: Client, cast: SimpleNamespace, django_assert_num_queries: Callable[..., Any]
) -> None:
    factories.team(slug="database", members=(cast.mia,))
    incident = kit.incident(manager=cast.mia)
    change(cast, cast.mia, roles=["incident_manager", "deputy"], first_name="Mia")
    with django_assert_num_queries(21):
        page = ada.get("/settings/people/mia/").content.decode()
    assert f"is accountable for {incident.reference}" in page
    assert "then this page offers the button" in page
    assert "role + Deputy" in page
    assert "Ada Example" in page
    assert ada.get("/settings/people/MIA/").status_code == 200
    assert ada.get("/settings/people/nobody/").status_code == 404


def test_it_is_saved(ada: Client, cast: SimpleNamespace) -> None:
    factories.team(slug="database")
    fields = form_of(cast.rosa, roles=["responder", "auditor"], leads=["database"], time_zone="Europe/Rome")
    assert ada.post("/settings/people/rosa/", fields).status_code == 302
    rosa = loaded(cast.rosa)
    assert (rosa.roles, rosa.time_zone) == (["responder", "auditor"], "Europe/Rome")
    assert rosa.memberships.get().is_lead


def test_an_error_hides_nothing_that_another_changed_meanwhile(ada: Client, cast: SimpleNamespace) -> None:
    stale = form_of(cast.rosa, roles=["auditor"])
    change(cast, cast.rosa, roles=["deputy"])
    wrong = ada.post("/settings/people/rosa/", stale | {"time_zone": "Europe/Nowhere"}).content.decode()
    assert f'value="{stale["version"]}"' in wrong
    said = ada.post("/settings/people/rosa/", stale).content.decode()
    assert "Somebody else has changed Rosa Example" in said
    assert loaded(cast.rosa).roles == ["deputy"]


def test_two_administrators_are_shown_what_the_other_did(ada: Client, cast: SimpleNamespace) -> None:
    stale = form_of(cast.rosa, first_name="Rosalind", roles=["auditor"])
    change(cast, cast.rosa, roles=["responder", "deputy"])
    page = ada.post("/settings/people/rosa/", stale)
    text = page.content.decode()
    assert page.status_code == 422
    assert "Somebody else has changed Rosa Example" in text
    assert "responder, deputy" in text or "deputy, responder" in text
    assert 'value="Rosalind"' in text
    again = stale | {"version": queries.version(loaded(cast.rosa))}
    assert f'value="{again["version"]}"' in text
    assert ada.post("/settings/people/rosa/", again).status_code == 302
    assert loaded(cast.rosa).roles == ["auditor"]


def test_deactivated_and_back(ada: Client, cast: SimpleNamespace) -> None:
    page = ada.post("/settings/people/omar/active/", {"active": "no"}, follow=True).content.decode()
    assert "is deactivated and signed out everywhere" in page
    assert "Reactivate Omar Example" in page
    page = ada.post("/settings/people/omar/active/", {"active": "yes"}, follow=True).content.decode()
    assert "is active again" in page


def test_the_refusal_names_what_to_hand_over(ada: Client, cast: SimpleNamespace) -> None:
    incident = kit.incident(manager=cast.mia)
    page = ada.post("/settings/people/mia/active/", {"active": "no"}, follow=True).content.decode()
    assert f"is accountable for {incident.reference}. Hand it over first" in page


def test_an_invitation_is_sent_and_withdrawn_from_the_page(ada: Client, cast: SimpleNamespace) -> None:
    person = factories.person(username="niamh")
    person.set_unusable_password()
    person.save()
    assert "no password yet" in ada.get("/settings/people/niamh/").content.decode()
    assert "on its way to niamh@" in ada.post("/settings/people/niamh/invitation/", follow=True).content.decode()
    assert "Invited by Ada Example" in ada.get("/settings/people/niamh/").content.decode()
    again = ada.post("/settings/people/niamh/invitation/", follow=True).content.decode()
    assert "a moment ago" in again
    gone = ada.post("/settings/people/niamh/invitation/", {"deed": "withdraw"}, follow=True).content.decode()
    assert "does not work any more" in gone


def test_ones_own_page(cast: SimpleNamespace, signed_in: Browser, django_assert_num_queries: Any) -> None:
    factories.team(slug="database", name="Database", members=(cast.rosa,))
    rosa = signed_in(cast.rosa)
    with django_assert_num_queries(6):
        page = rosa.get("/settings/me/").content.decode()
    assert "Database" in page
    assert "Responder" in page
    fields = form_of(cast.rosa, first_name="Rosie", roles=["administrator"], is_superuser="on", email="x@example.org")
    assert rosa.post("/settings/me/", fields).status_code == 302
    after = loaded(cast.rosa)
    assert (after.first_name, after.roles, after.email, after.is_superuser) == (
        "Rosie", ["responder"], "rosa@example.org", False,
    )  # fmt: skip
    stale = rosa.post("/settings/me/", fields | {"first_name": "R."})
    assert stale.status_code == 422
    assert "Somebody else has changed" in stale.content.decode()
    assert signed_in(cast.olaf).get("/settings/me/").status_code == 200
    assert "/settings/me/" in rosa.get("/teams/").content.decode()
    assert "/account/password/change/" in rosa.get("/teams/").content.decode()


def test_an_address_is_not_changed_by_its_owner(cast: SimpleNamespace, signed_in: Browser) -> None:
    rosa = signed_in(cast.rosa)
    assert rosa.get("/account/email/")["Location"] == "/settings/me/"
    assert rosa.post("/account/email/", {"action_add": "", "email": "other@example.org"}).status_code in (403, 405)
    assert loaded(cast.rosa).email == "rosa@example.org"


@pytest.mark.parametrize(("first", "last"), [("Mia", "Holm"), ("Mia", ""), ("", "Holm"), ("", "")])
def test_lists_call_a_person_what_the_person_is_called(cast: SimpleNamespace, first: str, last: str) -> None:
    person = factories.person(username="somebody", first_name=first, last_name=last)
    named = Person.objects.filter(pk=person.pk).values_list(naming.name(), flat=True).get()
    assert named == person.name
