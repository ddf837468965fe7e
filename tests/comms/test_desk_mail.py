"""Between desk and managers what is urgent is told at once: questions, silence, and who is accountable."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from comms.models import Delivery, Message
from incidents.models import Candidate, ClarificationRequest, Incident
from incidents.services.desk import candidates, clarifications, waiting
from incidents.services.states import declaration
from teams.models import Person
from tests import factories
from tests.factories import NOON
from tests.incidents import kit
from tests.incidents.test_desk_lead_declares import on_shift


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def raise_one(cast: SimpleNamespace, **changes: Any) -> Candidate:
    raised = kit.candidate(by=cast.desmond, **changes)
    Delivery.objects.all().delete()
    Message.objects.all().delete()
    return raised


def told() -> set[str]:
    return set(Delivery.objects.values_list("address", flat=True))


def ask(raised: Candidate, person: Person, **options: object) -> ClarificationRequest:
    given: dict[str, object] = {"field": "where", "question": "Which <sites>?", "now": at(1)}
    return clarifications.ask(reference=str(raised.reference), person=person, **(given | options))  # type: ignore[arg-type]


def test_a_question_reaches_whoever_raised_it(cast: SimpleNamespace) -> None:
    raised = raise_one(cast)
    ask(raised, cast.mia)
    assert told() == {"desmond@example.org"}
    message = Message.objects.get()
    assert message.subject == f"A question for you: {raised.title} | {raised.reference}"
    assert "Which <sites>?" in message.text
    assert "Which &lt;sites&gt;?" in message.html
    assert f"/candidates/{raised.reference}/#questions" in message.text


def test_two_questions_at_once_are_one_mail(cast: SimpleNamespace) -> None:
    raised = raise_one(cast, where="", affected_count="")
    clarifications.ask_for(
        reference=str(raised.reference), fields=["where", "affected_count"], person=cast.mia, now=at(1)
    )
    message = Message.objects.get()
    assert "How many people are affected?" in message.text
    assert "Which sites, networks" in message.text


def test_somebody_outside_is_named_to_the_desk(cast: SimpleNamespace) -> None:
    ask(raise_one(cast), cast.mia, asked_of_words="Dublin payroll office")
    assert told() == {"desmond@example.org"}
    assert "Please ask: Dublin payroll office." in Message.objects.get().text


def test_a_named_person_is_told_instead(cast: SimpleNamespace) -> None:
    ask(raise_one(cast), cast.mia, asked_of=cast.rosa)
    assert told() == {"rosa@example.org"}


def test_chasing_says_that_it_was_asked_before(cast: SimpleNamespace) -> None:
    asked = ask(raise_one(cast), cast.mia)
    Delivery.objects.all().delete()
    Message.objects.all().delete()
    clarifications.chase(request_id=asked.pk, person=cast.omar, now=at(7))
    message = Message.objects.get()
    assert message.subject.startswith("Asked again:")
    assert "Mia Example asked you at 12:01 (UTC+0) and still needs the answer" in message.text
    assert told() == {"desmond@example.org"}


def test_with_nobody_to_ask_the_desk_leads_are_told(cast: SimpleNamespace) -> None:
    raised = candidates.raise_candidate(person=None, facts=kit.facts(), now=NOON)
    Delivery.objects.all().delete()
    ask(raised, cast.mia)
    assert told() == {"dara@example.org"}


def test_a_private_incidents_question_stays_with_those_who_may_see_it(cast: SimpleNamespace) -> None:
    raised = raise_one(cast)
    incident = declaration.accept(
        reference=str(raised.reference), person=cast.mia, impact=1, urgency=1, manager=None, now=at(1)
    )
    Incident.objects.filter(pk=incident.pk).update(is_private=True)
    Delivery.objects.all().delete()
    ask(raised, cast.mia)
    assert told() == set()


def test_ten_minutes_without_a_decision_reach_every_manager_and_the_practice_lead(cast: SimpleNamespace) -> None:
    raised = raise_one(cast, where="", affected_count="many")
    on_shift(cast.omar)
    waiting.alarm(now=at(10))
    assert told() == {"mia@example.org", "omar@example.org", "petra@example.org"}
    message = Message.objects.get()
    assert message.subject.startswith("Nobody has decided for ")
    assert "Not known: how many people; where, and where not" in message.text
    assert f"/candidates/{raised.reference}/" in message.text
    waiting.alarm(now=at(11))
    assert Message.objects.count() == 1


def test_a_manager_made_accountable_by_the_desk_lead_is_told(cast: SimpleNamespace) -> None:
    raised = raise_one(cast)
    on_shift(cast.omar)
    incident = declaration.accept(
        reference=str(raised.reference), person=cast.dara, impact=1, urgency=1, manager=None, now=at(6)
    )
    message = Message.objects.get()
    assert message.subject == f"You are accountable: P1 {incident.title} | {incident.reference}"
    assert "Dara Example declared it." in message.text
    assert f"/incidents/{incident.reference}/" in message.text
    delivery = Delivery.objects.get()
    assert (delivery.address, delivery.position) == ("omar@example.org", 0)


def test_who_declares_for_themselves_gets_no_mail_about_it(cast: SimpleNamespace) -> None:
    raised = raise_one(cast)
    declaration.accept(reference=str(raised.reference), person=cast.mia, impact=1, urgency=1, manager=None, now=at(2))
    assert not Message.objects.filter(subject__startswith="You are accountable").exists()


def test_a_manager_without_an_address_breaks_nothing(cast: SimpleNamespace) -> None:
    quiet = factories.manager(username="quiet", email="")
    raised = raise_one(cast)
    declaration.accept(reference=str(raised.reference), person=cast.mia, impact=1, urgency=1, manager=quiet, now=at(2))
    assert told() == set()
