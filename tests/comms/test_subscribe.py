"""Asking for a page's updates, confirming it by the letter's link, and what nobody learns who only asks."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from comms.choices import MailTrouble, SubscriptionState
from comms.models import Delivery, Message, StatusPage, Subscription, SubscriptionAttempt, Suppression
from comms.queries.subscriptions import scopes
from comms.rules import subscriptions as rules
from comms.services.sending import mail_reports
from comms.services.subscriptions import asking, forgetting, keeping, limits, links
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Invalid, Refusal
from mim_portal.models import AuditEntry
from teams.models import Person
from tests import factories, status_pages
from tests.comms import subscription_kit as kit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def origin(settings: Settings) -> None:
    settings.BASE_URL = "https://portal.example"


@pytest.fixture
def shown(cast: SimpleNamespace) -> StatusPage:
    found = status_pages.page()
    for slug, group in (("payroll", "Money"), ("expenses", "Money"), ("mail", "")):
        service = factories.service(slug=slug, name=slug.title())
        status_pages.component(of=found, service=service, group=group)
    return found


def services(page: StatusPage, *slugs: str) -> list[int]:
    return sorted(page.components.filter(service__slug__in=slugs).values_list("service_id", flat=True))


def the_one() -> Subscription:
    return Subscription.objects.select_related("page").get()


class TestAsk:
    def test_nothing_goes_there_before_the_button(self, shown: StatusPage) -> None:
        kit.ask(shown, "Sam@Example.org", services=["payroll"], groups=["Money"])
        row = the_one()
        assert (row.address, row.state, row.confirmed_at) == ("sam@example.org", "pending", None)
        (letter,) = kit.letters()
        assert letter.subject == "Confirm: updates of Example status"
        assert "Asked for: all of “Money”, Payroll" in letter.text
        confirmed = keeping.confirm(kit.token(kit.link(letter)), now=dbtime.now())
        assert confirmed.state == SubscriptionState.CONFIRMED
        assert (confirmed.is_whole, confirmed.groups, confirmed.services) == (
            False,
            ["Money"],
            services(shown, "payroll"),
        )
        entry = AuditEntry.objects.get(verb="subscription.confirmed")
        assert (entry.subject, entry.data) == ("status page public", {"subscription": row.pk})

    def test_the_link_confirms_what_was_asked_for_with_it(self, shown: StatusPage) -> None:
        """Another person's asking changes nothing of it."""
        kit.ask(shown, services=["mail"])
        kit.ask(shown)
        first, _second = kit.letters()
        keeping.confirm(kit.token(kit.link(first)), now=dbtime.now())
        assert the_one().services == services(shown, "mail")

    def test_an_address_that_has_it_already_is_told_so_in_its_mailbox(self, shown: StatusPage) -> None:
        kit.subscriber(page=shown, is_whole=False, services=services(shown, "mail"))
        kit.ask(shown, services=["payroll"])
        (letter,) = kit.letters()
        assert letter.subject == "You get updates of Example status already"
        assert the_one().services == services(shown, "mail")
        assert keeping.of(kit.token(kit.link(letter, to="subscription"))) == the_one()
        keeping.confirm(kit.token(kit.link(letter)), now=dbtime.now())
        assert the_one().services == services(shown, "mail", "payroll")
        assert not AuditEntry.objects.filter(verb="subscription.confirmed").exists()

    def test_after_an_end_it_begins_anew_with_what_is_asked_for(self, shown: StatusPage) -> None:
        row = kit.subscriber(page=shown, state=SubscriptionState.ENDED, ended_at=dbtime.now())
        kit.ask(shown, services=["payroll"])
        (letter,) = kit.letters()
        assert letter.subject.startswith("Confirm")
        assert the_one().state == SubscriptionState.ENDED
        keeping.confirm(kit.token(kit.link(letter)), now=dbtime.now())
        row.refresh_from_db()
        assert (row.state, row.is_whole, row.ended_at) == ("confirmed", False, None)

    def test_one_incident(self, shown: StatusPage, cast: SimpleNamespace) -> None:
        incident = status_pages.incident(service=shown.components.get(service__slug="payroll").service)
        with pytest.raises(Invalid, match="does not show"):  # readers were told nothing of it yet
            kit.ask(shown, incidents=[incident.reference])
        status_pages.update(of=incident, author=cast.mia)
        kit.ask(shown, incidents=[incident.reference])
        (letter,) = kit.letters()
        assert f"Asked for: Payroll ({incident.reference})" in letter.text
        keeping.confirm(kit.token(kit.link(letter)), now=dbtime.now())
        assert the_one().incidents == [incident.pk]

    @pytest.mark.parametrize("kind", ["is_private", "is_exercise"])
    def test_no_private_incident_and_no_drill(self, kind: str, shown: StatusPage, cast: SimpleNamespace) -> None:
        closed: dict[str, Any] = {kind: True}
        incident = status_pages.incident(service=shown.components.get(service__slug="payroll").service, **closed)
        status_pages.update(of=incident, author=cast.mia)
        with pytest.raises(Invalid, match="does not show"):
            kit.ask(shown, incidents=[incident.reference])
        assert scopes.incident_name(shown, incident.reference) == ""

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"address": "nobody"}, "address"),
            ({"services": ["telephony"]}, "services"),
            ({"groups": ["Travel"]}, "groups"),
            ({"incidents": ["MI-2026-9999"]}, "incidents"),
            ({"services": []}, "is_whole"),
            ({"channel": "pigeon"}, "channel"),
        ],
    )
    def test_what_cannot_be_asked_for(self, fields: dict[str, Any], field: str, shown: StatusPage) -> None:
        with pytest.raises(Invalid) as refused:
            kit.ask(shown, **fields)
        assert refused.value.field == field
        assert not Subscription.objects.exists()
        assert not SubscriptionAttempt.objects.exists()

    @pytest.mark.parametrize("slug", ["internal", "nowhere"])
    def test_only_public_pages_have_subscriptions(self, slug: str, shown: StatusPage) -> None:
        status_pages.page(slug="internal", audience="end_users", is_public=False)
        with pytest.raises(asking.NoSuchPage):
            asking.ask(page=slug, address="sam@example.org", is_whole=True, network="192.0.2.7", now=dbtime.now())

    @pytest.mark.parametrize("kind", [MailTrouble.HARD, MailTrouble.COMPLAINT])
    def test_no_letter_to_a_mailbox_that_does_not_take_or_want_ours(self, kind: MailTrouble, shown: StatusPage) -> None:
        mail_reports.report(kind=kind, by=None, address="sam@example.org")
        kit.ask(shown)
        assert not kit.letters()
        assert not Subscription.objects.exists()


class TestLimits:
    def test_an_address_gets_three_letters_a_day(self, shown: StatusPage) -> None:
        now = dbtime.now()
        for turn in range(3):
            kit.ask(shown, network=f"192.0.2.{turn}", now=now)
        with pytest.raises(limits.TooMany, match=r"several times.*again in 24 h"):
            kit.ask(shown, network="192.0.2.9", now=now)
        assert len(kit.letters()) == 3
        kit.ask(shown, "other@example.org", network="192.0.2.9", now=now)
        kit.ask(shown, network="192.0.2.9", now=now + timedelta(days=1))
        assert len(kit.letters()) == 4

    def test_a_network_asks_for_so_many_an_hour(self, shown: StatusPage, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rules, "PER_NETWORK", rules.Limit(most=2, within=timedelta(hours=1)))
        now = dbtime.now()
        for turn in range(2):
            kit.ask(shown, f"a{turn}@example.org", network=f"2001:db8::{turn}", now=now)
        with pytest.raises(limits.TooMany, match="your network"):
            kit.ask(shown, "a3@example.org", network="2001:db8::9", now=now)
        kit.ask(shown, "a3@example.org", network="2001:db8:0:1::9", now=now)

    def test_known_and_unknown_addresses_count_alike(self, shown: StatusPage) -> None:
        """Whoever asks three times learns nothing of what the address has."""
        kit.subscriber(page=shown)
        said = []
        for address in ("sam@example.org", "new@example.org"):
            for turn in range(3):
                kit.ask(shown, address, network=f"192.0.2.{turn}")
            with pytest.raises(limits.TooMany) as refused:
                kit.ask(shown, address, network="192.0.2.9")
            said.append(refused.value.message.partition("You can")[0])
        assert said[0] == said[1]

    def test_no_address_is_kept_for_it(self, shown: StatusPage) -> None:
        kit.ask(shown)
        kept = SubscriptionAttempt.objects.values_list("digest", flat=True)
        assert len(kept) == 2
        assert all(len(digest) == 40 for digest in kept)


class TestLinks:
    def test_a_confirming_link_is_good_for_three_days(self, shown: StatusPage, monkeypatch: pytest.MonkeyPatch) -> None:
        kit.ask(shown)
        token = kit.token(kit.link(kit.letters()[0]))
        assert keeping.asked(token).words == ["everything on this page"]
        monkeypatch.setattr(rules, "CONFIRM_WITHIN", timedelta(seconds=-1))
        with pytest.raises(keeping.Gone):
            keeping.asked(token)

    def test_forged_and_forgotten_links(self, shown: StatusPage) -> None:
        row = kit.subscriber(page=shown)
        for token in ("", "x", f"{links.manage_token(row.pk, row.address)}x", links.manage_token(row.pk, "a@b.org")):
            with pytest.raises(keeping.Gone):
                keeping.of(token)
            with pytest.raises(keeping.Gone):
                keeping.asked(token)
        token = links.manage_token(row.pk, row.address)
        row.delete()
        with pytest.raises(keeping.Gone):
            keeping.of(token)

    def test_said_twice_it_is_said_once(self, shown: StatusPage) -> None:
        kit.ask(shown)
        token = kit.token(kit.link(kit.letters()[0]))
        first = keeping.confirm(token, now=dbtime.now()).confirmed_at
        assert keeping.confirm(token, now=dbtime.now()).confirmed_at == first
        assert AuditEntry.objects.filter(verb="subscription.confirmed").count() == 1


class TestEnd:
    def test_of_this_page_and_of_others_for_the_same_readers(self, shown: StatusPage) -> None:
        other = status_pages.page(slug="shop")
        staff = status_pages.page(slug="staff", audience="end_users")
        rows = [kit.subscriber(page=each) for each in (shown, other, staff)]
        token = links.manage_token(rows[0].pk, rows[0].address)
        assert [row.page.slug for row in keeping.others(rows[0])] == ["shop", "staff"]
        assert keeping.end(token, now=dbtime.now()) == 2
        assert keeping.end(token, now=dbtime.now()) == 0
        assert set(Subscription.objects.filter(state="ended").values_list("page__slug", flat=True)) == {
            "public",
            "shop",
        }
        assert keeping.end(token, every=True, now=dbtime.now()) == 1
        assert AuditEntry.objects.filter(verb="subscription.ended").count() == 3
        with pytest.raises(Refusal, match="has ended"):
            keeping.change(token, is_whole=True, groups=[], services=[], incidents=[])

    def test_what_nobody_confirmed_is_forgotten_at_once(self, shown: StatusPage) -> None:
        kit.ask(shown)
        row = the_one()
        keeping.end(links.manage_token(row.pk, row.address), now=dbtime.now())
        assert not Subscription.objects.exists()
        assert not Delivery.objects.exists()
        assert not Message.objects.exists()


class TestTroubles:
    def test_mail_that_comes_back_suspends_until_somebody_lifts_it(
        self, shown: StatusPage, cast: SimpleNamespace
    ) -> None:
        row = kit.subscriber(page=shown)
        mail_reports.report(kind=MailTrouble.SOFT, by=None, address="Sam@example.org")
        row.refresh_from_db()
        assert row.state == SubscriptionState.CONFIRMED
        mail_reports.report(kind=MailTrouble.HARD, by=None, address="Sam@example.org")
        row.refresh_from_db()
        assert row.state == SubscriptionState.SUSPENDED
        lift(cast.ada)
        row.refresh_from_db()
        assert row.state == SubscriptionState.CONFIRMED

    def test_a_complaint_ends(self, shown: StatusPage, cast: SimpleNamespace) -> None:
        row = kit.subscriber(page=shown)
        mail_reports.report(kind=MailTrouble.COMPLAINT, by=None, address="sam@example.org")
        lift(cast.ada)
        row.refresh_from_db()
        assert row.state == SubscriptionState.ENDED

    def test_an_old_letter_does_not_confirm_for_a_mailbox_in_trouble(self, shown: StatusPage) -> None:
        kit.ask(shown)
        mail_reports.report(kind=MailTrouble.HARD, by=None, address="sam@example.org")
        with pytest.raises(Refusal, match="came back"):
            keeping.confirm(kit.token(kit.link(kit.letters()[0])), now=dbtime.now())


def lift(by: Person) -> None:
    row = Suppression.objects.get()
    mail_reports.lift(suppression_id=row.pk, person=by, reason="The mailbox was full.", now=dbtime.now())


def test_what_is_of_no_more_use_is_forgotten(
    shown: StatusPage, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    now = timezone.now()
    kit.ask(shown, "old@example.org", now=now - timedelta(days=4))
    kit.ask(shown, "new@example.org", now=now)
    kit.subscriber(page=shown, address="ended@example.org", state="ended", ended_at=now - timedelta(days=31))
    kit.subscriber(page=shown, address="left@example.org", state="ended", ended_at=now - timedelta(days=29))
    stays = kit.subscriber(page=shown, address="stays@example.org")
    letter = Message.objects.create(subscription=stays, subject="Confirm", text="x", thread="subscription")
    Message.objects.filter(pk=letter.pk).update(created_at=now - timedelta(days=8))
    with django_assert_max_num_queries(20):
        assert forgetting.forget(now=now) == 2
    assert set(Subscription.objects.values_list("address", flat=True)) == {
        "new@example.org",
        "left@example.org",
        "stays@example.org",
    }
    assert list(Delivery.objects.values_list("address", flat=True)) == ["new@example.org"]
    assert Message.objects.count() == 1
    assert SubscriptionAttempt.objects.filter(at__lt=now - timedelta(days=1)).count() == 0
    assert forgetting.forget(now=now) == 0


def test_two_people_ask_at_once_for_a_first_subscription(shown: StatusPage) -> None:
    """One row, two letters."""
    kit.ask(shown, network="192.0.2.1")
    kit.ask(shown, network="192.0.2.2")
    assert Subscription.objects.count() == 1
    assert len(kit.letters()) == 2


def test_the_page_is_looked_up_with_its_slash(client: Client, shown: StatusPage) -> None:
    assert client.get("/subscribe/public").status_code == 301
