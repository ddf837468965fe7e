"""Other systems are told what happened: once, signed, with roles and no names, and nothing of what is closed."""

import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, Settings
from standardwebhooks.webhooks import Webhook

from comms.adapters import languagetool, memory
from comms.choices import EndpointEvent, UpdateKind
from comms.models import Delivery, Endpoint
from comms.services.sending import webhooks
from comms.services.writing import publishing
from comms.tasks import channels
from incidents.choices import EntryKind, EntrySource
from incidents.models import Incident, TimelineDispatch, TimelineEntry
from incidents.services import dispatch
from incidents.services.accountability import command
from incidents.services.states import lifecycle
from mim_portal.lib import dbtime
from tests import factories
from tests.comms import update_kit
from tests.http_sink import Sink, sink

pytestmark = pytest.mark.django_db

EVERYTHING = sorted(EndpointEvent.values)


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)


@pytest.fixture
def server(settings: Settings) -> Iterator[Sink]:
    with sink() as kept:
        settings.OUTGOING_INTERNAL_HOSTS = [kept.host]
        yield kept


def hears(*events: str, **fields: Any) -> Endpoint:
    return factories.endpoint(events=list(events) or EVERYTHING, **fields)


def told(endpoint: Endpoint) -> list[dict[str, Any]]:
    """What the outbox has for it, after the timeline was read."""
    dispatch.sweep()
    rows = Delivery.objects.filter(endpoint_id=endpoint.pk).select_related("message").order_by("pk")
    return [json.loads(row.message.text) for row in rows]


def types(endpoint: Endpoint) -> list[str]:
    return [event["type"] for event in told(endpoint)]


def test_a_declaration_is_told_once_and_signed(cast: SimpleNamespace, server: Sink) -> None:
    secret = "whsec_c2VjcmV0LW9mLXRoaXMtdGVzdA=="
    endpoint = hears("incident.declared", address=f"{server.url}/in", secret=secret)
    incident = update_kit.declared(cast.mia)
    assert types(endpoint) == types(endpoint) == ["incident.declared"]  # read twice, told once

    channels.run_lane(endpoint.pk)

    (taken,) = server.taken
    said = Webhook(secret).verify(taken.body, taken.headers)
    assert said["data"]["incident"]["reference"] == incident.reference
    assert said["data"]["incident"]["priority"] == incident.priority
    assert said["data"]["incident"]["address"].endswith(f"/incidents/{incident.reference}/")
    assert said["data"]["impact"]


def test_what_happens_to_an_incident(cast: SimpleNamespace) -> None:
    endpoint = hears()
    incident = update_kit.declared(cast.mia)
    made = update_kit.drafted(incident, cast.mia, "service_owners", kind=UpdateKind.INITIAL)
    update_kit.published(made, cast.mia)
    lifecycle.set_priority(
        reference=incident.reference, impact=2, urgency=2, reason="Fewer sites.", person=cast.mia, now=dbtime.now()
    )
    command.take_over(reference=incident.reference, person=cast.omar, reason="Mia is ill.", now=dbtime.now())
    publishing.withdraw(update_id=made.pk, person=cast.omar, reason="Wrong site.", now=dbtime.now())
    assert types(endpoint) == [
        "incident.declared", "incident.impact_changed", "update.published", "incident.priority_changed",
        "incident.handed_over", "update.withdrawn",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("to", "heard", "told_as"),
    [
        ("monitoring", EVERYTHING, "incident.restored"),
        ("resolved", EVERYTHING, "incident.resolved"),
        ("closed", EVERYTHING, "incident.closed"),
        ("identified", EVERYTHING, "incident.state_changed"),
        ("monitoring", ["incident.state_changed"], "incident.state_changed"),
        ("resolved", ["incident.closed"], None),
    ],
)
def test_a_state_is_told_under_its_most_telling_name(
    cast: SimpleNamespace, to: str, heard: list[str], told_as: str | None
) -> None:
    endpoint = hears(*heard)
    entry = entered(update_kit.declared(cast.mia), EntryKind.STATE_CHANGED, {"from": "investigating", "to": to})
    webhooks.tell([entry])
    rows = list(Delivery.objects.filter(endpoint_id=endpoint.pk).values_list("message__event", flat=True))
    assert rows == ([told_as] if told_as else [])


def entered(incident: Incident, kind: str, data: dict[str, Any], **fields: Any) -> TimelineEntry:
    return TimelineEntry(incident=incident, seq=99, kind=kind, at=factories.NOON, data=data, **fields)


class TestNames:
    def event(self, cast: SimpleNamespace, **fields: Any) -> tuple[str, dict[str, Any]]:
        endpoint = hears("incident.handed_over", "incident.cancelled", **fields)
        incident = update_kit.declared(cast.mia)
        command.take_over(reference=incident.reference, person=cast.omar, reason="Mia Torres is ill.", now=dbtime.now())
        ((said),) = told(endpoint)
        return json.dumps(said), said

    def test_roles_and_no_names(self, cast: SimpleNamespace) -> None:
        text, said = self.event(cast)
        assert said["data"]["by"] == {"roles": sorted(cast.omar.roles)}
        assert said["data"]["changed"] == {}
        for person in (cast.mia, cast.omar):
            for name in (person.username, person.first_name, person.last_name, person.email):
                assert name.lower() not in text.lower().replace("example.org", "")

    def test_a_technical_endpoint_may_have_them(self, cast: SimpleNamespace) -> None:
        _text, said = self.event(cast, is_technical=True)
        assert said["data"]["by"]["username"] == "omar"
        assert said["data"]["changed"] == {"reason": "Mia Torres is ill."}


class TestClosed:
    """What is private, an exercise or imported."""

    @pytest.mark.parametrize(
        ("fields", "mark"), [({"is_private": True}, "hears_private"), ({"is_exercise": True}, "hears_exercises")]
    )
    def test_only_where_the_endpoint_says_so(self, cast: SimpleNamespace, fields: Any, mark: str) -> None:
        deaf, other = hears(), hears(**{"hears_private": True, "hears_exercises": True, mark: False})
        hearing: Endpoint = hears(**{mark: True})
        update_kit.declared(cast.mia, **fields)
        assert types(deaf) == types(other) == []
        assert "incident.declared" in types(hearing)

    def test_both_need_both(self, cast: SimpleNamespace) -> None:
        halves = [hears(hears_private=True), hears(hears_exercises=True)]
        whole = hears(hears_private=True, hears_exercises=True)
        update_kit.declared(cast.mia, is_private=True, is_exercise=True)
        assert [types(half) for half in halves] == [[], []]
        assert "incident.declared" in types(whole)

    def test_history_is_not_news(self, cast: SimpleNamespace) -> None:
        endpoint = hears()
        incident = update_kit.declared(cast.mia)
        webhooks.tell([entered(incident, EntryKind.CANCELLED, {}, source=EntrySource.IMPORT)])
        assert not Delivery.objects.filter(endpoint_id=endpoint.pk).exists()


def test_who_is_off_or_asked_for_nothing_hears_nothing(cast: SimpleNamespace) -> None:
    off, silent = hears(is_active=False), factories.endpoint()
    update_kit.declared(cast.mia)
    assert types(off) == types(silent) == []


def test_without_anybody_who_hears_it_costs_one_query(
    cast: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    entry = entered(update_kit.declared(cast.mia), EntryKind.CANCELLED, {})
    with django_assert_num_queries(1):
        assert webhooks.tell([entry] * 100) == 0


def test_a_reader_that_fails_is_tried_again_and_tells_once(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = hears("incident.declared")
    update_kit.declared(cast.mia)
    tell: Callable[..., int] = webhooks.tell

    def fails(entries: list[TimelineEntry]) -> int:
        tell(entries)
        raise RuntimeError("after it has written")

    monkeypatch.setattr(webhooks, "tell", fails)
    assert types(endpoint) == []  # what it wrote is gone with the mark
    monkeypatch.setattr(webhooks, "tell", tell)
    TimelineDispatch.objects.update(due_at=dbtime.now())
    assert types(endpoint) == ["incident.declared"]
