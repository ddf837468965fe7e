"""Whoever is concerned by a change of command hears of it by mail at once."""

from types import SimpleNamespace
from typing import Any

import pytest

from comms.models import Delivery, Message
from incidents.models import Incident
from incidents.services.accountability import command, shifts
from teams.models import Person
from tests.factories import NOON
from tests.incidents import kit


@pytest.fixture(autouse=True)
def told_by_mail(settings: Any) -> None:
    settings.TIMELINE_REACTIONS = ["comms.reactions.command.react"]


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


def mails() -> dict[str, Message]:
    """By address."""
    rows = Delivery.objects.select_related("message").order_by("pk")
    assert {row.position for row in rows} <= {0}
    return {row.address: row.message for row in rows}


def test_the_receiver_of_an_offer_is_told(incident: Incident, cast: SimpleNamespace) -> None:
    command.offer(reference=incident.reference, person=cast.mia, to=cast.omar, fields={}, now=NOON)
    ((address, message),) = mails().items()
    assert address == "omar@example.org"
    assert message.subject == f"Handover waits for you: {incident.reference}"
    assert f"/incidents/{incident.reference}/handover/accept/" in message.text
    assert "They stay accountable until you accept." in message.html


def test_a_shift_is_one_mail(incident: Incident, cast: SimpleNamespace) -> None:
    other = kit.incident(manager=cast.mia, title="Tills: <cannot> open")
    outcome = shifts.offer(person=cast.mia, to=cast.omar, now=NOON)
    (message,) = mails().values()
    assert message.subject == f"Handover waits for you: {incident.reference}, {other.reference}"
    assert f"/handover/{outcome.shift.pk}/" in message.text
    assert "Tills: <cannot> open" in message.text
    assert "Tills: &lt;cannot&gt; open" in message.html


def test_the_former_manager_is_told_of_a_takeover(incident: Incident, cast: SimpleNamespace) -> None:
    command.take_over(reference=incident.reference, person=cast.dan, reason="No answer for 10 min", now=NOON)
    ((address, message),) = mails().items()
    assert address == "mia@example.org"
    assert message.subject.startswith("Command was taken over: Payroll")
    assert "Dan Example is accountable for this incident now." in message.text
    assert "No answer for 10 min" in message.html
    assert message.thread == incident.reference


def test_whoever_is_appointed_is_told_as_well(incident: Incident, cast: SimpleNamespace) -> None:
    command.take_over(reference=incident.reference, person=cast.ada, manager=cast.omar, reason="No answer", now=NOON)
    told = mails()
    assert sorted(told) == ["mia@example.org", "omar@example.org"]
    assert "Ada Example appointed you" in told["omar@example.org"].text
    assert told["omar@example.org"].subject.startswith("You are accountable now:")


def test_without_an_address_nobody_is_written_to(incident: Incident, cast: SimpleNamespace) -> None:
    Person.objects.filter(pk=cast.mia.pk).update(email="")
    command.take_over(reference=incident.reference, person=cast.dan, reason="No answer", now=NOON)
    assert not Message.objects.exists()
