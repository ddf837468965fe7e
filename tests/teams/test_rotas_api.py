"""Rotas by REST."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from teams.models import Contact, Rota, TeamHoliday
from tests import factories
from tests.factories import NOON
from tests.teams import rota_kit
from tests.teams.rota_kit import hours

Api = Callable[..., APIClient]
ROTAS = "/api/v1/rotas/"


@pytest.fixture
def rota(db: None) -> Rota:
    return rota_kit.rota()


def soon(count: float) -> str:
    return (timezone.now() + timedelta(hours=count)).isoformat()


def test_a_rota_from_its_making_to_who_is_on(cast: SimpleNamespace, api: Api) -> None:
    petra = api(cast.petra)
    made = petra.post(ROTAS, {"name": "Managers", "role": "incident_manager", "time_zone": "Europe/London"})
    assert made.status_code == 201
    rota = f"{ROTAS}{made.json()['id']}/"
    day = timezone.now().date().isoformat()
    line = {"person": "mia", "weekdays": [0, 1, 2, 3, 4, 5, 6], "starts": "00:00", "ends": "00:00", "first_date": day}
    first = petra.post(f"{rota}lines/", line)
    assert (first.status_code, first.json()["time_zone"]) == (201, "Europe/London")
    on = api(cast.desmond).get("/api/v1/who-is-on/?role=incident_manager").json()
    assert (on["people"], on["from_rota"], on["next"]) == (["mia"], True, None)
    changed = petra.put(f"{rota}lines/{first.json()['id']}/", {**line, "person": "omar"})
    assert changed.json()["person"] == "omar"
    assert petra.get(rota).json()["lines"][0]["person"] == "omar"
    assert petra.patch(rota, {"name": "Major incident managers"}).json()["name"] == "Major incident managers"
    assert petra.delete(f"{rota}lines/{first.json()['id']}/").status_code == 204
    assert petra.delete(f"{rota}lines/{first.json()['id']}/").status_code == 404
    on = petra.get("/api/v1/who-is-on/?role=incident_manager").json()
    assert (on["people"], on["from_rota"]) == (["mia", "omar"], False)


def test_who_is_on_at_a_moment(rota: Rota, cast: SimpleNamespace, api: Api) -> None:
    rota_kit.shift(rota, cast.mia, -1, 1)
    rota_kit.shift(rota, cast.omar, 1, 3)
    address = "/api/v1/who-is-on/"
    client = api(cast.mia)
    on = client.get(address, {"role": "incident_manager", "at": NOON.isoformat()}).json()
    assert (on["people"], on["until"], on["next"], on["next_at"]) == (
        ["mia"],
        "2026-11-23T13:00:00Z",
        "omar",
        "2026-11-23T13:00:00Z",
    )
    assert client.get(address).status_code == 400
    assert client.get(address, {"role": "deputy", "team": "database"}).status_code == 400
    assert client.get(address, {"role": "boss"}).status_code == 400
    assert client.get(address, {"role": "deputy", "at": "noon"}).status_code == 400


def test_shifts_of_a_time(rota: Rota, cast: SimpleNamespace, api: Api) -> None:
    rota_kit.shift(rota, cast.mia, -1, 1)
    rota_kit.shift(rota, cast.omar, 30, 33)
    client, address = api(cast.mia), f"{ROTAS}{rota.pk}/shifts/"
    found = client.get(address, {"since": NOON.isoformat(), "until": hours(24).isoformat()}).json()["results"]
    assert [row["person"] for row in found] == ["mia"]
    assert len(client.get(address, {"since": NOON.isoformat()}).json()["results"]) == 2
    assert client.get(address, {"since": hours(1).isoformat(), "until": NOON.isoformat()}).status_code == 400


def test_people_change_their_own_shifts(rota: Rota, cast: SimpleNamespace, api: Api) -> None:
    mia, address = api(cast.mia), f"{ROTAS}{rota.pk}/"
    span = {"starts_at": soon(1), "ends_at": soon(2)}
    cover = mia.post(f"{address}shifts/", {"person": "omar", "instead_of": "mia", **span})
    assert (cover.status_code, cover.json()["is_override"]) == (201, True)
    assert mia.post(f"{address}shifts/", {"person": "omar", **span}).status_code == 403
    assert api(cast.petra).post(f"{address}shifts/", {"person": "omar", **span}).status_code == 201
    assert mia.delete(f"{address}shifts/{cover.json()['id']}/").status_code == 204
    away = mia.post(f"{address}absences/", {"person": "mia", **span})
    assert away.status_code == 201
    assert [row["person"] for row in mia.get(f"{address}absences/").json()["results"]] == ["mia"]
    assert api(cast.omar).delete(f"{address}absences/{away.json()['id']}/").status_code == 403
    assert mia.delete(f"{address}absences/{away.json()['id']}/").status_code == 204
    bad = mia.post(f"{address}absences/", {"person": "mia", "starts_at": soon(2), "ends_at": soon(1)})
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (400, "ends_at")


def test_a_swap(rota: Rota, cast: SimpleNamespace, api: Api) -> None:
    far: dict[str, Any] = {"starts": 24 * 900, "ends": 24 * 900 + 1}
    first = rota_kit.shift(rota, cast.mia, **far)
    second = rota_kit.shift(rota, cast.omar, **far)
    done = api(cast.mia).post(f"{ROTAS}{rota.pk}/swaps/", {"first": first.pk, "second": second.pk})
    assert done.status_code == 201
    assert [(row["person"], row["instead_of"]) for row in done.json()] == [("omar", "mia"), ("mia", "omar")]
    assert api(cast.mia).post(f"{ROTAS}{rota.pk}/swaps/", {"first": first.pk, "second": 0}).status_code == 404


def test_the_list_has_the_lines(rota: Rota, cast: SimpleNamespace, api: Api, django_assert_num_queries: Any) -> None:
    for number in range(3):
        rota_kit.line(rota_kit.rota(f"Rota {number}"), cast.mia, by=cast.petra)
    client = api(cast.mia)
    client.get(ROTAS)
    with django_assert_num_queries(4):  # token, rotas, lines, people
        rows = client.get(ROTAS).json()["results"]
    assert [row["name"] for row in rows] == ["Managers", "Rota 0", "Rota 1", "Rota 2"]
    assert client.get(f"{ROTAS}0/").status_code == 404


def test_whom_to_call_of_a_team_at_a_moment(cast: SimpleNamespace, api: Api) -> None:
    """Right over the night in which clocks change and on a holiday: nobody has to count that outside."""
    team = factories.team(slug="database", time_zone="Europe/London", members=(cast.rosa, cast.nils))
    for position, (kind, used) in enumerate((("chat", "in_hours"), ("phone", "out_of_hours"), ("email", "always"))):
        Contact.objects.create(team=team, kind=kind, value=kind, position=position, hours=used)
    TeamHoliday.objects.create(team=team, on_date=date(2027, 3, 30), name="Founders")
    plan = rota_kit.rota(role="", team=team, name="Database on call")
    rota_kit.line(
        plan, cast.rosa, by=cast.petra, now=datetime(2027, 3, 20, tzinfo=UTC), first_date=date(2027, 3, 27),
        starts=time(22), ends=time(6),
    )  # fmt: skip
    client = api(cast.desmond)

    def asked(at: str) -> tuple[list[str], bool, bool, list[str]]:
        on = client.get("/api/v1/who-is-on/", {"team": "database", "at": at}).json()
        return sorted(on["people"]), on["from_rota"], on["is_in"], [one["kind"] for one in on["contacts"]]

    assert asked("2027-03-28T04:30:00Z") == (["rosa"], True, False, ["phone", "email"])
    assert asked("2027-03-28T05:30:00Z") == (["nils", "rosa"], False, False, ["phone", "email"])  # 06:30 by then
    assert asked("2027-03-29T07:30:00Z") == (["nils", "rosa"], False, True, ["chat", "email"])
    assert asked("2027-03-30T07:30:00Z") == (["nils", "rosa"], False, False, ["phone", "email"])
    assert client.get("/api/v1/who-is-on/", {"team": "nowhere"}).status_code == 400
