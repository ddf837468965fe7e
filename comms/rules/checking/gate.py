"""Which findings stop a message (DESIGN 1a).

Initial and holding updates stop for what may never leave; one Send now covers every other finding, and a recheck
follows. All other updates stop for every error that was not overridden with a reason. Warnings and advice never stop.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from comms.choices import FAST_KINDS
from mim_portal.lib.findings import ERROR, Finding

# What stops an initial or holding update, whatever the hurry: leftovers, hosts, sensitive data, internal links, a wrong
# audience, a private incident in public, and no next time. An empty message says nothing, so it cannot go either.
HARD_CODES: Final = frozenset({"C05", "C10", "C17", "C23", "C26", "C27"})
# The hard parts of codes that also say less: no next time, an empty message.
_HARD_RULES: Final = {"C01": frozenset({"missing", "past"}), "C08": frozenset({"empty"})}
# No reason makes these right: there is nothing to send, nobody to send it to, or somebody who must not see it.
_NEVER_OVERRIDDEN: Final = frozenset({"C26", "C27"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What stops the message, and what it leaves with all the same: by Send now, or by an override and its reason."""

    stops: tuple[Finding, ...]
    sent_anyway: tuple[Finding, ...]
    overridden: tuple[tuple[Finding, str], ...]

    @property
    def is_open(self) -> bool:
        """Whether the message may leave as far as findings go."""
        return not self.stops


def decide(
    found: Iterable[Finding],
    *,
    kind: str,
    send_now: bool,
    overrides: Mapping[str, str] | None = None,
) -> Gate:
    """Sorts the errors of a message. `overrides` are reasons by code; a blank reason overrides nothing."""
    reasons = {code: reason.strip() for code, reason in (overrides or {}).items() if reason.strip()}
    stops: list[Finding] = []
    sent_anyway: list[Finding] = []
    overridden: list[tuple[Finding, str]] = []
    for finding in found:
        if finding.severity != ERROR:
            continue
        if finding.code in reasons and can_override(finding):
            overridden.append((finding, reasons[finding.code]))
        elif send_now and can_send_now(finding, kind=kind):
            sent_anyway.append(finding)
        else:
            stops.append(finding)
    return Gate(stops=tuple(stops), sent_anyway=tuple(sent_anyway), overridden=tuple(overridden))


def blocking(
    found: Iterable[Finding],
    *,
    kind: str,
    send_now: bool,
    overrides: Mapping[str, str] | None = None,
) -> tuple[Finding, ...]:
    """The findings that stop the message: what the API's 409 lists."""
    return decide(found, kind=kind, send_now=send_now, overrides=overrides).stops


def is_hard(finding: Finding) -> bool:
    """Whether an error stops an initial or holding update too."""
    if finding.severity != ERROR:
        return False
    return finding.code in HARD_CODES or finding.rule in _HARD_RULES.get(finding.code, ())


def can_send_now(finding: Finding, *, kind: str) -> bool:
    """Whether Send now covers a finding: only in initial and holding updates, and never what may not leave."""
    return kind in FAST_KINDS and not is_hard(finding)


def can_override(finding: Finding) -> bool:
    """Whether a reason may stand against a finding."""
    return finding.code not in _NEVER_OVERRIDDEN and finding.rule not in _HARD_RULES.get(finding.code, ())
