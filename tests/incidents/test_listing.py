"""Lists of incidents: filters, order, and what nobody else may see."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from incidents.models import Incident, IncidentMember
from incidents.queries import incidents
from incidents.queries.incidents import Filters
from incidents.services.accountability import command
from incidents.services.states import lifecycle
from mim_portal.lib import prepared
from tests import factories
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")


@pytest.fixture
def three(cast: SimpleNamespace) -> list[Incident]:
    """A P1 of payroll, a P2 of the shop a day later, a cancelled P1 of payroll two days later."""
    payroll, shop = factories.service(slug="payroll"), factories.service(slug="shop")
    first = kit.incident(manager=cast.mia, service=payroll, external_ref="INC-0012345")
    second = kit.incident(
        manager=cast.mia, service=shop, title="Web shop: checkout fails", urgency=2, now=NOON + timedelta(days=1)
    )
    third = kit.incident(manager=cast.mia, service=payroll, title="Payslips late", now=NOON + timedelta(days=2))
    lifecycle.transition(
        reference=third.reference, to="cancelled", person=cast.mia, now=NOON + timedelta(days=3), reason="in error"
    )
    return [first, second, third]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, [3, 2, 1]),
        ({"live": True}, [2, 1]),
        ({"live": False}, [3]),
        ({"state": ("declared", "cancelled")}, [3, 2, 1]),
        ({"state": ("cancelled",)}, [3]),
        ({"priority": ("P2",)}, [2]),
        ({"service": "payroll"}, [3, 1]),
        ({"service": "payroll", "live": True}, [1]),
        ({"declared_from": NOON + timedelta(days=1)}, [3, 2]),
        ({"declared_to": NOON + timedelta(days=1)}, [1]),
        ({"q": "checkout"}, [2]),
        ({"q": "check fail"}, [2]),
        ({"q": "mi 2026 3"}, [3]),
        ({"q": "INC-0012345"}, [1]),
        ({"q": "nothing like it"}, []),
        ({"q": "!"}, []),
        ({"exercise": True}, []),
        ({"manager": "mia"}, [3, 2, 1]),
        ({"manager": "omar"}, []),
    ],
)
def test_filters(three: list[Incident], cast: SimpleNamespace, filters: dict[str, Any], expected: list[int]) -> None:
    found = incidents.listing(cast.audra, Filters(**filters))
    assert [int(row.reference[-4:]) for row in found] == expected


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"live": True},
        {"live": False, "priority": ("P1",)},
        {"exercise": False, "state": ("declared", "cancelled", "closed")},
        {"service": "payroll", "manager": "mia"},
        {"declared_from": NOON + timedelta(hours=1), "declared_to": NOON + timedelta(days=2)},
        {"q": "payroll"},
    ],
)
def test_first_rows_are_those_of_the_list(
    three: list[Incident], cast: SimpleNamespace, filters: dict[str, Any]
) -> None:
    """Composed once or not, by members of private incidents and others, from the beginning or from a row on."""
    private = kit.incident(manager=cast.mia, is_private=True, title="Payroll: fraud", now=NOON + timedelta(hours=5))
    IncidentMember.objects.create(incident=private, person=cast.rosa)
    chosen = Filters(**filters)
    for person in (cast.audra, cast.rosa, cast.mia, cast.olaf, AnonymousUser()):
        every = list(incidents.listing(person, chosen))
        for _again in range(2):
            assert incidents.first_rows(person, chosen, count=2) == every[:2]
            for place, row in enumerate(every):
                assert incidents.first_rows(person, chosen, count=2, after=row) == every[place + 1 : place + 3]


@pytest.mark.parametrize("few", [0, 2, 3, 9])
def test_what_a_manager_managed_is_collected_or_looked_for(
    three: list[Incident], cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """However many they are, the list is the same; somebody who never managed any is not looked for among all."""
    monkeypatch.setattr(incidents, "FEW_MANAGED", few)
    monkeypatch.setattr(incidents, "_past_few", prepared.query(vars(incidents._past_few)["__wrapped__"]))
    assert incidents._is_few("mia") is (len(three) <= few)
    assert incidents._is_few("leo") is incidents._is_few("nobody") is True
    assert incidents._is_few("") is False
    command.take_over(reference=three[0].reference, person=cast.omar, reason="Mia is off shift", now=NOON)
    kit.incident(manager=cast.omar, is_private=True)
    for name, expected in {"mia": three[::-1], "omar": three[:1], "leo": [], "nobody": []}.items():
        chosen = Filters(manager=name)
        assert list(incidents.listing(cast.mia, chosen)) == expected
        assert incidents.first_rows(cast.mia, chosen, count=9) == expected


def test_people_without_a_role_see_nothing(three: list[Incident], cast: SimpleNamespace) -> None:
    assert not incidents.listing(cast.olaf).exists()
    assert not incidents.listing(AnonymousUser()).exists()
    cast.audra.is_active = False
    assert not incidents.listing(cast.audra).exists()


def test_a_private_incident_shows_to_members_and_to_managers_past_and_present(cast: SimpleNamespace) -> None:
    private = kit.incident(manager=cast.mia, is_private=True)
    IncidentMember.objects.create(incident=private, person=cast.rosa)
    seen = {name: incidents.get(private.reference, getattr(cast, name)) for name in ("mia", "rosa", "omar", "ada")}
    assert seen == {"mia": private, "rosa": private, "omar": None, "ada": None}
    assert list(incidents.listing(cast.omar)) == []
    IncidentMember.objects.create(incident=private, person=cast.omar)
    command.take_over(reference=private.reference, person=cast.omar, reason="Mia is off shift", now=NOON)
    IncidentMember.objects.filter(person=cast.omar).delete()
    assert incidents.get(private.reference, cast.omar) == incidents.get(private.reference, cast.mia) == private


def test_the_board_sorts_by_weight(cast: SimpleNamespace) -> None:
    drill = kit.incident(manager=cast.mia, is_exercise=True)
    second = kit.incident(manager=cast.mia, urgency=2)
    first = kit.incident(manager=cast.mia, now=NOON + timedelta(minutes=1))
    assert list(incidents.live(cast.audra)) == [first, second, drill]


def test_restored_incidents_are_watched(three: list[Incident], cast: SimpleNamespace) -> None:
    lifecycle.transition(
        reference=three[0].reference,
        to="monitoring",
        person=cast.mia,
        now=NOON + timedelta(hours=1),
        confirmed_by="desk",
    )
    assert list(incidents.in_watch(cast.audra)) == [three[0]]
