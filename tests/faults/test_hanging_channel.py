"""A channel that takes the connection and never answers: mail and the other channel leave as if it were not there."""

import time
from collections.abc import Callable

from comms.choices import DeliveryState
from comms.models import Delivery, Endpoint, Message
from tests import factories
from tests.faults import checker
from tests.faults.house import House
from tests.faults.town import Town
from tests.faults.waiting import wait_until
from tests.http_sink import silence, sink

READERS = 24
EACH = 6
SOON = 20.0  # on a busy machine; the silent channel alone is asked again for hours


def test_what_hangs_delays_nobody_else(house: House, town: Town, counted: Callable[..., None]) -> None:
    with silence() as silent, sink() as server:
        house.parts["channels"].start(OUTGOING_INTERNAL_HOSTS=f"127.0.0.1:{silent},{server.host}")
        house.run("channels", "worker", "beat")
        hangs = factories.endpoint(address=f"http://127.0.0.1:{silent}/")
        works = factories.endpoint(address=f"{server.url}/in")
        try:
            stuck = _queued(hangs)
            wait_until(lambda: Delivery.objects.filter(pk__in=stuck, attempts__gte=1).exists(), seconds=SOON)
            started = time.monotonic()
            town.readers(READERS)
            mails, others = town.tell(town.declare()), _queued(works)
            wait_until(
                lambda: checker.are_finished([*mails, *others]), seconds=60, why=house.parts["channels"].last_lines
            )
            took = time.monotonic() - started
        finally:
            Endpoint.objects.update(is_active=False)
    found = checker.mail(mails, sink=house.sink)
    counted(mails=len(mails), lost=found.lost, repeated=found.repeated, other_channel=len(server.taken))
    assert (found.lost, found.repeated) == (0, 0)
    assert len(server.taken) == EACH
    assert took < SOON
    assert not Delivery.objects.filter(pk__in=stuck, state__in=[DeliveryState.SENT, DeliveryState.DEAD]).exists()


def _queued(endpoint: Endpoint) -> list[int]:
    message = Message.objects.create(subject="incident.closed", event="incident.closed", text="{}", thread="MI-1")
    return [
        Delivery.objects.create(
            message=message, channel="webhook", address=f"{endpoint.code}-{number}", endpoint_id=endpoint.pk
        ).pk
        for number in range(EACH)
    ]
