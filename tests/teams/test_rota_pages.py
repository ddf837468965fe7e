"""Rotas on pages: who is on, the week by the reader's clock, gaps in words, and forms that keep what was typed."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from teams.models import Person, Rota, RotaAbsence, RotaLine, RotaShift
from teams.queries import calling
from teams.queries import rotas as queries
from teams.services import rotas
from tests.teams import rota_kit
from tests.teams.rota_kit import line

Browser = Callable[[Person], Client]
ROTAS = "/settings/rotas/"


@pytest.fixture
def rota(cast: SimpleNamespace) -> Rota:
    made = rota_kit.rota()
    today = timezone.now()
    line(made, cast.mia, by=cast.petra, now=today, first_date=today.date(), time_zone="UTC")
    return made


def moment(hours: float) -> str:
    return (timezone.now() + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")


def test_the_list_says_who_is_on_and_where_nobody_is(rota: Rota, cast: SimpleNamespace, signed_in: Browser) -> None:
    text = signed_in(cast.desmond).get(ROTAS).content.decode()
    assert "Managers" in text
    assert "Mia Example" in text
    assert "16:00 (UTC+0) to" in text
    assert "New rota" not in text
    assert "New rota" in signed_in(cast.petra).get(ROTAS).content.decode()


def test_an_empty_list_says_what_will_stand_there(cast: SimpleNamespace, signed_in: Browser) -> None:
    assert "each with who is on now" in signed_in(cast.ada).get(ROTAS).content.decode()


@pytest.mark.parametrize(
    ("zone", "monday", "expected"),
    [
        ("Europe/London", "2026-11-23", ["00:00–08:00", "08:00–16:00", "16:00–24:00", "UTC+0"]),
        ("Asia/Kolkata", "2026-11-23", ["13:30–21:30", "UTC+5:30"]),
        ("America/New_York", "2026-11-23", ["03:00–11:00", "UTC-5"]),
    ],
)
def test_the_week_is_by_the_readers_clock(
    cast: SimpleNamespace, signed_in: Browser, zone: str, monday: str, expected: list[str]
) -> None:
    rota = rota_kit.rota()
    line(rota, cast.mia, by=cast.petra)
    Person.objects.filter(pk=cast.rosa.pk).update(time_zone=zone)
    cast.rosa.refresh_from_db()
    text = signed_in(cast.rosa).get(f"{ROTAS}{rota.pk}/?week={monday}").content.decode()
    assert [words for words in expected if words not in text] == []


def test_the_week_in_which_clocks_change_shows_both_offsets_and_the_gap_in_words(cast: SimpleNamespace) -> None:
    rota = rota_kit.rota()
    rota_kit.shift(rota, cast.mia)
    now = datetime(2026, 3, 5, 12, tzinfo=UTC)
    first = date(2026, 3, 2)
    line(rota, cast.mia, by=cast.petra, now=now, first_date=first)
    line(
        rota, cast.omar, by=cast.petra, now=now, first_date=first,
        time_zone="America/New_York", starts=time(11), ends=time(3),
    )  # fmt: skip
    york = ZoneInfo("America/New_York")
    since, until = queries.bounds(first, york)
    cover = queries.covers([rota.pk], since=now, until=until)[rota.pk]
    week = queries.week(cover, monday=first, zone=york, now=now, written_until=until)
    assert [day.offset for day in week.days] == ["UTC-5"] * 6 + ["UTC-5 → UTC-4"]
    assert week.gaps == ("Sun 8 Mar, 03:00 (UTC-4) to 04:00 (UTC-4)",)
    assert week.overlaps == ("Mia Example, Omar Example: Sun 8 Mar, 11:00 (UTC-4) to 12:00 (UTC-4)",)
    assert (
        queries.week(cover, monday=first, zone=york, now=until, written_until=until).gaps == ()
    )  # what is over needs nobody
    assert queries.week(cover, monday=first, zone=york, now=now, written_until=since).gaps == ()
    assert until - since == timedelta(days=7, hours=-1)


def test_beyond_what_is_written_ahead_nobody_is_missing(rota: Rota, cast: SimpleNamespace, signed_in: Browser) -> None:
    line(rota, cast.mia, by=cast.petra)
    week = (timezone.now() + rotas.AHEAD + timedelta(days=14)).date()
    text = signed_in(cast.mia).get(f"{ROTAS}{rota.pk}/?week={week}").content.decode()
    assert "Nobody is on:" not in text
    assert text.count("not written yet") == 7


@pytest.mark.parametrize("week", ["", "never", "0001-01-01", "9999-12-31", "2026-12-31"])
def test_any_week_can_be_asked_for(rota: Rota, cast: SimpleNamespace, signed_in: Browser, week: str) -> None:
    assert signed_in(cast.mia).get(f"{ROTAS}{rota.pk}/?week={week}").status_code == 200


def test_pages_cost_the_same_whatever_is_planned(
    rota: Rota, cast: SimpleNamespace, signed_in: Browser, django_assert_num_queries: Any
) -> None:
    """Session, person, rotas, shifts, absences, clock; for one rota also its lines, covers, absences and the week."""
    client = signed_in(cast.mia)
    for number in range(4):
        other = rota_kit.rota(f"Rota {number}")
        rota_kit.shift(other, cast.omar)
    for number in range(5):
        rota_kit.shift(rota, cast.omar, number, number + 1, is_override=True, instead_of=cast.mia)
    with django_assert_num_queries(6):
        client.get(ROTAS)
    with django_assert_num_queries(11):
        client.get(f"{ROTAS}{rota.pk}/")


def test_an_editor_makes_a_rota_and_its_lines(cast: SimpleNamespace, signed_in: Browser) -> None:
    petra = signed_in(cast.petra)
    wrong = petra.post(f"{ROTAS}new/", {"name": "Deputies", "role": "deputy", "time_zone": "Mars"})
    assert wrong.status_code == 422
    assert "is not a time zone" in wrong.content.decode()
    made = petra.post(f"{ROTAS}new/", {"name": "Deputies", "role": "deputy", "time_zone": "Europe/Berlin"})
    rota = Rota.objects.get()
    assert made["Location"] == f"{ROTAS}{rota.pk}/"
    page = petra.get(f"{ROTAS}{rota.pk}/lines/new/").content.decode()
    assert 'value="Europe/Berlin"' in page
    given = {
        "person": "dan",
        "weekdays": ["0", "1", "2", "3", "4", "5", "6"],
        "starts": "00:00",
        "ends": "00:00",
        "time_zone": "UTC",
        "every_weeks": "1",
        "first_date": timezone.now().date().isoformat(),
    }
    refused = petra.post(f"{ROTAS}{rota.pk}/lines/new/", {**given, "starts": "late", "weekdays": []})
    assert refused.status_code == 422
    assert "Give a time such as 08:00." in refused.content.decode()
    petra.post(f"{ROTAS}{rota.pk}/lines/new/", given)
    made_line = RotaLine.objects.get()
    assert calling.on_shift("deputy", at=timezone.now()) == [cast.dan]
    assert "Mon–Sun" in petra.get(f"{ROTAS}{rota.pk}/").content.decode()
    petra.post(f"{ROTAS}{rota.pk}/lines/{made_line.pk}/", {**given, "weekdays": ["0", "2"]})
    assert "Mon, Wed" in petra.get(f"{ROTAS}{rota.pk}/").content.decode()
    petra.post(f"{ROTAS}{rota.pk}/edit/", {"name": "Deputies EMEA", "time_zone": "UTC"})
    petra.post(f"{ROTAS}{rota.pk}/lines/{made_line.pk}/remove/")
    assert not RotaLine.objects.exists()
    assert "Deputies EMEA" in petra.get(ROTAS).content.decode()


def test_a_manager_gives_a_shift_away_and_takes_it_back(rota: Rota, cast: SimpleNamespace, signed_in: Browser) -> None:
    mia = signed_in(cast.mia)
    change = f"{ROTAS}{rota.pk}/change/"
    assert "One more shift" not in mia.get(change).content.decode()
    empty = mia.post(change, {"kind": "cover", "instead_of": "mia"}).content.decode()
    assert "Choose who is on then." in empty
    assert "Say from when to when." in empty
    span = {"starts_at": moment(1), "ends_at": moment(2)}
    other = mia.post(change, {"kind": "cover", "instead_of": "", "who": "omar", **span})
    assert other.status_code == 422
    assert mia.post(change, {"kind": "cover", "instead_of": "mia", "who": "omar", **span}).status_code == 302
    cover = RotaShift.objects.get(is_override=True)
    text = mia.get(f"{ROTAS}{rota.pk}/").content.decode()
    assert "stands in for Mia Example" in text
    assert mia.post(f"{ROTAS}{rota.pk}/shifts/{cover.pk}/remove/").status_code == 302
    assert not RotaShift.objects.filter(is_override=True).exists()
    assert mia.post(change, {"kind": "away", "instead_of": "mia", **span}).status_code == 302
    absence = RotaAbsence.objects.get()
    assert "is away" in mia.get(f"{ROTAS}{rota.pk}/").content.decode()
    signed_in(cast.rosa).post(f"{ROTAS}{rota.pk}/absences/{absence.pk}/remove/")
    assert RotaAbsence.objects.exists()
    mia.post(f"{ROTAS}{rota.pk}/absences/{absence.pk}/remove/")
    assert not RotaAbsence.objects.exists()
    assert mia.post(f"{ROTAS}{rota.pk}/absences/0/remove/").status_code == 404
    assert mia.post(f"{ROTAS}{rota.pk}/shifts/0/remove/").status_code == 404


def test_an_editor_plans_one_more_shift(rota: Rota, cast: SimpleNamespace, signed_in: Browser) -> None:
    span = {"starts_at": moment(1), "ends_at": moment(2)}
    given = {"kind": "plan", "who": "omar", **span}
    assert signed_in(cast.petra).post(f"{ROTAS}{rota.pk}/change/", given).status_code == 302
    assert RotaShift.objects.get(person=cast.omar).line is None
    assert signed_in(cast.mia).post(f"{ROTAS}{rota.pk}/change/", given).status_code == 422


def test_two_swap_by_choosing_from_what_is_planned(rota: Rota, cast: SimpleNamespace, signed_in: Browser) -> None:
    now = timezone.now()
    omars = RotaShift.objects.create(
        rota=rota, person=cast.omar, starts_at=now + timedelta(hours=30), ends_at=now + timedelta(hours=33)
    )
    mias = RotaShift.objects.filter(person=cast.mia, starts_at__gt=now).order_by("starts_at")[0]
    mia = signed_in(cast.mia)
    assert "Agree it with the other person first" in mia.get(f"{ROTAS}{rota.pk}/swap/").content.decode()
    assert mia.post(f"{ROTAS}{rota.pk}/swap/", {"first": omars.pk, "second": mias.pk}).status_code == 422
    assert mia.post(f"{ROTAS}{rota.pk}/swap/", {"first": mias.pk, "second": omars.pk}).status_code == 302
    assert RotaShift.objects.filter(is_override=True).count() == 2


def test_what_does_not_exist(rota: Rota, cast: SimpleNamespace, signed_in: Browser) -> None:
    petra = signed_in(cast.petra)
    for address in ("0/", "0/edit/", "0/change/", "0/swap/", "0/lines/new/", f"{rota.pk}/lines/0/"):
        assert petra.get(f"{ROTAS}{address}").status_code == 404
