"""A draft that passes every check, to be changed one thing at a time."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from comms.rules.checking.draft import Draft, Known
from mim_portal.lib.findings import Finding

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
NEXT = NOW + timedelta(minutes=30)
BODY = (
    "About 1,200 store staff in Ireland and Scotland cannot submit timesheets in Payroll, since 09:10 (UTC+0). "
    "Please use the paper form. If you have no form, call the service desk. "
    "Our engineers are checking the release of this morning. Next update by 10:30 (UTC+0)."
)
OVER = (
    "Payroll works again since 09:50 (UTC+0). It was out of use for 40 minutes, from 09:10 to 09:50 (UTC+0). "
    "Please enter the hours of this morning once more. We have found no data loss so far. "
    "If it still fails, call the service desk. We are sorry for the time that this has cost you. "
    "We are watching it. The review is published on Friday."
)
# A good body of the kinds that say something else than an update does.
BODIES = {
    "restored": OVER,
    "closure": OVER,
    "correction": (
        "At 09:20 (UTC+0) we said that all stores cannot submit timesheets. That was wrong: it is those in Ireland and "
        "Scotland. We are sorry for the time that this has cost you. " + BODY
    ),
    "handover": BODY + " Mia Torres manages this incident now: Help@example.com.",
}
GOOD = Draft(
    kind="update",
    audiences=("end_users",),
    subject="staff cannot submit timesheets",
    body=BODY,
    next_update_at=NEXT,
    latest_next_at=NOW + timedelta(minutes=60),
    state="investigating",
    known=Known(
        people=("Rosa Díaz", "Mia Torres"),
        manager_names=("Mia Torres",),
        teams=("Database", "Network"),
        suppliers=("Acme Hosting",),
        services=("Payroll", "MyHR"),
        sites=("Dublin",),
        hosts=("titan", "payroll-main"),
        glossary={"VAT": "", "POS": "point of sale"},
        allowed_contacts=("+353 1 555 0100", "Help@example.com"),
        internal_hosts=("portal.example.com",),
        bridge_urls=("https://meet.example.org/mi-bridge",),
    ),
)


def draft(**change: Any) -> Draft:
    return replace(GOOD, **change)


def said(found: Iterable[Finding]) -> list[tuple[str, str]]:
    """Rule (or code) and marked text of each finding."""
    return [(finding.rule or finding.code, finding.text) for finding in found]


def texts(check: Callable[[Draft, str], Iterable[Finding]], text: str, **change: Any) -> list[str]:
    """What a check of a text marks."""
    return [finding.text for finding in check(draft(**change), text)]
