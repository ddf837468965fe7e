"""Files of the organisation: the dry run writes nothing, the application does exactly what it showed."""

from collections.abc import Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comms.models import Delivery
from mim_portal.lib.refusals import Refusal
from mim_portal.models import AuditEntry
from teams.choices import Role
from teams.models import Invitation, Membership, Person, Site
from teams.rules.catalogue import Kind
from teams.services.importing import files
from teams.services.importing.files import Report
from tests import factories
from tests.factories import NOON
from tests.incidents import kit
from tests.teams.import_kit import dry, problems, take

SITES = "Slug;Name;Country;Time zone;Headcount\ndublin;Dublin;ie;Europe/Dublin;640\noslo;Oslo;NO;Europe/Oslo;\n"


def test_a_dry_run_writes_nothing(db: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        report = dry(Kind.SITES, SITES)
    assert report.counts == {"created": 2, "updated": 0, "unchanged": 0, "refused": 0}
    assert not [one["sql"] for one in queries if not one["sql"].startswith("SELECT")]
    assert not Site.objects.exists()


def test_created_then_unchanged_then_updated_in_place(db: None) -> None:
    assert take(Kind.SITES, SITES).counts["created"] == 2
    dublin = Site.objects.get(slug="dublin")
    assert (dublin.name, dublin.country, dublin.time_zone, dublin.headcount) == ("Dublin", "IE", "Europe/Dublin", 640)
    assert take(Kind.SITES, SITES).counts["unchanged"] == 2
    report = take(Kind.SITES, "slug,headcount\nDUBLIN,650\n")
    assert report.lines[0].changes == (("headcount", "640", "650"),)
    again = Site.objects.get(slug="dublin")
    assert (again.pk, again.headcount, again.name) == (dublin.pk, 650, "Dublin")
    assert AuditEntry.objects.filter(verb="site.changed").get().data == {"fields": ["headcount"]}
    assert AuditEntry.objects.filter(verb="catalogue.imported").count() == 3


def test_the_file_is_taken_as_a_whole_or_its_good_rows_are(db: None) -> None:
    text = "slug,name,country\ndublin,Dublin,IE\nx y,Nowhere,IE\noslo,Oslo,Norway\nlondon,,GB\n"
    assert [(number, column) for number, column, _words in problems(dry(Kind.SITES, text))] == [
        (3, "slug"), (4, "country"), (5, "name"),
    ]  # fmt: skip
    with pytest.raises(files.HasRefusals, match="3 rows cannot be used, so nothing was imported"):
        take(Kind.SITES, text)
    assert not Site.objects.exists()
    take(Kind.SITES, text, only_good=True)
    assert list(Site.objects.values_list("slug", flat=True)) == ["dublin"]


def test_what_changed_since_it_was_shown_is_shown_again(db: None) -> None:
    take(Kind.SITES, SITES)
    text = "slug,headcount\ndublin,650\n"
    token = dry(Kind.SITES, text).token
    Site.objects.filter(slug="dublin").update(headcount=649)
    given: dict[str, Any] = {"kind": Kind.SITES, "invites": False, "only_good": False, "by": None, "now": NOON}
    with pytest.raises(files.ChangedMeanwhile, match="Nothing was imported"):
        files.apply(raw=text.encode(), token=token, **given)
    with pytest.raises(files.ChangedMeanwhile):
        files.apply(raw=text.replace("650", "651").encode(), token=token, **given)
    assert Site.objects.get(slug="dublin").headcount == 649


def test_a_file_that_is_none_is_said(db: None) -> None:
    assert "UTF-8" in files.dry_run(kind=Kind.SITES, raw=b"\xff", invites=False, by=None, now=NOON).unreadable
    assert dry(Kind.SITES, "name\nx\n").unreadable.startswith("The file lacks the column slug.")
    assert "The file has: shoe_size." in dry(Kind.PEOPLE, "shoe size\n45\n").unreadable
    assert "email stands there twice" in dry(Kind.PEOPLE, "email,e-mail\na,b\n").unreadable
    with pytest.raises(Refusal, match="lacks the column"):
        take(Kind.SITES, "name\nx\n")


def test_columns_that_nobody_knows_are_named_and_passed_over(db: None) -> None:
    report = take(Kind.SITES, "slug,name,Shoe size\ndublin,Dublin,45\n")
    assert report.unknown == ("shoe_size",)
    assert Site.objects.count() == 1


def test_nothing_is_deleted_or_switched_off_by_being_left_out(db: None) -> None:
    take(Kind.SITES, SITES)
    take(Kind.SITES, "slug,name\nlondon,London\n")
    take(Kind.SITES, "slug,active\ndublin,no\n")
    assert take(Kind.SITES, "slug,name,active\ndublin,Dublin,\n").counts["unchanged"] == 1
    assert dict(Site.objects.values_list("slug", "is_active")) == {"dublin": False, "oslo": True, "london": True}


# People

PEOPLE = (
    "First name,Last name,E-mail,Roles,Teams,Leads,Phone,Time zone\n"
    "Niamh,Byrne, NIAMH@Example.org,Responder; service desk,database,network,'+353 1 555 0100,Europe/Dublin\n"
    "Łukasz,O'Neill,l@example.org,,,,,\n"
)


@pytest.fixture
def teams(db: None) -> None:
    factories.team(slug="database")
    factories.team(slug="network")


def test_people_are_made_and_not_invited(cast: SimpleNamespace, teams: None) -> None:
    take(Kind.PEOPLE, PEOPLE, by=cast.ada)
    niamh = Person.objects.get(username="niamh")
    assert (niamh.email, niamh.roles, niamh.phone) == (
        "niamh@example.org", ["responder", "service_desk"], "+353 1 555 0100",
    )  # fmt: skip
    assert set(niamh.memberships.values_list("team__slug", "is_lead")) == {("database", False), ("network", True)}
    assert not niamh.has_usable_password()
    assert not Invitation.objects.exists()
    assert take(Kind.PEOPLE, PEOPLE, by=cast.ada).counts["unchanged"] == 2
    entry = AuditEntry.objects.filter(subject=f"person {niamh.pk}").get()
    assert (entry.verb, entry.data, entry.actor) == ("person.imported", {}, cast.ada)


def test_people_are_invited_where_somebody_says_so(cast: SimpleNamespace, teams: None) -> None:
    take(Kind.PEOPLE, PEOPLE, by=cast.ada)
    report = take(Kind.PEOPLE, PEOPLE + "Mia,Example,mia@example.org,incident_manager,,,,\n", invites=True, by=cast.ada)
    assert (report.counts["unchanged"], report.invited) == (3, 2)  # Mia has a password
    assert Invitation.objects.count() == Delivery.objects.count() == 2
    assert dry(Kind.PEOPLE, PEOPLE, invites=True).invited == 0  # theirs still wait
    assert Invitation.objects.first().invited_by == cast.ada  # type: ignore[union-attr]


def test_people_are_found_by_name_in_any_case_or_by_address(cast: SimpleNamespace) -> None:
    text = "username,email,phone\nMIA,mia@example.org,1\n,OMAR@example.org,2\n"
    report = take(Kind.PEOPLE, text, by=cast.ada)
    assert report.counts["updated"] == 2
    assert list(Person.objects.filter(phone__in=["1", "2"]).order_by("phone")) == [cast.mia, cast.omar]


def test_roles_are_taken_and_given_with_their_history(cast: SimpleNamespace) -> None:
    take(Kind.PEOPLE, "username,roles\nmia,administrator\nrosa,responder; auditor\n", by=cast.ada)
    mia = Person.objects.get(username="mia")
    assert (mia.roles, mia.is_staff, mia.is_superuser) == (["administrator"], True, True)
    assert AuditEntry.objects.get(subject=f"person {mia.pk}").data == {
        "fields": ["roles"], "roles_added": ["administrator"], "roles_removed": ["incident_manager"],
    }  # fmt: skip


def test_leaving_a_team_is_also_no_longer_leading_it(cast: SimpleNamespace, teams: None) -> None:
    take(Kind.PEOPLE, "username,teams,leads\nrosa,database;network,network\n")
    take(Kind.PEOPLE, "username,teams\nrosa,database\n")
    assert list(Membership.objects.values_list("team__slug", "is_lead")) == [("database", False)]


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (",", "username", "needs a user name or an e-mail address"),
        ("x y,", "username", "small letters"),
        ("new,mia@example.org", "email", "is the address of mia"),
        ("omar,mia@example.org", "email", "is the address of mia"),
        ("new,nobody", "email", "has an @"),
    ],
)
def test_people_that_cannot_be_are_said(cast: SimpleNamespace, row: str, column: str, words: str) -> None:
    found = problems(dry(Kind.PEOPLE, f"username,email,first_name\n{row},N\n"))
    assert [(number, name) for number, name, _message in found] == [(2, column)]
    assert words in found[0][2]


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("teams", "nowhere", "no team nowhere. Import the teams first"),
        ("leads", "old", "no team old"),
        ("roles", "emperor", "no role emperor"),
        ("locale", "tlh", "speaks en-gb"),
        ("time_zone", "IST", "by its name"),
        ("active", "perhaps", "yes or no"),
        ("first_name", "x" * 151, "at most 150"),
    ],
)
def test_cells_of_people_that_cannot_be_are_said(cast: SimpleNamespace, column: str, cell: str, words: str) -> None:
    factories.team(slug="old", is_active=False)
    found = problems(dry(Kind.PEOPLE, f"username,{column}\nmia,{cell}\n"))
    assert words in found[0][2]


def test_two_rows_of_one_person_or_address_are_said(cast: SimpleNamespace) -> None:
    text = "username,email\nmia,\nMIA,\nnew,x@example.org\nother,X@example.org\n"
    assert [(number, words) for number, _column, words in problems(dry(Kind.PEOPLE, text))] == [
        (3, "The same as row 2: keep one of them."),
        (5, "Row 4 has this address already."),
    ]


def test_names_are_made_that_nobody_has(cast: SimpleNamespace) -> None:
    take(Kind.PEOPLE, "email,username\nmia@other.example,\nmia@third.example,\nx@example.org,mia3\n")
    made = Person.objects.filter(username__startswith="mia").values_list("username", "email")
    assert dict(made) == {
        "mia": "mia@example.org", "mia2": "mia@other.example", "mia4": "mia@third.example", "mia3": "x@example.org",
    }  # fmt: skip


def test_whoever_is_accountable_stays(cast: SimpleNamespace) -> None:
    incident = kit.incident(manager=cast.mia)
    Invitation.objects.create(person=cast.omar, sent_at=NOON, expires_at=NOON + timedelta(1))
    text = "username,active\nmia,no\nomar,no\n"
    assert problems(dry(Kind.PEOPLE, text, by=cast.ada)) == [
        (2, "active", f"mia is accountable for {incident.reference}. Hand it over first.")
    ]
    take(Kind.PEOPLE, text, by=cast.ada, only_good=True)
    assert set(Person.objects.filter(is_active=False)) == {cast.omar}
    assert Invitation.objects.get().withdrawn_at == NOON


@pytest.mark.parametrize("row", ["ada,no,administrator", "ada,yes,auditor"])
def test_an_administrator_is_left(cast: SimpleNamespace, row: str) -> None:
    text = f"username,active,roles\n{row}\n"
    assert problems(dry(Kind.PEOPLE, text)) == [(2, "roles", "The portal would be without an administrator.")]
    Person.objects.filter(pk=cast.mia.pk).update(roles=[Role.ADMINISTRATOR])
    assert problems(dry(Kind.PEOPLE, text)) == []


def test_an_empty_report_counts_nothing() -> None:
    counts: Mapping[str, int] = Report(kind=Kind.SITES).counts
    assert counts == {"created": 0, "updated": 0, "unchanged": 0, "refused": 0}
    assert not Report(kind=Kind.SITES).does_something
