"""Line four: an executive answers with one tap, sees no timeline, and nothing of it is public."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from comms.models import PageSnapshot
from comms.services import snapshots
from incidents.models import Decision, Incident
from incidents.services.work import decisions
from mim_portal.lib import dbtime
from teams.models import Person
from tests import factories, status_pages
from tests.factories import NOON
from tests.incidents import kit, work_kit

Browser = Callable[[Person], Client]


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


def board(client: Client) -> str:
    return client.get("/").content.decode()


def address(decision: Decision) -> str:
    return f"/incidents/{decision.incident.reference}/decisions/{decision.pk}/answer/"


def test_one_tap_answers(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    made, client = work_kit.for_executives(incident, cast.mia), signed_in(cast.eve)
    page = board(client)
    assert "Roll the payroll release back?" in page
    assert f'action="{address(made)}"' in page
    assert page.count('name="chosen" value="Roll back"') == 1
    assert "No decision is needed from you." not in page
    answer = client.post(address(made), {"chosen": "Roll back"})
    assert answer["Location"] == "/"
    page = board(client)
    assert "Decided. The incident manager has been told." in page
    assert "Roll the payroll release back? Roll back (Eve Example," in page
    assert "No decision is needed from you." in page
    made.refresh_from_db()
    assert (made.chosen, made.decided_by) == ("Roll back", cast.eve)


def test_the_second_sees_who_was_first(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    made = work_kit.for_executives(incident, cast.mia)
    decisions.decide(decision_id=made.pk, person=cast.eve, chosen="Roll back", now=NOON)
    second = signed_in(factories.person(username="ella", roles=("executive",)))
    second.post(address(made), {"chosen": "Wait until 12:00"})
    assert "Eve Example decided at 12:00 (UTC+0): Roll back." in board(second)
    made.refresh_from_db()
    assert made.chosen == "Roll back"


def test_what_is_no_option_is_refused(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    made, client = work_kit.for_executives(incident, cast.mia), signed_in(cast.eve)
    for chosen in ("Whatever", "", "\x00"):
        client.post(address(made), {"chosen": chosen})
        assert "Choose one of the options." in board(client)
    made.refresh_from_db()
    assert made.state == "needed"


def test_executives_find_what_they_are_asked_and_nothing_else(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    ours, client = work_kit.decision(incident, cast.mia), signed_in(cast.eve)
    assert client.post(address(ours), {"chosen": "Roll back"}).status_code == 404
    assert client.get(f"/incidents/{incident.reference}/").status_code == 403
    assert "Roll the payroll release back?" not in board(client)
    hidden = work_kit.for_executives(kit.incident(manager=cast.mia, is_private=True), cast.mia)
    assert client.post(address(hidden), {"chosen": "Roll back"}).status_code == 404


def test_nobody_else_answers_for_them(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    made = work_kit.for_executives(incident, cast.mia)
    for person in (cast.rosa, cast.audra, cast.desmond):
        client = signed_in(person)
        client.post(address(made), {"chosen": "Roll back"})
        assert "This is for executives to decide." in board(client)
    made.refresh_from_db()
    assert made.state == "needed"


def test_an_executive_with_another_role_is_asked_on_the_board_too(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    both = signed_in(factories.person(username="both", roles=("executive", "auditor")))
    assert "No decision is needed" not in board(both)
    made = work_kit.for_executives(incident, cast.mia)
    assert f'action="{address(made)}"' in board(both)


def test_a_decision_withdrawn_is_gone(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    made = work_kit.for_executives(incident, cast.mia)
    decisions.withdraw(decision_id=made.pk, person=cast.mia, now=NOON)
    assert "Roll the payroll release back?" not in board(signed_in(cast.eve))


def test_it_costs_the_same_whatever_is_asked(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Session, person; incidents, promises and clock together; managers, impacts, last words, decisions, estimates."""
    client = signed_in(cast.eve)
    for number in range(4):
        work_kit.for_executives(incident, cast.mia, question=f"Question {number}?")
    board(client)
    with django_assert_num_queries(8):
        assert "Question 3?" in board(client)


def test_what_is_public_or_published_does_not_change(incident: Incident, cast: SimpleNamespace) -> None:
    for slug, audience, is_public in (("public", "public", True), ("executive", "executives", False)):
        page = status_pages.page(slug=slug, audience=audience, is_public=is_public)
        status_pages.component(of=page, service=incident.service)
    work_kit.for_executives(incident, cast.mia, question="Zebra or not?")
    work_kit.everything(incident, by=cast.mia, owner=cast.rosa, now=NOON)
    snapshots.render_due(now=dbtime.now())
    assert PageSnapshot.objects.exists()
    for snapshot in PageSnapshot.objects.all():
        assert b"Zebra" not in bytes(snapshot.body)
        assert b"certificate" not in bytes(snapshot.body)
