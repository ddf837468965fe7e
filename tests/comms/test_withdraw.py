"""Taking a message back: its readers are told, the reason is for the record, and it stays readable."""

import re
from collections.abc import Callable
from datetime import UTC, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from rest_framework.test import APIClient

from comms.adapters import languagetool, memory
from comms.choices import UpdateKind, UpdateState
from comms.models import Delivery, Message, Update, UpdateDeadline
from comms.queries.writing import updates
from comms.rendering import messages
from comms.services.writing import publishing
from incidents.choices import EntryKind
from incidents.models import Incident, TimelineEntry
from mim_portal.lib import dbtime, times
from mim_portal.lib.refusals import Invalid, Refusal
from teams.models import Person
from tests.comms import update_kit

pytestmark = pytest.mark.django_db

SignedIn = Callable[[Person], Client]
Api = Callable[..., APIClient]


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)


@pytest.fixture
def sent(cast: SimpleNamespace) -> Update:
    return update_kit.published(update_kit.drafted(update_kit.declared(cast.mia), cast.mia), cast.mia)


def withdraw(update: Update, cast: SimpleNamespace, reason: str = "Sent to the wrong list.") -> Update:
    return publishing.withdraw(update_id=update.pk, person=cast.mia, reason=reason, now=dbtime.now())


def test_it_stays_readable_as_withdrawn(cast: SimpleNamespace, sent: Update) -> None:
    withdrawn = withdraw(sent, cast)
    withdrawn.refresh_from_db()
    assert (withdrawn.state, withdrawn.withdrawal_reason) == (UpdateState.WITHDRAWN, "Sent to the wrong list.")
    assert withdrawn.body == update_kit.BODY
    entry = TimelineEntry.objects.get(kind=EntryKind.UPDATE_WITHDRAWN)
    assert entry.data == {"update": sent.pk, "sequence": sent.sequence, "by": cast.mia.pk}


def test_its_readers_are_told_without_the_reason(cast: SimpleNamespace, sent: Update) -> None:
    told = set(Delivery.objects.values_list("address", flat=True))
    withdraw(sent, cast, reason="Omar sent it too early.")
    first, second = Message.objects.filter(update=sent).order_by("pk")
    assert set(second.deliveries.values_list("address", flat=True)) == told
    assert second.subject == f"WITHDRAWN: {first.subject}"
    for part in (second.text, second.html):
        assert "Please disregard it" in part
        assert "Omar" not in part


def test_the_notices_are_counted_apart(cast: SimpleNamespace, sent: Update, signed_in: SignedIn, api: Api) -> None:
    Delivery.objects.update(state="sent")
    count = Delivery.objects.count()
    withdrawn = withdraw(sent, cast)
    notice = updates.Sent(total=count, sent=0, lost=0)
    assert updates.deliveries([withdrawn]) == {
        sent.pk: updates.Sent(total=count, sent=count, lost=0, withdrawal=notice)
    }
    mia = signed_in(cast.mia)
    page = mia.get(f"/updates/{sent.pk}/").content.decode()
    assert re.findall(r"progress-text\">(\d+/\d+)<", page) == [f"{count}/{count}", f"0/{count}"]
    assert "Told that it is withdrawn" in page
    assert f"withdrawal 0 of {count}" in mia.get(f"/incidents/{sent.incident.reference}/").content.decode()
    assert mia.get(f"/updates/{sent.pk}/deliveries/").content.decode().count(">withdrawal<") == count
    rest = api(cast.mia)
    shown = rest.get(f"/api/v1/incidents/{sent.incident.reference}/updates/{sent.pk}/").json()
    assert shown["deliveries"]["withdrawal"]["total"] == count
    rows = rest.get(f"/api/v1/updates/{sent.pk}/deliveries/").json()["results"]
    assert sorted(row["is_notice"] for row in rows) == [False] * count + [True] * count


def test_notices_that_did_not_arrive_are_named(cast: SimpleNamespace, sent: Update, signed_in: SignedIn) -> None:
    Delivery.objects.update(state="sent")
    withdraw(sent, cast)
    Delivery.objects.exclude(state="sent").update(state="dead")
    mia = signed_in(cast.mia)
    lost = Delivery.objects.filter(state="dead").count()
    assert f"{lost} not told" in mia.get(f"/updates/{sent.pk}/").content.decode()
    room = mia.get(f"/incidents/{sent.incident.reference}/").content.decode()
    assert (f"{lost} not told that it is withdrawn" in room, "not delivered" in room) == (True, False)


def test_the_notice_says_when_it_was_sent_and_no_time_that_has_passed(cast: SimpleNamespace) -> None:
    sent = update_kit.published(update_kit.drafted(update_kit.declared(cast.mia), cast.mia), cast.mia)
    assert sent.published_at is not None
    assert sent.next_update_at is not None
    for at, is_ahead in ((sent.published_at + timedelta(minutes=5), True), (sent.next_update_at, False)):
        (notice,) = messages.of_withdrawal(sent, now=at)
        assert f"Sent: {times.full_date_time(at, UTC)}" in notice.text
        assert ("| next " in notice.subject, "Next update by" in notice.text) == (is_ahead, is_ahead)
    sent.kind, sent.next_update_at, sent.no_further_updates = UpdateKind.RESTORED, None, True
    (notice,) = messages.of_withdrawal(sent, now=sent.published_at)
    assert ("final" in notice.subject, "last" in notice.text) == (False, False)


def test_the_promise_it_made_still_holds(cast: SimpleNamespace, sent: Update) -> None:
    before = UpdateDeadline.objects.filter(kept_at=None, ended_at=None).count()
    withdraw(sent, cast)
    assert UpdateDeadline.objects.filter(kept_at=None, ended_at=None).count() == before


def test_it_needs_a_reason(cast: SimpleNamespace, sent: Update) -> None:
    with pytest.raises(Invalid) as refused:
        withdraw(sent, cast, reason=" ")
    assert refused.value.field == "reason"


def test_once_is_enough(cast: SimpleNamespace, sent: Update) -> None:
    withdraw(sent, cast)
    with pytest.raises(Refusal) as refused:
        withdraw(sent, cast)
    assert refused.value.code == "withdrawn"
    with pytest.raises(Refusal):
        publishing.correct(
            update_id=sent.pk, person=cast.mia, subject="", body="x", next_update_at=None, now=dbtime.now()
        )


def test_a_draft_is_discarded_instead(cast: SimpleNamespace, sent: Update) -> None:
    incident = Incident.objects.get()
    with pytest.raises(Refusal) as refused:
        withdraw(update_kit.drafted(incident, cast.mia), cast)
    assert refused.value.code == "not_sent"
