"""/metrics: for scrapers and administrators only, cheap, and right about what is late and what waits."""

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.test import APIClient

from comms.choices import DeliveryState
from comms.models import Audience, Delivery, Message, UpdateDeadline
from comms.services import tallies
from comms.services.promises import sweep
from comms.services.sending import delivery
from incidents.choices import IncidentState
from mim_portal.lib import dbtime, exposition, nudge, viewers
from mim_portal.models import Heartbeat, Tally
from teams.models import Person
from tests import factories
from tests.comms import promise_kit

pytestmark = pytest.mark.django_db

TOKEN = "a-token-for-the-scraper-only"
SAMPLE = re.compile(r"^([a-z_]+)(\{[^}]*\})? (\S+)$")


@pytest.fixture
def scraper(settings: Settings) -> Client:
    settings.METRICS_TOKEN = TOKEN
    return Client(headers={"authorization": f"Bearer {TOKEN}"})


def samples(client: Client) -> dict[str, float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = {}
    for line in answer.content.decode().splitlines():
        if not line.startswith("#"):
            match = SAMPLE.match(line)
            assert match, line
            found[match[1] + (match[2] or "")] = float(match[3])
    return found


def queued(*states: DeliveryState, due_in: float = -60) -> list[Delivery]:
    message = Message.objects.create(subject="s", text="t", thread="MI-2026-0001")
    due_at = dbtime.now() + timedelta(seconds=due_in)
    return Delivery.objects.bulk_create(
        [
            Delivery(message=message, address=f"a{n}-{due_in}@example.org", state=state, due_at=due_at)
            for n, state in enumerate(states)
        ]
    )


class TestAccess:
    def test_a_stranger_is_asked_for_a_token(self, client: Client) -> None:
        answer = client.get("/metrics")
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")

    @pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", TOKEN])
    def test_what_is_not_the_token_is_refused(self, given: str, client: Client, settings: Settings) -> None:
        settings.METRICS_TOKEN = TOKEN
        assert client.get("/metrics", headers={"authorization": given}).status_code == 401

    def test_without_a_token_in_the_environment_an_empty_one_opens_nothing(
        self, client: Client, settings: Settings
    ) -> None:
        settings.METRICS_TOKEN = ""
        assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 401

    @pytest.mark.parametrize("accept", ["*/*", "application/openmetrics-text;version=1.0.0", "application/json"])
    def test_the_scraper_gets_the_text_whatever_it_accepts(self, accept: str, scraper: Client) -> None:
        assert scraper.get("/metrics", headers={"accept": accept}).status_code == 200

    def test_the_scrapers_token_opens_nothing_else(self, scraper: Client) -> None:
        assert scraper.get("/api/v1/incidents/").status_code == 401
        assert scraper.get("/settings/").status_code == 302

    def test_an_administrators_session_or_token_with_the_scope_opens_it(
        self, cast: SimpleNamespace, signed_in: Callable[[Person], Client], api: Callable[..., APIClient]
    ) -> None:
        assert signed_in(cast.ada).get("/metrics").status_code == 200
        assert api(cast.ada, scopes=["admin"]).get("/metrics").status_code == 200
        assert api(cast.ada, scopes=["read"]).get("/metrics").status_code == 403
        assert api(cast.mia, scopes=["admin"]).get("/metrics").status_code == 403
        assert signed_in(cast.mia).get("/metrics").status_code == 403

    def test_nothing_can_be_sent_to_it(self, scraper: Client) -> None:
        assert scraper.post("/metrics").status_code == 403


class TestFigures:
    def test_a_step_that_is_due_and_not_taken_is_the_lag(self, scraper: Client, cast: SimpleNamespace) -> None:
        assert samples(scraper)["mim_deadline_lag_seconds"] == 0
        incident = promise_kit.declare(manager=cast.mia, at=dbtime.now(), audiences=["technical", "public"])
        UpdateDeadline.objects.filter(incident=incident, audience__code="public").update(
            next_action_at=dbtime.now() - timedelta(seconds=90), due_at=dbtime.now() - timedelta(seconds=90)
        )
        found = samples(scraper)
        assert 90 <= found["mim_deadline_lag_seconds"] < 120
        assert found["mim_promises_late"] == 1
        assert found['mim_incidents_live{priority="P1",exercise="false"}'] == 1
        assert found['mim_promises_due_last_hour{outcome="still_open"}'] == 1

        sweep.sweep_deadlines(by="clock on here, process 1")

        found = samples(scraper)
        assert found["mim_deadline_lag_seconds"] == 0
        assert found["mim_misses_recorded_last_hour"] == 1
        assert 90 <= found['mim_miss_recorded_after_seconds{quantile="1"}'] < 120
        assert found['mim_heartbeat_age_seconds{name="sweep_deadlines"}'] < 30
        assert found['mim_sweep_seconds{name="sweep_deadlines"}'] > 0

    def test_promises_of_the_last_hour_by_what_became_of_them(self, scraper: Client, cast: SimpleNamespace) -> None:
        at = dbtime.now() - timedelta(minutes=50)
        audiences = ["technical", "service_desk", "end_users", "executives"]
        incident = promise_kit.declare(manager=cast.mia, at=at, audiences=audiences)
        update, _, _ = promise_kit.publish(incident, "public", author=cast.mia, at=at)
        due = dbtime.now() - timedelta(minutes=30)
        rows = UpdateDeadline.objects.filter(incident=incident, audience__code__in=audiences)
        changes: dict[str, dict[str, Any]] = {
            "technical": {"kept_at": due - timedelta(minutes=1), "kept_by": update},
            "service_desk": {"kept_at": due + timedelta(minutes=1), "kept_by": update},
            "end_users": {"ended_at": due, "end_reason": "resolved"},
            "executives": {},
        }
        for code, change in changes.items():
            rows.filter(audience__code=code).update(due_at=due, **change)
        found = samples(scraper)
        outcomes = [found[f'mim_promises_due_last_hour{{outcome="{name}"}}'] for name in OUTCOMES]
        assert outcomes == [1, 1, 1, 1]

    def test_the_outbox_by_state(self, scraper: Client) -> None:
        queued(DeliveryState.PENDING, DeliveryState.PENDING, DeliveryState.FAILED, DeliveryState.SENT)
        queued(DeliveryState.SENDING, due_in=-10)
        found = samples(scraper)
        depth = [found[f'mim_outbox_deliveries{{state="{state}"}}'] for state in ("pending", "failed", "sending")]
        assert depth == [2, 1, 1]
        assert 60 <= found['mim_outbox_oldest_due_seconds{state="pending"}'] < 90

    def test_what_is_due_later_has_no_age(self, scraper: Client) -> None:
        queued(DeliveryState.FAILED, due_in=600)
        found = samples(scraper)
        assert found['mim_outbox_deliveries{state="failed"}'] == 1
        assert found['mim_outbox_oldest_due_seconds{state="failed"}'] == 0

    def test_outcomes_are_counted_as_they_are_marked(self, scraper: Client) -> None:
        queued(*[DeliveryState.PENDING] * 4)
        chunk = delivery.claim()
        a, b, c, d = chunk.rows
        outcomes = [delivery.sent(a), delivery.sent(b), delivery.refused(c, "550"), delivery.untried(d)]
        assert delivery.mark(lease=chunk.lease, outcomes=outcomes) == 4
        found = samples(scraper)
        assert found['mim_deliveries_total{outcome="sent"}'] == 2
        assert found['mim_deliveries_total{outcome="dead"}'] == 1
        assert set(Tally.objects.values_list("name", flat=True)) == {"deliveries.sent", "deliveries.dead"}

    def test_a_lease_that_was_lost_counts_nothing(self) -> None:
        queued(DeliveryState.PENDING)
        chunk = delivery.claim()
        Delivery.objects.update(lease=None)
        assert delivery.mark(lease=chunk.lease, outcomes=[delivery.sent(row) for row in chunk.rows]) == 0
        assert not Tally.objects.exists()

    def test_viewers_are_summed_over_the_live_processes(self, scraper: Client, own_redis_database: str) -> None:
        assert samples(scraper)["mim_live_viewers"] == 0
        nudge.client().set(viewers.key("one:1"), 17, ex=20)
        nudge.client().set(viewers.key("two:1"), 5, ex=20)
        assert samples(scraper)["mim_live_viewers"] == 22

    def test_without_redis_it_says_so(self, scraper: Client, settings: Settings) -> None:
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        found = samples(scraper)
        assert "mim_live_viewers" not in found
        assert found['mim_component_up{component="redis"}'] == 0
        assert found['mim_component_up{component="database"}'] == 1

    def test_without_the_database_the_token_still_opens_it(
        self, scraper: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(connection, "close", lambda: None)
        with connection.execute_wrapper(_broken):
            found = samples(scraper)
        assert found['mim_component_up{component="database"}'] == 0
        assert not any(name.startswith("mim_deadline") for name in found)

    def test_refused_nudges_of_this_process(self, scraper: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(nudge.circuit, "failures", 3)
        assert [value for name, value in samples(scraper).items() if name.startswith("mim_nudge_failures")] == [3]


OUTCOMES = ("kept_on_time", "kept_late", "ended", "still_open")


def _broken(*_: object) -> None:
    raise DatabaseError("gone")


def test_each_channel_says_whether_it_works_and_what_waits(scraper: Client) -> None:
    works, hangs = factories.endpoint(kind="slack", code="ops"), factories.endpoint(code="tickets", failures=3)
    factories.endpoint(code="off", is_active=False)
    common: dict[str, Any] = {"message_id": 1, "channel": "webhook", "endpoint_id": hangs.pk}
    Delivery.objects.create(address="a", state="failed", due_at=dbtime.now() - timedelta(minutes=2), **common)
    Delivery.objects.create(address="b", state="sent", **common)
    found = samples(scraper)
    assert [found[f'mim_channel_up{{channel="{each.code}",kind="{each.kind}"}}'] for each in (works, hangs)] == [1, 0]
    assert found['mim_channel_waiting{channel="tickets",kind="webhook"}'] == 1
    assert found['mim_channel_waiting{channel="ops",kind="slack"}'] == 0
    assert 115 < found['mim_channel_oldest_due_seconds{channel="tickets",kind="webhook"}'] < 300
    assert found['mim_outbox_deliveries{state="failed"}'] == 1
    assert not [name for name in found if '"off"' in name]


def test_sent_deliveries_are_not_read(cast: SimpleNamespace) -> None:
    """The outbox is counted by its partial indexes, however much has been sent."""
    factories.endpoint()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO comms_delivery (message_id, channel, address, state, position)"
            " SELECT n, 'email', 'a@example.org', 'sent', 0 FROM generate_series(1, 20000) AS n"
        )
        cursor.execute("ANALYZE comms_delivery")
        for name in ("_OUTBOX", "_CHANNELS"):
            cursor.execute(f"EXPLAIN (COSTS OFF) {measures_sql(name)}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan on comms_delivery" not in plan, plan


def test_a_scrape_costs_the_same_few_queries_whatever_there_is(
    scraper: Client, cast: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(7):  # clock, last hour, outbox, channels, heartbeats, tallies, live incidents
        samples(scraper)
    for _ in range(3):
        promise_kit.declare(manager=cast.mia, at=dbtime.now() - timedelta(hours=1))
    queued(*[DeliveryState.PENDING] * 20)
    Heartbeat.objects.create(name="one", beat_at=dbtime.now())
    tallies.add({"deliveries.sent": 5})
    with django_assert_num_queries(7):
        samples(scraper)


def test_ended_incidents_and_kept_promises_are_not_read(cast: SimpleNamespace) -> None:
    """The plans stay on the open rows: thousands of kept promises and sent deliveries stand beside a few open ones."""
    audience = Audience.objects.get(code="public").pk
    incident = promise_kit.declare(manager=cast.mia, at=dbtime.now(), audiences=["technical"])
    update, _, _ = promise_kit.publish(incident, "public", author=cast.mia)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO comms_updatedeadline (incident_id, audience_id, is_first, opened_at, due_at, kept_at,"
            " kept_by_id, end_reason) SELECT %s, %s, false, now() - interval '9 days', now() - interval '8 days',"
            " now() - interval '8 days', %s, '' FROM generate_series(1, 5000)",
            [incident.pk, audience, update.pk],
        )
        cursor.execute("ANALYZE comms_updatedeadline")
        for statement in (measures_sql("_NOW"), measures_sql("_LAST_HOUR")):
            cursor.execute(f"EXPLAIN (COSTS OFF) {statement}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan" not in plan, plan


def measures_sql(name: str) -> str:
    from comms.queries import measures

    return str(getattr(measures, name))


class TestText:
    def test_labels_are_quoted_and_empty_families_left_out(self) -> None:
        written = exposition.text(
            [
                exposition.Metric(name="a", help="Back\\slash\nand line", samples=[({"l": 'say "x"\n'}, 1.5)]),
                exposition.Metric(name="b", help="nothing", samples=[]),
                exposition.one("c_total", "A total.", 12345678901, kind="counter"),
            ]
        )
        assert written == (
            "# HELP a Back\\\\slash\\nand line\n# TYPE a gauge\n"
            'a{l="say \\"x\\"\\n"} 1.5\n'
            "# HELP c_total A total.\n# TYPE c_total counter\nc_total 12345678901\n"
        )

    def test_a_process_forgotten_between_two_reads_counts_nothing(self) -> None:
        assert viewers.total([b"3", None, "4"]) == 7


def test_resolved_incidents_are_not_live(scraper: Client, cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, at=dbtime.now())
    promise_kit.move_to(incident, IncidentState.RESOLVED, resolved_at=dbtime.now())
    assert not any(name.startswith("mim_incidents_live") for name in samples(scraper))
