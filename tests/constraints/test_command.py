"""What the database refuses of roles, commitments, rota lines and absences."""

from datetime import date, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from incidents.models import Commitment, Incident, RoleAssignment
from teams.choices import Role
from teams.models import Rota, RotaAbsence, RotaLine, RotaShift
from tests import factories
from tests.constraints.kit import refused
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")
HOUR = timedelta(hours=1)


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


@pytest.fixture
def rota(db: None) -> Rota:
    return Rota.objects.create(name="Managers", role=Role.INCIDENT_MANAGER)


def assigned(incident: Incident, role: str, person: Any, **fields: Any) -> RoleAssignment:
    return RoleAssignment.objects.create(
        incident=incident, role=role, person=person, started_at=NOON, assigned_by=person, **fields
    )


def line(rota: Rota, person: Any, **fields: Any) -> RotaLine:
    given = {
        "weekdays": [0, 1],
        "starts": time(8),
        "ends": time(16),
        "time_zone": "UTC",
        "first_date": date(2026, 11, 2),
    }
    return RotaLine.objects.create(rota=rota, person=person, **(given | fields))


@pytest.mark.parametrize("role", ["scribe", "technical_lead", "deputy_mim", "communications_lead", "service_desk_lead"])
def test_one_person_holds_a_single_role(incident: Incident, cast: SimpleNamespace, role: str) -> None:
    assigned(incident, role, cast.omar, ended_at=NOON)
    assigned(incident, role, cast.rosa)
    with refused("one_holder_of_a_single_role"):
        assigned(incident, role, cast.nils)


def test_a_role_is_held_once_by_a_person(incident: Incident, cast: SimpleNamespace) -> None:
    assigned(incident, "service_owner", cast.rosa)
    assigned(incident, "service_owner", cast.nils)
    with refused("role_held_once"):
        assigned(incident, "service_owner", cast.rosa)


def test_a_representative_speaks_for_one_team_and_a_team_has_one(incident: Incident, cast: SimpleNamespace) -> None:
    team = factories.team()
    with refused("representative_names_a_team"):
        assigned(incident, "trg_representative", cast.rosa)
    with refused("representative_names_a_team"):
        assigned(incident, "scribe", cast.rosa, team=team)
    assigned(incident, "trg_representative", cast.rosa, team=team)
    assigned(incident, "trg_representative", cast.rosa, team=factories.team())
    with refused("one_representative_per_team"):
        assigned(incident, "trg_representative", cast.nils, team=team)


def test_a_role_ends_after_it_began(incident: Incident, cast: SimpleNamespace) -> None:
    with refused("role_ends_after_its_start"):
        assigned(incident, "scribe", cast.rosa, ended_at=NOON - HOUR)


def test_a_commitment_says_something_and_is_kept_afterwards(incident: Incident, cast: SimpleNamespace) -> None:
    given: dict[str, Any] = {"incident": incident, "team": factories.team(), "made_by": cast.mia, "made_at": NOON}
    with refused("commitment_says_something"):
        Commitment.objects.create(**given, text="")
    with refused("commitment_kept_after_it_was_made"):
        Commitment.objects.create(**given, text="Relief at six.", kept_at=NOON - HOUR)
    assert Commitment.objects.create(**given, text="Relief at six.", kept_at=NOON).pk


@pytest.mark.parametrize("weekdays", [[], [7], [0, 9]])
def test_a_line_has_days_of_the_week(rota: Rota, cast: SimpleNamespace, weekdays: list[int]) -> None:
    with refused("line_has_weekdays"):
        line(rota, cast.mia, weekdays=weekdays)


@pytest.mark.parametrize("weeks", [0, 13])
def test_a_line_recurs(rota: Rota, cast: SimpleNamespace, weeks: int) -> None:
    with refused("line_recurs_within_12_weeks"):
        line(rota, cast.mia, every_weeks=weeks)


def test_a_line_ends_after_it_began(rota: Rota, cast: SimpleNamespace) -> None:
    with refused("line_ends_after_its_start"):
        line(rota, cast.mia, last_date=date(2026, 11, 1))


def test_a_turn_of_a_line_is_written_once(rota: Rota, cast: SimpleNamespace) -> None:
    given: dict[str, Any] = {"rota": rota, "person": cast.mia, "starts_at": NOON, "ends_at": NOON + HOUR}
    first = line(rota, cast.mia)
    RotaShift.objects.create(**given, line=first)
    with refused("turn_of_a_line_once"):
        RotaShift.objects.create(**given, line=first)
    RotaShift.objects.create(**given, line=line(rota, cast.mia))


def test_only_an_override_stands_in_for_somebody(rota: Rota, cast: SimpleNamespace) -> None:
    given: dict[str, Any] = {"rota": rota, "person": cast.mia, "starts_at": NOON, "ends_at": NOON + HOUR}
    with refused("only_an_override_stands_in"):
        RotaShift.objects.create(**given, instead_of=cast.omar)
    with refused("only_an_override_stands_in"):
        RotaShift.objects.create(**given, is_override=True, line=line(rota, cast.mia))
    RotaShift.objects.create(**given, is_override=True, instead_of=cast.omar)


def test_an_absence_has_a_length(rota: Rota, cast: SimpleNamespace) -> None:
    with refused("absence_has_a_length"):
        RotaAbsence.objects.create(rota=rota, person=cast.mia, starts_at=NOON, ends_at=NOON)
