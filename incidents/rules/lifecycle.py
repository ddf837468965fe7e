"""The states of a major incident: which follow which, and what each needs (domain.md 1.1 and 1.2).

Forward steps may be skipped, because incidents do. A confirmed cause names who confirmed it and the evidence, a fix its
owner, time box and way back, or the reason why that is not known yet. Restored needs a source on the users' side: the
fixing team alone cannot say that users work again. Resolved needs the watch period. Guards that ask other apps come on
top.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from incidents.choices import LIVE_STATES, UNRESTORED_STATES, IncidentState, Priority, RestorationSource
from mim_portal.lib import times

# Live states in the order of the work; a step back along it needs a reason.
_PATH: Final = (
    IncidentState.DECLARED,
    IncidentState.INVESTIGATING,
    IncidentState.IDENTIFIED,
    IncidentState.MITIGATING,
    IncidentState.MONITORING,
)
_REOPENED: Final = (IncidentState.INVESTIGATING, IncidentState.IDENTIFIED, IncidentState.MITIGATING)
TRANSITIONS: Final[Mapping[IncidentState, tuple[IncidentState, ...]]] = {
    IncidentState.DECLARED: (*_PATH[1:], IncidentState.CANCELLED),
    IncidentState.INVESTIGATING: (*_PATH[2:], IncidentState.CANCELLED),
    IncidentState.IDENTIFIED: (IncidentState.INVESTIGATING, *_PATH[3:], IncidentState.CANCELLED),
    IncidentState.MITIGATING: (
        IncidentState.INVESTIGATING,
        IncidentState.IDENTIFIED,
        IncidentState.MONITORING,
        IncidentState.CANCELLED,
    ),
    IncidentState.MONITORING: (*_REOPENED, IncidentState.RESOLVED, IncidentState.CANCELLED),
    IncidentState.RESOLVED: (*_REOPENED, IncidentState.CLOSED),
    IncidentState.CLOSED: (),
    IncidentState.CANCELLED: (),
}
# How long the service is watched after restoration before it counts as resolved: a setting, these are its defaults.
WATCH_PERIODS: Final[Mapping[str, timedelta]] = {
    Priority.P1: timedelta(minutes=60),
    Priority.P2: timedelta(minutes=30),
    Priority.P3: timedelta(minutes=30),
    Priority.P4: timedelta(minutes=30),
    Priority.P5: timedelta(minutes=30),
}
# What each state is entered with (domain.md 1.1). During the incident none of it is a dead end: what is not known yet
# is left out with a reason, and stays on the record as not known.
NEEDS: Final[Mapping[IncidentState, tuple[str, ...]]] = {
    IncidentState.IDENTIFIED: ("confirmer", "evidence"),
    IncidentState.MITIGATING: ("action", "owner", "time_box", "rollback"),
}
_NEED_WORDS: Final[Mapping[str, str]] = {
    "confirmer": "who confirmed the cause",
    "evidence": "on what evidence",
    "action": "what is being done",
    "owner": "who owns it",
    "time_box": "how long it may take",
    "rollback": "what happens if it does not work",
}
# A person's clock may run ahead of the database's by this much.
CLOCK_TOLERANCE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a transition is refused, in words for the person who asked; `field` names the input that would change it."""

    code: str
    message: str
    field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """What somebody asks for, and what is known of the incident at that moment."""

    state: str
    to: str
    at: datetime
    declared_at: datetime
    reason: str = ""
    confirmed_by: str = ""
    service_restored_at: datetime | None = None
    watch_period: timedelta = timedelta(0)
    facts: Mapping[str, object] = field(default_factory=dict)


def unknown_facts(*, to: str, facts: Mapping[str, object]) -> tuple[str, ...]:
    """What the state is entered with and nobody has said."""
    return tuple(name for name in NEEDS.get(IncidentState(to), ()) if not facts.get(name))


def allowed(state: str) -> tuple[IncidentState, ...]:
    """The states that may follow, in the order in which they are offered."""
    return TRANSITIONS[IncidentState(state)]


def is_reopening(*, state: str, to: str) -> bool:
    """From restored or resolved back to work: users lost the service again. Closed stays closed (a new incident)."""
    return state in {IncidentState.MONITORING, IncidentState.RESOLVED} and to in UNRESTORED_STATES


def is_step_back(*, state: str, to: str) -> bool:
    """Back along the path of the work: an earlier finding did not hold."""
    if state not in LIVE_STATES or to not in LIVE_STATES:
        return False
    return _PATH.index(IncidentState(to)) < _PATH.index(IncidentState(state))


def watch_period(*, priority: str, settings: Mapping[str, timedelta] | None = None) -> timedelta:
    """The organisation's watch period for a priority, else the default."""
    own = (settings or {}).get(priority)
    return WATCH_PERIODS.get(priority, timedelta(minutes=30)) if own is None else own


def resolvable_at(*, service_restored_at: datetime, watch_period: timedelta) -> datetime:
    """From when on the incident may be resolved: the watch counts from restoration, not from its confirmation."""
    return service_restored_at + watch_period


def misplaced(*, to: str, facts: Mapping[str, object], confirmed_by: str = "") -> list[str]:
    """Names of what was said that another state is entered with: it has no place in this step."""
    said = [(name, state) for state, names in NEEDS.items() for name in names if facts.get(name)]
    said += [("confirmed_by", IncidentState.MONITORING)] if confirmed_by else []
    return [name for name, state in said if state != to]


def check(transition: Transition, *, now: datetime, tz: tzinfo = UTC) -> tuple[Problem, ...]:
    """Every reason against the transition; empty when it may happen."""
    if transition.to not in allowed(transition.state):
        return (_not_allowed(transition),)
    found = [
        _check_time(transition, now=now, tz=tz),
        _check_reason(transition),
        _check_confirmation(transition),
        _check_facts(transition),
        _check_watch(transition, now=now, tz=tz),
    ]
    return tuple(problem for problem in found if problem is not None)


def _not_allowed(transition: Transition) -> Problem:
    words = ", ".join(allowed(transition.state))
    if transition.state == transition.to:
        message = f"The incident is already {transition.to}."
    elif not words:
        message = f"The incident is {transition.state}, and that is final. Declare a new one and link the two."
    else:
        message = f"An incident that is {transition.state} cannot become {transition.to}. It can become: {words}."
    return Problem(code="not_allowed", field="to", message=message)


def _check_time(transition: Transition, *, now: datetime, tz: tzinfo) -> Problem | None:
    if transition.at > now + CLOCK_TOLERANCE:
        return Problem(
            code="in_the_future",
            field="at",
            message=f"{times.due_time(transition.at, tz, now=now)} has not come yet. Give the time when it happened.",
        )
    if transition.at < transition.declared_at:
        declared = times.due_time(transition.declared_at, tz, now=now)
        return Problem(
            code="before_declaration",
            field="at",
            message=f"The incident was declared at {declared}. Give a time from then on.",
        )
    return None


def _check_reason(transition: Transition) -> Problem | None:
    if transition.reason.strip():
        return None
    if transition.to == IncidentState.CANCELLED:
        message = "Say why the incident is cancelled: declared in error, or which incident it duplicates."
    elif is_reopening(state=transition.state, to=transition.to):
        message = "Say what shows that the service is affected again."
    elif is_step_back(state=transition.state, to=transition.to):
        message = f"Say why the work goes back to {transition.to}."
    else:
        return None
    return Problem(code="reason_missing", field="reason", message=message)


def _check_confirmation(transition: Transition) -> Problem | None:
    if transition.to != IncidentState.MONITORING or transition.confirmed_by in RestorationSource.values:
        return None
    message = (
        "Restored needs confirmation from the users' side, not only from the team that fixed it. Say who "
        "confirmed: the desk, a business liaison, an affected user, or a synthetic check and one user."
    )
    if transition.confirmed_by:
        message += f" “{transition.confirmed_by[:50]}” is none of {', '.join(RestorationSource.values)}."
    return Problem(code="confirmation_missing", field="confirmed_by", message=message)


def _check_facts(transition: Transition) -> Problem | None:
    """Every fact that the state needs, or a reason why it is not known yet; going back asks for its reason alone."""
    missing = unknown_facts(to=transition.to, facts=transition.facts)
    goes_back = is_step_back(state=transition.state, to=transition.to)
    if not missing or goes_back or transition.reason.strip() or transition.state == IncidentState.RESOLVED:
        return None
    words = [_NEED_WORDS[name] for name in missing]
    said = " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
    return Problem(
        code="fact_missing",
        field=missing[0],
        message=f"Say {said}. If that is not known yet, give the reason and go on.",
    )


def _check_watch(transition: Transition, *, now: datetime, tz: tzinfo) -> Problem | None:
    if transition.to != IncidentState.RESOLVED:
        return None
    if transition.service_restored_at is None:
        return Problem(
            code="not_restored",
            field="to",
            message="Record first when the service was restored and who confirmed it.",
        )
    ready_at = resolvable_at(
        service_restored_at=transition.service_restored_at,
        watch_period=transition.watch_period,
    )
    if now >= ready_at:
        return None
    return Problem(
        code="watch_period",
        field="to",
        message=(
            f"The service is watched for {times.duration(transition.watch_period)} after restoration. "
            f"You can resolve from {times.due_time(ready_at, tz, now=now)}."
        ),
    )
