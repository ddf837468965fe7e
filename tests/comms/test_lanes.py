"""A lane for each endpoint: signed, guarded, no faster than it bears; what hangs delays nobody else."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django import Settings
from standardwebhooks.webhooks import Webhook

from comms.adapters import smtp
from comms.models import Delivery, Endpoint, Message
from comms.services.sending import delivery, lanes
from comms.tasks import channels, deliver
from mim_portal.lib import dbtime, outgoing, sealing
from mim_portal.models import Heartbeat
from tests import factories
from tests.http_sink import Sink, silence, sink
from tests.plugins.mail import MailSink

TOKEN = "abcdefghij0123456789abcdef"
SECRET = "whsec_c2VjcmV0LW9mLXRoaXMtdGVzdA=="


@pytest.fixture
def server(settings: Settings) -> Iterator[Sink]:
    with sink() as kept:
        settings.OUTGOING_INTERNAL_HOSTS = [kept.host]
        yield kept


def message(**fields: Any) -> Message:
    values = {"subject": "[P1] Payroll: no timesheets | next 14:30 (UTC+0) | MI-2026-0001", "text": "Paper works.\n"}
    return Message.objects.create(thread="MI-2026-0001", **values | fields)


def queue(endpoint: Endpoint, *, of: Message | None = None, address: str = "", **fields: Any) -> Delivery:
    values = {"channel": endpoint.kind, "address": address or endpoint.code, "endpoint_id": endpoint.pk}
    return Delivery.objects.create(message=of or message(), **values | fields)


def webhook(server: Sink, **fields: Any) -> Endpoint:
    return factories.endpoint(kind="webhook", address=f"{server.url}/in", secret=SECRET, **fields)


def state(row: Delivery) -> tuple[str, str]:
    row.refresh_from_db()
    return row.state, row.last_error


@pytest.mark.django_db
class TestParcels:
    def test_a_webhook_gets_the_words_signed_under_a_stable_id(self, server: Sink) -> None:
        endpoint = webhook(server)
        row = queue(endpoint)
        server.says(503, 200)

        assert channels.run_lane(endpoint.pk) == 0
        ready(endpoint, row)
        assert channels.run_lane(endpoint.pk) == 1

        first, second = server.taken
        assert first.headers["webhook-id"] == second.headers["webhook-id"]
        said = Webhook(SECRET).verify(second.body, second.headers)
        assert said["type"] == "update.message"
        assert said["data"]["text"] == "Paper works.\n"
        assert state(row) == ("sent", "")

    def test_an_event_travels_as_it_was_written(self, server: Sink) -> None:
        endpoint = webhook(server)
        queue(endpoint, of=message(event="incident.declared", text='{"type":"incident.declared"}'))
        channels.run_lane(endpoint.pk)
        assert server.taken[0].body == b'{"type":"incident.declared"}'

    def test_a_former_secret_signs_until_its_time_is_over(self, server: Sink) -> None:
        old = "whsec_b2xkLXNlY3JldC1vZi10aGlzLXRlc3Q="
        endpoint = webhook(server, old_secret_sealed=sealing.seal(old))
        for away, signatures in ((timedelta(hours=1), 2), (timedelta(hours=-1), 1)):
            Endpoint.objects.update(old_secret_until=dbtime.now() + away)
            queue(endpoint)
            channels.run_lane(endpoint.pk)
            assert len(server.taken[-1].headers["webhook-signature"].split()) == signatures

    def test_a_chat_reads_what_the_mail_says(self, server: Sink) -> None:
        endpoint = factories.endpoint(kind="mattermost", address=f"{server.url}/hooks/{TOKEN}")
        queue(endpoint)
        assert channels.run_lane(endpoint.pk) == 1
        said = json.loads(server.taken[0].body)["text"]
        assert "no timesheets" in said
        assert "Paper works." in said

    @pytest.mark.parametrize(("short", "words"), [("", "no timesheets | next 14:30"), ("Payroll is back.", "is back")])
    def test_a_phone_gets_a_headline(self, server: Sink, short: str, words: str) -> None:
        server.answers = [(200, {}, b'{"result": [{"message_id": 1, "status": "ok"}]}')]
        endpoint = factories.endpoint(kind="sms", address=f"smseagle://token@{server.host}")
        queue(endpoint, of=message(short=short), address="+447911123456")
        assert channels.run_lane(endpoint.pk) == 1
        said = server.taken[0].body.decode()
        assert words in said
        assert "447911123456" in said


def ready(endpoint: Endpoint, *rows: Delivery) -> None:
    """The pauses after trouble are over."""
    Endpoint.objects.filter(pk=endpoint.pk).update(paused_until=None)
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(due_at=dbtime.now())


@pytest.mark.django_db
class TestTrouble:
    def test_a_server_in_trouble_ends_the_run_and_is_left_alone_longer_each_time(self, server: Sink) -> None:
        endpoint = webhook(server)
        rows = [queue(endpoint) for _ in range(3)]
        server.says(500)
        pauses = []
        for _ in range(3):
            assert channels.run_lane(endpoint.pk) == 0
            assert channels.run_lane(endpoint.pk) == 0  # paused: not even asked
            endpoint.refresh_from_db()
            assert endpoint.paused_until is not None
            assert endpoint.last_failure_at is not None
            pauses.append((endpoint.paused_until - endpoint.last_failure_at).total_seconds())
            ready(endpoint, *rows)

        assert len(server.taken) == 3  # one request a run
        assert pauses[0] < pauses[1] < pauses[2] < 6
        assert endpoint.last_error.startswith("It has trouble of its own (500)")
        assert [state(row)[0] for row in rows].count("failed") >= 1
        assert sum(row.attempts for row in Delivery.objects.all()) == 3

        server.says(200)
        assert channels.run_lane(endpoint.pk) == 3
        endpoint.refresh_from_db()
        assert (endpoint.failures, endpoint.paused_until, endpoint.busy_until) == (0, None, None)
        assert endpoint.last_success_at is not None

    def test_too_many_is_obeyed(self, server: Sink) -> None:
        endpoint = webhook(server)
        queue(endpoint)
        server.says((429, {"Retry-After": "120"}))
        channels.run_lane(endpoint.pk)
        endpoint.refresh_from_db()
        assert endpoint.paused_until is not None
        assert timedelta(seconds=100) < endpoint.paused_until - dbtime.now() < timedelta(seconds=130)

    @pytest.mark.parametrize(("status", "words"), [(404, "nothing at this address"), (302, "redirect"), (400, "(400)")])
    def test_what_is_refused_is_dead_and_does_not_stop_the_next(self, server: Sink, status: int, words: str) -> None:
        endpoint = webhook(server)
        first, second = queue(endpoint), queue(endpoint)
        server.says(status, 200)
        assert channels.run_lane(endpoint.pk) == 1
        assert state(first)[0] == "dead"
        assert words in state(first)[1]
        assert state(second)[0] == "sent"

    def test_an_old_message_is_given_up(self, server: Sink) -> None:
        endpoint = webhook(server)
        row = queue(endpoint, of=message(created_at=dbtime.now() - timedelta(hours=7)))
        server.says(500)
        channels.run_lane(endpoint.pk)
        assert state(row)[0] == "dead"

    def test_an_address_inside_is_refused(self, server: Sink, settings: Settings) -> None:
        settings.OUTGOING_INTERNAL_HOSTS = []
        row = queue(endpoint := factories.endpoint(address="https://169.254.169.254/latest/"))
        channels.run_lane(endpoint.pk)
        assert state(row)[0] == "dead"
        assert "internal network" in state(row)[1]

    def test_a_secret_that_cannot_be_read_is_told(self, server: Sink) -> None:
        endpoint = webhook(server)
        Endpoint.objects.update(address_sealed="gAAAAA")
        row = queue(endpoint)
        channels.run_lane(endpoint.pk)
        assert "Enter it again" in state(row)[1]

    def test_a_message_that_is_gone(self, server: Sink) -> None:
        endpoint = webhook(server)
        row = Delivery.objects.create(message_id=0, channel="webhook", address="x", endpoint_id=endpoint.pk)
        channels.run_lane(endpoint.pk)
        assert state(row) == ("dead", "The message is gone.")

    def test_time_that_is_over_gives_the_rest_back(self, server: Sink) -> None:
        endpoint = webhook(server)
        rows = [queue(endpoint) for _ in range(3)]
        ticks = iter([0.0, 1.0, 1.0, 30.0, 30.0, 30.0, 30.0])
        assert channels.run_lane(endpoint.pk, clock=lambda: next(ticks)) == 1
        assert sorted((state(row)[0], row.attempts) for row in rows) == [("pending", 0), ("pending", 0), ("sent", 1)]


@pytest.mark.django_db
class TestRate:
    def test_no_more_than_it_bears(self, server: Sink) -> None:
        endpoint = webhook(server, per_minute=30)
        for _ in range(9):
            queue(endpoint)
        assert channels.run_lane(endpoint.pk) == 5  # ten seconds' worth
        assert channels.run_lane(endpoint.pk) == 0
        Endpoint.objects.update(tokens_at=dbtime.now() - timedelta(seconds=4.1))
        assert channels.run_lane(endpoint.pk) == 2

    def test_one_a_minute_still_leaves(self, server: Sink) -> None:
        endpoint = webhook(server, per_minute=1)
        queue(endpoint)
        queue(endpoint)
        assert [channels.run_lane(endpoint.pk), channels.run_lane(endpoint.pk)] == [1, 0]

    def test_one_run_at_a_time_also_after_a_death(self, server: Sink) -> None:
        endpoint = webhook(server)
        queue(endpoint)
        held = lanes.take(endpoint.pk)
        assert held is not None
        assert [lanes.due(), channels.run_lane(endpoint.pk)] == [[], 0]
        Endpoint.objects.update(busy_until=dbtime.now() - timedelta(seconds=1))
        assert lanes.due() == [endpoint.pk]
        assert channels.run_lane(endpoint.pk) == 1

    def test_what_is_switched_off_or_has_nothing_due_is_left_alone(self, server: Sink) -> None:
        off, idle = webhook(server, is_active=False), webhook(server)
        queue(off)
        queue(idle, due_at=dbtime.now() + timedelta(minutes=1))
        assert lanes.due() == []
        assert [channels.run_lane(off.pk), channels.run_lane(idle.pk)] == [0, 0]

    def test_mail_is_none_of_its_business_nor_the_other_way_round(self, server: Sink) -> None:
        endpoint = webhook(server)
        chat, mail = queue(endpoint), Delivery.objects.create(message=message(), address="a@example.org")
        assert [row.id for row in delivery.claim().rows] == [mail.pk]
        assert channels.run_lane(endpoint.pk) == 1
        assert state(chat)[0] == "sent"
        assert state(mail)[0] == "sending"


@pytest.mark.django_db
class TestOtherWay:
    """What has failed for good goes on by the endpoint's other way, once."""

    def lost(self, endpoint: Endpoint, server: Sink, **fields: Any) -> Delivery:
        server.says(410)
        row = queue(endpoint, **fields)
        channels.run_lane(endpoint.pk)
        assert state(row)[0] == "dead"
        return row

    def others(self, row: Delivery) -> list[tuple[str, str, str, int | None]]:
        found = Delivery.objects.filter(message=row.message_id).exclude(pk=row.pk).order_by("pk")
        return [(one.channel, one.address, one.state, one.endpoint_id) for one in found]

    def test_another_channel_and_back_is_no_circle(self, server: Sink) -> None:
        first, second = webhook(server, code="one"), webhook(server, code="two")
        Endpoint.objects.filter(pk=first.pk).update(fallback=second)
        Endpoint.objects.filter(pk=second.pk).update(fallback=first)
        row = self.lost(first, server)
        assert self.others(row) == [("webhook", "two", "pending", second.pk)]
        assert channels.run_lane(second.pk) == 0
        assert self.others(row) == [("webhook", "two", "dead", second.pk)]

    def test_a_mailbox(self, server: Sink) -> None:
        row = self.lost(webhook(server, fallback_mail="ops@example.org"), server)
        assert self.others(row) == [("email", "ops@example.org", "pending", None)]

    def test_the_persons_own_mail(self, server: Sink, cast: SimpleNamespace) -> None:
        row = self.lost(webhook(server), server, person_id=cast.mia.pk)
        assert self.others(row) == [("email", cast.mia.email, "pending", None)]

    def test_not_where_it_has_been_already(self, server: Sink) -> None:
        text = message()
        Delivery.objects.create(message=text, address="OPS@example.org", state="sent")
        row = self.lost(webhook(server, fallback_mail="ops@example.org"), server, of=text)
        assert self.others(row) == [("email", "OPS@example.org", "sent", None)]

    def test_events_are_for_machines(self, server: Sink) -> None:
        row = self.lost(webhook(server, fallback_mail="ops@example.org"), server, of=message(event="incident.closed"))
        assert self.others(row) == []

    def test_nobody_waits_six_hours_for_a_silent_channel_who_has_mail(
        self, server: Sink, cast: SimpleNamespace
    ) -> None:
        endpoint = webhook(server)
        text = message(created_at=dbtime.now() - timedelta(minutes=6))
        with_mail = queue(endpoint, of=text, person_id=cast.mia.pk)
        server.says(503)
        channels.run_lane(endpoint.pk)
        assert state(with_mail)[0] == "dead"
        assert self.others(with_mail) == [("email", cast.mia.email, "pending", None)]
        without = queue(endpoint, of=message(created_at=dbtime.now() - timedelta(minutes=6)))
        ready(endpoint)
        channels.run_lane(endpoint.pk)
        assert state(without)[0] == "failed"


@pytest.mark.django_db(transaction=True)
class TestHanging:
    """A server that takes the connection and never says a word holds its own thread, and nothing else."""

    def test_mail_and_another_endpoint_do_not_wait(
        self, server: Sink, settings: Settings, mail_sink: MailSink, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(outgoing, "TIMEOUT", (2.0, 2.0))
        with silence() as port:
            settings.OUTGOING_INTERNAL_HOSTS = [server.host, f"127.0.0.1:{port}"]
            hangs = factories.endpoint(address=f"http://127.0.0.1:{port}/in")
            works = webhook(server)
            stuck = [queue(hangs) for _ in range(5)]
            started = time.monotonic()
            threads = channels.start_due()
            assert time.monotonic() - started < 0.5  # the task itself never waits
            late = queue(works)
            mail = Delivery.objects.create(message=message(), address="a@example.org")
            threads += channels.start_due()  # the next second
            assert deliver.run(smtp.Smtp()) == 1
            wait_for(lambda: state(late)[0] == "sent")
            assert time.monotonic() - started < 2.0  # all this before the silent one is given up
            assert state(mail)[0] == "sent"
            assert channels.start_due() == []  # no second thread for the one that hangs
            for thread in threads:
                thread.join(10)
        assert [state(row)[0] for row in stuck].count("failed") == 1
        assert [state(row)[0] for row in stuck].count("pending") == 4
        hangs.refresh_from_db()
        assert (hangs.last_error, hangs.busy_until) == ("It did not answer in time.", None)
        assert hangs.paused_until is not None

    def test_the_task_shows_life(self, server: Sink) -> None:
        row = queue(webhook(server))
        channels.deliver_channels()
        wait_for(lambda: state(row)[0] == "sent")
        wait_for(lambda: not [one for one in threading.enumerate() if one.name.startswith("lane-")])
        assert Heartbeat.objects.get(name="deliver_channels").by.startswith("channels on ")

    def test_a_lane_that_breaks_frees_its_place(self, server: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
        def breaks(_pk: int) -> int:
            raise RuntimeError("broken in this test")

        monkeypatch.setattr(channels, "run_lane", breaks)
        queue(webhook(server))
        (thread,) = channels.start_due()
        thread.join(5)
        (again,) = channels.start_due()
        again.join(5)


def wait_for(condition: Any, *, seconds: float = 5.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "did not happen in time"
        time.sleep(0.02)
