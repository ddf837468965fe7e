"""A published update reaches the confirmed subscribers of the pages that its audiences read, each once."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.db import connection
from pytest_django import Settings

from comms.adapters import languagetool, memory
from comms.adapters.mailbox import Mailbox
from comms.choices import MailKind, SubscriptionState, UpdateKind
from comms.models import Audience, Delivery, Message, StatusPage
from comms.queries.recipients import reach
from comms.services.recipients import opt_outs
from comms.services.subscriptions import keeping, links
from comms.services.writing import publishing
from comms.tasks import deliver
from incidents.models import Incident
from mim_portal.lib import dbtime
from tests import factories, status_pages
from tests.comms import reply_kit, update_kit
from tests.comms import subscription_kit as kit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.BASE_URL = "https://portal.example"
    monkeypatch.setattr(languagetool, "check", memory.Language().check)


@pytest.fixture
def shown(cast: SimpleNamespace) -> StatusPage:
    """Payroll and expenses of one group, mail of none."""
    found = status_pages.page(audience="end_users")
    for slug, group in (("payroll", "Money"), ("expenses", "Money"), ("mail", "")):
        status_pages.component(of=found, service=factories.service(slug=slug, name=slug.title()), group=group)
    return found


def payroll(shown: StatusPage) -> Any:
    return shown.components.get(service__slug="payroll").service


@pytest.fixture
def incident(cast: SimpleNamespace, shown: StatusPage) -> Incident:
    return update_kit.declared(cast.mia, service=payroll(shown))


def sent(incident: Incident, cast: SimpleNamespace, *codes: str) -> list[str]:
    """The addresses that a published update goes to, in the order in which it leaves."""
    made = update_kit.drafted(incident, cast.mia, *(codes or ("end_users",)), kind=UpdateKind.INITIAL)
    update_kit.published(made, cast.mia)
    rows = Delivery.objects.filter(message__update=made, state="pending").order_by("position", "address")
    return [row.address for row in rows]


def test_by_what_each_chose(shown: StatusPage, incident: Incident, cast: SimpleNamespace) -> None:
    service = payroll(shown)
    mail = shown.components.get(service__slug="mail").service
    for address, fields in {
        "whole": {},
        "service": {"services": [service.pk, mail.pk]},
        "group": {"groups": ["Money"]},
        "incident": {"incidents": [incident.pk]},
        "other-service": {"services": [mail.pk]},
        "other-group": {"groups": ["Travel"]},
        "other-incident": {"incidents": [incident.pk + 1]},
    }.items():
        kit.subscriber(page=shown, address=f"{address}@example.org", is_whole=not fields, **fields)
    for state in (SubscriptionState.SUSPENDED, SubscriptionState.ENDED):
        ended = {"ended_at": dbtime.now()} if state == SubscriptionState.ENDED else {}
        kit.subscriber(page=shown, address=f"{state}@example.org", state=state, **ended)
    kit.subscriber(page=shown, address="pending@example.org", state=SubscriptionState.PENDING, confirmed_at=None)
    audience = [Audience.objects.get(code="end_users")]
    assert reach.tally(incident=incident, audiences=audience).reached == 4
    assert sent(incident, cast) == [f"{each}@example.org" for each in ("group", "incident", "service", "whole")]


def test_one_address_gets_one_copy(shown: StatusPage, incident: Incident, cast: SimpleNamespace) -> None:
    """On a list, by a role, at two pages, in two audiences: still one."""
    kit.subscriber(page=shown)
    kit.subscriber(page=status_pages.page(slug="shop", audience="end_users"))
    factories.recipient(audience="end_users", address="Sam@example.org")
    kit.subscriber(page=shown, address=cast.desmond.email)
    found = [address.lower() for address in sent(incident, cast, "end_users", "service_desk")]
    assert found.count("sam@example.org") == found.count(cast.desmond.email) == 1


def test_nor_does_one_that_is_retired(shown: StatusPage, incident: Incident, cast: SimpleNamespace) -> None:
    kit.subscriber(page=shown)
    StatusPage.objects.update(retired_at=dbtime.now())
    assert sent(incident, cast) == []


@pytest.mark.parametrize("kind", ["is_private", "is_exercise"])
def test_never_of_private_incidents_and_drills(kind: str, shown: StatusPage, cast: SimpleNamespace) -> None:
    closed = update_kit.declared(cast.mia, service=payroll(shown), **{kind: True})
    kit.subscriber(page=shown)
    kit.subscriber(page=shown, address="one@example.org", is_whole=False, incidents=[closed.pk])
    assert "sam@example.org" not in sent(closed, cast)
    assert not Delivery.objects.filter(address__in=["sam@example.org", "one@example.org"]).exists()


def test_a_page_that_is_public_no_more_tells_nobody_outside(
    shown: StatusPage, incident: Incident, cast: SimpleNamespace
) -> None:
    kit.subscriber(page=shown)
    StatusPage.objects.update(is_public=False)
    assert sent(incident, cast) == []


def test_another_audience_is_another_text(shown: StatusPage, incident: Incident, cast: SimpleNamespace) -> None:
    kit.subscriber(page=shown)
    assert "sam@example.org" not in sent(incident, cast, "service_owners")


def test_corrections_and_withdrawals_go_to_who_got_the_wrong_one(
    shown: StatusPage, incident: Incident, cast: SimpleNamespace
) -> None:
    row = kit.subscriber(page=shown)
    made = update_kit.drafted(incident, cast.mia, "end_users", kind=UpdateKind.INITIAL)
    wrong = update_kit.published(made, cast.mia)
    keeping.end(links.manage_token(row.pk, row.address), now=dbtime.now())
    kit.subscriber(page=shown, address="later@example.org")
    publishing.withdraw(update_id=wrong.pk, person=cast.mia, reason="Wrong service.", now=dbtime.now())
    assert Delivery.objects.filter(address="sam@example.org", state="pending").count() == 2
    assert not Delivery.objects.filter(address="later@example.org").exists()


class TestLinksOfCopies:
    def test_each_copy_has_the_link_of_its_own_subscription(
        self, shown: StatusPage, incident: Incident, cast: SimpleNamespace
    ) -> None:
        rows = [kit.subscriber(page=shown, address=f"{name}@example.org") for name in ("ann", "ben")]
        sent(incident, cast)
        mailbox = Mailbox()
        deliver.run(mailbox)
        listed = {address: found.opt_out for address, found in mailbox.listed.items()}
        assert listed == {row.address: links.to_manage(row) for row in rows}
        assert mailbox.listed["ann@example.org"].name == "public"

    def test_a_mail_ends_it_where_one_is_read(
        self, shown: StatusPage, incident: Incident, cast: SimpleNamespace, settings: Settings
    ) -> None:
        settings.OPT_OUT_ADDRESS = "leave@portal.example"
        row = kit.subscriber(page=shown)
        sent(incident, cast)
        mailbox = Mailbox()
        deliver.run(mailbox)
        to, _sep, query = mailbox.listed["sam@example.org"].opt_out_mail.partition("?")
        assert to == "mailto:leave@portal.example"
        subject = parse_qs(query)["subject"][0]
        forged = reply_kit.taken(reply_kit.mail("", subject=subject[:-1], message_id="<forged@example.org>"))
        assert forged.kind == MailKind.REPLY
        taken = [reply_kit.taken(reply_kit.mail("", sender="x@example.com", subject=subject)) for _ in range(2)]
        assert [(one.kind, one.is_new, one.reply) for one in taken] == [
            (MailKind.OPT_OUT, True, None), (MailKind.OPT_OUT, False, None),
        ]  # fmt: skip
        row.refresh_from_db()
        assert row.state == SubscriptionState.ENDED
        row.delete()
        assert not reply_kit.taken(reply_kit.mail("", subject=subject)).is_new

    def test_the_link_of_a_list_ends_the_subscription_as_well(
        self, shown: StatusPage, incident: Incident, cast: SimpleNamespace
    ) -> None:
        factories.recipient(audience="end_users", address="sam@example.org")
        row = kit.subscriber(page=shown)
        sent(incident, cast)
        mailbox = Mailbox()
        deliver.run(mailbox)
        users = Audience.objects.get(code="end_users")
        assert mailbox.listed["sam@example.org"].opt_out.endswith(opt_outs.address_of(users.pk, "sam@example.org"))
        opt_outs.opt_out(opt_outs.Reader(audience=users, address="sam@example.org"))
        row.refresh_from_db()
        assert row.state == SubscriptionState.ENDED
        again = update_kit.declared(cast.mia, service=payroll(shown))
        assert sent(again, cast) == []

    def test_leaving_every_list_ends_every_subscription(self, shown: StatusPage) -> None:
        row = kit.subscriber(page=shown)
        users = Audience.objects.get(code="executives")
        opt_outs.opt_out_of_all(opt_outs.Reader(audience=users, address="sam@example.org"))
        row.refresh_from_db()
        assert row.state == SubscriptionState.ENDED

    def test_every_copy_says_where_it_is_changed_and_ended(
        self, shown: StatusPage, incident: Incident, cast: SimpleNamespace
    ) -> None:
        """Mail programs without a button for it, and their readers, have a page; one behind sign-in has none."""
        kit.subscriber(page=shown)
        sent(incident, cast)
        message = Message.objects.get(audience__code="end_users")
        where = "https://portal.example/subscribe/public/"
        assert where in message.text
        assert where in message.html
        StatusPage.objects.update(is_public=False)
        Message.objects.all().delete()
        sent(incident, cast)
        assert "/subscribe/" not in Message.objects.get(audience__code="end_users").text

    def test_a_letter_has_none(self, shown: StatusPage) -> None:
        """What asks for a confirmation is no list."""
        kit.subscriber(page=shown)
        kit.ask(shown)
        mailbox = Mailbox()
        deliver.run(mailbox)
        assert mailbox.addresses == ["sam@example.org"]
        assert mailbox.listed == {}


def test_subscribers_of_other_pages_cost_nothing(shown: StatusPage, incident: Incident) -> None:
    """The branch reads the page's confirmed subscriptions by their index and nothing else of the table."""
    others = [status_pages.page(slug=f"other-{turn}", audience="executives").pk for turn in range(50)]
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO comms_subscription (page_id, channel, address, state, is_whole, groups, services, incidents,
                   consent, confirmed_at)
               SELECT page, 'email', n || '@example.org', 'confirmed', true, '{}', '{}', '{}', '', now()
               FROM unnest(%s) AS page, generate_series(1, 400) AS n""",
            [others],
        )
        cursor.execute("ANALYZE comms_subscription, comms_statuspage, comms_audience")
        asked = reach.parameters(incident=incident, audiences=[Audience.objects.get(code="end_users").pk], messages=[1])
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {reach.ROUTED}", asked)
        plan = "\n".join(row for (row,) in cursor.fetchall())
    scan = next(line for line in plan.splitlines() if "comms_subscription" in line)
    assert "confirmed_subscriptions" in scan
    assert "rows=0" in scan
