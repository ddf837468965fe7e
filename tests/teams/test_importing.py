"""Files of the organisation: the dry run writes nothing, the application does exactly what it showed."""

import csv
import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comms.models import Delivery
from mim_portal.lib.refusals import Refusal
from mim_portal.models import AuditEntry
from teams.choices import Role
from teams.models import Contact, Invitation, Membership, Person, Rota, RotaLine, RotaShift, Service, Site, Team
from teams.queries import catalogue_state
from teams.rules.catalogue import Kind
from teams.services.importing import files
from teams.services.importing.files import Report
from tests import factories
from tests.factories import NOON
from tests.incidents import kit
from tests.naughty.texts import OWN, big_list


def dry(kind: Kind, text: str, *, invites: bool = False, by: Person | None = None) -> Report:
    return files.dry_run(kind=kind, raw=text.encode(), invites=invites, by=by, now=NOON)


def take(kind: Kind, text: str, *, invites: bool = False, by: Person | None = None, only_good: bool = False) -> Report:
    given: dict[str, Any] = {"kind": kind, "raw": text.encode(), "invites": invites, "by": by, "now": NOON}
    token = files.dry_run(**given).token
    return files.apply(**given, token=token, only_good=only_good)


def problems(report: Report) -> list[tuple[int, str, str]]:
    return [(line.number, one.column, one.message) for line in report.lines for one in line.problems]


def exported(kind: Kind) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(catalogue_state.export(kind, now=NOON))
    return out.getvalue()


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


# Teams, services, contacts, rotas


def test_services_with_owner_sites_and_what_they_need(teams: None) -> None:
    factories.site(slug="dublin")
    text = (
        "slug,name,tier,owner,sites,depends on\npayroll,Payroll,Critical,database,dublin,sign-in\n"
        "sign-in,Sign-in,,network,,\n"
    )
    take(Kind.SERVICES, text)
    payroll = Service.objects.get(slug="payroll")
    assert (payroll.tier, payroll.owner_team.slug if payroll.owner_team else "") == ("critical", "database")
    assert [site.slug for site in payroll.sites.all()] == ["dublin"]
    assert [needed.slug for needed in payroll.depends_on.all()] == ["sign-in"]
    assert take(Kind.SERVICES, text).counts["unchanged"] == 2
    take(Kind.SERVICES, "slug,owner,sites\npayroll,,\n")
    payroll.refresh_from_db()
    assert (payroll.owner_team, payroll.sites.count(), payroll.depends_on.count()) == (None, 0, 1)


def test_services_that_lean_on_what_is_not_there_are_said(teams: None) -> None:
    text = "slug,name,owner,sites,depends_on\na,A,nobody,,\nb,B,,nowhere,\nc,C,,,c\nd,D,,,ghost\n"
    text += "e,E,,,a\nf,F,,,e\ng,G,,,\n"
    found = problems(dry(Kind.SERVICES, text))
    assert [(number, column) for number, column, _words in found] == [
        (2, "owner_team"), (3, "sites"), (4, "depends_on"), (5, "depends_on"), (6, "depends_on"), (7, "depends_on"),
    ]  # fmt: skip
    assert found[-1][2] == "The row of e cannot be used."
    take(Kind.SERVICES, text, only_good=True)
    assert Service.objects.get().slug == "g"


def test_contacts_by_team_kind_and_value(teams: None) -> None:
    text = "team,kind,value,note,order\ndatabase,E-mail,db@example.org,,\ndatabase,phone,'+353 1,nights,1\n"
    take(Kind.CONTACTS, text)
    assert set(Contact.objects.values_list("team__slug", "kind", "value", "note", "position")) == {
        ("database", "email", "db@example.org", "", 0),
        ("database", "phone", "+353 1", "nights", 1),
    }
    take(Kind.CONTACTS, text.replace("nights,1", "weekends,2"))
    assert Contact.objects.get(kind="phone").note == "weekends"
    assert [one[1] for one in problems(dry(Kind.CONTACTS, "team,kind,value\nnone,phone,1\n,pigeon,\n"))] == [
        "team", "team", "kind", "value",
    ]  # fmt: skip
    assert not AuditEntry.objects.filter(subject__contains="353").exists()


ROTA = (
    "rota,role,time_zone,person,start,end,override\n"
    "Managers,Incident manager,Europe/London,mia,2026-11-24 08:00,2026-11-24 20:00,\n"
    "Managers,Incident manager,Europe/London,omar,2026-11-24 20:00,2026-11-25 08:00+00:00,no\n"
)


def test_turns_of_a_rota_that_is_made(cast: SimpleNamespace) -> None:
    take(Kind.ROTAS, ROTA)
    rota = Rota.objects.get()
    assert (rota.name, rota.role, rota.time_zone) == ("Managers", "incident_manager", "Europe/London")
    first = RotaShift.objects.order_by("starts_at").first()
    assert first is not None
    assert (first.person, first.starts_at) == (cast.mia, datetime(2026, 11, 24, 8, tzinfo=UTC))
    assert take(Kind.ROTAS, ROTA).counts["unchanged"] == 2
    take(Kind.ROTAS, "rota,person,start,end\nManagers,MIA,2026-11-24 08:00,2026-11-24 19:00\n")
    assert RotaShift.objects.count() == 2
    assert RotaShift.objects.get(person=cast.mia).ends_at.hour == 19


def test_an_override_stands_in_for_somebody(cast: SimpleNamespace) -> None:
    text = ROTA + "Managers,,,dan,2026-11-24 12:00,2026-11-24 14:00,yes\n"
    text = text.replace("override\n", "override,instead_of\n", 1).replace("yes\n", "yes,mia\n")
    take(Kind.ROTAS, text.replace("Managers,,,", "Managers,Incident manager,Europe/London,"))
    assert RotaShift.objects.get(is_override=True).instead_of == cast.mia


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("Managers,deputy,,mia,2026-11-24 08:00,2026-11-24 20:00,", "role", "This rota is for incident_manager"),
        ("New,,,mia,2026-11-24 08:00,2026-11-24 20:00,", "rota", "name a role or a team"),
        ("Managers,,,nobody,2026-11-24 08:00,2026-11-24 20:00,", "person", "no active person nobody"),
        ("Managers,,,mia,2026-11-24 08:00,2026-11-24 07:00,", "ends_at", "ends before it starts"),
        ("Managers,,,mia,2026-11-24 08:00,2027-11-24 07:00,", "ends_at", "Is the year right"),
        ("Managers,,,mia,24/11/2026 08:00,2026-11-24 20:00,", "starts_at", "2026-11-23 08:00"),
        ("Managers,,Europe/London,mia,2026-03-29 01:30,2026-03-29 07:00,", "starts_at", "the clocks jump over it"),
        ("Managers,,Europe/London,mia,2026-10-25 01:30,2026-10-25 07:00,", "starts_at", "write the offset"),
    ],
)
def test_turns_that_cannot_be_are_said(cast: SimpleNamespace, row: str, column: str, words: str) -> None:
    take(Kind.ROTAS, ROTA)
    found = problems(dry(Kind.ROTAS, f"rota,role,time_zone,person,start,end,override\n{row}\n"))
    assert found[0][1] == column
    assert words in found[0][2]


def test_one_file_does_not_make_a_rota_in_two_ways(cast: SimpleNamespace) -> None:
    text = ROTA.replace("omar", "mia").replace(
        "manager,Europe/London,mia,2026-11-24 20", "manager,UTC,mia,2026-11-24 20"
    )
    assert "another role, team or zone" in problems(dry(Kind.ROTAS, text))[0][2]


def test_a_turn_that_a_pattern_writes_is_changed_there(cast: SimpleNamespace) -> None:
    take(Kind.ROTAS, ROTA)
    line = RotaLine.objects.create(
        rota=Rota.objects.get(), person=cast.mia, weekdays=[1], starts=NOON.time(), ends=NOON.time(), time_zone="UTC",
        first_date=NOON.date(),
    )  # fmt: skip
    RotaShift.objects.filter(person=cast.mia).update(line=line)
    assert problems(dry(Kind.ROTAS, ROTA)) == []
    assert (
        "A pattern of the rota writes this turn"
        in problems(dry(Kind.ROTAS, ROTA.replace("20:00,\n", "21:00,\n")))[0][2]
    )


# Round trips


def believable(cast: SimpleNamespace) -> None:
    """Everything once, with words that break files."""
    team = factories.team(slug="database", name="=Database+", members=(cast.rosa,), description='a;b,c\n"d"\ne')
    factories.team(slug="old", is_active=False)
    site = factories.site(slug="dublin", name="'+Dublin", country="IE", headcount=640)
    service = factories.service(slug="payroll", name="-Payroll", owner_team=team, tier="critical")
    service.sites.add(site)
    service.depends_on.add(factories.service(slug="sign-in", is_active=False))
    Contact.objects.create(team=team, kind="phone", value="+353 1 555 0100", note="@night")
    rota = Rota.objects.create(name="Nights; weekends", team=team, time_zone="Europe/Dublin")
    RotaShift.objects.create(rota=rota, person=cast.rosa, starts_at=NOON, ends_at=NOON + timedelta(hours=8))
    stand_in = RotaShift(
        rota=rota, person=cast.nils, starts_at=NOON, ends_at=NOON + timedelta(hours=1), is_override=True
    )
    stand_in.instead_of = cast.rosa
    stand_in.save()
    Person.objects.filter(pk=cast.nils.pk).update(
        username="Nils+Ø@Oslo", first_name="=cmd|'/C calc'!A0", last_name="", email="", phone="+47 1", is_active=True
    )


@pytest.mark.parametrize("kind", list(Kind))
def test_an_export_imports_again_without_a_change(kind: Kind, cast: SimpleNamespace) -> None:
    believable(cast)
    text = exported(kind)
    report = dry(kind, text)
    assert problems(report) == []
    assert set(report.counts.items()) >= {("created", 0), ("updated", 0)}
    assert report.counts["unchanged"] > 0


def test_an_export_fills_an_empty_portal(cast: SimpleNamespace) -> None:
    believable(cast)
    before = {kind: exported(kind) for kind in Kind if kind != Kind.PEOPLE}
    for model in (RotaShift, Rota, Contact, Service, Site, Team):
        model.objects.all().delete()
    for kind in Kind:
        if kind != Kind.PEOPLE:
            take(kind, before[kind])
    assert {kind: exported(kind) for kind in before} == before


def test_no_cell_of_an_export_is_a_formula(cast: SimpleNamespace) -> None:
    believable(cast)
    for kind in Kind:
        for row in csv.reader(io.StringIO(exported(kind))):
            assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_whatever_stands_in_a_cell_is_kept_or_refused(cast: SimpleNamespace) -> None:
    texts = [text for text in [*OWN.values(), *big_list()] if text.strip() and "\x00" not in text]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["slug", "name", "description"])
    writer.writerows([f"s{number}", text, text] for number, text in enumerate(texts))
    report = take(Kind.SERVICES, out.getvalue().encode("utf-8", "replace").decode(), only_good=True)
    assert len(report.lines) == len(texts)
    assert {column for _number, column, _words in problems(report)} <= {"name"}
    assert dry(Kind.SERVICES, exported(Kind.SERVICES)).counts["updated"] == 0


# Size


def big(rows: int) -> str:
    lines = [f"p{n},p{n}@example.org,Person,Number {n},responder,team-{n % 50},Europe/London" for n in range(rows)]
    return "username,email,first_name,last_name,roles,teams,time_zone\n" + "\n".join(lines) + "\n"


def test_more_rows_cost_no_more_queries_but_batches(cast: SimpleNamespace) -> None:
    for number in range(50):
        factories.team(slug=f"team-{number}")

    def queries(text: str, of: Callable[..., Report]) -> int:
        with CaptureQueriesContext(connection) as counted:
            of(Kind.PEOPLE, text)
        return len(counted)

    assert queries(big(20), dry) == queries(big(900), dry)
    few = queries(big(20), take)
    assert queries(big(900), take) == few


def test_an_empty_report_counts_nothing() -> None:
    counts: Mapping[str, int] = Report(kind=Kind.SITES).counts
    assert counts == {"created": 0, "updated": 0, "unchanged": 0, "refused": 0}
    assert not Report(kind=Kind.SITES).does_something
