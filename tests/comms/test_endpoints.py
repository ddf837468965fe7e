"""Ways out other than mail are kept: sealed, checked, audited; what waits for one that is switched off goes on."""

from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django import Settings

from comms.models import Delivery, Endpoint, Message
from comms.queries.recipients import endpoints as queries
from comms.services.sending import endpoints, ways
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Invalid, Refusal
from mim_portal.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db

SLACK = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


def add(cast: SimpleNamespace, **values: Any) -> Endpoint:
    given = {"code": "tickets", "name": "Tickets", "address": "https://tickets.example.org/in"}
    made, _secret = endpoints.add(values=given | values, by=cast.ada)
    return made


def refused(field: str, code: str = "invalid") -> Any:
    class Caught:
        def __enter__(self) -> None:
            self.raises = pytest.raises(Invalid)
            self.caught = self.raises.__enter__()

        def __exit__(self, *error: Any) -> bool:
            done = bool(self.raises.__exit__(*error))
            assert (self.caught.value.field, self.caught.value.code) == (field, code)
            return done

    return Caught()


class TestAdd:
    def test_a_webhook_gets_a_secret_that_is_told_once(self, cast: SimpleNamespace) -> None:
        made, secret = endpoints.add(
            values={"code": " Tickets ", "name": "Tickets", "address": "https://tickets.example.org/in?key=abc"},
            by=cast.ada,
        )
        assert (made.code, made.kind, made.host) == ("tickets", "webhook", "tickets.example.org")
        assert secret.startswith("whsec_")
        stored = str(Endpoint.objects.filter(pk=made.pk).values().get())
        assert "abc" not in stored
        assert secret not in stored
        way = ways.opened(made, now=dbtime.now())
        assert (way.address, way.secrets) == ("https://tickets.example.org/in?key=abc", [secret])
        entry = AuditEntry.objects.get(verb="endpoint.added")
        assert (entry.subject, entry.actor) == ("channel tickets", cast.ada)
        assert "abc" not in str(entry.data)

    def test_a_chat_is_not_signed(self, cast: SimpleNamespace) -> None:
        made, secret = endpoints.add(
            values={"kind": "slack", "code": "ops", "name": "Ops", "address": SLACK}, by=cast.ada
        )
        assert (made.host, secret, made.secret_sealed) == ("hooks.slack.com", "", "")

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"kind": "fax"}, "kind"),
            ({"kind": "email"}, "kind"),
            ({"code": "a b"}, "code"),
            ({"name": " "}, "name"),
            ({"address": ""}, "address"),
            ({"kind": "slack"}, "address"),
            ({"address": "https://user:pw@example.org/"}, "address"),
            ({"address": "http://example.org/"}, "address"),
            ({"per_minute": 0}, "per_minute"),
            ({"per_minute": 6001}, "per_minute"),
            ({"events": ["incident.exploded"]}, "events"),
            ({"kind": "slack", "address": SLACK, "events": ["incident.closed"]}, "events"),
            ({"depends_on_services": ["nothing"]}, "depends_on_services"),
            ({"fallback": "nothing"}, "fallback"),
            ({"fallback_mail": "nobody"}, "fallback_mail"),
            ({"secret": "mine"}, "secret"),
        ],
    )
    def test_what_cannot_be_used_is_said_at_its_field(
        self, cast: SimpleNamespace, values: dict[str, Any], field: str
    ) -> None:
        with refused(field):
            add(cast, **values)
        assert not Endpoint.objects.exists()

    def test_with_another_way(self, cast: SimpleNamespace) -> None:
        spare = factories.endpoint(code="spare")
        assert add(cast, fallback="spare", fallback_mail="").fallback == spare
        assert add(cast, code="other", fallback="", fallback_mail="OPS@example.org").fallback_mail == "ops@example.org"

    def test_a_code_is_taken_once(self, cast: SimpleNamespace) -> None:
        add(cast)
        with refused("code", "code_taken"):
            add(cast, kind="slack", address=SLACK)

    def test_one_sms_provider_is_in_use(self, cast: SimpleNamespace) -> None:
        add(cast, kind="sms", address="twilio://AC1:token@+15551234567")
        with refused("is_active", "sms_in_use"):
            add(cast, kind="sms", code="other", address="plivo://id:token@+15551234567")
        assert (
            add(cast, kind="sms", code="other", address="plivo://id:token@+15551234567", is_active=False).host
            == "plivo"
        )

    def test_an_internal_host_needs_the_setting(self, cast: SimpleNamespace, settings: Settings) -> None:
        address = "http://chat.internal:8065/hooks/abcdefghij0123456789abcdef"
        with refused("address"):
            add(cast, kind="mattermost", address=address)
        settings.OUTGOING_INTERNAL_HOSTS = ["chat.internal:8065"]
        assert add(cast, kind="mattermost", address=address).host == "chat.internal"


class TestChange:
    def test_what_is_not_sent_stays_and_an_empty_address_keeps_it(self, cast: SimpleNamespace) -> None:
        payroll = factories.service(slug="payroll")
        made = add(cast, events=["incident.closed"], depends_on_services=["payroll"])
        spare = factories.endpoint(code="spare")
        endpoints.change(code="tickets", changes={"name": "Ticketing", "address": "", "fallback": "spare"}, by=cast.ada)
        found = queries.one("tickets")
        assert found is not None
        assert (found.name, found.fallback, found.events) == ("Ticketing", spare, ["incident.closed"])
        assert [*found.depends_on_services.all()] == [payroll]
        assert found.address_sealed == made.address_sealed
        assert AuditEntry.objects.get(verb="endpoint.changed").data == {"fields": ["fallback", "name"]}

    def test_nothing_changed_is_not_audited(self, cast: SimpleNamespace) -> None:
        add(cast)
        endpoints.change(code="tickets", changes={"name": "Tickets"}, by=cast.ada)
        assert not AuditEntry.objects.filter(verb="endpoint.changed").exists()

    def test_a_new_address_ends_the_pause_of_the_old_one(self, cast: SimpleNamespace) -> None:
        made = add(cast)
        Endpoint.objects.update(failures=9, paused_until=dbtime.now())
        endpoints.change(code="tickets", changes={"address": "https://new.example.org/"}, by=cast.ada)
        made.refresh_from_db()
        assert (made.host, made.failures, made.paused_until) == ("new.example.org", 0, None)

    def test_two_people(self, cast: SimpleNamespace) -> None:
        version = queries.version(add(cast))
        endpoints.change(code="tickets", changes={"per_minute": 5}, by=cast.ada, version=version)
        with pytest.raises(endpoints.Outdated):
            endpoints.change(code="tickets", changes={"per_minute": 9}, by=cast.ada, version=version)

    @pytest.mark.parametrize("changes", [{"fallback": "tickets"}, {"fallback": "texts"}])
    def test_it_does_not_fall_back_to_itself_nor_to_numbers(
        self, cast: SimpleNamespace, changes: dict[str, Any]
    ) -> None:
        add(cast)
        factories.endpoint(kind="sms", code="texts")
        with refused("fallback"):
            endpoints.change(code="tickets", changes=changes, by=cast.ada)

    def test_it_falls_back_to_one_place(self, cast: SimpleNamespace) -> None:
        add(cast)
        factories.endpoint(code="spare")
        with refused("fallback_mail"):
            endpoints.change(
                code="tickets", changes={"fallback": "spare", "fallback_mail": "ops@example.org"}, by=cast.ada
            )

    def test_a_channel_of_nobody(self, cast: SimpleNamespace) -> None:
        with pytest.raises(endpoints.Unknown):
            endpoints.change(code="nothing", changes={}, by=cast.ada)


def test_what_waits_for_a_channel_that_is_switched_off_goes_on(cast: SimpleNamespace) -> None:
    made = add(cast, fallback_mail="ops@example.org")
    message = Message.objects.create(subject="s", text="t", thread="MI")
    event = Message.objects.create(subject="s", text="{}", thread="MI", event="incident.closed")
    common: dict[str, Any] = {"channel": "webhook", "address": "tickets", "endpoint_id": made.pk}
    for text, state in ((message, "failed"), (event, "pending")):
        Delivery.objects.create(message=text, state=state, **common)
    kept = Delivery.objects.create(message_id=0, state="sent", **common)

    endpoints.change(code="tickets", changes={"is_active": False}, by=cast.ada)

    rows = Delivery.objects.exclude(pk=kept.pk).order_by("pk")
    assert [(row.channel, row.address, row.state, row.last_error) for row in rows] == [
        ("webhook", "tickets", "suppressed", "This channel is switched off."),
        ("webhook", "tickets", "suppressed", "This channel is switched off."),
        ("email", "ops@example.org", "pending", ""),
    ]


class TestSecret:
    def test_the_old_one_signs_for_a_day(self, cast: SimpleNamespace) -> None:
        given = {"code": "tickets", "name": "Tickets", "address": "https://tickets.example.org/in"}
        _made, old = endpoints.add(values=given, by=cast.ada)
        found, new = endpoints.change_secret(code="tickets", by=cast.ada)
        assert ways.opened(found, now=dbtime.now()).secrets == [new, old]
        assert found.old_secret_until is not None
        assert ways.opened(found, now=found.old_secret_until).secrets == [new]
        assert AuditEntry.objects.filter(verb="endpoint.secret_changed").count() == 1

    def test_chats_have_none(self, cast: SimpleNamespace) -> None:
        factories.endpoint(kind="slack", code="ops")
        with pytest.raises(Refusal, match="Only webhooks"):
            endpoints.change_secret(code="ops", by=cast.ada)


class TestAgain:
    def delivery(self, made: Endpoint, **fields: Any) -> Delivery:
        message = Message.objects.create(subject="s", text="t", thread="MI")
        values = {"channel": made.kind, "address": made.code, "endpoint_id": made.pk, "state": "dead", "attempts": 7}
        return Delivery.objects.create(message=message, **values | fields)

    @pytest.mark.parametrize("state", ["dead", "sent", "suppressed"])
    def test_what_ended_is_sent_again_at_once(self, cast: SimpleNamespace, state: str) -> None:
        made = add(cast)
        Endpoint.objects.update(paused_until=dbtime.now())
        row = self.delivery(made, state=state)
        endpoints.redeliver(code="tickets", pk=row.pk, by=cast.ada)
        row.refresh_from_db()
        made.refresh_from_db()
        assert (row.state, row.attempts, row.last_error, made.paused_until) == ("pending", 0, "", None)
        assert AuditEntry.objects.get(verb="endpoint.redelivered").data == {"delivery": row.pk}

    def test_what_is_on_its_way_is_not(self, cast: SimpleNamespace) -> None:
        row = self.delivery(add(cast), state="failed")
        with pytest.raises(Refusal, match="on its way"):
            endpoints.redeliver(code="tickets", pk=row.pk, by=cast.ada)

    def test_nor_by_a_channel_that_is_off_nor_what_is_anothers(self, cast: SimpleNamespace) -> None:
        row = self.delivery(factories.endpoint(code="other"))
        add(cast)
        with pytest.raises(endpoints.Unknown):
            endpoints.redeliver(code="tickets", pk=row.pk, by=cast.ada)
        Endpoint.objects.update(is_active=False)
        with pytest.raises(Refusal, match="switched off"):
            endpoints.redeliver(code="other", pk=row.pk, by=cast.ada)
