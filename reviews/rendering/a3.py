"""One entry of the ledger on one page, as an A3 report: what was, what shall be, why, and what keeps it so."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from mim_portal.lib import times
from reviews.models import EffectivenessCheck, Lapse, PreventionPlan
from reviews.queries import naming
from reviews.queries.changes import Change
from reviews.rendering import ledger, protection
from reviews.rules import statistics


@dataclass(frozen=True, kw_only=True)
class Box:
    """One field of the sheet: its heading and its lines; without any it says what is still to come."""

    title: str
    lines: tuple[str, ...]
    missing: str = ""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The left half says how it is, the right half what is done about it. Nobody is named on it."""

    title: str
    left: tuple[Box, ...]
    right: tuple[Box, ...]


def sheet(row: ledger.Row, *, change: Change | None) -> Sheet:
    """The whole page of one entry; names in what people wrote become roles."""
    lapse = row.lapse
    phrases = naming.phrases(lapse.incident)

    def clean(text: str) -> str:
        return protection.as_roles(text.strip(), phrases)

    left = (
        Box(title=_("Background"), lines=_background(lapse, clean(lapse.incident.title))),
        Box(title=_("Current state"), lines=_some(row.sentence, clean(lapse.acknowledgement), _state(lapse))),
        Box(
            title=_("Goal"),
            lines=_some(clean(row.plan.measure)) if row.plan else (),
            missing=_("The plan says how it will be seen to hold."),
        ),
        Box(
            title=_("Cause and conditions"),
            lines=_some(lapse.get_cause_category_display(), clean(lapse.conditions)),
            missing=_("Nobody has said yet what made it likely."),
        ),
    )
    right = (
        Box(
            title=_("Countermeasures"),
            lines=_some(
                *([_("Put right: %s") % clean(lapse.correction)] if lapse.correction else []),
                *([_("From now on: %s") % clean(row.plan.plan)] if row.plan else []),
                *([clean(_change(change))] if change else []),
            ),
            missing=_("Nothing is planned yet."),
        ),
        Box(title=_("Plan"), lines=_plan(row.plan), missing=_("Nothing is planned yet.")),
        Box(title=_("Follow-up"), lines=_follow_up(row), missing=_("It is watched once the plan is in place.")),
    )
    return Sheet(title=row.sentence, left=left, right=right)


def _background(lapse: Lapse, title: str) -> tuple[str, ...]:
    incident = lapse.incident
    return (
        f"{incident.reference}: {title}",
        _("%(priority)s, declared %(when)s.")
        % {
            "priority": incident.get_priority_display(),
            "when": _moment(incident.declared_at),
        },
    )


def _state(lapse: Lapse) -> str:
    words = {
        "name": lapse.get_code_display(),
        "code": lapse.code,
        "when": _moment(lapse.occurred_at),
    }
    return _("%(code)s %(name)s, %(when)s.") % words


def _change(change: Change) -> str:
    words = {"words": change.words}
    if change.done_at is None:
        return _("In the portal: %(words)s. Not made yet.") % words
    return _("In the portal: %(words)s. Made %(when)s.") % (words | {"when": _moment(change.done_at)})


def _plan(plan: PreventionPlan | None) -> tuple[str, ...]:
    if plan is None:
        return ()
    in_place = _("In place since %s.") % _moment(plan.in_place_at) if plan.in_place_at else _("Not in place yet.")
    return (
        _("Who: %s.") % naming.role_phrase(plan.owner.roles),
        _("By: %s.") % times.day(plan.due_date),
        _("Strength: %s.") % plan.get_strength_display().lower(),
        in_place,
    )


def _follow_up(row: ledger.Row) -> tuple[str, ...]:
    if row.plan is None or row.plan.in_place_at is None:
        return ()
    checks = EffectivenessCheck.objects.filter(plan=row.plan).order_by("checked_at", "pk")
    said = tuple(
        f"{_moment(one.checked_at)}: {statistics.repeat_sentence(repeats=one.repeats, chances=one.chances)}"
        for one in checks
    )
    target = _("It holds after %(chances)d chances without a repeat, and ninety days.") % {
        "chances": row.plan.sample_target
    }
    return _some(target, row.watch_words, *said)


def _some(*lines: str) -> tuple[str, ...]:
    return tuple(line for line in lines if line)


def _moment(at: datetime) -> str:
    """By the clock of whoever looks at it, as the rest of the page."""
    return times.date_time(at, timezone.get_current_timezone())
