"""The one read of the database says of any rota what the rule says: random turns, overrides and absences."""

from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from teams.choices import Role
from teams.models import Rota, RotaAbsence, RotaShift
from teams.queries import calling
from teams.queries import rotas as queries
from teams.rules import oncall
from tests.factories import NOON
from tests.teams.rota_kit import hours

PEOPLE = st.sampled_from(["mia", "omar", "dan"])
SPANS = st.tuples(st.integers(-3, 2), st.integers(1, 4))
PLANNED = st.lists(st.tuples(PEOPLE, SPANS), max_size=4)
COVERS = st.lists(st.tuples(PEOPLE, SPANS, st.none() | PEOPLE), max_size=4)
ABSENCES = st.lists(st.tuples(PEOPLE, SPANS), max_size=2)


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(planned=PLANNED, covers=COVERS, absences=ABSENCES)
def test_query_and_rule_agree(
    cast: SimpleNamespace,
    planned: list[tuple[str, tuple[int, int]]],
    covers: list[tuple[str, tuple[int, int], str | None]],
    absences: list[tuple[str, tuple[int, int]]],
) -> None:
    Rota.objects.all().delete()
    rota = Rota.objects.create(name="Managers", role=Role.INCIDENT_MANAGER)
    for name, (start, length) in planned:
        RotaShift.objects.create(
            rota=rota, person=getattr(cast, name), starts_at=hours(start), ends_at=hours(start + length)
        )
    for name, (start, length), replaced in covers:
        RotaShift.objects.create(
            rota=rota,
            person=getattr(cast, name),
            starts_at=hours(start),
            ends_at=hours(start + length),
            is_override=True,
            instead_of=getattr(cast, replaced) if replaced else None,
        )
    for name, (start, length) in absences:
        RotaAbsence.objects.create(
            rota=rota, person=getattr(cast, name), starts_at=hours(start), ends_at=hours(start + length)
        )
    cover = queries.covers([rota.pk], since=NOON, until=hours(9))[rota.pk]
    told = oncall.who(turns=cover.turns, absences=cover.absences, holders=(cast.mia.pk, cast.omar.pk), now=NOON)
    assert [person.pk for person in calling.told(Role.INCIDENT_MANAGER, at=NOON)] == list(told.person_ids)
    on_shift = [person.pk for person in calling.on_shift(Role.INCIDENT_MANAGER, at=NOON)]
    assert on_shift == (list(told.person_ids) if told.from_rota else [])


@pytest.mark.django_db
def test_telling_a_role_is_one_read(cast: SimpleNamespace, django_assert_num_queries: object) -> None:
    rota = Rota.objects.create(name="Managers", role=Role.INCIDENT_MANAGER)
    RotaShift.objects.create(rota=rota, person=cast.mia, starts_at=hours(-1), ends_at=hours(1))
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert calling.told(Role.INCIDENT_MANAGER, at=NOON) == [cast.mia]
