from typing import Any

import pytest

from comms.choices import UpdateKind
from comms.rules.checking import checks, gate
from mim_portal.lib.findings import Finding
from tests.comms.rules.kit import NOW, draft


def finding(code: str, *, rule: str = "", severity: str = "error") -> Finding:
    return Finding(code=code, severity=severity, message="m", rule=rule)


HARD = [
    finding("C01", rule="missing"),
    finding("C01", rule="past"),
    finding("C05", rule="host"),
    finding("C08", rule="empty"),
    finding("C10", rule="placeholder"),
    finding("C17", rule="email"),
    finding("C23", rule="link"),
    finding("C26", rule="none"),
    finding("C27", rule="public"),
]
SOFT = [
    finding("C01", rule="beyond_cadence"),
    finding("C01", rule="mismatch"),
    *(finding(code) for code in ("C02", "C03", "C04", "C06", "C07", "C09", "C11", "C12", "C16", "C20")),
]
NEVER_STOPS = [
    finding("C18", severity="warning"),
    finding("C05", rule="acronym", severity="warning"),
    finding("C10", rule="spacing", severity="advice"),
    finding("C10", rule="final_stop", severity="advice"),
    finding("C09", severity="advice"),
]


def stops(found: list[Finding], *, kind: str, send_now: bool, **overrides: str) -> list[Finding]:
    return list(gate.blocking(found, kind=kind, send_now=send_now, overrides=overrides))


@pytest.mark.parametrize("kind", ["initial", "holding"])
def test_initial_and_holding_stop_only_for_what_may_never_leave(kind: str) -> None:
    everything = [*SOFT, *HARD, *NEVER_STOPS]
    assert stops(everything, kind=kind, send_now=True) == HARD
    decided = gate.decide(everything, kind=kind, send_now=True)
    assert list(decided.sent_anyway) == SOFT
    assert not decided.is_open
    assert gate.decide(SOFT, kind=kind, send_now=True).is_open


@pytest.mark.parametrize("kind", ["initial", "holding"])
def test_without_send_now_every_error_is_shown_first(kind: str) -> None:
    assert stops([*SOFT, *HARD, *NEVER_STOPS], kind=kind, send_now=False) == [*SOFT, *HARD]


@pytest.mark.parametrize("kind", sorted(set(UpdateKind.values) - {"initial", "holding"}))
@pytest.mark.parametrize("send_now", [True, False])
def test_all_other_updates_stop_for_every_error(kind: str, send_now: bool) -> None:
    assert stops([*SOFT, *HARD, *NEVER_STOPS], kind=kind, send_now=send_now) == [*SOFT, *HARD]


def test_an_override_needs_its_reason() -> None:
    found = [finding("C09"), finding("C03")]
    assert stops(found, kind="update", send_now=False, C09="name of a product") == [finding("C03")]
    assert stops(found, kind="update", send_now=False, C09="  ") == found
    decided = gate.decide(found, kind="update", send_now=False, overrides={"C09": " name of a product "})
    assert decided.overridden == ((finding("C09"), "name of a product"),)


@pytest.mark.parametrize(
    ("blocked", "possible"),
    [
        (finding("C01", rule="missing"), False),
        (finding("C01", rule="past"), False),
        (finding("C01", rule="beyond_cadence"), True),
        (finding("C08", rule="empty"), False),
        (finding("C26", rule="none"), False),
        (finding("C27", rule="public"), False),
        (finding("C17", rule="phone"), True),
        (finding("C10", rule="doubled_word"), True),
        (finding("C07"), True),
    ],
)
def test_no_reason_makes_some_things_right(blocked: Finding, possible: bool) -> None:
    assert gate.can_override(blocked) is possible
    left = stops([blocked], kind="update", send_now=False, **{blocked.code: "because"})
    assert left == ([] if possible else [blocked])


def test_an_override_works_for_a_holding_update_as_well() -> None:
    assert stops([finding("C17", rule="phone")], kind="holding", send_now=True, C17="the public line") == []


def test_only_errors_are_hard() -> None:
    assert all(gate.is_hard(item) for item in HARD)
    assert not any(gate.is_hard(item) for item in [*SOFT, *NEVER_STOPS])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"body": "Staff cannot submit timesheets. We think it is the network"}, []),
        ({"body": "Hello [NAME]."}, ["C10"]),
        ({"body": "db-prod-03 is slow."}, ["C05"]),
        ({"body": "Join https://acme.zoom.us/j/1"}, ["C23"]),
        ({"body": "Write to jo@example.com."}, ["C17"]),
        ({"audiences": ()}, ["C26"]),
        ({"next_update_at": None}, ["C01"]),
        ({"is_private": True, "audiences": ("public",)}, ["C27"]),
        ({"subject": "URGENT!!!", "body": "Obviously the vendor did not tell us  ."}, []),
    ],
)
def test_a_holding_update_in_a_hurry(change: dict[str, Any], expected: list[str]) -> None:
    found = checks.check(draft(kind="holding", **change), now=NOW)
    assert [item.code for item in gate.blocking(found, kind="holding", send_now=True)] == expected
