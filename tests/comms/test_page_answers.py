"""What comes back: an answer in PagerDuty, Opsgenie or by a signed webhook answers the call, once, and only theirs."""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings
from standardwebhooks.webhooks import Webhook

from comms.models import Delivery, Endpoint, Message, PageAnswer
from comms.queries import paging as queries
from comms.services.paging import keys
from incidents.models import Engagement, TimelineEntry
from incidents.queries import timeline
from incidents.services.work import engagements
from mim_portal.lib import dbtime, rates
from mim_portal.lib.buckets import Buckets
from teams.models import Team
from tests import factories
from tests.comms import paging_kit as kit
from tests.comms import recorded
from tests.http_sink import Sink, sink

pytestmark = pytest.mark.django_db
Answer = Callable[[], tuple[int, str]]


@pytest.fixture
def server(settings: Settings) -> Iterator[Sink]:
    with sink() as kept:
        settings.OUTGOING_INTERNAL_HOSTS = [kept.host]
        yield kept


@pytest.fixture
def team(cast: SimpleNamespace) -> Team:
    return kit.team(cast)


@pytest.fixture
def called(team: Team, cast: SimpleNamespace) -> Engagement:
    return kit.engage(kit.incident(cast), team, cast)


def post(target: Endpoint, body: bytes, headers: dict[str, str], *, inbound: str = "inbound") -> tuple[int, str]:
    answer = Client().post(
        f"/paging/{target.pk}-{inbound}/", data=body, content_type="application/json", headers=headers
    )
    said = answer.json()
    return answer.status_code, said.get("result") or said["error"]


def of_pagerduty(target: Endpoint, found: Any, *, secret: str = recorded.PAGERDUTY_SECRET) -> tuple[int, str]:
    body = json.dumps(found).encode()
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return post(target, body, {"X-PagerDuty-Signature": f"v1={'0' * 64},v1={signature}"})


def acknowledged(called: Engagement, **changes: Any) -> dict[str, Any]:
    given = {"at": dbtime.now().isoformat(), **changes}
    return recorded.pagerduty(given.pop("key", keys.of_call(called.pk)), **given)


def entry(called: Engagement) -> TimelineEntry:
    return TimelineEntry.objects.get(incident=called.incident, kind="engagement_acknowledged")


class TestPagerduty:
    def test_acknowledged_there_is_answered_here(self, server: Sink, team: Team, called: Engagement) -> None:
        target = kit.pagerduty(team, server)
        assert of_pagerduty(target, acknowledged(called)) == (200, "acknowledged")
        called.refresh_from_db()
        assert (called.state, called.acknowledged_by) == ("acknowledged", None)
        assert entry(called).text == "in PagerDuty by Tom Smith"
        (said,) = timeline.worded([entry(called)])
        assert "Tom Smith" in str(said.words)

    def test_resolved_there_answers_and_never_lets_the_team_go(
        self, server: Sink, team: Team, called: Engagement
    ) -> None:
        target = kit.pagerduty(team, server)
        assert of_pagerduty(target, acknowledged(called, kind="incident.resolved")) == (200, "acknowledged")
        called.refresh_from_db()
        assert (called.state, called.released_at) == ("acknowledged", None)
        assert entry(called).text == "resolved in PagerDuty by Tom Smith"

    def test_where_alerts_have_the_key_the_title_finds_the_call(
        self, server: Sink, team: Team, cast: SimpleNamespace
    ) -> None:
        target, other = kit.pagerduty(team, server), kit.pagerduty(team, server, name="Second")
        first = kit.engage(kit.incident(cast), team, cast)
        called = kit.engage(kit.incident(cast), team, cast)
        title = Message.objects.get(engagement=called, page="trigger").subject
        Message.objects.filter(page="trigger").update(created_at=dbtime.now())
        Delivery.objects.filter(endpoint_id=other.pk).delete()
        assert called.incident.reference in title
        assert of_pagerduty(other, acknowledged(called, key=None, title=title)) == (200, "unknown")
        assert of_pagerduty(target, acknowledged(called, key=None, title="")) == (200, "unknown")
        assert of_pagerduty(target, acknowledged(called, key="of-another", title=title)) == (200, "unknown")
        assert of_pagerduty(target, acknowledged(called, key=None, title=title)) == (200, "acknowledged")
        for one in (called, first):
            one.refresh_from_db()
        assert (called.state, first.state) == ("acknowledged", "asked")

    def test_a_title_of_last_week_is_nobodys(self, server: Sink, team: Team, cast: SimpleNamespace) -> None:
        target = kit.pagerduty(team, server)
        called = kit.engage(kit.incident(cast), team, cast)
        Message.objects.update(created_at=dbtime.now() - timedelta(days=4))
        title = Message.objects.get(engagement=called, page="trigger").subject
        assert of_pagerduty(target, acknowledged(called, key=None, title=title)) == (200, "unknown")

    def test_it_is_not_told_what_it_told(self, server: Sink, team: Team, cast: SimpleNamespace) -> None:
        first, second = kit.pagerduty(team, server), kit.opsgenie(team, server)
        called = kit.engage(kit.incident(cast), team, cast)
        server.says(202)
        kit.run(first, second)
        of_pagerduty(first, acknowledged(called))
        assert list(kit.states("acknowledge")) == ["opsgenie"]

    def test_what_it_resolved_is_not_acknowledged_there(self, server: Sink, team: Team, cast: SimpleNamespace) -> None:
        target = kit.pagerduty(team, server)
        called = kit.engage(kit.incident(cast), team, cast)
        server.says(202)
        kit.run(target)
        of_pagerduty(target, acknowledged(called, kind="incident.resolved"))
        assert kit.pages() == ["trigger"]

    def test_the_same_message_twice_is_taken_once(self, server: Sink, team: Team, called: Engagement) -> None:
        target = kit.pagerduty(team, server)
        found = acknowledged(called)
        of_pagerduty(target, found)
        assert of_pagerduty(target, found) == (200, "repeated")
        assert PageAnswer.objects.count() == 1
        assert TimelineEntry.objects.filter(kind="engagement_acknowledged").count() == 1

    def test_after_an_answer_it_is_noted(
        self, server: Sink, team: Team, called: Engagement, cast: SimpleNamespace
    ) -> None:
        target = kit.pagerduty(team, server)
        engagements.acknowledge(engagement_id=called.pk, person=cast.rosa, now=dbtime.now())
        assert of_pagerduty(target, acknowledged(called)) == (200, "noted")
        called.refresh_from_db()
        assert called.acknowledged_by == cast.rosa

    def test_after_the_release_it_is_too_late(
        self, server: Sink, team: Team, called: Engagement, cast: SimpleNamespace
    ) -> None:
        target = kit.pagerduty(team, server)
        engagements.release(engagement_id=called.pk, person=cast.mia, now=dbtime.now())
        assert of_pagerduty(target, acknowledged(called)) == (200, "too_late")

    def test_what_happened_days_ago_is_too_late(self, server: Sink, team: Team, called: Engagement) -> None:
        old = (dbtime.now() - timedelta(days=4)).isoformat()
        assert of_pagerduty(kit.pagerduty(team, server), acknowledged(called, at=old)) == (200, "too_late")
        called.refresh_from_db()
        assert called.state == "asked"

    def test_other_incidents_and_events_of_the_service_are_left_alone(
        self, server: Sink, team: Team, called: Engagement
    ) -> None:
        target = kit.pagerduty(team, server)
        assert of_pagerduty(target, acknowledged(called, key="samplekeyhere")) == (200, "unknown")
        made_up = f"mim-call-{called.pk}-{'0' * 16}"
        assert of_pagerduty(target, acknowledged(called, key=made_up)) == (200, "unknown")
        assert of_pagerduty(target, acknowledged(called, kind="incident.triggered")) == (200, "ignored")

    def test_a_call_of_another_team_is_not_its_to_answer(self, server: Sink, called: Engagement) -> None:
        other = kit.pagerduty(factories.team(slug="network", name="Network"), server)
        assert of_pagerduty(other, acknowledged(called)) == (200, "unknown")
        called.refresh_from_db()
        assert called.state == "asked"

    def test_forged_messages_change_nothing(self, server: Sink, team: Team, called: Engagement) -> None:
        target = kit.pagerduty(team, server)
        found = acknowledged(called)
        assert of_pagerduty(target, found, secret="another secret") == (401, "not_signed")
        assert post(target, json.dumps(found).encode(), {}) == (401, "not_signed")
        called.refresh_from_db()
        assert called.state == "asked"

    def test_before_its_secret_is_entered_nothing_is_taken(self, server: Sink, team: Team, called: Engagement) -> None:
        target = kit.pagerduty(team, server, secret="")
        assert of_pagerduty(target, acknowledged(called), secret="") == (401, "not_signed")

    @pytest.mark.parametrize("found", [[], {}, {"event": 7}, "text"])
    def test_what_nobody_can_read_is_said_to_be_so(self, found: Any, server: Sink, team: Team) -> None:
        assert of_pagerduty(kit.pagerduty(team, server), found) == (400, "invalid")

    def test_too_much_is_not_read(self, server: Sink, team: Team) -> None:
        assert of_pagerduty(kit.pagerduty(team, server), "x" * 300_000) == (400, "invalid")


def milliseconds() -> int:
    return int(dbtime.now().timestamp() * 1000)


class TestOpsgenie:
    def test_who_answered_is_known_by_their_address(
        self, server: Sink, team: Team, called: Engagement, cast: SimpleNamespace
    ) -> None:
        target = kit.opsgenie(team, server)
        found = recorded.opsgenie(keys.of_call(called.pk), username="Rosa@example.org", changed=milliseconds())
        assert post(target, json.dumps(found).encode(), {}) == (200, "acknowledged")
        called.refresh_from_db()
        assert called.acknowledged_by == cast.rosa
        assert (entry(called).actor, entry(called).text) == (cast.rosa, "in Opsgenie")
        assert post(target, json.dumps(found).encode(), {}) == (200, "repeated")

    def test_the_address_is_its_proof(self, server: Sink, team: Team, called: Engagement) -> None:
        target = kit.opsgenie(team, server)
        found = recorded.opsgenie(keys.of_call(called.pk), username="x", changed=milliseconds())
        assert post(target, json.dumps(found).encode(), {}, inbound="guessed") == (404, "not_found")
        assert post(target, json.dumps(found).encode(), {}, inbound="") == (404, "not_found")
        called.refresh_from_db()
        assert called.state == "asked"

    def test_its_other_actions_are_left_alone(self, server: Sink, team: Team, called: Engagement) -> None:
        found = recorded.opsgenie("x", action="Create", username="x", changed=milliseconds())
        assert post(kit.opsgenie(team, server), json.dumps(found).encode(), {}) == (200, "ignored")


class TestWebhook:
    def signed(self, called: Engagement, *, at: Any = None, secret: str = kit.SECRET) -> tuple[bytes, dict[str, str]]:
        now = at or dbtime.now()
        data = {"page": keys.of_call(called.pk), "by": {"name": "Tom", "mail": ""}}
        body = json.dumps({"type": "page.acknowledged", "timestamp": now.isoformat(), "data": data})
        headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(now.timestamp()))}
        return body.encode(), headers | {"webhook-signature": Webhook(secret).sign("msg_1", now, body)}

    def test_signed_as_what_leaves(self, server: Sink, team: Team, called: Engagement) -> None:
        target = kit.webhook(team, server)
        assert post(target, *self.signed(called)) == (200, "acknowledged")
        assert post(target, *self.signed(called)) == (200, "repeated")

    def test_one_that_was_held_back_is_not_believed(self, server: Sink, team: Team, called: Engagement) -> None:
        old = self.signed(called, at=dbtime.now() - timedelta(minutes=6))
        assert post(kit.webhook(team, server), *old) == (401, "not_signed")

    def test_another_secret_or_a_changed_body(self, server: Sink, team: Team, called: Engagement) -> None:
        target = kit.webhook(team, server)
        other = self.signed(called, secret="whsec_b3RoZXItc2VjcmV0LW9mLXRoaXM=")
        assert post(target, *other) == (401, "not_signed")
        body, headers = self.signed(called)
        assert post(target, body + b" ", headers) == (401, "not_signed")
        assert post(target, body, headers | {"webhook-signature": "v1"}) == (401, "not_signed")


@pytest.mark.parametrize("key", ["1", "0-x", "x-y", "-", "²-x", f"{'9' * 30}-x", "999999-inbound"])
def test_addresses_of_nobody(key: str) -> None:
    assert Client().post(f"/paging/{key}/", data="{}", content_type="application/json").status_code == 404


def test_a_target_that_is_switched_off_takes_nothing(server: Sink, team: Team, called: Engagement) -> None:
    target = kit.pagerduty(team, server, is_active=False)
    assert of_pagerduty(target, acknowledged(called)) == (404, "not_found")


def test_guessing_is_slowed_down_and_a_busy_pager_is_not(
    server: Sink, team: Team, called: Engagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates, "SIGNED_LINKS", Buckets(burst=3, per_second=0.0001))
    target = kit.pagerduty(team, server)
    for _ in range(5):
        assert of_pagerduty(target, acknowledged(called, kind="incident.triggered")) == (200, "ignored")
    assert [Client().post("/paging/1-guess/").status_code for _ in range(4)] == [404, 404, 404, 429]
    assert of_pagerduty(target, acknowledged(called)) == (200, "acknowledged")


def test_the_room_knows_who_was_reached_how(server: Sink, team: Team, cast: SimpleNamespace) -> None:
    second = kit.opsgenie(team, server)
    first = kit.pagerduty(team, server)
    lost = kit.webhook(team, server, name="Ticketing", fallback=second)
    called = kit.engage(kit.incident(cast), team, cast)
    server.says(202, 410, 202)
    kit.run(first, lost, second)
    of_pagerduty(first, acknowledged(called))
    kit.run(second)
    ways = {way.name: way for way in queries.ways([called.pk])[called.pk]}
    assert set(ways) == {"E-mail", "PagerDuty", "Ticketing", "Opsgenie"}
    assert ways["PagerDuty"].is_sent
    assert ways["PagerDuty"].answered_by == "Tom Smith"
    assert (ways["Ticketing"].is_lost, ways["Ticketing"].went_on) == (True, True)
    assert ways["Ticketing"].error.startswith("There is nothing at this address")
    assert ways["Opsgenie"].told_at is not None
    assert (ways["E-mail"].is_waiting, ways["E-mail"].count) == (True, 2)


def test_the_room_shows_it(server: Sink, team: Team, cast: SimpleNamespace, signed_in: Callable[..., Client]) -> None:
    target = kit.pagerduty(team, server)
    phone = factories.paging_target(of=team, kind="sms", name="SMS", number="+353861234567", address="twilio://")
    called = kit.engage(kit.incident(cast), team, cast)
    server.says(202)
    kit.run(target, phone)
    of_pagerduty(target, acknowledged(called))
    page = signed_in(cast.mia).get(f"/incidents/{called.incident.reference}/panels/teams/").content.decode()
    words = " ".join(page.split())
    assert "<b>PagerDuty</b>: sent" in words
    assert "acknowledged there by Tom Smith" in words
    assert "<b>SMS …567</b>:" in words
    assert "not delivered" in words
    assert "+353861234567" not in page


def test_what_follows_an_error_in_the_room_goes_on_in_its_sentence(
    server: Sink, team: Team, cast: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    target = kit.pagerduty(team, server)
    called = kit.engage(kit.incident(cast), team, cast)
    of_pagerduty(target, acknowledged(called))  # before the page could leave
    kit.run(target)
    page = signed_in(cast.mia).get(f"/incidents/{called.incident.reference}/panels/teams/").content.decode()
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "before this could leave, acknowledged there by Tom Smith" in words
