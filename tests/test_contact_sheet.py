"""The contact sheet: who to call now, for those who lead incidents, as a file that no spreadsheet calculates."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from mim_portal.lib import cells
from mim_portal.models import AuditEntry
from teams.choices import Role
from teams.models import Contact, Person, Rota, RotaShift, Team
from teams.queries import contacts
from tests import factories

pytestmark = pytest.mark.django_db

Browser = Callable[[Person], Client]
NOON = factories.NOON


def on_shift(person: Person, *, role: str = "", team: Team | None = None, is_override: bool = False) -> RotaShift:
    rota, _ = Rota.objects.get_or_create(name=f"{role or team} line", defaults={"role": role, "team": team})
    return RotaShift.objects.create(
        rota=rota,
        person=person,
        starts_at=NOON - timedelta(hours=1),
        ends_at=NOON + timedelta(hours=7),
        is_override=is_override,
    )


def lines_of(label: str) -> list[tuple[str, str]]:
    return [(line.who, line.note) for line in contacts.sheet(at=NOON) if line.of == label]


def test_those_on_shift_stand_with_the_end_of_their_shift(cast: SimpleNamespace) -> None:
    on_shift(cast.mia, role=Role.INCIDENT_MANAGER)
    assert lines_of("Incident manager") == [("Mia Example", "on shift until 19:00 (UTC+0)")]


def test_with_nobody_on_the_rota_every_holder_stands_there(cast: SimpleNamespace) -> None:
    words = "nobody is on the rota: every holder"
    assert lines_of("Incident manager") == [("Mia Example", words), ("Omar Example", words)]


def test_deputies_and_practice_leads_stand_there_off_shift_too(cast: SimpleNamespace) -> None:
    other = factories.person(username="dora", roles=(Role.DEPUTY,))
    factories.person(username="gone", roles=(Role.DEPUTY,), is_active=False)
    on_shift(cast.dan, role=Role.DEPUTY)
    assert lines_of("Deputy") == [("Dan Example", "on shift until 19:00 (UTC+0)"), (other.name, "not on shift")]


def test_an_override_replaces_the_plan(cast: SimpleNamespace) -> None:
    on_shift(cast.mia, role=Role.INCIDENT_MANAGER)
    on_shift(cast.omar, role=Role.INCIDENT_MANAGER, is_override=True)
    assert [who for who, _ in lines_of("Incident manager")] == ["Omar Example"]


def test_a_team_stands_with_its_people_and_its_contacts_in_order(cast: SimpleNamespace) -> None:
    team = factories.team(slug="payments", name="Payments")
    factories.team(slug="old", name="Old", is_active=False)
    Contact.objects.create(team=team, kind="chat", value="#payments", position=2)
    Contact.objects.create(team=team, kind="phone", value="+353 1 555 0100", note="at night", position=1)
    on_shift(cast.rosa, team=team)
    sheet = [line for line in contacts.sheet(at=NOON) if line.of in {"Payments", "Old"}]
    assert [(line.who, line.phone, line.other, line.note) for line in sheet] == [
        ("Rosa Example", "", "", "on shift until 19:00 (UTC+0)"),
        ("the team", "+353 1 555 0100", "", "at night"),
        ("the team", "", "#payments", "Chat"),
    ]


def test_more_teams_cost_no_more_queries(
    cast: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        team = factories.team()
        Contact.objects.create(team=team, kind="phone", value=f"+353 {number}")
    with django_assert_num_queries(4):  # shifts, holders, teams, contacts
        contacts.sheet(at=NOON)


def test_the_download_is_a_table_without_formulas_and_stands_in_the_audit(
    cast: SimpleNamespace, signed_in: Browser
) -> None:
    Person.objects.filter(pk=cast.mia.pk).update(phone="+353 1 555 0199", first_name="=HYPERLINK(1)")
    answer = signed_in(cast.mia).get("/contacts.csv")
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="contacts.csv"'
    assert "no-store" in answer["Cache-Control"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    (row,) = [row for row in rows if row["email"] == "mia@example.org"]
    assert (row["who"], row["phone"]) == ("'=HYPERLINK(1) Example", "'+353 1 555 0199")
    entry = AuditEntry.objects.get(verb="contacts.exported")
    assert entry.actor == cast.mia


@pytest.mark.parametrize(("who", "status"), [("dan", 200), ("petra", 200), ("ada", 200), ("rosa", 403), ("eve", 403)])
def test_it_is_for_those_who_lead(who: str, status: int, cast: SimpleNamespace, signed_in: Browser) -> None:
    assert signed_in(getattr(cast, who)).get("/contacts.csv").status_code == status


def test_the_board_leads_to_it(cast: SimpleNamespace, signed_in: Browser) -> None:
    assert 'href="/contacts.csv"' in signed_in(cast.mia).get("/").content.decode()
    assert 'href="/contacts.csv"' not in signed_in(cast.rosa).get("/").content.decode()


@pytest.mark.parametrize("value", ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1"])
def test_a_formula_becomes_text(value: str) -> None:
    assert cells.plain(value) == f"'{value}"


@pytest.mark.parametrize("value", ["", "Mia", "a=1", "mia@example.org", "#payments"])
def test_words_stay_as_they_are(value: str) -> None:
    assert cells.plain(value) == value


def test_the_sheet_of_this_moment_is_what_is_sent(cast: SimpleNamespace, signed_in: Browser) -> None:
    shift = on_shift(cast.omar, role=Role.INCIDENT_MANAGER)
    now = timezone.now()
    hour = timedelta(hours=1)
    RotaShift.objects.filter(pk=shift.pk).update(starts_at=now - hour, ends_at=now + hour)
    text = signed_in(cast.mia).get("/contacts.csv").content.decode()
    assert "Incident manager,Omar Example" in text
    assert "Incident manager,Mia Example" not in text
