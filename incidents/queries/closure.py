"""The closing checklist: what the record shows, what people answered, and what other apps ask (settings.CLOSURE_ITEMS).

Answers are entries of the timeline; the last one on an item counts, and a reopening makes all of them void.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from incidents.choices import OPEN_ENGAGEMENTS, ClosureAnswer, EntryKind, LinkKind
from incidents.models import CommandTenure, EngagementFeedback, Incident, IncidentLink, TimelineEntry
from incidents.models.link import STANDING
from incidents.queries import impact, times, watching
from incidents.rules import closure as rules
from mim_portal.lib import addresses, hooks
from mim_portal.lib import times as written
from teams.models import Person

_ANSWERABLE = rules.EVERY_ANSWER


@dataclass(frozen=True, kw_only=True)
class Checklist:
    """All lines in order, who is accountable, and the people behind the answers."""

    items: Sequence[rules.Item]
    accountable: int | None
    people: dict[int, Person]

    @property
    def open(self) -> list[rules.Item]:
        return rules.still_open(self.items)

    @property
    def confirmed_by(self) -> int | None:
        """The second person, where one has read the record."""
        return next((item.given.by for item in self.items if item.code == rules.SECOND_PERSON and item.given), None)


def of(incident: Incident, *, now: datetime) -> Checklist:
    """The list as it stands, in a fixed number of reads."""
    items = [*_own(incident, now=now)]
    for source in hooks.registered("CLOSURE_ITEMS"):
        items += source(incident=incident, now=now)
    accountable = (
        CommandTenure.objects.filter(incident=incident)
        .order_by("-started_at")
        .values_list("manager", flat=True)
        .first()
    )
    given, people = _given(incident)
    answered = rules.answered(rules.in_order(items), given, accountable=accountable)
    return Checklist(items=answered, accountable=accountable, people=people)


def _given(incident: Incident) -> tuple[dict[str, rules.Given], dict[int, Person]]:
    """The last answer to each item since the incident was last reopened; an empty one takes it back."""
    kinds = (EntryKind.CLOSURE_ANSWERED, EntryKind.REOPENED)
    entries = TimelineEntry.objects.filter(incident=incident, kind__in=kinds).select_related("actor").order_by("seq")
    given: dict[str, rules.Given] = {}
    people: dict[int, Person] = {}
    for entry in entries:
        if entry.kind == EntryKind.REOPENED:
            given.clear()
        elif entry.actor is not None:
            people[entry.actor.pk] = entry.actor
            code = str(entry.data.get("item"))
            given.pop(code, None)
            if entry.data.get("answer"):
                given[code] = rules.Given(
                    answer=str(entry.data["answer"]),
                    note=str(entry.data.get("note", "")),
                    by=entry.actor.pk,
                    at=entry.at,
                    version=entry.data.get("version"),
                )
    return given, people


def _own(incident: Incident, *, now: datetime) -> list[rules.Item]:
    items = [
        _restored(incident),
        _watched(incident, now=now),
        _impact(incident),
        _times(incident),
        _children(incident),
        _feedback(incident),
        *_answered_by_hand(),
    ]
    if rules.needs_second_person(incident.priority):
        items.append(
            rules.Item(
                code=rules.SECOND_PERSON,
                question=_("A second person has read the record (P1)"),
                detail=_("An incident manager, deputy or practice lead who is not accountable for this incident."),
                answers=(ClosureAnswer.DONE,),
            )
        )
    return items


def _restored(incident: Incident) -> rules.Item:
    at = incident.restored_confirmed_at
    return rules.Item(
        code="restoration_confirmed",
        question=_("Restoration is confirmed from the users' side"),
        met=at is not None,
        detail=_("Confirmed %s.") % written.date_time(at) if at else _("Record who on the users' side confirmed it."),
        fix="" if at else _page(incident, "state/?to=monitoring"),
    )


def _watched(incident: Incident, *, now: datetime) -> rules.Item:
    ends_at = watching.ends_at(incident)
    is_over = ends_at is not None and now >= ends_at
    return rules.Item(
        code="watch_elapsed",
        question=_("The service was watched for %s after restoration")
        % written.duration(watching.period(incident.priority)),
        met=is_over,
        detail=_("Until %s.") % written.date_time(ends_at) if ends_at else _("It is not restored yet."),
    )


def _impact(incident: Incident) -> rules.Item:
    statement = impact.current(incident)
    missing = ", ".join(gate.code.replace("_", " ") for gate in impact.missing(statement))
    sentence = impact.sentence(statement)
    number = {"version": statement.version, "sentence": sentence}
    detail = _("Version %(version)d: %(sentence)s") % number
    return rules.Item(
        code=rules.IMPACT_FINAL,
        question=_("The last impact version is final: start, end, count and what it is based on"),
        detail=f"{detail} {_('It does not say: %s.') % missing}" if missing else detail,
        fix=_page(incident, "impact/"),
        answers=_ANSWERABLE,
        version=statement.version,
    )


def _times(incident: Incident) -> rules.Item:
    missing = [str(times.LABELS[name]).lower() for name in times.missing(incident)]
    return rules.Item(
        code="times",
        question=_("Every time is recorded, or known to be unknown"),
        met=not missing,
        detail=_("Missing: %s.") % ", ".join(missing) if missing else _("All of them are there."),
        fix=_page(incident, "times/"),
    )


def _children(incident: Incident) -> rules.Item:
    count = IncidentLink.objects.filter(
        STANDING, other=incident, kind=LinkKind.CHILD, incident__is_private=False
    ).count()
    return rules.Item(
        code="child_tickets",
        question=_("Child tickets are linked and updated"),
        detail=_("Linked here: %d.") % count,
        fix=_page(incident, "details/"),
        answers=_ANSWERABLE,
    )


def _feedback(incident: Incident) -> rules.Item:
    asked = list(incident.engagements.values_list("pk", "state"))
    given = EngagementFeedback.objects.filter(engagement__incident=incident, side="team").count()
    still = sum(state in OPEN_ENGAGEMENTS for _pk, state in asked)
    counts = {"given": given, "asked": len(asked), "open": still}
    return rules.Item(
        code="feedback",
        question=_("Teams and the desk were asked how it went"),
        met=bool(asked) and given >= len(asked),
        detail=_("%(given)d of %(asked)d teams have answered; %(open)d not released yet.") % counts
        if asked
        else _("No team was asked for help."),
        answers=_ANSWERABLE,
    )


def _answered_by_hand() -> list[rules.Item]:
    without_unknown = (ClosureAnswer.DONE, ClosureAnswer.NOT_APPLICABLE)
    return [
        rules.Item(
            code="emergency_changes",
            question=_("Emergency changes are recorded afterwards"),
            answers=_ANSWERABLE,
        ),
        rules.Item(
            code="temporary_fixes",
            question=_("Temporary fixes and accepted risks have an owner and an end date"),
            answers=_ANSWERABLE,
        ),
        rules.Item(
            code="problem_record",
            question=_("The problem record is linked"),
            detail=_("Give its number or address in the note."),
            answers=_ANSWERABLE,
            note_always=True,
        ),
        rules.Item(
            code="regulatory",
            question=_("Every regulatory clock is met, or none applies"),
            detail=_("Say in the note which clock was met, or why none applies."),
            answers=without_unknown,
            note_always=True,
        ),
    ]


def _page(incident: Incident, part: str) -> str:
    return f"{addresses.incident(incident.reference)}{part}"
