"""The fingerprint of what was checked and approved, which must be what is sent (DESIGN 5, number 7)."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from comms.rules.texts import Text


def of(
    *,
    kind: str,
    audiences: Iterable[str],
    subject: str,
    body: str,
    next_update_at: datetime | None,
    adapted: Mapping[str, Text] | None = None,
) -> str:
    """SHA-256 in hex. The order of audiences and the zone of the time do not matter; every character does.

    `adapted` are the texts of audiences that have their own.
    """
    content: dict[str, Any] = {
        "kind": kind,
        "audiences": sorted(set(audiences)),
        "subject": subject,
        "body": body,
        "next_update_at": None if next_update_at is None else next_update_at.astimezone(UTC).isoformat(),
    }
    if adapted:
        content["adapted"] = {code: [text.subject, text.body] for code, text in adapted.items()}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
