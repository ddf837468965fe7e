"""A correction goes to exactly the readers of the wrong message, and both stay readable."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from comms.adapters import languagetool, memory
from comms.choices import UpdateKind, UpdateState
from comms.models import Delivery, Message, Recipient, Update, UpdateDeadline
from comms.models.deadline import OPEN
from comms.queries.writing import composer
from comms.services.writing import publishing, updates
from incidents.choices import EntryKind
from incidents.models import Incident, TimelineEntry
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Refusal
from tests import factories
from tests.comms import update_kit

pytestmark = pytest.mark.django_db

RIGHT = "We wrote that tills are affected. That was wrong: only timesheets are. We are sorry. Please use the tills."


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    factories.recipient(audience="service_owners", address="first@example.org")
    return update_kit.declared(cast.mia)


def addresses(update: Update) -> set[str]:
    return set(Delivery.objects.filter(message__update=update).values_list("address", flat=True))


def correction(wrong: Update, cast: SimpleNamespace) -> Update:
    return publishing.correct(
        update_id=wrong.pk,
        person=cast.mia,
        subject="",
        body=RIGHT,
        next_update_at=wrong.next_update_at,
        now=dbtime.now(),
    )


def test_it_reaches_exactly_those_who_got_the_wrong_one(cast: SimpleNamespace, incident: Incident) -> None:
    wrong = update_kit.published(update_kit.drafted(incident, cast.mia, "service_owners", "service_desk"), cast.mia)
    told = addresses(wrong)
    assert "first@example.org" in told
    factories.recipient(audience="service_owners", address="joined.later@example.org")
    Recipient.objects.filter(address="first@example.org").update(is_active=False)  # left the list since
    cast.desmond.is_active = False
    cast.desmond.save(update_fields=["is_active"])
    right = update_kit.published(correction(wrong, cast), cast.mia)
    assert addresses(right) == told
    assert {message.audience.code for message in Message.objects.filter(update=right) if message.audience} == {
        "service_owners",
        "service_desk",
    }


def test_the_wrong_one_is_marked_and_stays_as_it_was(cast: SimpleNamespace, incident: Incident) -> None:
    wrong = update_kit.published(update_kit.drafted(incident, cast.mia), cast.mia)
    right = correction(wrong, cast)
    wrong.refresh_from_db()
    assert (wrong.state, right.kind, right.corrects_id) == (UpdateState.PUBLISHED, UpdateKind.CORRECTION, wrong.pk)
    update_kit.published(right, cast.mia)
    wrong.refresh_from_db()
    assert (wrong.state, wrong.body) == (UpdateState.CORRECTED, update_kit.BODY)
    entry = TimelineEntry.objects.get(incident=incident, kind=EntryKind.UPDATE_CORRECTED)
    assert entry.data == {"update": wrong.pk, "by": right.pk}


def test_it_says_correction_first_and_which_message_it_puts_right(cast: SimpleNamespace, incident: Incident) -> None:
    wrong = update_kit.published(update_kit.drafted(incident, cast.mia), cast.mia)
    right = update_kit.published(correction(wrong, cast), cast.mia)
    message = Message.objects.get(update=right)
    assert message.subject.startswith("CORRECTION: [P1] [UPDATE 2] Payroll: staff cannot submit timesheets | next ")
    assert "This corrects our update 1, sent " in message.text
    assert "This corrects our update 1, sent " in message.html


def test_it_is_checked_and_read_like_any_other(cast: SimpleNamespace, incident: Incident) -> None:
    first = update_kit.drafted(incident, cast.mia, "end_users", kind=UpdateKind.INITIAL)
    wrong = update_kit.published(first, cast.mia)
    right = correction(wrong, cast)
    updates.edit(update_id=right.pk, person=cast.mia, revision=1, fields={"body": "TBC."}, now=dbtime.now())
    with pytest.raises(publishing.Blocked):
        update_kit.published(right, cast.mia)
    updates.edit(update_id=right.pk, person=cast.mia, revision=2, fields={"body": RIGHT}, now=dbtime.now())
    with pytest.raises(Refusal) as refused:
        update_kit.published(right, cast.mia)
    assert refused.value.code == "second_reader"


def test_its_audiences_cannot_be_changed(cast: SimpleNamespace, incident: Incident) -> None:
    wrong = update_kit.published(update_kit.drafted(incident, cast.mia), cast.mia)
    right = correction(wrong, cast)
    fields = {"audiences": ["technical"]}
    edited = updates.edit(update_id=right.pk, person=cast.mia, revision=1, fields=fields, now=dbtime.now())
    assert [audience.code for audience in edited.audiences.all()] == ["service_desk"]


def test_a_correction_can_itself_be_corrected(cast: SimpleNamespace, incident: Incident) -> None:
    wrong = update_kit.published(update_kit.drafted(incident, cast.mia), cast.mia)
    again = update_kit.published(correction(wrong, cast), cast.mia)
    last = update_kit.published(correction(again, cast), cast.mia)
    assert addresses(last) == addresses(wrong)
    again.refresh_from_db()
    assert again.state == UpdateState.CORRECTED


def test_what_was_not_sent_is_edited_instead(cast: SimpleNamespace, incident: Incident) -> None:
    made = update_kit.drafted(incident, cast.mia)
    with pytest.raises(Refusal) as refused:
        correction(made, cast)
    assert refused.value.code == "not_sent"


def test_what_only_a_person_knows_is_a_gap_that_never_leaves(cast: SimpleNamespace, incident: Incident) -> None:
    wrong = update_kit.published(update_kit.drafted(incident, cast.mia), cast.mia)
    body = composer.correction_text(wrong)
    assert wrong.published_at is not None
    assert body.startswith(f"At {wrong.published_at:%H:%M} (UTC+0) we wrote: “{update_kit.BODY}” That was wrong.")
    assert "We are sorry for the wrong message." in body
    begun = publishing.correct(
        update_id=wrong.pk, person=cast.mia, subject="", body=body, next_update_at=None, now=dbtime.now()
    )
    with pytest.raises(publishing.Blocked) as refused:
        update_kit.published(begun, cast.mia)
    gaps = [found["text"] for found in refused.value.extra["findings"] if found["code"] == "C10"]
    assert gaps == ["[fill in what is right]", "[fill in the time and its zone]", "[Fill in what readers do now]"]


def test_it_is_due_within_fifteen_minutes_of_being_found(cast: SimpleNamespace, incident: Incident) -> None:
    wrong = update_kit.published(update_kit.drafted(incident, cast.mia, "service_owners", minutes=30), cast.mia)
    before = due_at(incident, "technical")
    found_at = dbtime.now()
    correction(wrong, cast)
    due = due_at(incident, "service_owners")
    assert timedelta(minutes=15) <= due - found_at < timedelta(minutes=15, seconds=30)
    assert due_at(incident, "technical") == before  # who did not read it waits for nothing new
    again = correction(wrong, cast)
    assert due_at(incident, "service_owners") == due  # never later
    update_kit.published(again, cast.mia)
    assert UpdateDeadline.objects.filter(kept_by=again, audience__code="service_owners", due_at=due).exists()


def due_at(incident: Incident, code: str) -> datetime:
    return UpdateDeadline.objects.get(OPEN, incident=incident, audience__code=code).due_at
