"""Mail leaves: claim a chunk, send it over one connection, mark it, as long as there is work."""

import logging
import time
from collections.abc import Callable, Iterator
from itertools import islice

from celery import shared_task

from comms.adapters import smtp
from comms.choices import DeliveryState
from comms.models import Message
from comms.queries.replies import destinations
from comms.rendering import notices
from comms.services import heartbeats
from comms.services.recipients import opt_outs
from comms.services.sending import delivery
from comms.services.subscriptions import links as subscribed
from comms.services.telling import calls, raised
from mim_portal.lib import dbtime

log = logging.getLogger(__name__)

RUN_SECONDS = 20.0
# A chunk stops here; what is left of the lease covers the message that is being sent.
CHUNK_SECONDS = 30.0
BEAT_SECONDS = 1.0
# What a killed worker may repeat: the four threads of one worker together hold no more than a chunk unmarked.
MARKED_TOGETHER = 25
_TROUBLES = 2


class _Line:
    """The one connection of a run: opened when first needed and again after it broke; given up after the second
    trouble without a message taken in between.
    """

    def __init__(self, mailer: smtp.Mailer) -> None:
        self._mailer = mailer
        self._is_open = False
        self._troubles: list[smtp.ServerUnavailable] = []

    @property
    def is_given_up(self) -> bool:
        """The server is not there: what waits is tried again later."""
        return len(self._troubles) >= _TROUBLES

    def send(self, text: smtp.Text, row: delivery.Claimed, listed: smtp.Listed | None) -> None:
        if self.is_given_up:
            raise self._troubles[-1]
        try:
            if not self._is_open:
                self._open()
            self._mailer.send(text, delivery_id=row.id, address=row.address, listed=listed)
        except smtp.ServerUnavailable as error:
            self._is_open = False
            self._troubles.append(error)
            log.warning("mail server: %s", error)
            raise
        except (smtp.TryLater, smtp.Refused):
            self._troubles.clear()
            raise
        self._troubles.clear()

    def _open(self) -> None:
        try:
            self._mailer.open()
        except smtp.ServerUnavailable as error:
            self._troubles.append(error)  # nobody listens: once is enough
            raise
        self._is_open = True


@shared_task(name="comms.tasks.deliver", ignore_result=True)
def deliver() -> None:
    """Send what is due; several workers may run it at once."""
    raised.tell_due()
    run(smtp.Smtp())


def run(
    mailer: smtp.Mailer,
    *,
    seconds: float = RUN_SECONDS,
    chunk: int = delivery.CHUNK,
    notices_only: bool = False,
    clock: Callable[[], float] = time.monotonic,
) -> int:
    """Send due deliveries until none is left or the time is over; how many the server took."""
    started = last_beat = clock()
    taken = 0
    line = _Line(mailer)
    delivery.reclaim()
    try:
        while clock() - started < seconds and not line.is_given_up:
            claimed = delivery.claim(limit=chunk, notices_only=notices_only)
            if not claimed.rows:
                break
            sending = _send(claimed, line, clock=clock)
            while outcomes := list(islice(sending, MARKED_TOGETHER)):
                delivery.mark(lease=claimed.lease, outcomes=outcomes)
                sent = [one.id for one in outcomes if one.state == DeliveryState.SENT]
                calls.note_sent(sent, now=dbtime.now())
                taken += len(sent)
            if clock() - last_beat > BEAT_SECONDS and not notices_only:
                last_beat = clock()
                _beat(last_beat - started)
    finally:
        mailer.close()
    if not notices_only:
        _beat(clock() - started)
    return taken


def _beat(took: float) -> None:
    heartbeats.beat(name=heartbeats.DELIVER, took_ms=took * 1000, by=heartbeats.this_process("worker"))


def _send(claimed: delivery.Chunk, line: _Line, *, clock: Callable[[], float]) -> Iterator[delivery.Outcome]:
    """One outcome for each row. A lost connection is opened once more; where that fails, the rest waits."""
    texts, lists = _texts(claimed), _lists(claimed)
    started = clock()
    for row in claimed.rows:
        if clock() - started > CHUNK_SECONDS:
            yield delivery.untried(row)
            continue
        text = texts.get(row.message_id)
        if text is None:
            yield delivery.refused(row, "The message is gone.")
            continue
        try:
            line.send(text, row, lists.get(row.id))
        except smtp.ServerUnavailable as error:
            yield delivery.server_trouble(row, str(error))
        except smtp.TryLater as error:
            yield delivery.mailbox_trouble(row, str(error), created_at=text.created_at)
        except smtp.Refused as error:
            yield delivery.refused(row, str(error))
        else:
            yield delivery.sent(row)


def _lists(claimed: delivery.Chunk) -> dict[int, smtp.Listed]:
    """A list's own link ends a subscription to the same updates as well, so that it stands first."""
    ids = [row.id for row in claimed.rows]
    ways = subscribed.ways(ids) | opt_outs.ways(ids)
    asked = destinations.opt_out_address() if ways else ""
    mailbox = asked if smtp.can_carry(asked) else ""  # a slip in the settings must not keep mails from leaving
    return {
        pk: smtp.Listed(name=way.code, opt_out=way.link, opt_out_mail=way.mail(mailbox)) for pk, way in ways.items()
    }


def _texts(claimed: delivery.Chunk) -> dict[int, smtp.Text]:
    messages = Message.objects.select_related("notice_html").in_bulk({row.message_id for row in claimed.rows})
    reply_to = destinations.of_messages(messages.values())
    return {
        pk: smtp.Text(
            id=pk,
            subject=message.subject,
            text=message.text,
            html=notices.html_of(message),
            thread=message.thread,
            created_at=message.created_at,
            reply_to=reply_to.get(pk, ""),
        )
        for pk, message in messages.items()
    }
