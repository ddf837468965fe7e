"""Questions back to the desk: asked with one click, chased, answered onto the record, followed after acceptance."""

import threading
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection

from incidents.choices import EntryKind
from incidents.models import Candidate, ClarificationRequest
from incidents.queries import candidate_queue, desk
from incidents.services.desk import candidates, clarifications
from incidents.services.states import declaration
from mim_portal.lib.refusals import Invalid, Refusal
from tests import factories
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


@pytest.fixture
def raised(cast: SimpleNamespace) -> Candidate:
    return kit.candidate(by=cast.desmond, affected_count="many", where="", safety_or_security="")


def ask(raised: Candidate, cast: SimpleNamespace, field: str = "where", *, minutes: float = 1) -> ClarificationRequest:
    return clarifications.ask(
        reference=str(raised.reference), field=field, question="Which?", person=cast.mia, now=at(minutes)
    )


def test_a_question_goes_to_whoever_raised_it_unless_somebody_is_named(
    raised: Candidate, cast: SimpleNamespace
) -> None:
    assert ask(raised, cast).asked_of == cast.desmond
    outside = clarifications.ask(
        reference=str(raised.reference), field="basis", question="Who counted?", person=cast.mia, now=at(1),
        asked_of_words="Dublin payroll office", channel="phone",
    )  # fmt: skip
    assert (outside.asked_of, outside.asked_of_words, outside.channel) == (None, "Dublin payroll office", "phone")
    named = clarifications.ask(
        reference=str(raised.reference), field="evidence", question="Words?", person=cast.mia, now=at(1),
        asked_of=cast.dara,
    )  # fmt: skip
    assert named.asked_of == cast.dara
    with pytest.raises(Invalid) as refused:
        clarifications.ask(
            reference=str(raised.reference), field="where", question="?", person=cast.mia, now=at(1), channel="pigeon"
        )
    assert refused.value.field == "channel"


def test_several_are_asked_at_once_and_none_twice(raised: Candidate, cast: SimpleNamespace) -> None:
    asked = clarifications.ask_for(
        reference=str(raised.reference), fields=["where", "affected_count", "where"], person=cast.mia, now=at(1)
    )
    assert [one.field for one in asked] == ["where", "affected_count"]
    assert asked[1].question == "How many people are affected?"
    with pytest.raises(Invalid):
        clarifications.ask_for(reference=str(raised.reference), fields=["where"], person=cast.omar, now=at(2))
    with pytest.raises(Invalid):
        clarifications.ask_for(reference=str(raised.reference), fields=["colour"], person=cast.omar, now=at(2))
    with pytest.raises(Invalid):
        clarifications.ask_for(reference=str(raised.reference), fields=[], person=cast.omar, now=at(2))
    again = clarifications.ask_for(
        reference=str(raised.reference), fields=["where", "basis"], person=cast.omar, now=at(2)
    )
    assert [one.field for one in again] == ["basis"]


def test_chasing_waits_five_minutes_and_counts(raised: Candidate, cast: SimpleNamespace) -> None:
    asked = ask(raised, cast, minutes=1)
    with pytest.raises(Refusal) as early:
        clarifications.chase(request_id=asked.pk, person=cast.mia, now=at(5.9))
    assert (early.value.code, early.value.message) == (
        "too_early",
        "Give it until 12:06 (UTC+0): then you can chase it.",
    )
    chased = clarifications.chase(request_id=asked.pk, person=cast.mia, now=at(6))
    assert (chased.chase_count, chased.chased_at) == (1, at(6))
    with pytest.raises(Refusal):
        clarifications.chase(request_id=asked.pk, person=cast.dara, now=at(8))
    assert clarifications.chase(request_id=asked.pk, person=cast.dara, now=at(11)).chase_count == 2
    clarifications.answer(request_id=asked.pk, answer="Dublin", person=cast.desmond, now=at(12))
    with pytest.raises(Refusal) as answered:
        clarifications.chase(request_id=asked.pk, person=cast.mia, now=at(30))
    assert answered.value.code == "already_answered"


def test_the_desk_puts_an_answer_into_the_record(raised: Candidate, cast: SimpleNamespace) -> None:
    before = raised.intake_score
    asked = ask(raised, cast, "affected_count")
    answered = clarifications.answer(
        request_id=asked.pk, answer="1,240", person=cast.desmond, now=at(3), on_record=True
    )
    raised.refresh_from_db()
    assert (raised.affected_count, answered.on_record, answered.replaced) == ("1,240", True, "many")
    assert raised.intake_score == before == 49
    assert raised.intake_detail["now"]["score"] > 60
    assert raised.intake_detail["now"]["capped_at"] == 69


def test_the_desk_may_answer_without_touching_the_record(raised: Candidate, cast: SimpleNamespace) -> None:
    asked = ask(raised, cast, "where")
    answered = clarifications.answer(
        request_id=asked.pk, answer="Dublin", person=cast.desmond, now=at(3), on_record=False
    )
    raised.refresh_from_db()
    assert (raised.where, answered.on_record) == ("", False)
    assert "now" not in raised.intake_detail


def test_the_safety_question_takes_yes_no_or_not_known(raised: Candidate, cast: SimpleNamespace) -> None:
    asked = ask(raised, cast, "safety_or_security")
    with pytest.raises(Invalid) as refused:
        clarifications.answer(request_id=asked.pk, answer="perhaps", person=cast.desmond, now=at(3), on_record=True)
    assert refused.value.field == "answer"
    clarifications.answer(
        request_id=asked.pk, answer="No, checked with security", person=cast.desmond, now=at(3), on_record=True
    )
    raised.refresh_from_db()
    assert raised.safety_or_security == "no"


def test_the_answer_about_the_service_finds_it_in_the_catalogue(cast: SimpleNamespace) -> None:
    factories.service(slug="tills", name="Tills")
    facts = kit.facts() | {"service": None, "service_text": "the cash things"}
    raised = candidates.raise_candidate(person=cast.desmond, facts=facts, now=NOON)
    asked = ask(raised, cast, "service")
    clarifications.answer(request_id=asked.pk, answer="tills", person=cast.desmond, now=at(3), on_record=True)
    raised.refresh_from_db()
    assert raised.service is not None
    assert (raised.service.slug, raised.service_text) == ("tills", "")
    again = ask(raised, cast, "service")
    with pytest.raises(Invalid):
        clarifications.answer(request_id=again.pk, answer="Web", person=cast.desmond, now=at(4), on_record=True)


def test_a_service_in_no_catalogue_stays_words(cast: SimpleNamespace) -> None:
    facts = kit.facts() | {"service": None, "service_text": "?"}
    raised = candidates.raise_candidate(person=cast.desmond, facts=facts | {"service_text": "-"}, now=NOON)
    asked = ask(raised, cast, "service")
    clarifications.answer(request_id=asked.pk, answer="Label printers", person=cast.desmond, now=at(3))
    raised.refresh_from_db()
    assert (raised.service, raised.service_text) == (None, "Label printers")


def test_after_acceptance_the_answer_reaches_the_room(raised: Candidate, cast: SimpleNamespace) -> None:
    asked = ask(raised, cast)
    incident = declaration.accept(
        reference=str(raised.reference), person=cast.mia, impact=1, urgency=1, manager=None, now=at(2)
    )
    assert desk.open_questions(incident=incident) == [asked]
    clarifications.answer(request_id=asked.pk, answer="Dublin; not affected: Cork", person=cast.desmond, now=at(9))
    entry = incident.timeline.latest("seq")
    assert (entry.kind, entry.text, entry.actor) == (
        EntryKind.DESK_ANSWERED,
        "Dublin; not affected: Cork",
        cast.desmond,
    )
    assert entry.data == {
        "candidate": raised.reference, "question": "Which?", "field": "where", "clarification": asked.pk,
    }  # fmt: skip
    assert desk.open_questions(incident=incident) == []


def test_no_entry_is_written_before_there_is_an_incident(raised: Candidate, cast: SimpleNamespace) -> None:
    asked = ask(raised, cast)
    clarifications.answer(request_id=asked.pk, answer="Dublin", person=cast.desmond, now=at(2))
    incident = declaration.accept(
        reference=str(raised.reference), person=cast.mia, impact=1, urgency=1, manager=None, now=at(3)
    )
    assert not incident.timeline.filter(kind=EntryKind.DESK_ANSWERED).exists()


def test_what_is_offered_to_ask_are_the_first_two_missing_facts(raised: Candidate, cast: SimpleNamespace) -> None:
    (waiting,) = candidate_queue.queue(cast.mia, now=at(2))
    assert [question.code for question in waiting.prompts] == ["safety_or_security", "affected_count"]
    ask(raised, cast)
    (waiting,) = candidate_queue.queue(cast.mia, now=at(2))
    assert waiting.prompts == []
    assert [(one.request.field, one.may_chase) for one in waiting.open_questions] == [("where", False)]
    assert waiting.next_change_at == at(5)


def test_a_complete_record_prompts_for_nothing(cast: SimpleNamespace) -> None:
    kit.candidate(by=cast.desmond)
    (waiting,) = candidate_queue.queue(cast.mia, now=at(2))
    assert (waiting.prompts, waiting.missing) == ([], [])


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_meets_the_acceptance_is_kept_once(raised: Candidate, cast: SimpleNamespace) -> None:
    """Whichever comes first, nobody waits for ever and the answer is there."""
    asked = ask(raised, cast)
    failures: list[BaseException] = []

    def run(deed: object) -> None:
        try:
            deed()  # type: ignore[operator]
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    deeds = [
        lambda: declaration.accept(
            reference=str(raised.reference), person=cast.mia, impact=1, urgency=1, manager=None, now=at(2)
        ),
        lambda: clarifications.answer(request_id=asked.pk, answer="Dublin", person=cast.desmond, now=at(2)),
    ]
    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    raised.refresh_from_db()
    assert (raised.where, raised.state) == ("Dublin", "accepted")
