"""PagerDuty's Events API v2 and Opsgenie's Alert API, behind the same guard as everything that leaves."""

import json
from typing import Any

from comms.choices import PagingKind
from comms.rules import paging
from comms.rules.paging import Page
from mim_portal.lib import outgoing


def send(*, kind: str, address: str, key: str, page: Page) -> outgoing.Answer:
    """One event, or one deed on an alert."""
    if kind == PagingKind.PAGERDUTY:
        return _post(address, paging.pagerduty(page, routing_key=key), {})
    url, body = paging.opsgenie(page, address=address)
    return _post(url, body, {"Authorization": f"GenieKey {key}"})


def _post(url: str, body: dict[str, Any], headers: dict[str, str]) -> outgoing.Answer:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return outgoing.post(
        url, body=text.encode(), headers={"Content-Type": "application/json; charset=utf-8", **headers}
    )
