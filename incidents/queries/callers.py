"""What the desk tells callers about a candidate or an incident, before end users get their first message.

While it is a candidate the script is neutral and built from the desk's own facts. Once declared it follows the impact
as it stands, the last word to the desk and the time of the next one (settings.CALLER_SOURCES, served from above).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from incidents.choices import CandidateState, IncidentState
from incidents.models import Candidate, Incident
from incidents.queries import impact
from incidents.rules import intake_grades as grades
from incidents.rules import titles
from mim_portal.lib import hooks, times


@dataclass(frozen=True, kw_only=True)
class Script:
    """Sentences for the phone; `said` is the last message to the desk, word for word."""

    say: tuple[str, ...]
    log: tuple[str, ...]
    avoid: tuple[str, ...]
    workaround: str
    next_word: str
    said: str = ""
    said_at: datetime | None = None


def of_candidate(candidate: Candidate, *, now: datetime) -> Script:
    """The script of a candidate; of its incident, where a manager accepted or merged it."""
    if candidate.incident is not None:
        return of_incident(candidate.incident, now=now)
    if candidate.state == CandidateState.REJECTED:
        return _rejected(candidate)
    words = {"cannot_do": titles.told(candidate.cannot_do) or candidate.title, "service": _service(candidate)}
    return Script(
        say=(
            _("“Thank you for calling. Others have told us the same: %(cannot_do)s (%(service)s).”") % words,
            _("“It has been passed on to the manager on shift, and we are finding out who is affected.”"),
        ),
        log=(_log_each(), *_still_missing(candidate)),
        avoid=(
            _("Nothing is confirmed yet. Promise no time, name no cause, and do not call it a major incident."),
            _("Do not guess how many people have it."),
        ),
        workaround=_unconfirmed(candidate.workaround),
        next_word=_("No next update is promised yet. Do not give a time."),
    )


def of_incident(incident: Incident, *, now: datetime) -> Script:
    """The script of a declared incident."""
    statement = impact.current(incident)
    given: dict[str, Any] = {}
    for source in hooks.registered("CALLER_SOURCES"):
        given |= source(incident)
    sentence = impact.sentence(statement, timezone.get_current_timezone())
    said = given.get("said", "")
    return Script(
        say=(_state(incident), *(() if said else (f"“{sentence}”",))),
        log=(_log_each(), *_still_has_it(incident)),
        avoid=(
            _("Promise no time at which it works again, beyond what is written here."),
            _("Name no cause, no team and no person."),
        ),
        workaround=_stated(statement.workaround),
        next_word=_next(given.get("next_at"), incident=incident, now=now),
        said=said,
        said_at=given.get("said_at"),
    )


def _rejected(candidate: Candidate) -> Script:
    reason = _("It is not handled as a major incident: %(reason)s") % {"reason": candidate.decision_reason}
    return Script(
        say=(reason,),
        log=(_("Handle each call as an ordinary ticket. If more call than before, raise it again."),),
        avoid=(_("Promise no time beyond what your own service level says."),),
        workaround=_unconfirmed(candidate.workaround),
        next_word=_("No update follows."),
    )


def _state(incident: Incident) -> str:
    words = {
        IncidentState.MONITORING: _("It is back and is being watched. Ask the caller to try again now."),
        IncidentState.RESOLVED: _("It is resolved. Ask the caller to try again now."),
        IncidentState.CLOSED: _("It is over. Who has it now has something new: raise it."),
        IncidentState.CANCELLED: _("It was no major incident. Handle each call as an ordinary ticket."),
    }
    return words.get(IncidentState(incident.state), _("We know about it, and people are working on it."))


def _still_has_it(incident: Incident) -> tuple[str, ...]:
    if incident.state not in {IncidentState.MONITORING, IncidentState.RESOLVED}:
        return ()
    return (_("Who still has it counts: add the caller at once. It may not be over."),)


def _log_each() -> str:
    return _("Site, how many next to the caller have it too, the exact words on the screen, a number to call back.")


def _still_missing(candidate: Candidate) -> tuple[str, ...]:
    shorts = [str(one.get("short", "")) for one in candidate.intake_detail.get("missing", [])[:2]]
    asked = " ".join(short.capitalize() for short in shorts if short)
    return (_("Ask as well: %(questions)s") % {"questions": asked},) if asked else ()


def _unconfirmed(text: str) -> str:
    words = " ".join(text.split())
    if grades.unknown(words) or grades.asked(words):
        return _("None is known. Do not suggest one.")
    return _("Callers say: “%(workaround)s”. Nobody has confirmed it yet: say so.") % {"workaround": words}


def _stated(text: str) -> str:
    words = " ".join(text.split())
    if grades.unknown(words) or grades.asked(words):
        return _("None is known. Do not suggest one.")
    return words


def _next(at: datetime | None, *, incident: Incident, now: datetime) -> str:
    if at is None:
        ended = incident.state in {IncidentState.RESOLVED, IncidentState.CLOSED, IncidentState.CANCELLED}
        return _("No update follows.") if ended else _("No next update is promised yet. Do not give a time.")
    values = {"time": times.due_time(at, timezone.get_current_timezone(), now=now)}
    if at < now:
        return _("The next word was due %(time)s and is late. Do not give a time; the manager is reminded.") % values
    return _("You may say: the next word comes by %(time)s.") % values


def _service(candidate: Candidate) -> str:
    return candidate.service.name if candidate.service else candidate.service_text
