"""A drill frightens nobody: whatever leaves about it says so first, reaches its own lists, and no page shows it."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from comms.adapters import languagetool, memory
from comms.choices import UpdateKind
from comms.models import Delivery, Message, StatusPage, UpdateDeadline
from comms.queries import status
from comms.rendering import notices
from comms.services.promises import sweep
from comms.services.writing import publishing
from incidents.models import Incident
from incidents.services.accountability import command
from incidents.services.record import notes
from incidents.services.work import engagements
from mim_portal.lib import dbtime
from teams.choices import Role
from tests import factories, status_pages
from tests.comms import update_kit

pytestmark = pytest.mark.django_db

MARK = "EXERCISE EXERCISE EXERCISE"


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)


@pytest.fixture
def drill(cast: SimpleNamespace) -> Incident:
    return update_kit.declared(cast.mia, is_exercise=True)


def marked() -> None:
    """There is mail, and all of it says that it is an exercise: subject, text and picture of it."""
    sent = list(Message.objects.all())
    assert sent
    for message in sent:
        assert message.subject.startswith(MARK), message.subject
        assert MARK in message.text, message.text
        assert MARK in notices.html_of(message)


def test_updates_and_withdrawals(cast: SimpleNamespace, drill: Incident) -> None:
    factories.recipient(audience="end_users", address="drill@example.org", used_for="exercises")
    factories.recipient(audience="end_users", address="everybody@example.org")
    sent = update_kit.published(update_kit.drafted(drill, cast.mia, "end_users", kind=UpdateKind.INITIAL), cast.mia)
    marked()
    addresses = set(Delivery.objects.filter(message__update=sent).values_list("address", flat=True))
    assert addresses == {"drill@example.org"}
    publishing.withdraw(update_id=sent.pk, person=cast.mia, reason="It was the other site.", now=dbtime.now())
    told = Message.objects.filter(update=sent, subject__contains="WITHDRAWN")
    assert {message.subject.partition(" [")[0] for message in told} == {f"{MARK} WITHDRAWN:"}
    marked()
    assert set(Delivery.objects.values_list("address", flat=True)) == {"drill@example.org"}


def test_calls_for_help_mentions_and_offers(cast: SimpleNamespace, drill: Incident) -> None:
    now = dbtime.now()
    team = factories.team(slug="database", members=(cast.rosa,))
    engagements.engage(reference=drill.reference, team=team, person=cast.mia, now=now)
    notes.note(reference=drill.reference, text="@nils please look", person=cast.mia, now=now)
    command.offer(reference=drill.reference, person=cast.mia, to=cast.omar, fields={}, now=now)
    assert Message.objects.count() >= 3
    marked()


@pytest.mark.parametrize("late", [0, 3, 6])
def test_the_ladder(cast: SimpleNamespace, drill: Incident, late: int) -> None:
    due = dbtime.now() - timedelta(minutes=late)
    UpdateDeadline.objects.filter(incident=drill).update(
        opened_at=due - timedelta(minutes=15), due_at=due, next_action_at=due
    )
    sweep.sweep_deadlines(by="test")
    told = set(Delivery.objects.values_list("address", flat=True))
    assert (cast.petra.email in told) is (late >= 5)
    marked()


def test_an_ordinary_incident_is_not_marked(cast: SimpleNamespace) -> None:
    incident = update_kit.declared(cast.mia)
    due = dbtime.now() - timedelta(minutes=6)
    UpdateDeadline.objects.filter(incident=incident).update(due_at=due, next_action_at=due)
    sweep.sweep_deadlines(by="test")
    command.offer(reference=incident.reference, person=cast.mia, to=cast.omar, fields={}, now=dbtime.now())
    assert Message.objects.count() >= 2
    assert not Message.objects.filter(subject__contains=MARK).exists()
    assert cast.petra.has_role(Role.PRACTICE_LEAD)


def test_no_status_page_shows_it(cast: SimpleNamespace, drill: Incident) -> None:
    status_pages.component(of=status_pages.page(slug="staff", audience="end_users"), service=drill.service)
    update_kit.published(
        update_kit.drafted(drill, cast.mia, "end_users", kind=UpdateKind.INITIAL, component_state="major_outage"),
        cast.mia,
    )
    facts = status.page_facts(StatusPage.objects.get())
    assert facts.incidents == ()
    assert [component.state for component in facts.components] == ["operational"]
