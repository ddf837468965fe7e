"""Executives are told what they have to decide, and the manager what they decided; each at once, each once."""

from types import SimpleNamespace
from typing import Any

import pytest

from comms.models import Delivery, Message
from incidents.choices import AskedOf, IncidentRole
from incidents.models import Incident, IncidentMember
from incidents.services.accountability import people
from incidents.services.work import decisions
from tests import factories
from tests.factories import NOON
from tests.incidents import kit, work_kit


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


def mails(folder_words: str) -> list[tuple[str, str]]:
    """Address and subject of what was written for this."""
    found = Delivery.objects.filter(message__subject__contains=folder_words).select_related("message")
    return sorted((row.address, row.message.subject) for row in found)


def decide(decision_id: int, by: Any, chosen: str = "Roll back") -> None:
    decisions.decide(decision_id=decision_id, person=by, chosen=chosen, now=NOON)


def test_every_executive_is_asked_at_once(incident: Incident, cast: SimpleNamespace) -> None:
    factories.person(username="ella", roles=("executive",))
    factories.person(username="gone", roles=("executive",), is_active=False)
    work_kit.for_executives(incident, cast.mia)
    subject = f"[P1] Decision needed from you: Roll the payroll release back? | {incident.reference}"
    assert mails("Decision needed") == [("ella@example.org", subject), ("eve@example.org", subject)]
    for message in Message.objects.filter(subject=subject):
        assert "- Roll back\n- Wait until 12:00" in message.text
        assert "/answer/" in message.text.split()[-1]
        assert "Mia Example" in message.html
        assert set(Delivery.objects.filter(message=message).values_list("position", flat=True)) == {0}


def test_the_manager_is_told_what_was_decided(incident: Incident, cast: SimpleNamespace) -> None:
    decide(work_kit.for_executives(incident, cast.mia).pk, cast.eve)
    assert mails("Decided:") == [("mia@example.org", f"[P1] Decided: Roll back | {incident.reference}")]
    text = Message.objects.get(subject__contains="Decided:").text
    assert "Decided by Eve Example at 12:00 (UTC+0)." in text
    assert f"/incidents/{incident.reference}/#work" in text


def test_what_the_manager_wrote_down_they_know(incident: Incident, cast: SimpleNamespace) -> None:
    decide(work_kit.for_executives(incident, cast.mia).pk, cast.mia)
    assert mails("Decided:") == []


def test_the_managers_own_decisions_are_no_mail(incident: Incident, cast: SimpleNamespace) -> None:
    decide(work_kit.decision(incident, cast.rosa).pk, cast.dan)
    assert mails("Deci") == []


def test_whoever_owns_the_service_is_asked(incident: Incident, cast: SimpleNamespace) -> None:
    people.assign(
        reference=incident.reference, role=IncidentRole.SERVICE_OWNER, to=cast.petra, person=cast.mia, now=NOON
    )
    made = work_kit.decision(incident, cast.mia, asked_of=AskedOf.SERVICE_OWNER)
    assert [address for address, _ in mails("Decision needed")] == ["petra@example.org"]
    assert f"/incidents/{incident.reference}/#work" in Message.objects.get(subject__contains="Decision needed").text
    decide(made.pk, cast.petra)
    assert [address for address, _ in mails("Decided:")] == ["mia@example.org"]


def test_a_private_incident_is_told_to_its_members_only(incident: Incident, cast: SimpleNamespace) -> None:
    Incident.objects.filter(pk=incident.pk).update(is_private=True)
    work_kit.for_executives(incident, cast.mia)
    assert mails("Decision needed") == []
    IncidentMember.objects.create(incident=incident, person=cast.eve)
    work_kit.for_executives(incident, cast.mia, question="Call the regulator?")
    assert [address for address, _ in mails("Decision needed")] == ["eve@example.org"]


def test_a_drill_says_so(incident: Incident, cast: SimpleNamespace) -> None:
    Incident.objects.filter(pk=incident.pk).update(is_exercise=True)
    work_kit.for_executives(incident, cast.mia)
    assert mails("Decision needed")[0][1].startswith("EXERCISE EXERCISE EXERCISE [P1]")


def test_words_cannot_break_the_subject(incident: Incident, cast: SimpleNamespace) -> None:
    work_kit.for_executives(incident, cast.mia, question="Roll back?\u2028Bcc: all@example.org")
    assert "\u2028" not in Message.objects.get(subject__contains="Decision needed").subject
