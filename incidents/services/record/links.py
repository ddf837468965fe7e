"""Linking incidents: duplicate of, part of, caused by, recurrence of. A duplicate can be cancelled in the same step."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from incidents.choices import TREE_LINKS, EntryKind, IncidentState, LinkKind
from incidents.models import Incident, IncidentLink
from incidents.models.link import STANDING
from incidents.queries.visibility import visible_incidents
from incidents.rules import trees as rules
from incidents.services import locking, timeline
from incidents.services.states import lifecycle
from incidents.services.timeline import Entry
from mim_portal.lib.refusals import Invalid, Missing, Refusal
from teams.models import Person

# One at a time may add to the trees of duplicates and parts, however far apart: two halves of a circle never meet.
_TREE_LOCK = 7_340_021


class UnknownLink(Missing):
    """No such link, or one of its incidents does not exist for the person."""


@transaction.atomic
def link(
    *,
    reference: str,
    kind: str,
    to: str,
    person: Person,
    now: datetime,
    here: bool = False,
    cancel: bool = False,
) -> IncidentLink:
    """Say that the incident is a duplicate of, part of, caused by or a recurrence of the one called `to`.

    With `here` it is the other way round. With `cancel` the duplicate of the two ends as cancelled, if its audiences
    were told so; otherwise nothing happens.
    """
    one, two = _locked(reference, to, person=person)
    incident, other = (two, one) if here else (one, two)
    if kind not in LinkKind.values:
        raise Invalid(_("Choose one of: %s.") % ", ".join(LinkKind.values), field="kind")
    _refuse_impossible(incident, other, kind=kind)
    made = IncidentLink.objects.create(incident=incident, other=other, kind=kind, linked_by=person, linked_at=now)
    _tell(made, EntryKind.LINKED, person=person, now=now)
    if cancel:
        _cancel_duplicate(made, person=person, now=now)
    return made


@transaction.atomic
def end(*, link_id: int, reference: str, person: Person, now: datetime) -> IncidentLink:
    """Take a link back; that it stood stays on both timelines."""
    seen = visible_incidents(person)
    found = IncidentLink.objects.filter(pk=link_id, incident__in=seen, other__in=seen).first()
    if found is None:
        raise UnknownLink(_("There is no such link."))
    _lock_both(found.incident_id, found.other_id)
    made = IncidentLink.objects.select_related("incident", "other").get(pk=found.pk)
    if reference not in (made.incident.reference, made.other.reference):
        raise UnknownLink(_("There is no such link."))
    if made.ended_at is not None:
        raise Refusal(_("This link was ended already."), code="ended")
    made.ended_by, made.ended_at = person, now
    made.save(update_fields=["ended_by", "ended_at"])
    _tell(made, EntryKind.LINK_ENDED, person=person, now=now)
    return made


def _locked(reference: str, to: str, *, person: Person) -> tuple[Incident, Incident]:
    """Both incidents, locked in the order of their keys, so that two links at once never wait for each other."""
    seen = visible_incidents(person)
    keys = dict(seen.filter(reference__in=[reference, to.strip()]).values_list("reference", "pk"))
    if reference not in keys:
        raise locking.UnknownIncident(_("There is no incident %s.") % reference)
    if to.strip() not in keys:
        raise Invalid(_("There is no incident %s.") % to.strip(), code="unknown_incident", field="to")
    if reference == to.strip():
        raise Invalid(_("An incident is not linked to itself."), field="to")
    rows = _lock_both(keys[reference], keys[to.strip()])
    return rows[keys[reference]], rows[keys[to.strip()]]


def _lock_both(one: int, two: int) -> dict[int, Incident]:
    return {pk: locking.lock_by_id(pk) for pk in sorted({one, two})}


def _refuse_impossible(incident: Incident, other: Incident, *, kind: str) -> None:
    standing = IncidentLink.objects.filter(STANDING, incident=incident, kind=kind)
    if standing.filter(other=other).exists():
        raise Refusal(_("They are linked so already."), code="linked_already")
    if kind not in TREE_LINKS:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TREE_LOCK])
    words = LinkKind(kind).label.lower()
    if standing.exists():
        raise Refusal(
            _("%(incident)s is %(words)s another one already: end that link first.")
            % {"incident": incident.reference, "words": words},
            code="one_already",
        )
    parents = dict(IncidentLink.objects.filter(STANDING, kind=kind).values_list("incident_id", "other_id"))
    if rules.leads_back(parents, start=incident.pk, to=other.pk):
        raise Refusal(
            _("%(other)s is %(words)s %(incident)s itself, directly or through others.")
            % {"incident": incident.reference, "other": other.reference, "words": words},
            code="circle",
        )


def _tell(made: IncidentLink, kind: EntryKind, *, person: Person, now: datetime) -> None:
    """On both timelines; nothing about a private incident on that of one that others may see."""
    ends = ((made.incident, made.other, True), (made.other, made.incident, False))
    timeline.append_many(
        [
            (
                one,
                Entry(
                    kind=kind,
                    at=now,
                    actor_id=person.pk,
                    data={"link": made.kind, "other": another.pk, "is_from_here": is_from_here},
                ),
            )
            for one, another, is_from_here in ends
            if one.is_private or not another.is_private
        ]
    )


def _cancel_duplicate(made: IncidentLink, *, person: Person, now: datetime) -> None:
    if made.kind != LinkKind.DUPLICATE:
        raise Invalid(_("Only a duplicate can be cancelled with its link."), field="cancel")
    hidden = made.other.is_private and not made.incident.is_private
    reason = _("A duplicate.") if hidden else _("A duplicate of %s.") % made.other.reference
    lifecycle.transition(
        reference=made.incident.reference, to=IncidentState.CANCELLED, person=person, reason=reason, now=now
    )
