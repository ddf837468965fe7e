"""A team that is called is paged at once: PagerDuty, Opsgenie, signed webhooks, SMS and phone, one page a call."""

import json
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import parse_qs

import pytest
from apprise.plugins.twilio import NotifyTwilio
from pytest_django import Settings
from standardwebhooks.webhooks import Webhook

from comms.models import Delivery, Endpoint, Message
from comms.services.paging import keys
from incidents.models import Incident
from incidents.services.states import lifecycle
from incidents.services.work import engagements
from teams.models import Contact, Team
from tests import factories
from tests.comms import paging_kit as kit
from tests.comms import recorded
from tests.http_sink import Sink, sink

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Settings) -> Iterator[Sink]:
    with sink() as kept:
        settings.OUTGOING_INTERNAL_HOSTS = [kept.host]
        kept.answers = [(202, {}, recorded.PAGERDUTY_TAKEN)]
        yield kept


@pytest.fixture
def team(cast: SimpleNamespace) -> Team:
    return kit.team(cast)


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(cast)


def body(server: Sink, number: int = -1) -> dict[str, object]:
    found: dict[str, object] = json.loads(server.taken[number].body)
    return found


class TestPagerduty:
    def test_the_page_leaves_with_the_call(
        self, server: Sink, team: Team, incident: Incident, cast: SimpleNamespace
    ) -> None:
        target = kit.pagerduty(team, server)
        called = kit.engage(incident, team, cast, note="Please look at the session store.")

        assert kit.run(target) == 1

        event = json.loads(server.taken[0].body)
        assert server.taken[0].path == "/v2/enqueue"
        assert event["routing_key"] == recorded.ROUTING_KEY
        assert (event["event_action"], event["dedup_key"]) == ("trigger", keys.of_call(called.pk))
        assert event["payload"]["summary"] == f"[P1] Database is needed: {incident.title} | {incident.reference}"
        assert event["payload"]["severity"] == "critical"
        assert "Please look at the session store." in event["payload"]["custom_details"]["message"]
        assert "/call/" in event["links"][1]["href"]
        called.refresh_from_db()
        assert called.delivered_at is not None

    def test_mail_leaves_as_well(self, server: Sink, team: Team, incident: Incident, cast: SimpleNamespace) -> None:
        Contact.objects.create(team=team, kind=Contact.Kind.EMAIL, value="database@example.org")
        kit.pagerduty(team, server)
        kit.engage(incident, team, cast)
        assert set(Delivery.objects.values_list("channel", flat=True)) == {"email", "pagerduty"}

    def test_asked_again_is_the_same_page(
        self, server: Sink, team: Team, incident: Incident, cast: SimpleNamespace
    ) -> None:
        target = kit.pagerduty(team, server)
        called = kit.engage(incident, team, cast)
        engagements.ask_again(engagement_id=called.pk, person=cast.mia, now=engagements.ask_again_at(called))
        kit.run(target)
        first, second = (json.loads(one.body) for one in server.taken)
        assert first["dedup_key"] == second["dedup_key"]
        assert second["payload"]["summary"].startswith("[P1] Asked again: Database is needed")

    def test_answered_and_released_here_is_said_there(
        self, server: Sink, team: Team, incident: Incident, cast: SimpleNamespace
    ) -> None:
        target = kit.pagerduty(team, server)
        called = kit.engage(incident, team, cast)
        kit.run(target)
        engagements.acknowledge(engagement_id=called.pk, person=cast.rosa, now=factories.NOON)
        kit.run(target)
        engagements.join(engagement_id=called.pk, person=cast.rosa, now=factories.NOON)  # says nothing new
        engagements.release(engagement_id=called.pk, person=cast.mia, now=factories.NOON)
        kit.run(target)
        key = keys.of_call(called.pk)
        assert [(body(server, at)["event_action"], body(server, at)["dedup_key"]) for at in range(3)] == [
            ("trigger", key),
            ("acknowledge", key),
            ("resolve", key),
        ]
        assert len(server.taken) == 3

    def test_an_incident_that_ends_closes_what_is_open(
        self, server: Sink, team: Team, incident: Incident, cast: SimpleNamespace
    ) -> None:
        target = kit.pagerduty(team, server)
        kit.engage(incident, team, cast)
        kit.run(target)
        lifecycle.transition(
            reference=incident.reference, person=cast.mia, to="cancelled", reason="A duplicate.", now=factories.NOON
        )
        kit.run(target)
        assert body(server)["event_action"] == "resolve"

    def test_a_key_that_it_does_not_know_is_given_up_in_words(
        self, server: Sink, team: Team, incident: Incident, cast: SimpleNamespace
    ) -> None:
        target = kit.pagerduty(team, server)
        server.answers = [(400, {}, recorded.PAGERDUTY_INVALID)]
        kit.engage(incident, team, cast)
        assert kit.run(target) == 0
        assert kit.states()["pagerduty"] == ("dead", "It does not take the message (400).")

    def test_too_many_waits_as_long_as_it_asks(
        self, server: Sink, team: Team, incident: Incident, cast: SimpleNamespace
    ) -> None:
        target = kit.pagerduty(team, server)
        server.answers = [(429, {"Retry-After": "120"}, b""), (202, {}, recorded.PAGERDUTY_TAKEN)]
        kit.engage(incident, team, cast)
        kit.run(target)
        assert kit.states()["pagerduty"] == ("failed", "It says: too many messages. It is tried again later.")
        target.refresh_from_db()
        assert target.paused_until is not None
        assert target.last_failure_at is not None
        assert target.paused_until - target.last_failure_at >= timedelta(seconds=120)
        kit.again(target)
        assert kit.run(target) == 1

    def test_trouble_of_its_own_is_tried_again_under_the_same_key(
        self, server: Sink, team: Team, incident: Incident, cast: SimpleNamespace
    ) -> None:
        target = kit.pagerduty(team, server)
        server.answers = [(500, {}, b""), (202, {}, recorded.PAGERDUTY_TAKEN)]
        kit.engage(incident, team, cast)
        kit.run(target)
        kit.again(target)
        assert kit.run(target) == 1
        assert body(server, 0)["dedup_key"] == body(server, 1)["dedup_key"]


class TestOpsgenie:
    def test_an_alert_that_is_acknowledged_and_closed(
        self, server: Sink, team: Team, incident: Incident, cast: SimpleNamespace
    ) -> None:
        server.answers = [(202, {}, recorded.OPSGENIE_TAKEN)]
        target = kit.opsgenie(team, server)
        called = kit.engage(incident, team, cast)
        kit.run(target)
        engagements.acknowledge(engagement_id=called.pk, person=cast.rosa, now=factories.NOON)
        kit.run(target)
        engagements.release(engagement_id=called.pk, person=cast.mia, now=factories.NOON)
        kit.run(target)
        key = keys.of_call(called.pk)
        assert [one.path for one in server.taken] == [
            "/v2/alerts",
            f"/v2/alerts/{key}/acknowledge?identifierType=alias",
            f"/v2/alerts/{key}/close?identifierType=alias",
        ]
        assert {one.headers["authorization"] for one in server.taken} == {f"GenieKey {recorded.GENIE_KEY}"}
        assert body(server, 0)["alias"] == key
        assert body(server, 1)["user"] == cast.rosa.name

    @pytest.mark.parametrize("status", [401, 422])
    def test_what_it_refuses_is_given_up(
        self, status: int, server: Sink, team: Team, incident: Incident, cast: SimpleNamespace
    ) -> None:
        server.answers = [(status, {}, recorded.OPSGENIE_UNKNOWN_KEY)]
        target = kit.opsgenie(team, server)
        kit.engage(incident, team, cast)
        assert kit.run(target) == 0
        assert kit.states()["opsgenie"][0] == "dead"
        target.refresh_from_db()
        assert recorded.GENIE_KEY not in target.last_error


def test_a_webhook_is_signed_as_every_other(
    server: Sink, team: Team, incident: Incident, cast: SimpleNamespace
) -> None:
    target = kit.webhook(team, server)
    called = kit.engage(incident, team, cast)
    assert kit.run(target) == 1
    said = Webhook(kit.SECRET).verify(server.taken[0].body, server.taken[0].headers)
    assert said["type"] == "page.triggered"
    assert said["data"]["page"] == keys.of_call(called.pk)
    assert said["data"]["team"] == "Database"


class TestPhones:
    """Apprise's own Twilio plugin, its address of Twilio's API turned to this machine: Twilio itself is not asked."""

    @pytest.fixture(autouse=True)
    def at_home(self, server: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(NotifyTwilio, "notify_sms_url", f"{server.url}/Accounts/{{sid}}/Messages.json")
        monkeypatch.setattr(NotifyTwilio, "notify_call_url", f"{server.url}/Accounts/{{sid}}/Calls.json")
        server.answers = [(201, {}, b"{}")]

    def target(self, team: Team, kind: str) -> Endpoint:
        address = f"twilio://AC{'0' * 32}:{'a' * 32}@+441632960000"
        return factories.paging_target(of=team, kind=kind, address=address, number="+353861234567", name=kind)

    def test_a_text_message_has_the_link_that_answers(
        self, server: Sink, team: Team, incident: Incident, cast: SimpleNamespace
    ) -> None:
        target = self.target(team, "sms")
        kit.engage(incident, team, cast)
        assert kit.run(target) == 1
        sent = parse_qs(server.taken[0].body.decode())
        assert sent["To"] == ["+353861234567"]
        assert sent["Body"][0].startswith("[P1] Database is needed")
        assert "/call/" in sent["Body"][0]

    def test_a_call_reads_it_out_twice(
        self, server: Sink, team: Team, incident: Incident, cast: SimpleNamespace
    ) -> None:
        target = self.target(team, "voice")
        called = kit.engage(incident, team, cast)
        assert kit.run(target) == 1
        assert server.taken[0].path.endswith("/Calls.json")
        said = parse_qs(server.taken[0].body.decode())["Twiml"][0]
        assert said.startswith("<Response><Say>")
        assert said.count("Database is needed") == 2
        engagements.acknowledge(engagement_id=called.pk, person=cast.rosa, now=factories.NOON)
        assert kit.run(target) == 0  # a phone hears nothing of what follows
        assert kit.pages() == ["trigger"]


class TestOtherWays:
    def test_the_other_way_waits_for_the_first_to_fail(
        self, server: Sink, team: Team, incident: Incident, cast: SimpleNamespace
    ) -> None:
        second = kit.opsgenie(team, server)
        first = kit.pagerduty(team, server, fallback=second)
        called = kit.engage(incident, team, cast)
        assert list(kit.states()) == ["pagerduty"]
        server.says(400, 202)
        kit.run(first)
        assert kit.run(second) == 1
        assert [one.path for one in server.taken] == ["/v2/enqueue", "/v2/alerts"]
        engagements.acknowledge(engagement_id=called.pk, person=cast.rosa, now=factories.NOON)
        assert list(kit.states("acknowledge")) == ["opsgenie"]

    def test_one_that_asks_to_wait_long_is_not_waited_for(
        self, server: Sink, team: Team, incident: Incident, cast: SimpleNamespace
    ) -> None:
        second = kit.opsgenie(team, server)
        first = kit.pagerduty(team, server, fallback=second)
        kit.engage(incident, team, cast)
        server.says((429, {"Retry-After": "600"}), 202)
        kit.run(first)
        assert kit.run(second) == 1

    def test_word_of_an_answer_goes_no_other_way(
        self, server: Sink, team: Team, incident: Incident, cast: SimpleNamespace
    ) -> None:
        first = kit.pagerduty(team, server, fallback=kit.opsgenie(team, server))
        called = kit.engage(incident, team, cast)
        kit.run(first)
        engagements.acknowledge(engagement_id=called.pk, person=cast.rosa, now=factories.NOON)
        server.says(400)
        kit.run(first)
        assert kit.states("acknowledge") == {"pagerduty": ("dead", "It does not take the message (400).")}

    def test_one_that_is_switched_off_pages_nobody(
        self, server: Sink, team: Team, incident: Incident, cast: SimpleNamespace
    ) -> None:
        kit.pagerduty(team, server, is_active=False, fallback=kit.opsgenie(team, server))
        kit.engage(incident, team, cast)
        assert list(kit.states()) == ["opsgenie"]


class TestNotSent:
    def test_a_call_that_was_answered_is_not_paged_any_more(
        self, server: Sink, team: Team, incident: Incident, cast: SimpleNamespace
    ) -> None:
        target = kit.pagerduty(team, server)
        called = kit.engage(incident, team, cast)
        engagements.acknowledge(engagement_id=called.pk, person=cast.rosa, now=factories.NOON)
        assert kit.run(target) == 0
        assert server.taken == []
        assert kit.states()["pagerduty"] == ("suppressed", "The call was answered before this could leave.")
        assert kit.pages() == ["trigger"]

    def test_one_that_may_have_arrived_is_told_all_the_same(
        self, server: Sink, team: Team, incident: Incident, cast: SimpleNamespace
    ) -> None:
        target = kit.pagerduty(team, server)
        server.says(500, 202)
        called = kit.engage(incident, team, cast)
        kit.run(target)
        engagements.acknowledge(engagement_id=called.pk, person=cast.rosa, now=factories.NOON)
        kit.again(target)
        assert kit.run(target) == 1
        assert [body(server, at)["event_action"] for at in (0, 1)] == ["trigger", "acknowledge"]

    def test_one_that_a_lane_held_while_it_was_answered(
        self, server: Sink, team: Team, incident: Incident, cast: SimpleNamespace
    ) -> None:
        target = kit.pagerduty(team, server)
        called = kit.engage(incident, team, cast)
        engagements.acknowledge(engagement_id=called.pk, person=cast.rosa, now=factories.NOON)
        Delivery.objects.filter(message__page="trigger").update(state="failed", last_error="")
        kit.again(target)
        assert kit.run(target) == 0
        assert server.taken == []

    def test_nor_is_one_of_an_incident_that_ended(
        self, server: Sink, team: Team, incident: Incident, cast: SimpleNamespace
    ) -> None:
        target = kit.pagerduty(team, server)
        kit.engage(incident, team, cast)
        Incident.objects.filter(pk=incident.pk).update(state="cancelled", closed_at=factories.NOON)
        assert kit.run(target) == 0
        assert server.taken == []
        assert kit.states()["pagerduty"][0] == "suppressed"

    def test_exercises_page_only_where_that_is_wished(self, server: Sink, team: Team, cast: SimpleNamespace) -> None:
        kit.pagerduty(team, server)
        kit.opsgenie(team, server, hears_exercises=True)
        drill = kit.incident(cast)
        Incident.objects.filter(pk=drill.pk).update(is_exercise=True)
        kit.engage(drill, team, cast)
        assert kit.states() == {
            "pagerduty": ("suppressed", "It is not paged for exercises."),
            "opsgenie": ("pending", ""),
        }
        assert Message.objects.get(page="trigger").subject.startswith("EXERCISE")

    def test_of_a_private_incident_a_pager_learns_no_word(
        self, server: Sink, team: Team, incident: Incident, cast: SimpleNamespace
    ) -> None:
        target = kit.pagerduty(team, server)
        Incident.objects.filter(pk=incident.pk).update(is_private=True)
        kit.engage(incident, team, cast, note="Salaries leaked.")
        assert kit.run(target) == 1
        said = server.taken[0].body.decode()
        assert incident.reference in said
        for word in ("Payroll", "timesheets", "Salaries"):
            assert word not in said

    def test_the_portals_own_messages_find_no_teams_target(self, server: Sink, team: Team) -> None:
        """A team's SMS provider is nobody else's, and its webhook hears no event."""
        factories.paging_target(of=team, kind="sms", number="+353861234567")
        own = factories.endpoint(kind="sms")
        assert Endpoint.objects.filter(kind="sms", is_active=True, team=None).get() == own
