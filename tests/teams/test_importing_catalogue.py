"""Files of the organisation: teams, services, contacts and rotas; what is exported imports again."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mim_portal.models import AuditEntry
from teams.models import Contact, GlossaryTerm, Person, Rota, RotaLine, RotaShift, Service, Site, Team
from teams.rules.catalogue import Kind
from teams.services.importing.files import Report
from tests import factories
from tests.factories import NOON
from tests.naughty.texts import OWN, big_list
from tests.teams.import_kit import dry, exported, problems, take


@pytest.fixture
def teams(db: None) -> None:
    factories.team(slug="database")
    factories.team(slug="network")


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
    GlossaryTerm.objects.create(term="=BACS", meaning="wages; by bank", is_plain=True)
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
    for model in (GlossaryTerm, RotaShift, Rota, Contact, Service, Site, Team):
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
