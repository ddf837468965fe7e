"""Whom an incident owes updates and how often, what was agreed, and what it waits for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from comms.models import Audience, CadencePolicy, OwedAudience, ServiceAudience, Update, UpdateDeadline, WaitingFor
from comms.models.deadline import OPEN
from comms.queries.writing import updates
from comms.rules.promises import holding
from incidents.choices import EntryKind
from incidents.models import Incident, TimelineEntry
from mim_portal.lib import prepared
from teams.models import Service


@dataclass(frozen=True, kw_only=True)
class Line:
    """One audience of the incident: whether it is owed updates, how often, and when the next one is due."""

    audience: Audience
    owed: OwedAudience | None
    due_at: datetime | None

    @property
    def is_owed(self) -> bool:
        return self.owed is not None and self.owed.owed_until is None

    @property
    def agreed(self) -> list[datetime]:
        return self.owed.agreed_times if self.owed is not None and self.is_owed else []

    @property
    def often(self) -> str:
        """How often it hears, in words."""
        row = self.owed
        if row is None or not self.is_owed:
            return _("not owed")
        if row.every_minutes is None and row.later_minutes is None:
            return _("on change")
        if row.every_minutes is None or row.later_minutes in (None, row.every_minutes):
            return _("every %d min") % (row.every_minutes or row.later_minutes or 0)
        return _("every %(every)d min, after two hours every %(later)d min") % {
            "every": row.every_minutes,
            "later": row.later_minutes,
        }


def lines(incident: Incident) -> list[Line]:
    """Every active audience, in the order in which copies leave, in three queries."""
    rows = {row.audience_id: row for row in OwedAudience.objects.filter(incident=incident)}
    open_rows = UpdateDeadline.objects.filter(OPEN, incident=incident).values_list("audience_id", "due_at")
    due = dict(open_rows)
    active = Audience.objects.filter(is_active=True).order_by("position", "id")
    return [Line(audience=one, owed=rows.get(one.pk), due_at=due.get(one.pk)) for one in active]


def plain(line: Line) -> dict[str, Any]:
    """One audience as integrations read it."""
    row = line.owed
    return {
        "audience": line.audience.code,
        "name": line.audience.name,
        "is_owed": line.is_owed,
        "first_minutes": row.first_minutes if row else None,
        "every_minutes": row.every_minutes if row else None,
        "later_minutes": row.later_minutes if row else None,
        "agreed_times": line.agreed,
        "owed_since": row.owed_since if row else None,
        "owed_until": row.owed_until if row else None,
        "due_at": line.due_at,
    }


def asks(*, incident: Incident) -> list[prepared.Ask]:
    """What `agreed` and `waiting` ask, to be asked together."""
    return [_agreed.ask(incident=incident), _waiting.ask(incident=incident)]


def agreed(incident: Incident, *, now: datetime) -> list[OwedAudience]:
    """The owed audiences with whom times are agreed that lie ahead, in the order in which copies leave."""
    return [row for row in _agreed(incident=incident) if row.agreed_times[-1] > now]


@prepared.query
def _agreed(*, incident: int) -> QuerySet[OwedAudience]:
    rows = OwedAudience.objects.filter(incident=incident, owed_until=None).exclude(agreed_times=[])
    return rows.select_related("audience").order_by("audience__position", "audience_id")


def waiting(incident: Incident) -> WaitingFor | None:
    """What the incident waits for; its time may have passed."""
    return _waiting.first(incident=incident)


@prepared.query
def _waiting(*, incident: int) -> QuerySet[WaitingFor]:
    return WaitingFor.objects.filter(incident=incident, ended_at=None).order_by("pk")[:1]


def question(incident: Incident, *, now: datetime) -> str:
    """What is asked before a third holding update in a row; "" where a fact or a longer interval answers it."""
    kinds = updates.kinds_sent(incident)
    if not holding.asks(kinds=kinds):
        return ""
    fact = waiting(incident)
    sent = Update.objects.filter(incident=incident, published_at__isnull=False).order_by("-published_at", "-id")
    first = sent.values_list("published_at", flat=True)[holding.in_a_row(kinds) - 1]
    since = TimelineEntry.objects.filter(incident=incident, kind=EntryKind.CADENCE_CHANGED, at__gte=first)
    return holding.asks(
        kinds=kinds,
        waiting_until=fact.until_at if fact is not None and fact.until_at > now else None,
        longer_agreed=since.exists(),
    )


def usual(*, priority: str, service: Service | None) -> list[Audience]:
    """Who is owed updates by default about an incident of this priority on this service."""
    rows = CadencePolicy.objects.filter(priority=priority, audience__is_active=True).select_related("audience")
    differs: Mapping[int, bool] = (
        dict(ServiceAudience.objects.filter(service=service).values_list("audience_id", "is_owed")) if service else {}
    )
    return [
        row.audience
        for row in rows.order_by("audience__position", "audience_id")
        if differs.get(row.audience_id, row.is_owed)
    ]


def for_declaration(*, priority: str | None, service: Service | None) -> tuple[list[tuple[str, str]], str]:
    """settings.DECLARATION_AUDIENCES: what whoever declares can choose from, and who is owed where they do not."""
    choices = list(Audience.objects.filter(is_active=True).order_by("position", "id").values_list("code", "name"))
    if priority is None:
        return choices, ""
    names = [one.name for one in usual(priority=priority, service=service)]
    return choices, ", ".join(names) if names else _("nobody")
