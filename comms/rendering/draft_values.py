"""What templates can say about an incident: plain texts and lists, the same names in every case."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.choices import UpdateKind
from comms.models import Audience
from comms.queries.promises import owing
from comms.queries.writing import languages, updates, vocabulary
from comms.rules import phrases
from incidents.choices import IncidentState
from incidents.models import ImpactStatement, Incident
from incidents.queries import command, impact
from incidents.rules import impact as impact_rules
from mim_portal.lib import times

_IMPACT = ("who", "activity", "count", "count_basis", "where", "not_affected", "workaround", "consequence")


def _doing(incident: Incident, *, language: str, now: datetime) -> str:
    """What is being done, and what is waited for while that time has not passed."""
    said = phrases.doing(incident.state, language=language)
    return f"{said} {waiting(incident, language=language, now=now)}".strip()


def waiting(incident: Incident, *, language: str, now: datetime) -> str:
    """What is waited for, in a sentence, while that time has not passed."""
    fact = owing.waiting(incident)
    if fact is None or fact.until_at <= now:
        return ""
    until = times.due_time(fact.until_at, timezone.get_default_timezone(), now=now, language=language)
    return phrases.waiting(fact.what, until, language=language)


def impact_sentence(incident: Incident, *, language: str) -> str:
    """The impact on record, in an update's language."""
    return impact.sentence(impact.current(incident), timezone.get_default_timezone(), language=language)


def of(
    incident: Incident, *, kind: str, audience: Audience, next_update_at: datetime | None, now: datetime
) -> dict[str, Any]:
    """The values for one message; what nobody knows is an empty text."""
    tz = timezone.get_default_timezone()
    language = languages.current()
    statement = impact.current(incident)
    last = updates.last_published(incident)
    since = last.published_at if last is not None and last.published_at is not None else incident.declared_at
    ended = incident.service_restored_at
    began = incident.impact_started_at or incident.declared_at
    manager = command.current_manager(incident)
    return {
        "kind": phrases.kind(kind, language=language),
        "audience": {"code": audience.code, "name": phrases.audience(audience.code, audience.name, language=language)},
        "reference": incident.reference,
        "external_ref": incident.external_ref,
        "priority": incident.priority,
        "service": incident.service.name,
        "title": incident.title,
        "state": phrases.state(incident.state, language=language),
        "activity": last.subject if last is not None else incident.title,
        "impact": _impact(statement, language=language),
        "doing": _doing(incident, language=language, now=now),
        "no_change_since": times.clock_time(since, tz),
        "next_update": times.full_date_time(next_update_at, tz, language=language) if next_update_at else "",
        "next_update_short": times.due_time(next_update_at, tz, now=now, language=language) if next_update_at else "",
        "last": {
            "number": str(last.sequence or "") if last is not None else "",
            "sent_at": times.clock_time(since, tz) if last is not None else "",
            "subject": last.subject if last is not None else "",
            "body": last.body if last is not None else "",
        },
        "restored_at": times.due_time(ended, tz, now=now, language=language) if ended else "",
        "duration": times.duration(ended - began) if ended else "",
        "cause_confirmed": incident.cause_confirmed_at is not None,
        "is_exercise": incident.is_exercise,
        "manager": {"name": manager.name, "email": manager.email, "phone": manager.phone},
        "help": list(vocabulary.current().public_contacts),
    }


def _impact(statement: ImpactStatement, *, language: str) -> dict[str, str]:
    tz = timezone.get_default_timezone()
    read = impact.facts(statement)
    known = {name: impact_rules.known(getattr(statement, name)).strip() for name in _IMPACT}
    since = times.clock_time(read.since, tz) if read.since else impact_rules.known(read.since_text)
    return known | {"sentence": impact.sentence(statement, tz, language=language), "since": since}


# What each value is, for whoever writes a template; in the order in which they are shown.
MEANINGS = {
    "impact.sentence": gettext_lazy("the impact on record, in one sentence"),
    "impact.who": gettext_lazy("who is affected"),
    "impact.activity": gettext_lazy("what they cannot do"),
    "impact.count": gettext_lazy("how many"),
    "impact.count_basis": gettext_lazy("what the number is based on"),
    "impact.where": gettext_lazy("where"),
    "impact.not_affected": gettext_lazy("what is not affected"),
    "impact.since": gettext_lazy("since when"),
    "impact.workaround": gettext_lazy("what people can do meanwhile; empty while there is nothing"),
    "impact.consequence": gettext_lazy("what is lost, and by when"),
    "doing": gettext_lazy("what is being done, by the state"),
    "activity": gettext_lazy("the subject as last said, or the title"),
    "service": gettext_lazy("the service, in its users’ words"),
    "priority": gettext_lazy("P1 to P5"),
    "reference": gettext_lazy("the incident’s number"),
    "external_ref": gettext_lazy("its number elsewhere"),
    "title": gettext_lazy("its title"),
    "state": gettext_lazy("its state, in a word"),
    "next_update": gettext_lazy("the next update, with date"),
    "next_update_short": gettext_lazy("the next update, as short as it can be said"),
    "no_change_since": gettext_lazy("when anything was last said"),
    "last.number": gettext_lazy("the last update’s number"),
    "last.sent_at": gettext_lazy("when it was sent"),
    "last.subject": gettext_lazy("its subject"),
    "last.body": gettext_lazy("its text"),
    "restored_at": gettext_lazy("when the service worked again; empty before"),
    "duration": gettext_lazy("how long it did not; empty before"),
    "cause_confirmed": gettext_lazy("whether the cause is confirmed"),
    "is_exercise": gettext_lazy("whether this is an exercise"),
    "manager.name": gettext_lazy("who is accountable"),
    "manager.email": gettext_lazy("their address"),
    "manager.phone": gettext_lazy("their phone"),
    "help": gettext_lazy("where people get help (a list)"),
    "kind": gettext_lazy("the kind of update"),
    "audience.name": gettext_lazy("the audience"),
    "audience.code": gettext_lazy("its code"),
}


@lru_cache(maxsize=1)
def sample() -> dict[str, Any]:
    """A made-up incident in which everything is known, to try templates on."""
    return {
        "kind": str(UpdateKind.UPDATE.label),
        "audience": {"code": "end_users", "name": _("End users")},
        "reference": "MI-2026-4711",
        "external_ref": "INC0012345",
        "priority": "P1",
        "service": "Payroll",
        "title": "Staff cannot submit timesheets",
        "state": str(IncidentState.INVESTIGATING.label),
        "activity": "staff cannot submit timesheets",
        "impact": {
            "sentence": "About 1,200 store staff in Ireland cannot submit timesheets in Payroll, since 09:10 (UTC+0). "
            "England is not affected. The paper form works.",
            "who": "store staff",
            "activity": "cannot submit timesheets",
            "count": "about 1,200",
            "count_basis": "error counts",
            "where": "Ireland",
            "not_affected": "England",
            "since": "09:10 (UTC+0)",
            "workaround": "use the paper form",
            "consequence": "payroll closes at 12:00 (UTC+0)",
        },
        "doing": phrases.doing(IncidentState.INVESTIGATING, language=phrases.ENGLISH),
        "no_change_since": "10:10 (UTC+0)",
        "next_update": "Mon 23 Nov 2026, 10:40 (UTC+0)",
        "next_update_short": "10:40 (UTC+0)",
        "last": {"number": "2", "sent_at": "10:10 (UTC+0)", "subject": "staff cannot submit timesheets", "body": "…"},
        "restored_at": "11:05 (UTC+0)",
        "duration": "1 h 55 min",
        "cause_confirmed": True,
        "is_exercise": False,
        "manager": {"name": "Mia Moreau", "email": "mia@example.org", "phone": "+44 20 7946 0000"},
        "help": ["help@example.org"],
    }
