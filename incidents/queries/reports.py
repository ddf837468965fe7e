"""Who called the desk about an incident or a candidate: the totals that pages, the API and the impact form share."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, cast

from django.db.models import Q, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.choices import EntrySource
from incidents.models import Candidate, DeskReport, Incident
from incidents.rules import desk_reports as rules
from mim_portal.lib import prepared, times
from teams.models import Site


@dataclass(frozen=True, kw_only=True)
class Totals:
    """What the desk has heard so far. `basis` can stand as the basis of a count; it is never the count itself."""

    reports: int
    callers: int
    sites: tuple[str, ...]
    latest_at: datetime | None
    words: str  # “7 callers, 3 sites”; empty where nobody called
    basis: str  # “7 callers at 3 sites reported to the desk by 10:31 (UTC+0)”


def of_incident(incident: Incident) -> QuerySet[DeskReport]:
    """Reports of the incident and of the candidates that became part of it, newest first."""
    mine = Q(incident=incident) | Q(candidate__incident=incident)
    return DeskReport.objects.filter(mine).select_related("reported_by", "candidate").order_by("-reported_at", "-id")


def of_candidate(candidate: Candidate) -> QuerySet[DeskReport]:
    """Reports that were added to the candidate, newest first."""
    found = DeskReport.objects.filter(candidate=candidate)
    return found.select_related("reported_by", "candidate").order_by("-reported_at", "-id")


def totals(incident: Incident, *, tz: tzinfo | None = None) -> Totals:
    """Every candidate that a person raised is one caller; every report has its own number of them. Two queries."""
    return _totals(_calls(incident=incident), tz=tz)


def asks(*, incident: Incident) -> list[prepared.Ask]:
    """What `totals` asks, to be asked together with more."""
    return [_calls.ask(incident=incident), _names_of_two_words.ask()]


def totals_of_candidate(candidate: Candidate, *, tz: tzinfo | None = None) -> Totals:
    """The candidate's own caller and those that were added since. Two queries."""
    return _totals(_calls_of_candidate(candidate=candidate), tz=tz)


Call = tuple[int, str, datetime, int]  # how many, where, when, and a number for those of one moment


@prepared.query
def _calls(*, incident: int) -> QuerySet[Any, Call]:
    raised = Candidate.objects.filter(incident=incident, source=EntrySource.PERSON)
    mine = Q(incident=incident) | Q(candidate__incident=incident)
    return _together(raised, DeskReport.objects.filter(mine))


@prepared.query
def _calls_of_candidate(*, candidate: int) -> QuerySet[Any, Call]:
    raised = Candidate.objects.filter(pk=candidate, source=EntrySource.PERSON)
    return _together(raised, DeskReport.objects.filter(candidate=candidate))


def _together(raised: QuerySet[Candidate], added: QuerySet[DeskReport]) -> QuerySet[Any, Call]:
    calls: Any = raised.values_list(Value(1), "where", "raised_at", "pk")
    return cast(QuerySet[Any, Call], calls.union(added.values_list("callers", "where", "reported_at", "pk"), all=True))


@prepared.query
def _names_of_two_words() -> QuerySet[Any, str]:
    """Sites whose names hold what otherwise stands between two places."""
    return Site.objects.filter(Q(name__icontains=" and ") | Q(name__contains=" & ")).values_list("name", flat=True)


def _totals(calls: Iterable[Call], *, tz: tzinfo | None) -> Totals:
    rows = sorted(calls, key=lambda row: row[2:])
    reported = [rules.Report(callers=callers, where=where) for callers, where, *_at in rows]
    counted = rules.totals(reported, names=_names_of_two_words())
    latest = rows[-1][2] if rows else None
    return Totals(
        reports=counted.reports,
        callers=counted.callers,
        sites=counted.sites,
        latest_at=latest,
        words=_words(counted),
        basis=_basis(counted, latest, tz or timezone.get_current_timezone()),
    )


def _callers(counted: rules.Totals) -> str:
    return ngettext("%d caller", "%d callers", counted.callers) % counted.callers


def _sites(counted: rules.Totals) -> str:
    return ngettext("%d site", "%d sites", len(counted.sites)) % len(counted.sites)


def _words(counted: rules.Totals) -> str:
    if not counted.reports:
        return ""
    return f"{_callers(counted)}, {_sites(counted)}" if counted.sites else _callers(counted)


def _basis(counted: rules.Totals, latest: datetime | None, tz: tzinfo) -> str:
    if not counted.reports or latest is None:
        return ""
    values = {"callers": _callers(counted), "sites": _sites(counted), "time": times.clock_time(latest, tz)}
    if counted.sites:
        return _("%(callers)s at %(sites)s reported to the desk by %(time)s") % values
    return _("%(callers)s reported to the desk by %(time)s") % values
