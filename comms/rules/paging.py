"""Paging a team: what PagerDuty, Opsgenie and a signed webhook are told of a call, and what they tell of its answer."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlsplit, urlunsplit

from comms.choices import PageAction
from teams.rules.fields import Unusable

PAGERDUTY: Final = "https://events.pagerduty.com/v2/enqueue"
OPSGENIE: Final = "https://api.opsgenie.com"
# An answer that is older than the link in a call holds is no news for anybody.
LATEST: Final = timedelta(days=3)
_SUMMARY: Final = 1024  # PagerDuty, Events API v2
_MESSAGE: Final = 130  # Opsgenie, Alert API
_DESCRIPTION: Final = 15_000
_ROUTING_KEY: Final = re.compile(r"[A-Za-z0-9]{32}")
_GENIE_KEY: Final = re.compile(r"[A-Za-z0-9-]{20,80}")
_SEVERITIES: Final = {"P1": "critical", "P2": "error", "P3": "warning"}
_CALL: Final = re.compile(r"mim-call-(\d{1,18})-[0-9a-f]{16}")
_PAGERDUTY_EVENTS: Final = {
    "incident.acknowledged": PageAction.ACKNOWLEDGE,
    "incident.resolved": PageAction.RESOLVE,
}
_OPSGENIE_ACTIONS: Final = {"Acknowledge": PageAction.ACKNOWLEDGE, "Close": PageAction.RESOLVE}
_WEBHOOK_EVENTS: Final = {"page.acknowledged": PageAction.ACKNOWLEDGE, "page.resolved": PageAction.RESOLVE}
_WEBHOOK_TOLD: Final = {
    PageAction.TRIGGER: "page.triggered",
    PageAction.ACKNOWLEDGE: "page.acknowledged",
    PageAction.RESOLVE: "page.resolved",
}


class Unreadable(ValueError):
    """What came is not what this sender sends."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """One call as a pager is told of it; `key` is the same for every page of the call."""

    action: PageAction
    key: str
    summary: str
    text: str = ""
    team: str = ""
    incident: str = ""
    service: str = ""
    priority: str = ""
    room: str = ""
    answer: str = ""
    by: str = ""
    is_test: bool = False


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a pager says became of a call; `title` is what its incident is called there, where it gives no key."""

    event: str
    key: str
    action: PageAction
    at: datetime
    title: str = ""
    name: str = ""
    mail: str = ""


def key(kind: str, typed: str) -> str:
    """The key of an integration as it is kept; Unusable where it cannot be one."""
    plain = typed.strip()
    if kind == "pagerduty" and not _ROUTING_KEY.fullmatch(plain):
        raise Unusable("Paste the integration key of an Events API v2 integration: 32 letters and digits.")
    if kind == "opsgenie" and not _GENIE_KEY.fullmatch(plain):
        raise Unusable("Paste the API key of an Opsgenie API integration.")
    return plain


def call_of(text: str) -> int | None:
    """Which engagement a key names, whoever made it up: the key has still to be compared."""
    found = _CALL.fullmatch(text)
    return int(found[1]) if found else None


def is_meant(lowest: str, *, priority: str) -> bool:
    """Whether a target that is paged down to a priority hears of this one; one without a word hears of all."""
    return not lowest or priority <= lowest


def severity(priority: str) -> str:
    """PagerDuty's four words."""
    return _SEVERITIES.get(priority, "info")


def pagerduty(page: Page, *, routing_key: str) -> dict[str, Any]:
    """The body of an event (Events API v2)."""
    event = {"routing_key": routing_key, "event_action": page.action.value, "dedup_key": page.key}
    if page.action != PageAction.TRIGGER:
        return event
    details = _details(page)
    links = [{"href": href, "text": text} for href, text in ((page.room, "Room"), (page.answer, "Answer")) if href]
    return event | {
        "payload": {
            "summary": page.summary[:_SUMMARY],
            "source": page.service or "MIM Portal",
            "severity": "info" if page.is_test else severity(page.priority),
            "custom_details": details | {"message": page.text},
        },
        "links": links,
        "client": "MIM Portal",
        "client_url": page.room,
    }


def opsgenie(page: Page, *, address: str) -> tuple[str, dict[str, Any]]:
    """Where to and what (Alert API); what follows names the alert by its alias."""
    parts = urlsplit(address)
    path = f"{parts.path.rstrip('/')}/v2/alerts"
    if page.action == PageAction.TRIGGER:
        priority = "P5" if page.is_test or page.priority not in ("P1", "P2", "P3", "P4") else page.priority
        words = "\n\n".join(part for part in (page.text, page.room) if part)
        body: dict[str, Any] = {
            "message": page.summary[:_MESSAGE],
            "alias": page.key,
            "description": words[:_DESCRIPTION],
            "priority": priority,
            "source": "MIM Portal",
            "entity": page.service[:512],
            "details": _details(page),
        }
        return urlunsplit((parts.scheme, parts.netloc, path, "", "")), body
    deed = "acknowledge" if page.action == PageAction.ACKNOWLEDGE else "close"
    path = f"{path}/{quote(page.key, safe='')}/{deed}"
    body = {"source": "MIM Portal", "user": page.by[:100] or "MIM Portal", "note": page.summary[:_DESCRIPTION]}
    return urlunsplit((parts.scheme, parts.netloc, path, "identifierType=alias", "")), body


def webhook(page: Page) -> tuple[str, dict[str, Any]]:
    """The event and its data, signed as every other (Standard Webhooks)."""
    if page.action != PageAction.TRIGGER:
        return _WEBHOOK_TOLD[page.action], {"page": page.key, "by": page.by, "is_test": page.is_test}
    data = {"page": page.key, "subject": page.summary, "text": page.text, **_details(page), "is_test": page.is_test}
    return _WEBHOOK_TOLD[page.action], data


def _details(page: Page) -> dict[str, str]:
    named = {
        "team": page.team,
        "incident": page.incident,
        "service": page.service,
        "priority": page.priority,
        "room": page.room,
        "answer": page.answer,
    }
    return {name: value for name, value in named.items() if value}


def pagerduty_signed(header: str, body: bytes, *, secret: str) -> bool:
    """Webhooks v3: `v1=` and the HMAC-SHA256 of the body in hex, several of them while a secret is changed."""
    right = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    given = [one.strip().removeprefix("v1=") for one in header.split(",") if one.strip().startswith("v1=")]
    return any(hmac.compare_digest(one.encode(), right.encode()) for one in given)


def parsed(body: bytes) -> dict[str, Any]:
    """The object of a JSON body."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable("The body is no JSON.") from error
    return _object(found)


def read_pagerduty(found: Mapping[str, Any], *, now: datetime) -> Told | None:
    """Webhooks v3; None where it is about something else.

    `incident_key` is what the page had as its dedup_key, or null: where the service makes alerts and incidents, the key
    is the alert's and does not come back. What comes back is the title, which is the summary of the page.
    """
    event = _object(found.get("event"))
    action = _PAGERDUTY_EVENTS.get(_text(event, "event_type"))
    if action is None:
        return None
    data, agent = _object(event.get("data")), event.get("agent")
    by = agent if isinstance(agent, Mapping) else {}
    named = _text(data, "incident_key")
    return Told(
        event=_needed(event, "id"),
        key=named,
        title="" if named else _text(data, "title").strip(),
        action=action,
        at=_iso(_text(event, "occurred_at"), now=now),
        name=_text(by, "summary"),
        mail=_text(by, "email"),
    )


def read_opsgenie(found: Mapping[str, Any], *, now: datetime) -> Told | None:
    """A webhook integration's message. It has no id: the same action on the same state of the alert is the same one."""
    named = _text(found, "action")
    action = _OPSGENIE_ACTIONS.get(named)
    if action is None:
        return None
    alert = _object(found.get("alert"))
    changed = alert.get("updatedAt")
    if not isinstance(changed, int) or isinstance(changed, bool):
        raise Unreadable("alert.updatedAt is missing.")
    who = _text(alert, "username")
    return Told(
        event=f"{_needed(alert, 'alertId')} {named} {changed}",
        key=_text(alert, "alias"),
        action=action,
        at=_epoch(changed, now=now),
        name=who,
        mail=who if "@" in who else "",
    )


def read_webhook(found: Mapping[str, Any], *, event: str, now: datetime) -> Told | None:
    """The generic one: `type`, `timestamp` and `data` as in what leaves; `event` is its webhook-id."""
    action = _WEBHOOK_EVENTS.get(_text(found, "type"))
    if action is None:
        return None
    data = _object(found.get("data"))
    by = data.get("by")
    by = by if isinstance(by, Mapping) else {"name": by} if isinstance(by, str) else {}
    return Told(
        event=event,
        key=_text(data, "page"),
        action=action,
        at=_iso(_text(found, "timestamp"), now=now),
        name=_text(by, "name"),
        mail=_text(by, "mail"),
    )


def is_late(told: Told, *, now: datetime) -> bool:
    """Whether it is about something so long ago that nobody waits for it."""
    return now - told.at > LATEST


def who(told: Told) -> str:
    """As whom the tool knows them."""
    return " ".join((told.name or told.mail).split())[:200]


def _object(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise Unreadable("It is not as this sender writes it.")
    return found


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    return value.replace("\x00", "")[:2000] if isinstance(value, str) else ""


def _needed(found: Mapping[str, Any], name: str) -> str:
    value = _text(found, name)
    if not value:
        raise Unreadable(f"{name} is missing.")
    return value[:100]


def _iso(text: str, *, now: datetime) -> datetime:
    """A clock that runs ahead is set back to when it came; so is what cannot be read."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return now
    return min(at if at.tzinfo else at.replace(tzinfo=UTC), now)


def _epoch(number: int, *, now: datetime) -> datetime:
    """Opsgenie writes milliseconds in one place and nanoseconds in another."""
    seconds = number / (1_000_000_000 if number > 10**17 else 1000)
    try:
        return min(datetime.fromtimestamp(seconds, UTC), now)
    except (OverflowError, ValueError, OSError):
        return now
