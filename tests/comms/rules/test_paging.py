"""What pagers are told of a call, and how what they tell is proved and read."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comms.choices import PageAction
from comms.rules import endpoints, paging
from comms.rules.paging import Page, Told
from teams.rules.fields import Unusable
from tests.comms import recorded

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
KEY = "mim-call-17-0123456789abcdef"
PAGE = Page(
    action=PageAction.TRIGGER,
    key=KEY,
    summary="[P1] Database is needed: Payroll | MI-2026-0001",
    text="Staff cannot submit timesheets.",
    team="Database",
    incident="MI-2026-0001",
    service="Payroll",
    priority="P1",
    room="https://mim.example.org/incidents/MI-2026-0001/#teams",
    answer="https://mim.example.org/call/abc/",
    by="Mia Moss",
)


class TestPagerduty:
    def test_a_call_is_a_trigger(self) -> None:
        body = paging.pagerduty(PAGE, routing_key=recorded.ROUTING_KEY)
        assert body == {
            "routing_key": recorded.ROUTING_KEY,
            "event_action": "trigger",
            "dedup_key": KEY,
            "payload": {
                "summary": PAGE.summary,
                "source": "Payroll",
                "severity": "critical",
                "custom_details": {
                    "team": "Database",
                    "incident": "MI-2026-0001",
                    "service": "Payroll",
                    "priority": "P1",
                    "room": PAGE.room,
                    "answer": PAGE.answer,
                    "message": "Staff cannot submit timesheets.",
                },
            },
            "links": [{"href": PAGE.room, "text": "Room"}, {"href": PAGE.answer, "text": "Answer"}],
            "client": "MIM Portal",
            "client_url": PAGE.room,
        }

    @pytest.mark.parametrize("action", [PageAction.ACKNOWLEDGE, PageAction.RESOLVE])
    def test_what_follows_names_the_same_key_alone(self, action: PageAction) -> None:
        assert paging.pagerduty(replace(PAGE, action=action), routing_key="k") == {
            "routing_key": "k",
            "event_action": action.value,
            "dedup_key": KEY,
        }

    def test_its_limits_are_kept(self) -> None:
        body = paging.pagerduty(replace(PAGE, summary="x" * 3000, service=""), routing_key="k")
        assert len(body["payload"]["summary"]) == 1024
        assert body["payload"]["source"] == "MIM Portal"

    @pytest.mark.parametrize(
        ("priority", "severity"), [("P1", "critical"), ("P2", "error"), ("P3", "warning"), ("P4", "info"), ("", "info")]
    )
    def test_severities(self, priority: str, severity: str) -> None:
        assert paging.severity(priority) == severity

    def test_a_test_wakes_nobody_by_its_severity(self) -> None:
        assert paging.pagerduty(replace(PAGE, is_test=True), routing_key="k")["payload"]["severity"] == "info"


class TestOpsgenie:
    def test_a_call_is_an_alert(self) -> None:
        url, body = paging.opsgenie(PAGE, address="https://api.eu.opsgenie.com/")
        assert url == "https://api.eu.opsgenie.com/v2/alerts"
        assert (body["alias"], body["priority"], body["entity"]) == (KEY, "P1", "Payroll")
        assert body["description"] == f"Staff cannot submit timesheets.\n\n{PAGE.room}"

    def test_its_limits_are_kept(self) -> None:
        _url, body = paging.opsgenie(replace(PAGE, summary="x" * 400, text="y" * 20_000), address=paging.OPSGENIE)
        assert (len(body["message"]), len(body["description"])) == (130, 15_000)

    @pytest.mark.parametrize(("action", "deed"), [("acknowledge", "acknowledge"), ("resolve", "close")])
    def test_what_follows_names_the_alias(self, action: str, deed: str) -> None:
        url, body = paging.opsgenie(replace(PAGE, action=PageAction(action)), address=paging.OPSGENIE)
        assert url == f"https://api.opsgenie.com/v2/alerts/{KEY}/{deed}?identifierType=alias"
        assert body == {"source": "MIM Portal", "user": "Mia Moss", "note": PAGE.summary}

    def test_a_test_and_no_priority_are_the_lowest(self) -> None:
        for page in (replace(PAGE, is_test=True), replace(PAGE, priority="")):
            assert paging.opsgenie(page, address=paging.OPSGENIE)[1]["priority"] == "P5"


def test_a_webhook_is_told_the_call_and_what_follows() -> None:
    event, data = paging.webhook(PAGE)
    assert event == "page.triggered"
    assert (data["page"], data["team"], data["is_test"]) == (KEY, "Database", False)
    assert paging.webhook(replace(PAGE, action=PageAction.RESOLVE)) == (
        "page.resolved",
        {"page": KEY, "by": "Mia Moss", "is_test": False},
    )


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("pagerduty", "short"), ("pagerduty", "x" * 33), ("opsgenie", "a b"), ("opsgenie", ""), ("pagerduty", "ä" * 32)],
)
def test_what_is_no_key_is_refused(kind: str, typed: str) -> None:
    with pytest.raises(Unusable):
        paging.key(kind, typed)


def test_keys_are_kept_as_they_are() -> None:
    assert paging.key("pagerduty", f" {recorded.ROUTING_KEY}\n") == recorded.ROUTING_KEY
    assert paging.key("opsgenie", recorded.GENIE_KEY) == recorded.GENIE_KEY


@pytest.mark.parametrize(("text", "call"), [(KEY, 17), ("mim-call-x", None), ("samplekeyhere", None), ("", None)])
def test_which_call_a_key_names(text: str, call: int | None) -> None:
    assert paging.call_of(text) == call


class TestSignature:
    # Made with openssl: printf '{"event":{}}' | openssl dgst -sha256 -hmac secret
    BODY = b'{"event":{}}'
    RIGHT = "v1=2c984a26b96792f49173390b114619a17f5699a0bb42f13aff472b980b3080b5"

    def test_one_of_several_is_enough(self) -> None:
        for header in (self.RIGHT, f"v1={'0' * 64},{self.RIGHT}", f"v2=x, {self.RIGHT}"):
            assert paging.pagerduty_signed(header, self.BODY, secret="secret")

    @pytest.mark.parametrize("header", ["", "v1=", "v1=é", "v2=abc", f"v1={'0' * 64}"])
    def test_anything_else_is_not(self, header: str) -> None:
        assert not paging.pagerduty_signed(header, self.BODY, secret="secret")

    def test_the_version_alone_tells_how_it_is_signed(self) -> None:
        assert not paging.pagerduty_signed(self.RIGHT.removeprefix("v1="), self.BODY, secret="secret")

    def test_another_body_is_not_signed(self) -> None:
        assert not paging.pagerduty_signed(self.RIGHT, self.BODY + b" ", secret="secret")


def pagerduty(**changes: Any) -> Told | None:
    return paging.read_pagerduty(recorded.pagerduty(KEY, at="2026-03-02T11:59:30.394Z", **changes), now=NOW)


class TestReadingPagerduty:
    def test_acknowledged(self) -> None:
        assert pagerduty() == Told(
            event="01BZYK8N47N5JG55J1EEEHPEJI",
            key=KEY,
            action=PageAction.ACKNOWLEDGE,
            at=datetime(2026, 3, 2, 11, 59, 30, 394_000, tzinfo=UTC),
            name="Tom Smith",
        )

    def test_resolved(self) -> None:
        told = pagerduty(kind="incident.resolved")
        assert told is not None
        assert told.action == PageAction.RESOLVE

    @pytest.mark.parametrize("kind", ["incident.triggered", "incident.annotated", "pagey.ping"])
    def test_anything_else_is_left_alone(self, kind: str) -> None:
        assert pagerduty(kind=kind) is None

    def test_nobody_and_no_key(self) -> None:
        found = recorded.pagerduty(KEY, at="never")
        found["event"]["agent"] = None
        del found["event"]["data"]["incident_key"]
        told = paging.read_pagerduty(found, now=NOW)
        assert told is not None
        assert (told.name, told.key, told.at) == ("", "", NOW)

    def test_without_a_key_it_is_found_by_what_it_is_called(self) -> None:
        told = paging.read_pagerduty(recorded.pagerduty(None, at="2026-03-02T11:59:30Z"), now=NOW)
        assert told is not None
        assert (told.key, told.title) == ("", "[P1] Database is needed")

    @pytest.mark.parametrize(
        "found", [{}, {"event": []}, {"event": {"event_type": "incident.resolved"}}, {"event": None}]
    )
    def test_what_is_no_message_of_it(self, found: dict[str, Any]) -> None:
        with pytest.raises(paging.Unreadable):
            paging.read_pagerduty(found, now=NOW)

    def test_a_message_without_an_id(self) -> None:
        found = recorded.pagerduty(KEY, at="2026-03-02T11:59:30Z", event="")
        with pytest.raises(paging.Unreadable, match="id is missing"):
            paging.read_pagerduty(found, now=NOW)


MILLISECONDS = int(NOW.timestamp() * 1000) - 60_000


def opsgenie(**changes: Any) -> Told | None:
    given: dict[str, Any] = {"username": "rosa@example.org", "changed": MILLISECONDS, **changes}
    return paging.read_opsgenie(recorded.opsgenie(KEY, **given), now=NOW)


class TestReadingOpsgenie:
    def test_acknowledged(self) -> None:
        told = opsgenie()
        assert told is not None
        assert (told.key, told.action, told.mail) == (KEY, PageAction.ACKNOWLEDGE, "rosa@example.org")
        assert told.at == NOW - timedelta(minutes=1)
        assert told.event.startswith("052652ac-5d1c-464a-812a-7dd18bbfba8c Acknowledge ")

    def test_closed_by_an_integration(self) -> None:
        told = opsgenie(action="Close", username="System")
        assert told is not None
        assert (told.action, told.name, told.mail) == (PageAction.RESOLVE, "System", "")

    def test_milliseconds_are_read_too(self) -> None:
        found = recorded.opsgenie(KEY, username="x", changed=1)
        found["alert"]["updatedAt"] = MILLISECONDS
        told = paging.read_opsgenie(found, now=NOW)
        assert told is not None
        assert told.at == NOW - timedelta(minutes=1)

    def test_a_number_that_is_no_time(self) -> None:
        found = recorded.opsgenie(KEY, username="x", changed=1)
        found["alert"]["updatedAt"] = -(10**30)
        told = paging.read_opsgenie(found, now=NOW)
        assert told is not None
        assert told.at == NOW

    def test_anything_else_is_left_alone(self) -> None:
        assert opsgenie(action="AddNote") is None

    @pytest.mark.parametrize("changed", [None, "now", True])
    def test_without_a_time_it_cannot_be_told_from_a_repeated_one(self, changed: Any) -> None:
        found = recorded.opsgenie(KEY, username="x", changed=1)
        found["alert"]["updatedAt"] = changed
        with pytest.raises(paging.Unreadable):
            paging.read_opsgenie(found, now=NOW)


class TestReadingWebhooks:
    @pytest.mark.parametrize(
        ("by", "name", "mail"),
        [({"name": "Rosa", "mail": "r@example.org"}, "Rosa", "r@example.org"), ("Rosa", "Rosa", ""), (7, "", "")],
    )
    def test_acknowledged(self, by: Any, name: str, mail: str) -> None:
        found = {"type": "page.acknowledged", "timestamp": "2026-03-02T11:59:00", "data": {"page": KEY, "by": by}}
        told = paging.read_webhook(found, event="msg_1", now=NOW)
        assert told == Told(
            event="msg_1",
            key=KEY,
            action=PageAction.ACKNOWLEDGE,
            at=NOW - timedelta(minutes=1),
            name=name,
            mail=mail,
        )

    def test_anything_else_is_left_alone(self) -> None:
        assert paging.read_webhook({"type": "page.triggered"}, event="msg_1", now=NOW) is None

    def test_without_data(self) -> None:
        with pytest.raises(paging.Unreadable):
            paging.read_webhook({"type": "page.resolved"}, event="msg_1", now=NOW)


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[]", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_object(body: bytes) -> None:
    with pytest.raises(paging.Unreadable):
        paging.parsed(body)


def test_a_body_is_read() -> None:
    assert paging.parsed(json.dumps({"a": 1}).encode()) == {"a": 1}


def told(**changes: Any) -> Told:
    values: dict[str, Any] = {"event": "1", "key": KEY, "action": PageAction.ACKNOWLEDGE, "at": NOW}
    return Told(**values | changes)


def test_what_is_older_than_a_link_holds_is_late() -> None:
    assert paging.is_late(told(at=NOW - timedelta(days=3, seconds=1)), now=NOW)
    assert not paging.is_late(told(at=NOW - timedelta(days=3)), now=NOW)


def test_who_it_was_is_one_line() -> None:
    assert paging.who(told(name="Tom\n Smith")) == "Tom Smith"
    assert paging.who(told(mail="tom@example.org")) == "tom@example.org"


class TestPhones:
    def test_a_call_goes_by_twilio_alone(self) -> None:
        address = "twilio://AC0:token@+441632960000"
        assert endpoints.address("voice", address) == address
        with pytest.raises(Unusable, match="Known are twilio"):
            endpoints.address("voice", "vonage://key:secret@+441632960000")

    def test_the_number_and_the_way_stand_in_apprises_address(self) -> None:
        kept = "twilio://AC0:token@+441632960000?method=sms"
        assert endpoints.apprise_url("voice", kept, number="+353861234567") == (
            "twilio://AC0:token@+441632960000/+353861234567?method=call"
        )
        assert endpoints.host("voice", kept) == "twilio"


@pytest.mark.parametrize(
    ("lowest", "heard"),
    [("", "P1 P2 P3 P4 P5"), ("P1", "P1"), ("P2", "P1 P2"), ("P3", "P1 P2 P3")],
)
def test_for_which_priorities_a_target_is_meant(lowest: str, heard: str) -> None:
    every = ("P1", "P2", "P3", "P4", "P5")
    assert [one for one in every if paging.is_meant(lowest, priority=one)] == heard.split()
