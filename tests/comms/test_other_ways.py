"""What could not leave by its own way: which way it goes instead, who is asked, and how it is counted."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from comms.adapters import languagetool, memory
from comms.choices import UpdateKind
from comms.models import Audience, Delivery, Endpoint, Message, OptOut, Suppression, Update
from comms.queries.recipients import deliveries
from comms.queries.writing import updates
from comms.services.sending import endpoints, other_ways, redelivery
from comms.services.writing import publishing
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Refusal
from tests import factories
from tests.comms import update_kit
from tests.comms.test_correct import RIGHT

pytestmark = pytest.mark.django_db

READERS = "service_owners"


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)


@pytest.fixture
def chat() -> Endpoint:
    return factories.endpoint(kind="slack", code="room", fallback_mail="Room@example.org")


@pytest.fixture
def update(cast: SimpleNamespace, chat: Endpoint) -> Update:
    """Sent to a chat and to one mailbox."""
    factories.recipient(audience=READERS, address="room", channel="slack")
    factories.recipient(audience=READERS, address="anna@example.org")
    incident = update_kit.declared(cast.mia)
    made = update_kit.published(update_kit.drafted(incident, cast.mia, READERS, kind=UpdateKind.INITIAL), cast.mia)
    Delivery.objects.filter(message__update=made, channel="email").update(state="sent")
    return made


def give_up(address: str = "room") -> Delivery:
    row = Delivery.objects.get(address=address)
    Delivery.objects.filter(pk=row.pk).update(state="dead", last_error="404 no_such_channel")
    other_ways.go([row.pk])
    row.refresh_from_db()
    return row


def mail() -> Delivery:
    return Delivery.objects.get(channel="email", address__iexact="room@example.org")


def sent(update: Update) -> Any:
    return updates.deliveries([update])[update.pk]


def test_it_is_counted_where_it_arrived(cast: SimpleNamespace, update: Update) -> None:
    row = give_up()
    assert row.other_way_id == mail().pk
    assert deliveries.counts(update) == {"pending": 1, "sent": 1, "other_way": 1}
    assert sent(update) == updates.Sent(total=2, sent=1, lost=0, left_out=0, otherwise=0)
    (line,) = deliveries.lines(update, deliveries.of(update, state="other_way"))
    assert (line.row.pk, line.instead, line.may_go_again) == (row.pk, "Goes by mail instead.", False)

    Delivery.objects.filter(pk=mail().pk).update(state="sent")
    assert sent(update) == updates.Sent(total=2, sent=2, lost=0, left_out=0, otherwise=1)
    (line,) = deliveries.lines(update, deliveries.of(update, state="other_way"))
    assert line.instead == "Arrived by mail instead."
    assert not deliveries.of(update, state="dead").exists()
    with pytest.raises(Refusal) as refused:
        redelivery.redeliver(update_id=update.pk, person=cast.mia)
    assert refused.value.code == "nothing_dead"


def test_where_the_other_way_failed_too_it_is_lost(cast: SimpleNamespace, update: Update) -> None:
    row = give_up()
    Delivery.objects.filter(pk=mail().pk).update(state="bounced")
    assert sent(update) == updates.Sent(total=3, sent=1, lost=2, left_out=0, otherwise=0)
    assert redelivery.redeliver(update_id=update.pk, person=cast.mia) == 1
    row.refresh_from_db()
    assert row.state == "pending"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("out", "Opted out."),
        ("hard", "Mail to it came back."),
        ("complaint", "Its reader called our mail unwanted."),
    ],
)
def test_a_mailbox_is_asked_as_for_any_update(reason: str, words: str, update: Update) -> None:
    if reason == "out":
        OptOut.objects.create(audience=Audience.objects.get(code=READERS), address="room@example.org")
    else:
        Suppression.objects.create(address="room@example.org", reason=reason)
    give_up()
    assert (mail().state, mail().last_error) == ("suppressed", words)
    assert sent(update) == updates.Sent(total=2, sent=1, lost=1, left_out=1, otherwise=0)


def test_an_opt_out_of_other_readers_does_not_count(update: Update) -> None:
    OptOut.objects.create(audience=Audience.objects.get(code="executives"), address="room@example.org")
    Suppression.objects.create(address="gone@example.org", reason="hard")
    give_up()
    assert mail().state == "pending"


def test_at_publishing_the_mailbox_beside_a_channel_is_asked_as_well(
    cast: SimpleNamespace, update: Update, chat: Endpoint
) -> None:
    OptOut.objects.create(audience=Audience.objects.get(code=READERS), address="room@example.org")
    Endpoint.objects.filter(pk=chat.pk).update(is_active=False)
    again = update_kit.published(
        update_kit.drafted(update.incident, cast.mia, READERS, kind=UpdateKind.INITIAL), cast.mia
    )
    row = Delivery.objects.get(message__update=again, address__iexact="room@example.org")
    assert (row.state, row.last_error) == ("suppressed", "Opted out.")


def test_what_puts_an_error_right_goes_to_whoever_was_told_it(cast: SimpleNamespace, update: Update) -> None:
    Suppression.objects.create(address="room@example.org", reason="hard")
    draft = publishing.correct(
        update_id=update.pk,
        person=cast.mia,
        body=RIGHT,
        subject="",
        next_update_at=update.next_update_at,
        now=dbtime.now(),
    )
    right = update_kit.published(draft, cast.mia)
    row = Delivery.objects.get(message__update=right, address="room")
    Delivery.objects.filter(pk=row.pk).update(state="dead")
    other_ways.go([row.pk])
    assert mail().state == "pending"


def test_so_does_the_notice_of_a_withdrawal(cast: SimpleNamespace, update: Update) -> None:
    Suppression.objects.create(address="room@example.org", reason="hard")
    publishing.withdraw(update_id=update.pk, person=cast.mia, reason="Wrong service.", now=dbtime.now())
    row = Delivery.objects.filter(message__update=update, address="room").latest("pk")
    Delivery.objects.filter(pk=row.pk).update(state="dead")
    other_ways.go([row.pk])
    assert mail().state == "pending"


def test_who_keeps_a_promise_is_written_to_all_the_same(cast: SimpleNamespace, chat: Endpoint) -> None:
    Suppression.objects.create(address="room@example.org", reason="hard")
    notice = Message.objects.create(subject="s", text="t", thread="x")
    Delivery.objects.create(message=notice, channel="slack", address="room", endpoint_id=chat.pk)
    give_up()
    assert mail().state == "pending"


def test_a_chain_of_ways_names_the_last(cast: SimpleNamespace, update: Update, chat: Endpoint) -> None:
    second = factories.endpoint(kind="mattermost", code="spare", fallback_mail="room@example.org")
    Endpoint.objects.filter(pk=chat.pk).update(fallback=second, fallback_mail="")
    first = give_up()
    spare = give_up("spare")
    first.refresh_from_db()
    assert first.other_way_id == spare.other_way_id == mail().pk
    Delivery.objects.filter(pk=mail().pk).update(state="sent")
    assert sent(update) == updates.Sent(total=2, sent=2, lost=0, left_out=0, otherwise=2)


def test_two_that_name_each_other_are_both_lost(update: Update, chat: Endpoint) -> None:
    second = factories.endpoint(kind="mattermost", code="spare", fallback=chat)
    Endpoint.objects.filter(pk=chat.pk).update(fallback=second, fallback_mail="")
    give_up()
    give_up("spare")
    assert sent(update) == updates.Sent(total=3, sent=1, lost=2, left_out=0, otherwise=0)


def test_two_messages_of_one_channel_each_go_on(cast: SimpleNamespace, update: Update, chat: Endpoint) -> None:
    again = update_kit.published(
        update_kit.drafted(update.incident, cast.mia, READERS, kind=UpdateKind.INITIAL), cast.mia
    )
    endpoints.change(code="room", changes={"is_active": False}, by=cast.ada)
    found = Delivery.objects.filter(address__iexact="room@example.org").values_list("message__update_id", flat=True)
    assert sorted(filter(None, found)) == sorted([update.pk, again.pk])
    assert sent(again).left_out == 0


def test_the_place_is_found_by_an_index(update: Update) -> None:
    row = give_up()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        plan = Delivery.objects.filter(other_way_id=row.other_way_id).explain()
    assert "lost_by_other_way" in plan
