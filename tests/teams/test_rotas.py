"""Rotas: lines are written ahead, edits change only what is to come, and people give their own shifts away."""

import threading
from datetime import date, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction

from mim_portal.lib.refusals import Forbidden, Invalid, Refusal
from mim_portal.models import AuditEntry
from teams.choices import Role
from teams.models import Person, Rota, RotaAbsence, RotaLine, RotaShift
from teams.queries import calling
from teams.queries import rotas as queries
from teams.services import overrides, rotas
from tests import factories
from tests.factories import NOON
from tests.teams import rota_kit
from tests.teams.rota_kit import hours, line, shift


@pytest.fixture
def rota(db: None) -> Rota:
    return rota_kit.rota()


def managers(at: float = 0) -> list[Person]:
    return calling.told(Role.INCIDENT_MANAGER, at=hours(at))


def test_a_line_is_written_eight_weeks_ahead_at_once(rota: Rota, cast: SimpleNamespace) -> None:
    made = line(rota, cast.mia, by=cast.petra)
    turns = list(RotaShift.objects.filter(line=made).order_by("starts_at"))
    assert len(turns) == 57  # the one that is going on, and eight weeks of days
    assert (turns[0].starts_at, turns[0].ends_at) == (hours(-4), hours(4))
    assert managers() == [cast.mia]
    assert managers(4) == [cast.mia, cast.omar]  # nobody is on: every holder
    entry = AuditEntry.objects.get(verb="rota.line_added")
    assert (entry.actor, entry.subject, entry.data["who"]) == (cast.petra, "Managers", cast.mia.pk)


def test_the_clock_writes_what_has_come_within_reach_and_nothing_twice(rota: Rota, cast: SimpleNamespace) -> None:
    line(rota, cast.mia, by=cast.petra)
    line(rota, cast.omar, by=cast.petra, starts=time(16), ends=time(8))
    assert rotas.extend(now=NOON) == 0
    assert rotas.extend(now=NOON + timedelta(days=2)) == 4
    assert rotas.extend(now=NOON + timedelta(days=2)) == 0


def test_another_pattern_changes_what_is_to_come_and_not_what_is_over(rota: Rota, cast: SimpleNamespace) -> None:
    made = line(rota, cast.mia, by=cast.petra)
    later = NOON + timedelta(days=3)
    rotas.change_line(
        line_id=made.pk, person=cast.petra, now=later,
        fields=rota_kit.fields(cast.omar, starts=time(10), ends=time(18)),
    )  # fmt: skip
    past = RotaShift.objects.filter(line=made, starts_at__lt=later - timedelta(days=1))
    assert {row.person for row in past} == {cast.mia}
    running = RotaShift.objects.get(line=made, starts_at=later - timedelta(hours=4))
    assert (running.person, running.ends_at) == (cast.mia, later)  # its turn ended when the pattern changed
    assert calling.on_shift(Role.INCIDENT_MANAGER, at=later) == [cast.omar]
    assert calling.on_shift(Role.INCIDENT_MANAGER, at=later + timedelta(days=1, hours=-3)) == []


def test_a_change_and_back_during_one_turn(rota: Rota, cast: SimpleNamespace) -> None:
    made = line(rota, cast.mia, by=cast.petra)
    for starts, ends in ((time(18), time(20)), (time(8), time(16)), (time(8), time(17))):
        fields = rota_kit.fields(cast.mia, starts=starts, ends=ends)
        rotas.change_line(line_id=made.pk, person=cast.petra, fields=fields, now=NOON)
    assert RotaShift.objects.get(line=made, starts_at=hours(-4)).ends_at == hours(5)
    assert RotaShift.objects.filter(line=made, starts_at__date=date(2026, 11, 24)).count() == 1


def test_a_line_that_goes_leaves_what_is_over(rota: Rota, cast: SimpleNamespace) -> None:
    made = line(rota, cast.mia, by=cast.petra)
    rotas.remove_line(line_id=made.pk, person=cast.petra, now=NOON + timedelta(days=1))
    left = list(RotaShift.objects.order_by("starts_at"))
    assert [row.ends_at for row in left] == [hours(4), hours(24)]
    assert not RotaLine.objects.exists()
    with pytest.raises(rotas.UnknownRota):
        rotas.remove_line(line_id=made.pk, person=cast.petra, now=NOON)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"weekdays": []}, "weekdays"),
        ({"weekdays": [8]}, "weekdays"),
        ({"every_weeks": 13}, "every_weeks"),
        ({"last_date": date(2026, 11, 22)}, "last_date"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "../etc/passwd"}, "time_zone"),
    ],
)
def test_a_line_that_cannot_be(rota: Rota, cast: SimpleNamespace, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        line(rota, cast.mia, by=cast.petra, **changes)
    assert refused.value.field == field
    with pytest.raises(Invalid) as not_a_manager:
        line(rota, cast.rosa, by=cast.petra)
    assert not_a_manager.value.message == "Rosa Example does not have the role incident manager."


def test_who_keeps_rotas(rota: Rota, cast: SimpleNamespace) -> None:
    for person in (cast.mia, cast.rosa, cast.dara):
        with pytest.raises(Forbidden):
            line(rota, cast.mia, by=person)
        with pytest.raises(Forbidden):
            rotas.create(name="Mine", role="deputy", team=None, time_zone="UTC", person=person, now=NOON)
    made = rotas.create(name=" Deputies EMEA ", role="deputy", team=None, time_zone="UTC", person=cast.ada, now=NOON)
    assert made.name == "Deputies EMEA"
    renamed = rotas.edit(rota_id=made.pk, name="Deputies", time_zone="Asia/Tokyo", person=cast.ada, now=NOON)
    assert (renamed.name, renamed.time_zone) == ("Deputies", "Asia/Tokyo")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "Managers"}, "name"),
        ({"role": "responder"}, "role"),
        ({"role": ""}, "role"),
        ({"time_zone": "x"}, "time_zone"),
    ],
)
def test_a_rota_that_cannot_be(rota: Rota, cast: SimpleNamespace, given: dict[str, str], field: str) -> None:
    fields: dict[str, Any] = {"name": "New", "role": "deputy", "time_zone": "UTC", **given}
    with pytest.raises(Invalid) as refused:
        rotas.create(team=None, person=cast.ada, now=NOON, **fields)
    assert refused.value.field == field


def test_somebody_stands_in_for_the_time_and_no_longer(rota: Rota, cast: SimpleNamespace) -> None:
    line(rota, cast.mia, by=cast.petra)
    made = overrides.cover(
        rota_id=rota.pk, who=cast.omar, instead_of=cast.mia, starts_at=hours(1), ends_at=hours(2),
        person=cast.mia, now=NOON,
    )  # fmt: skip
    assert [managers(at) for at in (0.9, 1, 1.9, 2)] == [[cast.mia], [cast.omar], [cast.omar], [cast.mia]]
    assert AuditEntry.objects.get(verb="rota.cover").data["instead_of"] == cast.mia.pk
    overrides.remove_shift(shift_id=made.pk, person=cast.omar, now=NOON)
    assert managers(1) == [cast.mia]


def test_people_give_away_their_own_shifts_only(rota: Rota, cast: SimpleNamespace) -> None:
    given: dict[str, Any] = {"rota_id": rota.pk, "starts_at": hours(1), "ends_at": hours(2), "now": NOON}
    with pytest.raises(Forbidden):
        overrides.cover(who=cast.omar, instead_of=cast.mia, person=cast.omar, **given)
    with pytest.raises(Forbidden):
        overrides.cover(who=cast.omar, instead_of=None, person=cast.omar, **given)
    with pytest.raises(Forbidden):
        overrides.away(who=cast.mia, person=cast.omar, **given)
    with pytest.raises(Forbidden):
        overrides.plan(who=cast.omar, person=cast.omar, **given)
    planned = overrides.plan(who=cast.omar, person=cast.petra, **given)
    with pytest.raises(Forbidden):
        overrides.remove_shift(shift_id=planned.pk, person=cast.omar, now=NOON)
    overrides.cover(who=cast.omar, instead_of=None, person=cast.petra, **given)


def test_whoever_is_away_is_not_called_and_stands_in_for_nobody(rota: Rota, cast: SimpleNamespace) -> None:
    line(rota, cast.mia, by=cast.petra)
    shift(rota, cast.omar, -1, 3)
    gone = overrides.away(
        rota_id=rota.pk, who=cast.omar, starts_at=hours(0), ends_at=hours(1), person=cast.omar, now=NOON
    )
    assert managers() == [cast.mia]
    with pytest.raises(Invalid) as refused:
        overrides.cover(
            rota_id=rota.pk, who=cast.omar, instead_of=cast.mia, starts_at=hours(0.5), ends_at=hours(2),
            person=cast.mia, now=NOON,
        )  # fmt: skip
    assert refused.value.code == "away"
    overrides.remove_absence(absence_id=gone.pk, person=cast.omar, now=NOON)
    assert managers() == [cast.mia, cast.omar]


def test_two_shifts_change_hands_together(rota: Rota, cast: SimpleNamespace) -> None:
    first, second = shift(rota, cast.mia, 1, 5), shift(rota, cast.omar, 5, 9)
    with pytest.raises(Forbidden):
        overrides.swap(first_id=first.pk, second_id=second.pk, person=cast.dan, now=NOON)
    overrides.swap(first_id=first.pk, second_id=second.pk, person=cast.mia, now=NOON)
    assert [managers(at) for at in (1, 4.9, 5, 8.9)] == [[cast.omar], [cast.omar], [cast.mia], [cast.mia]]


@pytest.mark.parametrize("case", ["same person", "other rota", "begun", "unknown"])
def test_shifts_that_are_not_swapped(rota: Rota, cast: SimpleNamespace, case: str) -> None:
    first = shift(rota, cast.mia, -1 if case == "begun" else 1, 5)
    other = rota_kit.rota("Night") if case == "other rota" else rota
    second = shift(other, cast.mia if case == "same person" else cast.omar, 5, 9)
    with pytest.raises(Refusal):
        overrides.swap(first_id=first.pk, second_id=0 if case == "unknown" else second.pk, person=cast.mia, now=NOON)
    assert not RotaShift.objects.filter(is_override=True).exists()


@pytest.mark.parametrize(("starts", "ends"), [(2, 2), (3, 2), (-3, -1), (1, 24 * 63)])
def test_times_that_cannot_be(rota: Rota, cast: SimpleNamespace, starts: float, ends: float) -> None:
    with pytest.raises(Invalid) as refused:
        overrides.away(
            rota_id=rota.pk, who=cast.mia, starts_at=hours(starts), ends_at=hours(ends), person=cast.mia, now=NOON
        )
    assert refused.value.field == "ends_at"


def test_what_is_taken_back(rota: Rota, cast: SimpleNamespace) -> None:
    recurring = line(rota, cast.mia, by=cast.petra)
    with pytest.raises(overrides.OverrideRefused) as refused:
        overrides.remove_shift(shift_id=RotaShift.objects.filter(line=recurring)[0].pk, person=cast.petra, now=NOON)
    assert refused.value.code == "from_a_line"
    begun = shift(rota, cast.omar, -1, 1, is_override=True, instead_of=cast.mia)
    overrides.remove_shift(shift_id=begun.pk, person=cast.petra, now=NOON)
    begun.refresh_from_db()
    assert begun.ends_at == NOON
    with pytest.raises(overrides.OverrideRefused):
        overrides.remove_shift(shift_id=begun.pk, person=cast.petra, now=NOON)
    for verb, options in ((overrides.remove_shift, {"shift_id": 0}), (overrides.remove_absence, {"absence_id": 0})):
        with pytest.raises(rotas.UnknownRota):
            verb(person=cast.petra, now=NOON, **options)
    with pytest.raises(rotas.UnknownRota):
        overrides.plan(rota_id=0, who=cast.mia, starts_at=NOON, ends_at=hours(1), person=cast.petra, now=NOON)


def test_a_team_has_its_own_people(cast: SimpleNamespace) -> None:
    team = factories.team(members=(cast.rosa,))
    own = rotas.create(name="Database", role="", team=team, time_zone="UTC", person=cast.ada, now=NOON)
    line(own, cast.rosa, by=cast.ada)
    with pytest.raises(Invalid) as refused:
        line(own, cast.nils, by=cast.ada)
    assert refused.value.code == "not_in_team"
    assert calling.team_on_shift(team, at=NOON) == [cast.rosa]
    assert queries.people_of(own) == [cast.rosa]


def test_who_is_next_and_when_a_shift_ends(rota: Rota, cast: SimpleNamespace) -> None:
    shift(rota, cast.mia, -1, 4)
    shift(rota, cast.mia, 4, 6)
    shift(rota, cast.omar, 6, 12)
    on = queries.now_and_next([rota.pk], at=NOON)[rota.pk]
    assert (on.people, on.until, on.next, on.next_at) == ((cast.mia,), hours(6), cast.omar, hours(6))
    assert queries.shift_ends_at(cast.mia, at=NOON) == hours(6)
    assert queries.shift_ends_at(cast.omar, at=NOON) is None
    assert queries.next_of_role(Role.INCIDENT_MANAGER, at=NOON, besides=cast.mia) == cast.omar
    assert queries.next_of_role(Role.INCIDENT_MANAGER, at=hours(7), besides=cast.mia) == cast.omar  # she stayed on
    assert queries.next_of_role(Role.DEPUTY, at=NOON, besides=cast.mia) is None


def test_the_sweep_leaves_a_rota_that_is_being_edited(transactional_db: None) -> None:
    petra = factories.person(username="petra", roles=("practice_lead",))
    mia = factories.manager(username="mia")
    first, second = rota_kit.rota(), rota_kit.rota("Night")
    for each in (first, second):
        line(each, mia, by=petra)
    editing, done = threading.Event(), threading.Event()

    def edit() -> None:
        with transaction.atomic():
            rotas.locked(first.pk)
            editing.set()
            done.wait(20)
        connection.close()

    thread = threading.Thread(target=edit)
    thread.start()
    assert editing.wait(20)
    assert rotas.extend(now=NOON + timedelta(days=1)) == 1
    done.set()
    thread.join(20)
    assert rotas.extend(now=NOON + timedelta(days=1)) == 1
    assert not RotaAbsence.objects.exists()
