"""Whatever is no mail leaves: one lane an endpoint, each in a thread of its own.

The task starts a lane for every endpoint that has something due and returns: what hangs holds its own thread and
nothing else. A lane ends by itself after RUN_SECONDS, or at the first trouble.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping

from celery import shared_task
from django.db import connections

from comms.adapters import channels
from comms.adapters.channels import Parcel
from comms.choices import ChannelKind, DeliveryState
from comms.models import Message
from comms.rendering import pages, parcels
from comms.rules import endpoints
from comms.rules.replies import Way
from comms.services import heartbeats
from comms.services.paging import leaving
from comms.services.sending import delivery, lanes, ways
from comms.services.sending.delivery import Claimed, Outcome
from comms.services.subscriptions import links, places
from mim_portal.lib import addresses, dbtime, outgoing, sealing

log = logging.getLogger(__name__)

RUN_SECONDS = 20.0
MOST_LANES = 64  # at once in one process
MOST_FOR_READERS = 48  # of those: the portal's own channels find a place, however many subscribers hang
NAME = "deliver_channels"

Send = Callable[..., outgoing.Answer]
_running: set[int] = set()
_lock = threading.Lock()


@shared_task(name="comms.tasks.deliver_channels", ignore_result=True)
def deliver_channels() -> None:
    """Start what has work; several workers may run it at once."""
    started = time.monotonic()
    start_due()
    took = (time.monotonic() - started) * 1000
    heartbeats.beat(name=NAME, took_ms=took, by=heartbeats.this_process("channels"))


def start_due() -> list[threading.Thread]:
    """A thread for each endpoint that has work and none in this process yet."""
    delivery.reclaim()
    started = [_start(pk, most=MOST_LANES) for pk in lanes.due()]
    started += [_start(pk, most=MOST_FOR_READERS) for pk in lanes.due(of_readers=True)]
    return [thread for thread in started if thread is not None]


def _start(endpoint_id: int, *, most: int) -> threading.Thread | None:
    with _lock:
        if endpoint_id in _running or len(_running) >= most:
            return None
        _running.add(endpoint_id)
    thread = threading.Thread(target=_serve, args=[endpoint_id], name=f"lane-{endpoint_id}", daemon=True)
    thread.start()
    return thread


def _serve(endpoint_id: int) -> None:
    try:
        run_lane(endpoint_id)
    except Exception:  # whatever it was, the lease brings back what the lane held
        log.exception("lane of endpoint %d", endpoint_id)
    finally:
        connections.close_all()
        with _lock:
            _running.discard(endpoint_id)


def run_lane(
    endpoint_id: int,
    *,
    send: Send = channels.send,
    seconds: float = RUN_SECONDS,
    clock: Callable[[], float] = time.monotonic,
) -> int:
    """Send what is due for one endpoint until nothing is, the time is over, its rate is used up or it is in trouble;
    how many it took.
    """
    lane = lanes.take(endpoint_id)
    if lane is None:
        return 0
    run, until = _Run(lane, send=send), clock() + seconds
    try:
        while clock() < until and (room := run.room()) >= 1:
            chunk = delivery.claim_of_endpoint(lane.endpoint.pk, limit=min(room, lanes.CHUNK))
            if not chunk.rows:
                break
            for outcome in run.outcomes(chunk, is_over=lambda: clock() >= until):
                lanes.mark(chunk.lease, [outcome])  # one by one: what a killed worker repeats is the one in flight
                run.note(outcome)
    finally:
        lanes.leave(lane, run.result())
    return run.taken


class _Run:
    """One lane's run: what it has tried so far, and whether the other side is in trouble."""

    def __init__(self, lane: lanes.Lane, *, send: Send) -> None:
        self._lane, self._send = lane, send
        self._tried, self._failure, self._is_in_trouble, self._retry_after = 0, "", False, 0.0
        self._own: Mapping[int, Way] = {}  # by which subscribers change and end what they get
        self._phones: dict[str, str] = {}  # sealed numbers of subscribers by the address that stands for one
        self._rung: dict[int, str] = {}  # that address by delivery
        self._pages: dict[int, Message] = {}  # by delivery
        self.taken = 0

    def room(self) -> int:
        """How many more may leave in this run."""
        return 0 if self._is_in_trouble else int(self._lane.tokens - self._tried)

    def result(self) -> lanes.Result:
        return lanes.Result(
            tried=self._tried,
            taken=self.taken,
            failure=self._failure,
            is_in_trouble=self._is_in_trouble,
            retry_after=self._retry_after,
        )

    def note(self, outcome: Outcome) -> None:
        """What follows from a marked outcome: for a subscriber's address, or for the room of a page."""
        if outcome.id in self._rung:
            places.note_phone(self._rung[outcome.id], state=outcome.state, error=outcome.error)
        elif outcome.state == DeliveryState.DEAD:
            places.note(self._lane.endpoint)
        if outcome.id in self._pages:
            leaving.note(self._pages[outcome.id], delivery_id=outcome.id, state=outcome.state, now=dbtime.now())

    def outcomes(self, chunk: delivery.Chunk, *, is_over: Callable[[], bool]) -> Iterator[Outcome]:
        """One for each row; after trouble, or when the time is over, the rest goes back as if never claimed."""
        messages = Message.objects.select_related("audience").in_bulk({row.message_id for row in chunk.rows})
        ids = [row.id for row in chunk.rows]
        if self._lane.endpoint.kind == ChannelKind.SMS:
            self._rung |= {row.id: row.address for row in chunk.rows if places.is_phone(row.address)}
            self._phones = places.phones(self._rung.values())
        self._own = links.ways(ids) if self._lane.endpoint.is_readers or self._rung else {}
        for row in chunk.rows:
            if self._is_in_trouble or is_over():
                yield delivery.untried(row)
                continue
            message = messages.get(row.message_id)
            yield self._outcome(row, message) if message else delivery.refused(row, "The message is gone.")

    def _outcome(self, row: Claimed, message: Message) -> Outcome:
        self._tried += 1
        now = dbtime.now()
        try:
            if message.page:
                self._pages[row.id] = message
                if pages.is_overtaken(message):
                    return Outcome(id=row.id, state=DeliveryState.SUPPRESSED, error=leaving.OVERTAKEN)
                parcel = leaving.parcel(message, endpoint=self._lane.endpoint, delivery_id=row.id)
            else:
                if row.id in self._rung and row.address not in self._phones:
                    return Outcome(id=row.id, state=DeliveryState.SUPPRESSED, error=places.ENDED)
                parcel = self._parcel(row, message)
            answer = self._send(ways.opened(self._lane.endpoint, now=now), parcel, now=now)
        except sealing.Unreadable:
            return self._never(row, "Its address cannot be read: MIM_SECRET_KEY has changed. Enter it again.")
        except outgoing.Forbidden as error:
            return self._never(row, str(error))
        except outgoing.Unreachable as error:
            return self._later(row, str(error), message=message)
        match endpoints.meaning(answer.status):
            case endpoints.Meaning.TAKEN:
                self.taken += 1
                return delivery.sent(row)
            case endpoints.Meaning.NEVER:
                return self._never(row, endpoints.words(answer.status))
            case endpoints.Meaning.LATER:
                self._retry_after = endpoints.seconds(answer.retry_after)
                return self._later(row, endpoints.words(answer.status), message=message)

    def _parcel(self, row: Claimed, message: Message) -> Parcel:
        own = self._own.get(row.id)
        manage, language = (own.link, own.language) if own else ("", "")
        is_phone = row.id in self._rung
        return parcels.of(
            message,
            delivery_id=row.id,
            channel=self._lane.endpoint.kind,
            address=sealing.unseal(self._phones[row.address]) if is_phone else row.address,
            manage=manage,
            language=language,
            home=addresses.absolute(addresses.status_page(own.code)) if own and is_phone else "",
        )

    def _never(self, row: Claimed, error: str) -> Outcome:
        """This message will not be taken; the next may be."""
        self._failure = error
        return delivery.refused(row, error)

    def _later(self, row: Claimed, error: str, *, message: Message) -> Outcome:
        """The other side is in trouble: nothing more is sent to it in this run."""
        self._failure, self._is_in_trouble = error, True
        log.warning("%s: %s", self._lane.endpoint.code, error)
        other = row.id not in self._rung and lanes.has_other_way(self._lane.endpoint, delivery_id=row.id)
        return lanes.later(
            row,
            error,
            created_at=message.created_at,
            has_other_way=other,
            asked_to_wait=self._retry_after if message.page else None,
        )
