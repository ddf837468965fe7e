"""Claimed under a lease, sent over one connection, marked: nothing is lost, and nothing is sent twice without need."""

import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from types import SimpleNamespace

import pytest
from django.utils import timezone
from pytest_django import Settings

from comms.adapters import smtp
from comms.adapters.mailbox import Mailbox
from comms.choices import DeliveryState
from comms.models import Delivery, Message
from comms.services.sending import delivery
from comms.tasks import deliver
from mim_portal.lib import dbtime
from mim_portal.models import Heartbeat
from tests.plugins.mail import MailSink

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sender(settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Major incidents <incidents@portal.example>"


def message(**fields: str) -> Message:
    values = {"subject": "[P1] Zahlungen", "text": "Payments are refused.\n", "html": "<p>Payments</p>"} | fields
    return Message.objects.create(thread="MI-2026-0001", **values)


def queue(*addresses: str, of: Message | None = None, **fields: object) -> list[Delivery]:
    text = of or message()
    return [Delivery.objects.create(message=text, address=address, **fields) for address in addresses]


def states() -> dict[str, str]:
    return dict(Delivery.objects.values_list("address", "state"))


class TestClaim:
    def test_the_desk_first_and_only_what_is_due(self) -> None:
        later = dbtime.now() + timedelta(minutes=1)
        queue("public@example.org", position=60)
        queue("desk@example.org", position=10)
        queue("again@example.org", position=10, state=DeliveryState.FAILED, attempts=3)
        queue("tomorrow@example.org", due_at=later)
        queue("sent@example.org", state=DeliveryState.SENT)

        chunk = delivery.claim(limit=2)

        assert [row.address for row in chunk.rows] == ["desk@example.org", "again@example.org"]
        assert [row.attempts for row in chunk.rows] == [1, 4]
        held = Delivery.objects.get(address="desk@example.org")
        assert (held.state, held.lease) == (DeliveryState.SENDING, chunk.lease)
        assert held.leased_until is not None
        assert held.leased_until > dbtime.now() + timedelta(seconds=50)
        assert [row.address for row in delivery.claim(limit=5).rows] == ["public@example.org"]

    def test_notices_only(self) -> None:
        queue("desk@example.org", position=10)
        queue("mia@example.org", position=0)

        assert [row.address for row in delivery.claim(notices_only=True).rows] == ["mia@example.org"]

    def test_a_lease_that_ran_out_is_due_again(self) -> None:
        (row,) = queue("a@example.org")
        chunk = delivery.claim()
        assert delivery.reclaim() == 0

        Delivery.objects.update(leased_until=dbtime.now() - timedelta(seconds=1))

        assert delivery.reclaim() == 1
        row.refresh_from_db()
        assert (row.state, row.lease, row.last_error) == (
            DeliveryState.FAILED, None, "The worker that sent it stopped.",
        )  # fmt: skip
        assert [again.attempts for again in delivery.claim().rows] == [2]
        # the first worker was only slow: what it writes now concerns a lease that it no longer holds
        assert delivery.mark(lease=chunk.lease, outcomes=[delivery.sent(chunk.rows[0])]) == 0


class TestMark:
    def test_each_outcome_in_one_statement(self) -> None:
        queue("sent@x.org", "refused@x.org", "later@x.org", "server@x.org", "untried@x.org")
        chunk = delivery.claim()
        by_address = {row.address: row for row in chunk.rows}
        now = timezone.now()

        count = delivery.mark(
            lease=chunk.lease,
            outcomes=[
                delivery.sent(by_address["sent@x.org"]),
                delivery.refused(by_address["refused@x.org"], "550 " + "x" * 600),
                delivery.mailbox_trouble(by_address["later@x.org"], "451 later", created_at=now),
                delivery.server_trouble(by_address["server@x.org"], "refused"),
                delivery.untried(by_address["untried@x.org"]),
            ],
        )

        assert count == 5
        rows = {row.address: row for row in Delivery.objects.all()}
        assert {address: row.state for address, row in rows.items()} == {
            "sent@x.org": "sent", "refused@x.org": "dead", "later@x.org": "failed", "server@x.org": "failed",
            "untried@x.org": "pending",
        }  # fmt: skip
        assert {row.lease for row in rows.values()} == {None}
        assert rows["sent@x.org"].sent_at is not None
        assert len(rows["refused@x.org"].last_error) == 500
        assert timedelta(seconds=20) < rows["later@x.org"].due_at - dbtime.now() < timedelta(seconds=40)
        assert timedelta(seconds=0.1) < rows["server@x.org"].due_at - dbtime.now() < timedelta(seconds=1.3)
        assert {address: row.attempts for address, row in rows.items() if address != "untried@x.org"} == dict.fromkeys(
            ["sent@x.org", "refused@x.org", "later@x.org", "server@x.org"], 1
        )
        assert rows["untried@x.org"].attempts == 0

    def test_a_mailbox_that_is_full_for_hours_is_given_up(self) -> None:
        queue("full@x.org")
        chunk = delivery.claim()
        old = chunk.rows[0].claimed_at - timedelta(hours=7)

        outcome = delivery.mailbox_trouble(chunk.rows[0], "452 full", created_at=old)

        assert (outcome.state, outcome.error) == (DeliveryState.DEAD, "452 full")


class TestRun:
    def test_everything_due_leaves_over_one_connection_in_chunks(self) -> None:
        queue(*(f"p{n}@example.org" for n in range(7)))
        mailbox = Mailbox()

        assert deliver.run(mailbox, chunk=3) == 7

        assert len(set(mailbox.addresses)) == 7
        assert mailbox.connections == 1
        assert not mailbox.is_open
        assert set(states().values()) == {"sent"}
        assert Heartbeat.objects.get(name="deliver").by.startswith("worker on ")

    def test_nothing_due_opens_no_connection_and_still_shows_life(self) -> None:
        mailbox = Mailbox()

        assert deliver.run(mailbox) == 0

        assert mailbox.connections == 0
        assert Heartbeat.objects.filter(name="deliver").exists()

    def test_a_server_that_cannot_be_reached_puts_the_chunk_back_and_ends_the_run(self) -> None:
        queue("a@example.org", "b@example.org", "c@example.org")

        assert deliver.run(Mailbox(down=True), chunk=2) == 0

        assert states() == {"a@example.org": "failed", "b@example.org": "failed", "c@example.org": "pending"}
        assert set(Delivery.objects.filter(state="failed").values_list("attempts", "last_error")) == {
            (1, "Connection refused")
        }

    def test_a_connection_that_breaks_is_opened_again_and_only_the_one_in_flight_waits(self) -> None:
        queue("a@example.org", "b@example.org", "c@example.org", "d@example.org")
        mailbox = Mailbox(breaks_after=1)

        assert deliver.run(mailbox) == 3

        assert states() == {
            "a@example.org": "sent", "b@example.org": "failed", "c@example.org": "sent", "d@example.org": "sent",
        }  # fmt: skip
        assert mailbox.connections == 2

    def test_a_refused_mailbox_is_dead_and_does_not_stop_the_others(self) -> None:
        queue("a@example.org", "gone@example.org", "full@example.org", "b@example.org")

        deliver.run(Mailbox(refused={"gone@example.org"}, later={"full@example.org"}))

        assert states() == {
            "a@example.org": "sent", "gone@example.org": "dead", "full@example.org": "failed", "b@example.org": "sent",
        }  # fmt: skip

    def test_a_chunk_that_takes_too_long_gives_the_rest_back_untried(self) -> None:
        queue("a@example.org", "b@example.org")

        def slow() -> Iterator[float]:
            at = 0.0
            while True:
                yield at
                at += 9.0

        ticks = slow()
        deliver.run(Mailbox(), clock=lambda: next(ticks), seconds=20, chunk=9)

        assert states() == {"a@example.org": "sent", "b@example.org": "sent"}
        queue("c@example.org", "d@example.org", "e@example.org", "f@example.org", of=message(subject="2"))
        deliver.run(Mailbox(), clock=lambda: next(ticks), seconds=12, chunk=9)
        assert "pending" in states().values()
        assert set(Delivery.objects.filter(state="pending").values_list("attempts", flat=True)) == {0}

    def test_a_delivery_without_its_message_is_given_up(self) -> None:
        Delivery.objects.create(message_id=0, address="a@example.org")

        deliver.run(Mailbox())

        assert Delivery.objects.get().last_error == "The message is gone."


class TestSmtp:
    def test_what_arrives(self, mail_sink: MailSink) -> None:
        text = message(subject="[P1] Zahlungen gestört – Café", text="Größe: 4 €\n", html="<p>Größe</p>")
        (row,) = queue("mia@example.org", of=text)

        deliver.run(smtp.Smtp())

        (mail,) = mail_sink.wait_for(1)
        assert mail["Subject"] == "[P1] Zahlungen gestört – Café"
        assert mail["To"] == "mia@example.org"
        assert mail["From"] == "Major incidents <incidents@portal.example>"
        assert re.fullmatch(rf"<d{row.pk}\.[0-9a-f]{{16}}@portal\.example>", mail["Message-ID"])
        assert mail["Message-ID"] == smtp.message_id(row.pk)
        assert mail["In-Reply-To"] == mail["References"] == "<MI-2026-0001@portal.example>"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["Date"] is not None
        plain, html = parts(mail)
        assert (plain, html) == ("Größe: 4 €\n", "<p>Größe</p>\n")

    def test_a_text_without_html_is_plain(self, mail_sink: MailSink) -> None:
        queue("mia@example.org", of=message(html=""))

        deliver.run(smtp.Smtp())

        (mail,) = mail_sink.wait_for(1)
        assert mail.get_content_type() == "text/plain"

    def test_two_messages_to_two_people_keep_their_own_text(self, mail_sink: MailSink) -> None:
        queue("mia@example.org", "omar@example.org", of=message(text="one\n"))
        queue("mia@example.org", of=message(text="two\n"))

        assert deliver.run(smtp.Smtp()) == 3

        mail_sink.wait_for(3)
        assert sorted(parts(mail)[0] for mail in mail_sink.to("mia@example.org")) == ["one\n", "two\n"]
        assert [parts(mail)[0] for mail in mail_sink.to("omar@example.org")] == ["one\n"]

    def test_refusals_of_a_real_server(self, mail_sink: MailSink) -> None:
        mail_sink.refuse("gone@example.org")
        mail_sink.refuse("full@example.org", "452 Mailbox full")
        queue("gone@example.org", "full@example.org", "mia@example.org", "no address", "größe@example.org")

        assert deliver.run(smtp.Smtp()) == 1

        assert states() == {
            "gone@example.org": "dead",
            "full@example.org": "failed",
            "mia@example.org": "sent",
            "no address": "dead",
            "größe@example.org": "dead",
        }
        errors = dict(Delivery.objects.values_list("address", "last_error"))
        assert errors["gone@example.org"] == "550 No such user"
        assert errors["full@example.org"] == "452 Mailbox full"

    def test_a_server_that_closes_after_its_421_is_asked_again(self, mail_sink: MailSink) -> None:
        mail_sink.refuse("busy@example.org", "421 Too many messages")
        queue("busy@example.org", "mia@example.org")

        assert deliver.run(smtp.Smtp()) == 1

        assert states() == {"busy@example.org": "failed", "mia@example.org": "sent"}

    @pytest.mark.parametrize(
        ("address", "travels_as"),
        [
            ("mia@example.org", "mia@example.org"),
            ("o'brien+desk@bücher.example", "o'brien+desk@xn--bcher-kva.example"),
            ("root@[127.0.0.1]", "root@[127.0.0.1]"),
        ],
    )
    def test_addresses_that_can_be_used(self, address: str, travels_as: str) -> None:
        assert smtp.envelope_address(address) == travels_as

    @pytest.mark.parametrize(
        "address", ["", "mia", "@example.org", "mia@", "m ia@x.org", "größe@x.org", "a@x..org", "a@x.org>\r\nDATA"]
    )
    def test_addresses_that_cannot(self, address: str) -> None:
        with pytest.raises(smtp.Refused):
            smtp.envelope_address(address)

    def test_nobody_listens(self, settings: Settings, mail_sink: MailSink) -> None:
        settings.EMAIL_PORT = 1
        queue("mia@example.org")

        assert deliver.run(smtp.Smtp()) == 0

        row = Delivery.objects.get()
        assert row.state == DeliveryState.FAILED
        assert row.last_error.startswith("ConnectionRefusedError")

    def test_an_address_that_would_add_a_header_is_refused(self, mail_sink: MailSink) -> None:
        queue("mia@example.org\r\nBcc: eve@example.org")

        deliver.run(smtp.Smtp())

        assert Delivery.objects.get().state == DeliveryState.DEAD
        assert mail_sink.messages == []

    def test_the_task_sends_what_is_due(self, mail_sink: MailSink, cast: SimpleNamespace) -> None:
        queue("mia@example.org")

        deliver.deliver()

        assert len(mail_sink.wait_for(1)) == 1


def parts(mail: EmailMessage) -> tuple[str, str]:
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    return (
        plain.get_content().replace("\r\n", "\n") if plain else "",
        html.get_content().replace("\r\n", "\n") if html else "",
    )
