"""Who got an update, address by address; what was given up is sent again, once, and only while the words are right."""

import html
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from comms.adapters import languagetool, memory
from comms.choices import DeliveryState
from comms.models import Audience, Delivery, Message, OptOut, Suppression, Update
from comms.queries.recipients import deliveries
from comms.services.sending import redelivery
from comms.services.writing import publishing
from incidents.models import Incident
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Refusal
from mim_portal.models import AuditEntry
from teams.models import Person
from tests import factories
from tests.comms import update_kit
from tests.comms.test_correct import RIGHT

pytestmark = pytest.mark.django_db

SignedIn = Callable[[Person], Client]
Api = Callable[..., APIClient]


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)


@pytest.fixture
def update(cast: SimpleNamespace) -> Update:
    """Sent to five addresses of the desk's list and to the desk's own people."""
    for name in ("anna", "ben", "chloe", "dieter", "emre"):
        factories.recipient(audience="service_desk", address=f"{name}@example.com")
    incident = update_kit.declared(cast.mia)
    return update_kit.published(update_kit.drafted(incident, cast.mia, "service_desk"), cast.mia)


def become(name: str, state: DeliveryState, error: str = "", **fields: Any) -> Delivery:
    row = Delivery.objects.get(address=f"{name}@example.com")
    Delivery.objects.filter(pk=row.pk).update(state=state, last_error=error, **fields)
    return row


def page_of(update: Update, query: str = "") -> str:
    return f"/updates/{update.pk}/deliveries/{query}"


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


class TestPage:
    def test_states_people_and_reasons(self, cast: SimpleNamespace, signed_in: SignedIn, update: Update) -> None:
        become("anna", DeliveryState.SENT, sent_at=update.published_at)
        become("ben", DeliveryState.DEAD, "550 5.1.1 no such user", attempts=1)
        text = text_of(signed_in(cast.mia).get(page_of(update)))
        assert "anna@example.com" in text
        assert "There is no such mailbox." in text
        assert "550 5.1.1 no such user" in text
        assert f"{cast.desmond.name}, Service desk" in text
        assert "1 address was given up." in text
        only = text_of(signed_in(cast.dara).get(page_of(update, "?state=dead")))
        assert ("ben@example.com" in only, "anna@example.com" in only) == (True, False)
        assert "No address is in this state now." in text_of(signed_in(cast.mia).get(page_of(update, "?state=bounced")))

    def test_pages_by_key(
        self, cast: SimpleNamespace, signed_in: SignedIn, update: Update, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("comms.views.sending.deliveries.PAGE", 3)
        seen: list[str] = []
        address = page_of(update)
        while address:
            text = text_of(signed_in(cast.mia).get(address))
            seen += re.findall(r'<th scope="row">([^<\s]+)', text)
            following = re.search(r'rel="next" href="([^"]+)"', text)
            address = page_of(update, following[1]) if following else ""
        assert len(seen) > 5
        assert seen == sorted(set(seen)) == sorted(Delivery.objects.values_list("address", flat=True))

    def test_a_list_that_nobody_is_on(self, cast: SimpleNamespace, signed_in: SignedIn, update: Update) -> None:
        Delivery.objects.all().delete()
        assert "Nobody was on these lists." in text_of(signed_in(cast.mia).get(page_of(update)))

    def test_what_does_not_exist(self, cast: SimpleNamespace, signed_in: SignedIn, update: Update) -> None:
        draft = update_kit.drafted(update.incident, cast.mia, "service_desk")
        mia = signed_in(cast.mia)
        assert mia.get(page_of(draft)).status_code == 404
        assert mia.get(page_of(update, "?state=lost")).status_code == 404
        assert mia.get(page_of(update, "?after=x")).status_code == 200
        Incident.objects.update(is_private=True)
        assert signed_in(cast.omar).get(page_of(update)).status_code == 404

    @pytest.mark.parametrize("who", ["carla", "desmond", "rosa", "eve", "ada", "petra"])
    def test_only_managers_and_desk_leads(
        self, who: str, cast: SimpleNamespace, signed_in: SignedIn, update: Update
    ) -> None:
        assert signed_in(getattr(cast, who)).get(page_of(update)).status_code == 403

    def test_it_is_linked_for_those_who_may(self, cast: SimpleNamespace, signed_in: SignedIn, update: Update) -> None:
        for address in (f"/incidents/{update.incident.reference}/", f"/updates/{update.pk}/"):
            assert page_of(update) in text_of(signed_in(cast.mia).get(address))
            assert page_of(update) not in text_of(signed_in(cast.desmond).get(address))

    def test_its_queries(
        self,
        cast: SimpleNamespace,
        signed_in: SignedIn,
        update: Update,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        mia = signed_in(cast.mia)
        mia.get(page_of(update))
        with django_assert_num_queries(10):
            mia.get(page_of(update))


def test_what_did_not_arrive_has_an_index(update: Update) -> None:
    with connection.cursor() as cursor:
        # What other tests left in the statistics must not choose the plan: can the indexes answer it alone?
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        # Not DEAD: what was given up has an index of its own, which is as good while the table is small.
        plan = deliveries.of(update, state=DeliveryState.BOUNCED).explain()
        everything = deliveries.of(update).explain()
    assert "undelivered_of_message" in plan
    assert "one_delivery_per_address" in everything
    assert "Sort" not in everything


class TestSendAgain:
    def test_all_that_were_given_up(self, cast: SimpleNamespace, signed_in: SignedIn, update: Update) -> None:
        become("anna", DeliveryState.SENT)
        become("ben", DeliveryState.DEAD, "550 no", attempts=4)
        become("chloe", DeliveryState.DEAD, "550 no", attempts=4)
        become("dieter", DeliveryState.BOUNCED, "550 no")
        answer = signed_in(cast.mia).post(page_of(update) + "again/", follow=True)
        assert "Sent again to 2 addresses." in text_of(answer)
        rows = {row.address: row for row in Delivery.objects.all()}
        again = rows["ben@example.com"]
        assert (again.state, again.attempts, again.last_error) == ("pending", 0, "")
        assert rows["chloe@example.com"].state == "pending"
        assert (rows["anna@example.com"].state, rows["dieter@example.com"].state) == ("sent", "bounced")
        entry = AuditEntry.objects.get(verb="update.redelivered")
        assert (entry.actor, entry.subject, entry.data) == (cast.mia, f"update {update.pk}", {"deliveries": 2})

    def test_one(self, cast: SimpleNamespace, signed_in: SignedIn, update: Update) -> None:
        ben, _chloe = become("ben", DeliveryState.DEAD), become("chloe", DeliveryState.DEAD)
        dara = signed_in(cast.dara)
        assert dara.post(page_of(update) + "again/", {"delivery": ben.pk}).status_code == 302
        states = dict(Delivery.objects.values_list("address", "state"))
        assert (states["ben@example.com"], states["chloe@example.com"]) == ("pending", "dead")
        twice = dara.post(page_of(update) + "again/", {"delivery": ben.pk}, follow=True)
        assert "Nothing is given up here" in text_of(twice)
        assert dara.post(page_of(update) + "again/", {"delivery": "x"}).status_code == 404

    def test_not_of_another_update(self, cast: SimpleNamespace, signed_in: SignedIn, update: Update) -> None:
        other = Delivery.objects.create(
            message=Message.objects.create(subject="s", text="t", thread="x"), address="x@x.org", state="dead"
        )
        assert signed_in(cast.mia).post(page_of(update) + "again/", {"delivery": other.pk}).status_code == 404
        other.refresh_from_db()
        assert other.state == "dead"

    def test_wrong_words_are_not_sent_again(self, cast: SimpleNamespace, signed_in: SignedIn, update: Update) -> None:
        become("ben", DeliveryState.DEAD)
        Update.objects.filter(pk=update.pk).update(state="corrected")
        text = text_of(signed_in(cast.mia).get(page_of(update)))
        assert "so it is not sent again" in text
        assert "Send again" not in text
        with pytest.raises(Refusal) as refused:
            redelivery.redeliver(update_id=update.pk, person=cast.mia)
        assert refused.value.code == "not_current"
        assert Delivery.objects.get(address="ben@example.com").state == "dead"

    def test_of_a_withdrawn_update_the_notice_goes_again(
        self, cast: SimpleNamespace, signed_in: SignedIn, update: Update
    ) -> None:
        ben = become("ben", DeliveryState.DEAD)
        become("anna", DeliveryState.SENT)
        publishing.withdraw(update_id=update.pk, person=cast.mia, reason="Wrong service.", now=dbtime.now())
        notice = Delivery.objects.filter(message__update=update, address="ben@example.com").exclude(pk=ben.pk).get()
        Delivery.objects.filter(pk=notice.pk).update(state="dead", last_error="550 no")
        text = text_of(signed_in(cast.mia).get(page_of(update)))
        assert "1 address was given up." in text
        assert text.count("Send again to ben@example.com") == 1
        with pytest.raises(redelivery.UnknownDelivery):
            redelivery.redeliver(update_id=update.pk, person=cast.mia, delivery_ids=[ben.pk])
        assert redelivery.redeliver(update_id=update.pk, person=cast.mia) == 1
        states = dict(Delivery.objects.filter(address="ben@example.com").values_list("pk", "state"))
        assert states == {ben.pk: "dead", notice.pk: "pending"}

    def test_whoever_left_since_is_left_out_and_named(
        self, cast: SimpleNamespace, signed_in: SignedIn, update: Update
    ) -> None:
        audience = Audience.objects.get(code="service_desk")
        OptOut.objects.create(audience=audience, address="anna@example.com")
        Suppression.objects.create(address="ben@example.com", reason="hard")
        Suppression.objects.create(address="chloe@example.com", reason="complaint")
        for name in ("anna", "ben", "chloe"):
            become(name, DeliveryState.DEAD)
        nobody = signed_in(cast.mia).post(page_of(update) + "again/", follow=True)
        assert "Nobody was written to" in text_of(nobody)
        rows = {row.address: (row.state, row.last_error) for row in Delivery.objects.filter(state="suppressed")}
        assert rows == {
            "anna@example.com": ("suppressed", "Opted out."),
            "ben@example.com": ("suppressed", "Mail to it came back."),
            "chloe@example.com": ("suppressed", "Its reader called our mail unwanted."),
        }
        become("dieter", DeliveryState.DEAD)
        become("anna", DeliveryState.DEAD)
        assert redelivery.redeliver(update_id=update.pk, person=cast.mia) == 1
        assert Delivery.objects.get(address="dieter@example.com").state == "pending"

    def test_a_correction_goes_to_whoever_left_since(self, cast: SimpleNamespace, update: Update) -> None:
        become("anna", DeliveryState.SENT)
        draft = publishing.correct(
            update_id=update.pk,
            person=cast.mia,
            body=RIGHT,
            subject="",
            next_update_at=update.next_update_at,
            now=dbtime.now(),
        )
        right = update_kit.published(draft, cast.mia)
        row = Delivery.objects.get(message__update=right, address="anna@example.com")
        Delivery.objects.filter(pk=row.pk).update(state="dead")
        OptOut.objects.create(audience=Audience.objects.get(code="service_desk"), address="anna@example.com")
        assert redelivery.redeliver(update_id=right.pk, person=cast.mia) == 1


class TestApi:
    def test_list_filter_and_send_again(self, api: Api, cast: SimpleNamespace, update: Update) -> None:
        ben = become("ben", DeliveryState.DEAD, "550 5.1.1 no", attempts=2)
        mia = api(cast.mia)
        address = f"/api/v1/updates/{update.pk}/"
        first = mia.get(f"{address}deliveries/?page_size=2").json()
        assert [row["address"] for row in first["results"]] == ["anna@example.com", "ben@example.com"]
        second = mia.get(first["next"]).json()
        assert second["results"][0]["address"] == "chloe@example.com"
        (dead,) = mia.get(f"{address}deliveries/?state=dead").json()["results"]
        assert dead["id"] == ben.pk
        assert (dead["audience"], dead["person"], dead["state"], dead["attempts"]) == ("Service desk", "", "dead", 2)
        assert dead["problem"] == "There is no such mailbox."
        assert mia.get(f"{address}deliveries/?state=lost").status_code == 400
        assert mia.post(f"{address}redeliver/", {"delivery": ben.pk}).json() == {"redelivered": 1}
        again = mia.post(f"{address}redeliver/", {})
        assert (again.status_code, again.json()["code"]) == (409, "nothing_dead")
        assert mia.post(f"{address}redeliver/", {"delivery": 1}).status_code == 404
        assert mia.get("/api/v1/updates/999999/deliveries/").status_code == 404

    def test_a_repeated_request_sends_once(self, api: Api, cast: SimpleNamespace, update: Update) -> None:
        become("ben", DeliveryState.DEAD)
        mia, address = api(cast.mia), f"/api/v1/updates/{update.pk}/redeliver/"
        answers = [mia.post(address, {}, HTTP_IDEMPOTENCY_KEY="k1").json() for _ in range(2)]
        assert answers == [{"redelivered": 1}] * 2
        assert AuditEntry.objects.filter(verb="update.redelivered").count() == 1
