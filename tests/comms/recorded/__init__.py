"""Exchanges with PagerDuty and Opsgenie as their documentation and others' recordings show them, with names of our own.

- PagerDuty, Events API v2: answers of POST /v2/enqueue, developer.pagerduty.com, “Send an event” (status, message,
  dedup_key; 400 “invalid event” with errors; 429 without a body).
- PagerDuty, Webhooks v3: developer.pagerduty.com, “Webhooks overview” and “Verifying signatures”; the shape of
  incident.acknowledged as recorded in zulip/zulip, zerver/webhooks/pagerduty/fixtures/acknowledged_v3.json, which is of
  2021 and has no `incident_key` yet: the overview's example has it. Recordings of 2024 and 2025 of incidents that came
  of an Events API v2 integration have it as null.
- Opsgenie, Alert API: docs.opsgenie.com/docs/alert-api and /docs/response (202 “Request will be processed”, 401, 422,
  429); webhook of an alert's action as recorded in zulip/zulip, zerver/webhooks/opsgenie/fixtures/acknowledge.json.
"""

import json
from typing import Any

ROUTING_KEY = "R0UT1NGKEY0123456789abcdefABCDEF"
GENIE_KEY = "eb243592-faa2-4ba2-a551-1afdf565c889"
PAGERDUTY_SECRET = "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY"

PAGERDUTY_TAKEN = b'{"status": "success", "message": "Event processed", "dedup_key": "samplekeyhere"}'
PAGERDUTY_INVALID = json.dumps(
    {
        "status": "invalid event",
        "message": "Event object is invalid",
        "errors": ["Length of 'routing_key' is incorrect (should be 32 characters)"],
    }
).encode()
OPSGENIE_TAKEN = json.dumps(
    {
        "result": "Request will be processed",
        "took": 0.302,
        "requestId": "43a29c5c-3dbf-4fa4-9c26-f4f71023e120",
    }
).encode()
OPSGENIE_UNKNOWN_KEY = json.dumps(
    {"message": "Could not authenticate", "took": 0.001, "requestId": "43a29c5c-3dbf-4fa4-9c26-f4f71023e121"}
).encode()


def pagerduty(
    key: str | None,
    *,
    kind: str = "incident.acknowledged",
    at: str,
    event: str = "01BZYK8N47N5JG55J1EEEHPEJI",
    title: str = "[P1] Database is needed",
) -> dict[str, Any]:
    """A message of a webhook subscription."""

    def reference(named: str, pk: str, summary: str) -> dict[str, str]:
        return {
            "html_url": f"https://acme.pagerduty.com/{named}s/{pk}",
            "id": pk,
            "self": f"https://api.pagerduty.com/{named}s/{pk}",
            "summary": summary,
            "type": f"{named}_reference",
        }

    tom = reference("user", "PJ0LVEB", "Tom Smith")
    return {
        "event": {
            "id": event,
            "event_type": kind,
            "resource_type": "incident",
            "occurred_at": at,
            "agent": tom,
            "client": None,
            "data": {
                "id": "PQ1K5C8",
                "type": "incident",
                "self": "https://api.pagerduty.com/incidents/PQ1K5C8",
                "html_url": "https://acme.pagerduty.com/incidents/PQ1K5C8",
                "number": 10,
                "status": kind.partition(".")[2],
                "incident_key": key,
                "title": title,
                "service": reference("service", "PA2P440", "Database"),
                "assignees": [tom],
                "escalation_policy": reference("escalation_policy", "PY82TC6", "Default"),
                "teams": [],
                "priority": None,
                "urgency": "high",
                "conference_bridge": None,
                "resolve_reason": None,
            },
        }
    }


def opsgenie(alias: str, *, action: str = "Acknowledge", username: str, changed: int) -> dict[str, Any]:
    """A message of a webhook integration; `changed` in milliseconds, written in nanoseconds as it does."""
    return {
        "source": {"name": "", "type": "web"},
        "alert": {
            "updatedAt": changed * 1_000_000,
            "tags": ["tag1", "tag2"],
            "message": "[P1] Database is needed",
            "username": username,
            "alertId": "052652ac-5d1c-464a-812a-7dd18bbfba8c",
            "source": username,
            "alias": alias,
            "tinyId": "23",
            "createdAt": changed - 33_120,
            "userId": "daed1180-0ce8-438b-8f8e-57e1a5920a2d",
            "entity": "",
        },
        "action": action,
        "integrationId": "37c8f316-17c6-49d7-899b-9c7e540c048d",
        "integrationName": "MIM Portal",
    }
