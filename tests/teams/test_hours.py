"""A team's working hours and holidays: kept by the team, on its page and by REST, from files as well."""

import html
from collections.abc import Callable
from datetime import date, time, timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from mim_portal.lib.refusals import Forbidden
from mim_portal.models import AuditEntry
from teams.models import Contact, Person, Team, TeamHoliday, TeamHours
from teams.queries import hours as queries
from teams.services import hours
from tests import factories

Browser = Callable[[Person], Client]
Api = Callable[..., APIClient]
PAGE = "/teams/database/hours/"
ADD = "/teams/database/holidays/"
REST = "/api/v1/teams/database/"
YEAR = timezone.now().year + 1
SHEET = f"date,name\n{YEAR}-01-01,New Year\n{YEAR}-12-25,Christmas Day\nsoon,Party\n"


@pytest.fixture
def team(cast: SimpleNamespace) -> Team:
    return factories.team(slug="database", name="Database", members=(cast.rosa,), time_zone="Europe/London")


def file(text: str, name: str = "days.csv") -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile(name, text.encode())}


def test_the_page_says_what_holds_and_lets_the_team_change_it(
    team: Team, cast: SimpleNamespace, signed_in: Browser
) -> None:
    page = signed_in(cast.rosa).get(PAGE).content.decode()
    assert "No holiday is known ahead" in page
    given = {"weekdays": ["5", "6"], "starts": "22:00", "ends": "06:00"}
    assert signed_in(cast.rosa).post(PAGE, given)["Location"] == PAGE
    row = TeamHours.objects.get(team=team)
    assert (row.weekdays, f"{row.starts:%H:%M}", f"{row.ends:%H:%M}") == ([5, 6], "22:00", "06:00")
    assert AuditEntry.objects.filter(verb="team.hours_changed", subject="database").exists()
    read = html.unescape(signed_in(cast.mia).get(PAGE).content.decode())
    assert "Sat, Sun · 22:00–06:00 Europe/London" in read
    assert "Take its days" not in read


def test_what_is_wrong_is_said_at_its_field(team: Team, cast: SimpleNamespace, signed_in: Browser) -> None:
    answer = signed_in(cast.rosa).post(PAGE, {"starts": "soon", "ends": "18:00"})
    assert answer.status_code == 422
    assert "Choose at least one day." in answer.content.decode()
    assert "Give a time such as 08:00." in answer.content.decode()
    answer = signed_in(cast.rosa).post(ADD, {"on_date": "never", "name": "Christmas"})
    assert answer.status_code == 422
    assert "Christmas" in answer.content.decode()


def test_holidays_one_by_one(team: Team, cast: SimpleNamespace, signed_in: Browser) -> None:
    signed_in(cast.rosa).post(ADD, {"on_date": f"{YEAR}-12-25", "name": "Christmas"})
    signed_in(cast.ada).post(ADD, {"on_date": f"{YEAR}-12-25", "name": "Christmas Day"})
    (row,) = TeamHoliday.objects.all()
    assert row.name == "Christmas Day"
    assert "Christmas Day" in signed_in(cast.mia).get(PAGE).content.decode()
    signed_in(cast.rosa).post(f"{ADD}{row.pk}/remove/")
    assert not TeamHoliday.objects.exists()
    answer = signed_in(cast.rosa).post(f"{ADD}{row.pk}/remove/", follow=True)
    assert "The team has no such holiday." in answer.content.decode()


def test_holidays_of_a_file(team: Team, cast: SimpleNamespace, signed_in: Browser) -> None:
    TeamHoliday.objects.create(team=team, on_date=date(YEAR, 1, 1), name="New Year")
    TeamHoliday.objects.create(team=team, on_date=date(YEAR, 12, 25), name="Xmas")
    TeamHoliday.objects.create(team=team, on_date=date(YEAR, 5, 1), name="May Day")
    said = html.unescape(signed_in(cast.rosa).post(f"{ADD}file/", file(SHEET), follow=True).content.decode())
    assert "0 added, 1 renamed, 1 there already." in said
    assert "“soon” is no date" in said
    assert set(TeamHoliday.objects.values_list("name", flat=True)) == {"New Year", "Christmas Day", "May Day"}


@pytest.mark.parametrize(
    ("text", "words"), [("date,name\n", "No holiday was found"), ("a,b\n1,2\n", "two columns, date and name")]
)
def test_a_file_without_holidays_is_refused(
    text: str, words: str, team: Team, cast: SimpleNamespace, signed_in: Browser
) -> None:
    answer = signed_in(cast.rosa).post(f"{ADD}file/", file(text))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_file_that_is_too_large_is_refused(team: Team, cast: SimpleNamespace, signed_in: Browser) -> None:
    answer = signed_in(cast.rosa).post(f"{ADD}file/", file("x" * 600_000))
    assert answer.status_code == 422
    assert "too large for holidays" in answer.content.decode()


@pytest.mark.parametrize("path", [PAGE, ADD, f"{ADD}file/", f"{ADD}1/remove/"])
def test_nobody_else_changes_them(path: str, team: Team, cast: SimpleNamespace, signed_in: Browser) -> None:
    assert signed_in(cast.mia).post(path, {}).status_code == 403
    with pytest.raises(Forbidden):
        hours.add_holiday(team=team, person=cast.mia, on_date=date(YEAR, 1, 1), name="x")


def test_a_team_keeps_so_many_and_no_more(
    team: Team, cast: SimpleNamespace, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hours, "MOST", 1)
    signed_in(cast.rosa).post(ADD, {"on_date": f"{YEAR}-12-25", "name": "Christmas"})
    answer = signed_in(cast.rosa).post(ADD, {"on_date": f"{YEAR}-12-26", "name": "Boxing Day"})
    assert "A team keeps 1 holidays at most." in answer.content.decode()


def test_hours_by_rest(team: Team, cast: SimpleNamespace, api: Api) -> None:
    found = api(cast.audra).get(f"{REST}hours/").json()
    assert (found["weekdays"], found["starts"], found["time_zone"]) == ([0, 1, 2, 3, 4], "08:00:00", "Europe/London")
    given = {"weekdays": [0, 1, 2, 3, 4, 5, 6], "starts": "00:00", "ends": "00:00"}
    assert api(cast.mia).put(f"{REST}hours/", given).status_code == 403
    changed = api(cast.rosa).put(f"{REST}hours/", given).json()
    assert (changed["is_in"], changed["until"], changed["holiday"]) == (True, None, "")
    today = timezone.now().astimezone(timezone.get_default_timezone()).date()
    for day in (today - timedelta(days=1), today, today + timedelta(days=1)):
        hours.add_holiday(team=team, person=cast.rosa, on_date=day, name="Founders’ Day")
    found = api(cast.audra).get(f"{REST}hours/").json()
    assert (found["is_in"], found["holiday"]) == (False, "Founders’ Day")
    assert api(cast.mia).get("/api/v1/teams/nobody/hours/").status_code == 404


def test_holidays_by_rest(team: Team, cast: SimpleNamespace, api: Api) -> None:
    rosa = api(cast.rosa)
    made = rosa.post(f"{REST}holidays/", {"on_date": f"{YEAR}-05-01", "name": "May Day"})
    assert (made.status_code, made.json()["name"]) == (201, "May Day")
    taken = rosa.post(f"{REST}holidays/import/", {"text": SHEET}).json()
    assert (taken["added"], len(taken["left_out"])) == (2, 1)
    listed = api(cast.audra).get(f"{REST}holidays/").json()["results"]
    assert [one["name"] for one in listed] == ["New Year", "May Day", "Christmas Day"]
    assert rosa.delete(f"{REST}holidays/{made.json()['id']}/").status_code == 204
    assert rosa.delete(f"{REST}holidays/{made.json()['id']}/").status_code == 404
    assert api(cast.mia).post(f"{REST}holidays/", {"on_date": f"{YEAR}-05-01", "name": "x"}).status_code == 403


def test_the_card_shows_first_what_is_used_now(team: Team, cast: SimpleNamespace, signed_in: Browser) -> None:
    Contact.objects.create(team=team, kind="chat", value="#by-day", position=0, hours="in_hours")
    Contact.objects.create(team=team, kind="phone", value="+44 1", position=1, hours="out_of_hours")
    hours.set_hours(team=team, person=cast.rosa, weekdays=range(7), starts=time(0), ends=time(0))
    page = signed_in(cast.mia).get("/teams/database/").content.decode()
    assert page.index("#by-day") < page.index("+44 1") < page.index("out of working hours</span>")
    for day in range(-1, 2):
        on_date = timezone.now().date() + timedelta(days=day)
        hours.add_holiday(team=team, person=cast.rosa, on_date=on_date, name="Fair")
    page = signed_in(cast.mia).get("/teams/database/").content.decode()
    assert page.index("+44 1") < page.index("#by-day") < page.index("in working hours</span>")
    assert "Out of hours · Fair" in page


def test_two_queries_for_any_number_of_teams(team: Team, django_assert_num_queries: Callable[..., object]) -> None:
    others = [team, *(factories.team() for _number in range(3))]
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        found = queries.at_work(others, at=factories.NOON)
    assert set(found.values()) == {True}
