"""The pages of a subscription, as a stranger with a browser and as a mail program see them."""

import html
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from comms.choices import SubscriptionState
from comms.models import FormerAddress, StatusPage, Subscription
from comms.queries.subscriptions import scopes
from comms.services import snapshots
from comms.services.subscriptions import links
from mim_portal.lib import dbtime
from tests import factories, status_pages
from tests.comms import subscription_kit as kit

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


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


@pytest.fixture
def reader() -> Client:
    """Somebody with a browser and without an account."""
    return Client()


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def address(row: Subscription) -> str:
    return f"/subscription/{links.manage_token(row.pk, row.address)}/"


class TestSubscribing:
    def test_from_the_form_to_the_end(self, reader: Client, shown: StatusPage) -> None:
        form = reader.get("/subscribe/public/")
        assert (form["Cache-Control"], form["X-Robots-Tag"]) == ("no-store", "noindex")
        assert all(word in text_of(form) for word in ("Payroll", "Mail", "Money", "Address"))
        given = {"address": "sam@example.org", "what": "chosen", "services": ["mail"], "groups": ["Money"]}
        answer = reader.post("/subscribe/public/", given, follow=True)
        assert answer.redirect_chain == [("/subscribe/public/?asked", 302)]
        assert "Look into your mailbox" in text_of(answer)
        assert "sam@example.org" not in text_of(answer)

        link = kit.link(kit.letters()[0])
        assert "<li>all of “Money”</li>" in text_of(reader.get(link))
        assert Subscription.objects.get().state == SubscriptionState.PENDING
        after = reader.post(link, follow=True)
        assert "sam@example.org gets updates of all of “Money”, Mail." in text_of(after)

        own = address(Subscription.objects.get())
        changed = reader.post(f"{own}change/", {"deed": "change", "what": "whole"}, follow=True)
        assert "gets updates of everything on this page." in text_of(changed)
        ended = reader.post(f"{own}change/", {"deed": "end"}, follow=True)
        assert "gets no more updates of Example status." in text_of(ended)
        assert Subscription.objects.get().state == SubscriptionState.ENDED

    def test_of_one_incident(self, reader: Client, shown: StatusPage, cast: SimpleNamespace) -> None:
        incident = status_pages.incident(service=shown.components.get(service__slug="payroll").service)
        status_pages.update(of=incident, author=cast.mia)
        where = f"/subscribe/public/?incident={incident.reference}"
        assert f"You hear of Payroll ({incident.reference})" in text_of(reader.get(where))
        reader.post(where, {"address": "sam@example.org", "what": "chosen", "incidents": [incident.reference]})
        reader.post(kit.link(kit.letters()[0]))
        row = Subscription.objects.get()
        assert (row.is_whole, row.incidents) == (False, [incident.pk])
        assert f"Payroll ({incident.reference})" in text_of(reader.get(address(row)))
        snapshots.want(pages=[shown.pk])
        snapshots.render_due()
        assert f'href="{where}"' in reader.get("/status/public/").content.decode()

    def test_a_private_incident_is_named_nowhere(
        self, reader: Client, shown: StatusPage, cast: SimpleNamespace
    ) -> None:
        incident = status_pages.incident(service=shown.components.get(service__slug="payroll").service, is_private=True)
        status_pages.update(of=incident, author=cast.mia)
        there = reader.get(f"/subscribe/public/?incident={incident.reference}")
        nowhere = reader.get("/subscribe/public/?incident=MI-2026-9999")
        assert incident.reference not in text_of(there)
        assert strip(there) == strip(nowhere)

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"address": "nobody", "what": "whole"}, "An address has an @"),
            ({"address": "", "what": "whole"}, "This field is required"),
            ({"address": "sam@example.org", "what": "chosen"}, "Tick at least one thing"),
            ({"address": "sam@example.org", "what": "chosen", "services": ["telephony"]}, "telephony"),
            ({"address": "sam@example.org"}, "This field is required"),
        ],
    )
    def test_what_was_typed_stays(self, given: dict[str, Any], words: str, reader: Client, shown: StatusPage) -> None:
        answer = reader.post("/subscribe/public/", given)
        assert answer.status_code == 422
        assert words in text_of(answer)
        assert f'value="{given["address"]}"' in text_of(answer) or not given["address"]
        assert not Subscription.objects.exists()

    def test_too_often_is_said(self, reader: Client, shown: StatusPage) -> None:
        given = {"address": "sam@example.org", "what": "whole"}
        assert [reader.post("/subscribe/public/", given).status_code for _ in range(4)] == [302, 302, 302, 422]

    def test_known_and_unknown_addresses_get_the_same_answer(self, reader: Client, shown: StatusPage) -> None:
        kit.subscriber(page=shown)
        answers = [
            reader.post("/subscribe/public/", {"address": each, "what": "whole"}, follow=True)
            for each in ("sam@example.org", "new@example.org")
        ]
        assert strip(answers[0]) == strip(answers[1])

    @pytest.mark.parametrize("slug", ["internal", "nowhere"])
    def test_pages_behind_sign_in_have_none(self, slug: str, reader: Client, shown: StatusPage) -> None:
        status_pages.page(slug="internal", audience="end_users", is_public=False)
        assert reader.get(f"/subscribe/{slug}/").status_code == 404

    def test_a_page_that_was_renamed_is_found(self, reader: Client, shown: StatusPage) -> None:
        FormerAddress.objects.create(slug="old", page=shown)
        assert reader.get("/subscribe/old/").headers["Location"] == "/subscribe/public/"
        StatusPage.objects.update(retired_at=dbtime.now())
        assert reader.get("/subscribe/old/").status_code == reader.get("/subscribe/public/").status_code == 404

    def test_its_queries(
        self, reader: Client, shown: StatusPage, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_num_queries(2):  # the page, what it shows
            reader.get("/subscribe/public/")

    def test_without_a_database_it_says_so(
        self, reader: Client, shown: StatusPage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(*_args: Any, **_kwargs: Any) -> Any:
            raise OperationalError("connection refused")

        monkeypatch.setattr(scopes, "components", away)
        answer = reader.get("/subscribe/public/")
        assert (answer.status_code, answer["Retry-After"]) == (503, "60")
        assert "The status page itself can be read all the time" in text_of(answer)
        assert 'href="/status/public/"' in text_of(answer)


class TestLinks:
    def test_a_look_changes_nothing(self, reader: Client, shown: StatusPage) -> None:
        row = kit.subscriber(page=shown)
        for method in (reader.get, reader.head):
            assert method(address(row)).status_code == 200
        row.refresh_from_db()
        assert row.state == SubscriptionState.CONFIRMED

    def test_one_click_of_a_mail_program(self, shown: StatusPage) -> None:
        row = kit.subscriber(page=shown)
        stranger = Client(enforce_csrf_checks=True)
        assert stranger.post(address(row)).status_code == 302
        row.refresh_from_db()
        assert row.state == SubscriptionState.CONFIRMED
        assert [stranger.post(address(row), ONE_CLICK).status_code for _ in range(2)] == [204, 204]
        row.refresh_from_db()
        assert row.state == SubscriptionState.ENDED

    def test_the_buttons_are_for_the_pages_alone(self, shown: StatusPage) -> None:
        row = kit.subscriber(page=shown)
        kit.ask(shown, "new@example.org")
        stranger = Client(enforce_csrf_checks=True)
        assert stranger.post(f"{address(row)}change/", {"deed": "end"}).status_code == 403
        assert stranger.post(kit.link(kit.letters("new@example.org")[0])).status_code == 403

    def test_links_that_lead_nowhere(self, reader: Client, shown: StatusPage) -> None:
        row = kit.subscriber(page=shown)
        forged = f"{address(row)[:-2]}x/"
        assert "leads nowhere" in text_of(reader.get(forged))
        assert reader.get(forged).status_code == 404
        assert reader.post(forged, ONE_CLICK).status_code == 404
        assert reader.post(f"{forged}change/", {"deed": "end"}).status_code == 404
        assert reader.get("/subscription/confirm/x/").status_code == 404

    @pytest.mark.parametrize(
        ("state", "words"),
        [
            (SubscriptionState.PENDING, "gets nothing yet"),
            (SubscriptionState.SUSPENDED, "came back"),
        ],
    )
    def test_what_it_waits_for(self, state: SubscriptionState, words: str, reader: Client, shown: StatusPage) -> None:
        fields: dict[str, Any] = {"confirmed_at": None} if state == SubscriptionState.PENDING else {}
        row = kit.subscriber(page=shown, state=state, **fields)
        assert words in text_of(reader.get(address(row)))

    def test_a_choice_of_nothing_is_asked_again(self, reader: Client, shown: StatusPage) -> None:
        row = kit.subscriber(page=shown)
        answer = reader.post(f"{address(row)}change/", {"deed": "change", "what": "chosen"})
        assert answer.status_code == 422
        assert "Tick at least one thing" in text_of(answer)

    def test_all_pages_at_once(self, reader: Client, shown: StatusPage) -> None:
        row = kit.subscriber(page=shown)
        kit.subscriber(page=status_pages.page(slug="staff", audience="end_users", name="Shops"))
        assert "Shops" in text_of(reader.get(address(row)))
        after = reader.post(f"{address(row)}change/", {"deed": "end-all"}, follow=True)
        assert "Shops" not in text_of(after)
        assert not Subscription.objects.exclude(state="ended").exists()

    def test_its_queries(
        self, reader: Client, shown: StatusPage, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        row = kit.subscriber(page=shown)
        with django_assert_num_queries(3):  # the row with its page, what the page shows, other pages
            reader.get(address(row))


def strip(answer: Any) -> str:
    """Without what differs with every answer."""
    return "\n".join(
        line for line in text_of(answer).splitlines() if "csrf" not in line and "data-server-now" not in line
    )
