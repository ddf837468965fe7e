"""The impact as it stands: one sentence for pages, messages and the API."""

from collections.abc import Iterable
from datetime import UTC, tzinfo

from django.db.models import Max, QuerySet

from incidents.choices import UNRESTORED_STATES
from incidents.models import ImpactStatement, Incident
from incidents.rules import impact as rules
from incidents.rules import impact_labels, scope
from incidents.rules import statement as statements
from mim_portal.lib import prepared


def current(incident: Incident) -> ImpactStatement:
    """The newest version; every declared incident has one."""
    statement = _newest.first(incident=incident)
    if statement is None:
        raise ImpactStatement.DoesNotExist(f"{incident} has no impact statement")
    return statement


def ask(*, incident: Incident) -> prepared.Ask:
    """What `current` asks, to be asked together with more."""
    return _newest.ask(incident=incident)


def versions(incident: Incident) -> QuerySet[ImpactStatement]:
    """All versions, newest first."""
    return (
        ImpactStatement.objects.filter(incident=incident)
        .select_related("incident__service", "author")
        .order_by("-version")
    )


def has_widened(incident: Incident) -> bool:
    """Whether the newest version says that more is affected than the one before did."""
    newest = list(versions(incident)[:2])
    return len(newest) == 2 and scope.widened(before=facts(newest[1]), after=facts(newest[0]))


@prepared.query
def _newest(*, incident: int) -> QuerySet[ImpactStatement]:
    found = ImpactStatement.objects.filter(incident=incident).select_related("incident__service", "author")
    return found.order_by("-version")[:1]


def current_version(incident: Incident) -> int:
    """The number of the version that stands, 0 before there is one."""
    rows = ImpactStatement.objects.filter(incident=incident)
    return int(rows.aggregate(newest=Max("version", default=0))["newest"])


def current_of(incident_ids: Iterable[int]) -> dict[int, ImpactStatement]:
    """The newest version of each incident, one query for a whole page."""
    return {statement.incident_id: statement for statement in _newest_of(incidents=list(incident_ids))}


@prepared.query
def _newest_of(*, incidents: list[int]) -> QuerySet[ImpactStatement]:
    found = ImpactStatement.objects.filter(incident__in=incidents).order_by("incident_id", "-version")
    return found.distinct("incident_id").select_related("incident__service", "author")


def facts(statement: ImpactStatement) -> rules.Impact:
    """The version as the rules read it."""
    incident = statement.incident
    since = statements.read_since(statement.since, now=statement.as_of)
    until = statements.read_since(statement.until, now=statement.as_of).at
    return rules.Impact(
        service=incident.service.name,
        who=statement.who,
        activity=statement.activity,
        count=statement.count,
        count_basis=statement.count_basis,
        where=statement.where,
        not_affected=statement.not_affected,
        since=since.at,
        since_text=since.text,
        until=until or incident.service_restored_at,
        workaround=statement.workaround,
        consequence=statement.consequence,
        critical_time=statement.critical_time,
        data_state=statement.data_state,
        confidence=statements.unpack_confidence(statement.confidence),
        as_of=statement.as_of,
    )


def sentence(statement: ImpactStatement, tz: tzinfo = UTC, *, past: bool | None = None, language: str = "en") -> str:
    """The impact in plain words; in the past tense once users have the service back, and in an update's language."""
    if past is None:
        past = statement.incident.state not in UNRESTORED_STATES
    return impact_labels.told(facts(statement), language=language, tz=tz, past=past)


def size(statement: ImpactStatement) -> str:
    """How many of whom and where, as far as it is known."""
    return ", ".join(filter(None, map(rules.known, (statement.count, statement.who, statement.where))))


def missing(statement: ImpactStatement) -> tuple[rules.Gate, ...]:
    """What the statement does not say yet."""
    return rules.missing(facts(statement))
