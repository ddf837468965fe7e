"""What was given up across updates: seen by whoever may see its incident; sent again, chosen or all of an update."""

import html
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from comms.adapters import languagetool, memory
from comms.choices import UpdateKind
from comms.models import Audience, Delivery, OptOut, Update
from comms.queries.recipients import dead_letters
from comms.services.sending import other_ways
from comms.services.writing import publishing
from incidents.models import Incident
from mim_portal.lib import dbtime
from mim_portal.models import AuditEntry
from teams.models import Person
from tests import factories
from tests.comms import update_kit

pytestmark = pytest.mark.django_db

SignedIn = Callable[[Person], Client]
Api = Callable[..., APIClient]
PAGE = "/updates/given-up/"
API = "/api/v1/dead-letters/"


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)


@pytest.fixture
def updates(cast: SimpleNamespace) -> list[Update]:
    """One of each of two incidents, to Anna, to Ben and to a chat."""
    factories.endpoint(kind="slack", code="room")
    for name in ("anna", "ben"):
        factories.recipient(audience="end_users", address=f"{name}@example.com")
    factories.recipient(audience="end_users", address="room", channel="slack")
    made = []
    for slug in ("payroll", "till"):
        incident = update_kit.declared(cast.mia, service=factories.service(slug=slug))
        made.append(
            update_kit.published(update_kit.drafted(incident, cast.mia, "end_users", kind=UpdateKind.INITIAL), cast.mia)
        )
    return made


def give_up(update: Update, *names: str) -> list[int]:
    found = Delivery.objects.filter(message__update=update)
    rows = [found.get(address=name if name == "room" else f"{name}@example.com") for name in names]
    keys = [row.pk for row in rows]
    Delivery.objects.filter(pk__in=keys).update(state="dead", last_error="550 5.1.1 no such user", due_at=dbtime.now())
    return keys


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def states(keys: list[int]) -> list[str]:
    found = dict(Delivery.objects.filter(pk__in=keys).values_list("pk", "state"))
    return [found[key] for key in keys]


class TestPage:
    def test_what_did_not_arrive_by_update(
        self, cast: SimpleNamespace, signed_in: SignedIn, updates: list[Update]
    ) -> None:
        mia = signed_in(cast.mia)
        assert "Every copy has arrived or is on its way." in text_of(mia.get(PAGE))
        first, second = updates
        give_up(first, "anna", "room")
        give_up(second, "ben")
        text = text_of(mia.get(PAGE))
        assert text.index(second.incident.reference) < text.index(first.incident.reference)
        assert f"{first.incident.reference}, update {first.sequence}" in text
        assert text.count("There is no such mailbox.") == 3
        assert text.count("Send all of this update again") == 2
        only = text_of(mia.get(f"{PAGE}?channel=slack"))
        assert ('aria-label="room"' in only, "anna@example.com" in only) == (True, False)
        assert "Nothing was given up here." in text_of(mia.get(f"{PAGE}?channel=sms"))
        assert mia.get(f"{PAGE}?channel=pigeon").status_code == 404

    def test_pages_by_key(
        self, cast: SimpleNamespace, signed_in: SignedIn, updates: list[Update], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("comms.views.sending.dead_letters.PAGE", 2)
        keys = give_up(updates[0], "anna", "ben", "room")
        mia = signed_in(cast.mia)
        newest, middle, oldest = sorted(keys, reverse=True)
        first, rest = text_of(mia.get(PAGE)), text_of(mia.get(f"{PAGE}?before={middle}"))
        assert [f'name="delivery" value="{key}"' in first for key in (newest, middle, oldest)] == [True, True, False]
        assert f'href="?before={middle}"' in first
        assert [f'name="delivery" value="{key}"' in rest for key in (newest, middle, oldest)] == [False, False, True]

    def test_what_is_no_loss_or_long_ago_is_not_there(
        self, cast: SimpleNamespace, signed_in: SignedIn, updates: list[Update]
    ) -> None:
        (old,) = give_up(updates[0], "anna")
        Delivery.objects.filter(pk=old).update(due_at=dbtime.now() - timedelta(days=31))
        (chat,) = give_up(updates[0], "room")
        Delivery.objects.filter(pk=chat).update(person_id=cast.mia.pk)
        assert f'value="{chat}"' in text_of(signed_in(cast.mia).get(PAGE))
        other_ways.go([chat])
        assert "Every copy has arrived or is on its way." in text_of(signed_in(cast.mia).get(PAGE))

    def test_private_incidents_are_for_their_members(
        self, cast: SimpleNamespace, signed_in: SignedIn, updates: list[Update]
    ) -> None:
        first, second = updates
        hidden, shown = give_up(first, "anna"), give_up(second, "ben")
        Incident.objects.filter(pk=first.incident_id).update(is_private=True)
        dara = signed_in(cast.dara)
        text = text_of(dara.get(PAGE))
        assert (first.incident.reference in text, second.incident.reference in text) == (False, True)
        assert dara.post(f"{PAGE}again/", {"update": first.pk}).status_code == 404
        dara.post(f"{PAGE}again/", {"delivery": [*hidden, *shown]})
        assert states(hidden + shown) == ["dead", "pending"]

    @pytest.mark.parametrize("who", ["carla", "desmond", "rosa", "eve", "ada", "petra"])
    def test_only_managers_and_desk_leads(self, who: str, cast: SimpleNamespace, signed_in: SignedIn) -> None:
        assert signed_in(getattr(cast, who)).get(PAGE).status_code == 403

    def test_it_is_linked_for_those_who_may(self, cast: SimpleNamespace, signed_in: SignedIn) -> None:
        assert PAGE in text_of(signed_in(cast.mia).get("/updates/"))
        assert PAGE not in text_of(signed_in(cast.carla).get("/updates/"))

    def test_its_queries(
        self,
        cast: SimpleNamespace,
        signed_in: SignedIn,
        updates: list[Update],
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for update in updates:
            give_up(update, "anna", "ben", "room")
        mia = signed_in(cast.mia)
        mia.get(PAGE)
        with django_assert_num_queries(4):
            mia.get(PAGE)


class TestSendAgain:
    def test_chosen_ones_of_several_updates(
        self, cast: SimpleNamespace, signed_in: SignedIn, updates: list[Update]
    ) -> None:
        keys = give_up(updates[0], "anna", "ben") + give_up(updates[1], "anna", "ben")
        mia = signed_in(cast.mia)
        answer = mia.post(f"{PAGE}again/", {"delivery": keys[1:3], "channel": "email"}, follow=True)
        assert "Sent again to 2 addresses." in text_of(answer)
        assert answer.redirect_chain == [(f"{PAGE}?channel=email", 302)]
        assert states(keys) == ["dead", "pending", "pending", "dead"]
        entries = AuditEntry.objects.filter(verb="update.redelivered").order_by("pk")
        assert [entry.data for entry in entries] == [{"deliveries": 1, "chosen": [key]} for key in keys[1:3]]
        twice = mia.post(f"{PAGE}again/", {"delivery": keys[1:3]}, follow=True)
        assert "Nothing is given up here" in text_of(twice)

    def test_all_of_an_update(self, cast: SimpleNamespace, signed_in: SignedIn, updates: list[Update]) -> None:
        first, other = give_up(updates[0], "anna", "ben", "room"), give_up(updates[1], "anna")
        mia = signed_in(cast.mia)
        answer = mia.post(f"{PAGE}again/", {"update": updates[0].pk, "delivery": other}, follow=True)
        assert "Sent again to 3 addresses." in text_of(answer)
        assert states(first + other) == ["pending", "pending", "pending", "dead"]
        assert "Nothing is given up here" in text_of(mia.post(f"{PAGE}again/", {"update": updates[0].pk}, follow=True))

    def test_nothing_chosen_or_nonsense(
        self, cast: SimpleNamespace, signed_in: SignedIn, updates: list[Update]
    ) -> None:
        give_up(updates[0], "anna")
        mia = signed_in(cast.mia)
        answer = mia.post(f"{PAGE}again/", {"channel": "email"})
        assert (answer.status_code, "Choose at least one address." in text_of(answer)) == (422, True)
        assert "anna@example.com" in text_of(answer)
        for given in ({"delivery": "x"}, {"update": "x"}, {"delivery": "1", "channel": "pigeon"}, {"update": "999999"}):
            assert mia.post(f"{PAGE}again/", given).status_code == 404

    def test_what_may_not_go_again_holds_nothing_else_up(
        self, cast: SimpleNamespace, signed_in: SignedIn, updates: list[Update]
    ) -> None:
        corrected, right = updates
        old, new = give_up(corrected, "anna"), give_up(right, "anna", "ben")
        Update.objects.filter(pk=corrected.pk).update(state="corrected")
        audience = Audience.objects.get(code="end_users")
        OptOut.objects.create(audience=audience, address="ben@example.com")
        text = text_of(signed_in(cast.mia).get(PAGE))
        assert "The update was corrected, so it is not sent again." in text
        assert (f'value="{old[0]}"' in text, f'value="{new[0]}"' in text) == (False, True)
        told = text_of(signed_in(cast.mia).post(f"{PAGE}again/", {"delivery": old + new}, follow=True))
        assert "Sent again to 1 address." in told
        assert "1 address was left out" in told
        assert "This update was corrected." in told
        assert states(old + new) == ["dead", "pending", "suppressed"]

    def test_of_a_withdrawn_update_the_notice_goes_again(
        self, cast: SimpleNamespace, signed_in: SignedIn, updates: list[Update]
    ) -> None:
        (words,) = give_up(updates[0], "anna")
        publishing.withdraw(update_id=updates[0].pk, person=cast.mia, reason="Wrong service.", now=dbtime.now())
        notice = Delivery.objects.filter(message__update=updates[0], address="anna@example.com").latest("pk").pk
        Delivery.objects.filter(pk=notice).update(state="dead", due_at=dbtime.now())
        text = text_of(signed_in(cast.mia).get(PAGE))
        assert "The update was withdrawn, so it is not sent again." in text
        assert (f'value="{words}"' in text, f'value="{notice}"' in text) == (False, True)


class TestApi:
    def test_list_and_send_again(self, api: Api, cast: SimpleNamespace, updates: list[Update]) -> None:
        (room,) = give_up(updates[0], "room")
        (anna,) = give_up(updates[1], "anna")
        mia = api(cast.mia)
        found = mia.get(API).json()["results"]
        assert [row["id"] for row in found] == [anna, room]
        row = found[0]
        assert (row["incident"], row["update_id"], row["problem"], row["may_go_again"]) == (
            updates[1].incident.reference,
            updates[1].pk,
            "There is no such mailbox.",
            True,
        )
        assert [row["id"] for row in mia.get(f"{API}?channel=slack").json()["results"]] == [room]
        assert mia.get(f"{API}?channel=pigeon").status_code == 400
        Update.objects.filter(pk=updates[0].pk).update(state="corrected")
        done = mia.post(f"{API}redeliver/", {"deliveries": [anna, room, 1]}, format="json").json()
        assert (done["redelivered"], done["left_out"]) == (1, 0)
        assert [(one["update_id"], one["code"]) for one in done["refused"]] == [(updates[0].pk, "not_current")]
        assert states([anna, room]) == ["pending", "dead"]
        assert mia.post(f"{API}redeliver/", {"deliveries": []}, format="json").status_code == 400

    def test_a_repeated_request_sends_once(self, api: Api, cast: SimpleNamespace, updates: list[Update]) -> None:
        keys = give_up(updates[0], "anna")
        mia = api(cast.mia)
        answers = [
            mia.post(f"{API}redeliver/", {"deliveries": keys}, format="json", HTTP_IDEMPOTENCY_KEY="k1").json()
            for _ in range(2)
        ]
        assert answers == [{"redelivered": 1, "left_out": 0, "refused": []}] * 2
        assert AuditEntry.objects.filter(verb="update.redelivered").count() == 1


def test_an_index_holds_what_was_given_up(cast: SimpleNamespace, updates: list[Update]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        plan = dead_letters.recent(cast.mia, now=dbtime.now()).explain()
    assert "given_up_deliveries" in plan
