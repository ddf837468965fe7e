"""Signed webhooks: the exact bytes that leave are what is signed (Standard Webhooks)."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from mim_portal.lib import outgoing


def body(*, event: str, at: datetime, data: Mapping[str, Any]) -> str:
    """An event as it travels; what is sent again is the same text."""
    return json.dumps(
        {"type": event, "timestamp": at.astimezone(UTC).isoformat(timespec="seconds"), "data": data},
        ensure_ascii=False,
        separators=(",", ":"),
    )


def send(*, address: str, secrets: Sequence[str], message_id: str, body: str, now: datetime) -> outgoing.Answer:
    """POST the body; each secret signs it, so that a receiver that still has the old one goes on."""
    at = now.astimezone(UTC)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
    }
    if secrets:
        headers["webhook-signature"] = " ".join(Webhook(secret).sign(message_id, at, body) for secret in secrets)
    return outgoing.post(address, body=body.encode(), headers=headers)


def is_signed(*, secrets: Sequence[str], headers: Mapping[str, str], body: bytes) -> bool:
    """Whether one of the secrets signed exactly these bytes in the last five minutes; header names in small letters."""
    return any(_is_signed(secret, headers, body) for secret in secrets)


def _is_signed(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    try:
        Webhook(secret).verify(body.decode(), dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):
        return False
    return True
