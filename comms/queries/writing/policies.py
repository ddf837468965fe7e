"""Who reads what before it leaves: the policy by kind and audience, and who keeps the gate."""

from collections.abc import Iterable
from dataclasses import dataclass

from comms.choices import FAST_KINDS, Reading, UpdateKind
from comms.models import ApprovalPolicy, Audience
from comms.queries.recipients import audiences as audience_queries
from comms.rules import approval
from incidents.models import CommandTenure, Incident, IncidentMember
from mim_portal.models import OrganisationSetting
from teams.models import Person
from teams.rules import roles

NEUTRAL_WORDS = "neutral_words"
USUAL_NEUTRAL_WORDS = (
    "We know of a problem and are working on it. We are checking what happened before we say more. "
    "You do not need to do anything now."
)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What holds for one kind and one audience, and whether somebody set it."""

    kind: str
    audience: Audience
    reading: Reading
    is_set: bool


def readings(*, kind: str, audiences: Iterable[Audience]) -> list[Reading]:
    """What the policy asks of an update of this kind, one answer an audience, in one query."""
    chosen = list(audiences)
    if kind in FAST_KINDS or not chosen:
        return []
    rows = ApprovalPolicy.objects.filter(kind=kind, audience__in=chosen).values_list("audience_id", "reading")
    given = dict(rows)
    return [
        Reading(given[each.pk])
        if each.pk in given
        else approval.usual(kind=kind, code=each.code, is_plain=each.is_plain)
        for each in chosen
    ]


def table() -> list[Cell]:
    """Every kind that can wait for a reader, for every active audience."""
    given = {(row.kind, row.audience_id): row.reading for row in ApprovalPolicy.objects.all()}
    audiences = list(audience_queries.active())
    return [
        Cell(
            kind=kind.value,
            audience=audience,
            reading=Reading(
                given.get((kind.value, audience.pk))
                or approval.usual(kind=kind, code=audience.code, is_plain=audience.is_plain)
            ),
            is_set=(kind.value, audience.pk) in given,
        )
        for kind in UpdateKind
        if kind not in FAST_KINDS
        for audience in audiences
    ]


def gate_keepers(incident: Incident | None = None, *, besides: Iterable[int] = ()) -> list[Person]:
    """Active people of legal and security; those who may see the incident, where one is given."""
    found = Person.objects.filter(is_active=True, roles__overlap=sorted(roles.GATE_READERS)).exclude(pk__in=besides)
    if incident is not None and incident.is_private:
        found = found.filter(pk__in=insiders(incident))
    return list(found.order_by("username"))


def insiders(incident: Incident) -> list[int]:
    """Ids of those who may see a private incident: its members, and whoever was accountable for it."""
    members = IncidentMember.objects.filter(incident=incident).values_list("person_id", flat=True)
    managers = CommandTenure.objects.filter(incident=incident).values_list("manager_id", flat=True)
    return list(members.union(managers))


def neutral_words() -> str:
    """The holding words that legal and security agreed to beforehand; they never wait."""
    held = OrganisationSetting.objects.filter(name=NEUTRAL_WORDS).values_list("value", flat=True).first()
    return str(held or USUAL_NEUTRAL_WORDS)
