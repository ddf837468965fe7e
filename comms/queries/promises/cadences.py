"""How often which audience hears, by priority; where services differ, and which live incidents keep theirs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from comms.models import Audience, CadencePolicy, OwedAudience, ServiceAudience
from comms.rules.promises import cadence, policies
from incidents.choices import LIVE_STATES, Priority
from incidents.models import Incident
from incidents.queries import command, visibility
from teams.models import Person

# What is owed unless somebody chooses, where the organisation has not decided.
_OWED_BY_DEFAULT = frozenset({Priority.P1, Priority.P2, Priority.P3})
MOST_SHOWN = 50
FIELDS = policies.FIELDS


@dataclass(frozen=True, kw_only=True)
class Row:
    """One audience's cadence at one priority, as it is and as it would be by default."""

    priority: str
    audience: Audience
    minutes: Mapping[str, int | None]
    is_owed: bool
    default: Mapping[str, int | None]
    default_owed: bool

    @property
    def key(self) -> str:
        return f"{self.priority}-{self.audience.code}"

    @property
    def is_default(self) -> bool:
        return (dict(self.minutes), self.is_owed) == (dict(self.default), self.default_owed)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A live incident that keeps the cadence frozen at its declaration, and who can agree another with its readers."""

    incident: Incident
    manager: Person | None
    times: tuple[str, ...]  # of each audience, how often it hears


def table() -> list[Row]:
    """Every priority and active audience, in two queries; one without a policy is shown with the default."""
    held = {(row.priority, row.audience_id): row for row in CadencePolicy.objects.filter(audience__is_active=True)}
    audiences = list(Audience.objects.filter(is_active=True).order_by("position", "id"))
    return [row(priority, one, held.get((priority, one.pk))) for priority in Priority.values for one in audiences]


def row(priority: str, audience: Audience, policy: CadencePolicy | None) -> Row:
    """The row of the table."""
    usual = default_minutes(priority, audience.code)
    owed = priority in _OWED_BY_DEFAULT and usual["first_minutes"] is not None
    return Row(
        priority=priority,
        audience=audience,
        minutes={name: getattr(policy, name) for name in policies.FIELDS} if policy else usual,
        is_owed=policy.is_owed if policy else False,
        default=usual,
        default_owed=owed,
    )


def default_minutes(priority: str, code: str) -> dict[str, int | None]:
    """The profession's own cadence (domain.md 1.6)."""
    usual = cadence.default(priority=priority, audience=code)
    lengths = {"first_minutes": usual.first, "every_minutes": usual.every, "later_minutes": usual.later}
    return {name: None if length is None else int(length.total_seconds() // 60) for name, length in lengths.items()}


def kept(person: Person) -> list[Kept]:
    """Live incidents whose frozen cadence is another than the policy's of today; the newest fifty, in two queries."""
    differs = (
        ~Q(first_minutes=F("policy_first")) | ~Q(every_minutes=F("policy_every")) | ~Q(later_minutes=F("policy_later"))
    )
    rows = (
        OwedAudience.objects.filter(
            owed_until=None,
            incident__in=visibility.visible_incidents(person).filter(state__in=LIVE_STATES),
            audience__policies__priority=F("incident__priority"),
        )
        .annotate(
            policy_first=F("audience__policies__first_minutes"),
            policy_every=F("audience__policies__every_minutes"),
            policy_later=F("audience__policies__later_minutes"),
        )
        .filter(differs)
        .select_related("incident", "audience")
        .order_by("-incident_id", "audience__position", "audience_id")
    )
    return _by_incident(list(rows[: MOST_SHOWN * 6]))


def _by_incident(rows: Sequence[OwedAudience]) -> list[Kept]:
    managers = command.managers_of({row.incident_id for row in rows})
    found: dict[int, list[OwedAudience]] = {}
    for one in rows:
        found.setdefault(one.incident_id, []).append(one)
    return [
        Kept(
            incident=owed[0].incident,
            manager=managers.get(pk),
            times=tuple(_times(one) for one in owed),
        )
        for pk, owed in list(found.items())[:MOST_SHOWN]
    ]


def _times(one: OwedAudience) -> str:
    """“Public: 15, then 30, later 60 min”."""
    if one.every_minutes is None:
        return _("%(audience)s: on change") % {"audience": one.audience.name}
    words = {"first": one.first_minutes, "every": one.every_minutes, "later": one.later_minutes}
    return _("%(audience)s: %(first)s, then %(every)s, later %(later)s min") % {"audience": one.audience.name, **words}


def differing() -> list[ServiceAudience]:
    """Where services differ from the table."""
    rows = ServiceAudience.objects.select_related("service", "audience")
    return list(rows.order_by("service__name", "audience__position", "audience_id"))


def plain(one: Row) -> dict[str, Any]:
    """One row as integrations read it."""
    return {
        "priority": one.priority,
        "audience": one.audience.code,
        **one.minutes,
        "is_owed": one.is_owed,
        "is_default": one.is_default,
    }
