"""Calling a team for help the way it works best. Asking always goes out at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import COMMANDED_STATES, EngagementState, EntryKind
from incidents.models import ClarificationRequest, Engagement, EngagementFeedback, Incident, IncidentMember
from incidents.services import locking, timeline
from incidents.services.timeline import Entry
from incidents.services.work import engagement_message
from mim_portal.lib import times
from mim_portal.lib.refusals import Forbidden, Refusal
from teams.models import Membership, Person, Team
from teams.queries import calling
from teams.rules import roles

WORDS_LIMIT = 200  # who is on it, when


class EngagementRefused(Refusal):
    """The team was asked, answered or released already."""

    code = "engagement_refused"


@transaction.atomic
def engage(*, reference: str, team: Team, person: Person, now: datetime, note: str = "") -> Engagement:
    """Ask a team for help. The message opens as its profile says, with the facts that it wants first in its order.

    Nothing delays it: what nobody knows is listed as “not known, asked hh:mm” and asked of the desk at that moment.
    Members of a team that is called into a private incident may see it from then on.
    """
    incident = locking.lock(reference=reference, person=person)
    if incident.state not in COMMANDED_STATES:
        raise EngagementRefused(_("The incident has ended."), code="ended")
    already = Engagement.objects.filter(incident=incident, team=team, released_at=None).first()
    if already is not None:
        message = _("%(team)s has been asked at %(when)s. You can ask again.")
        words = {"team": team.name, "when": times.clock_time(already.asked_at)}
        raise EngagementRefused(message % words, code="already_asked", extra={"engagement": already.pk})
    profile = calling.current_profile(team)
    facts = engagement_message.facts(incident, profile)
    engagement = Engagement.objects.create(
        incident=incident,
        team=team,
        profile=profile,
        message=engagement_message.text(incident, facts, note=note, now=now),
        asked_by=person,
        asked_at=now,
    )
    _admit(incident, team=team, now=now)
    unknown = [fact.wanted for fact in facts if not fact.is_known]
    _ask_desk(incident, team=team, unknown=unknown, person=person, now=now)
    _append(incident, EntryKind.ENGAGEMENT_ASKED, engagement, person=person, at=now, text=note, asked_for=unknown)
    return engagement


@transaction.atomic
def ask_again(*, engagement_id: int, person: Person, now: datetime) -> Engagement:
    """Repeat an unanswered call, no sooner than the team's profile allows."""
    incident, engagement = locked(engagement_id, person=person)
    if engagement.state != EngagementState.ASKED:
        raise EngagementRefused(_("The team has answered already."), code="already_answered")
    allowed_at = ask_again_at(engagement)
    if now < allowed_at:
        message = _("The team asks to be called again no sooner than %s.") % times.clock_time(allowed_at)
        raise EngagementRefused(message, code="too_soon")
    engagement.asked_again_at = now
    engagement.save(update_fields=["asked_again_at"])
    _append(incident, EntryKind.ENGAGEMENT_ASKED_AGAIN, engagement, person=person, at=now)
    return engagement


def ask_again_at(engagement: Engagement) -> datetime:
    """From when on the team may be asked again."""
    minutes = engagement.profile.ask_again_minutes if engagement.profile else 10
    return (engagement.asked_again_at or engagement.asked_at) + timedelta(minutes=minutes)


def note_delivered(engagement_ids: Iterable[int], *, now: datetime) -> int:
    """The call for help has left for at least one address; how many engagements that is news for."""
    return Engagement.objects.filter(pk__in=set(engagement_ids), delivered_at=None).update(delivered_at=now)


@transaction.atomic
def acknowledge(*, engagement_id: int, person: Person, now: datetime) -> Engagement:
    """The team has read it and somebody is on it."""
    return _step(engagement_id, EngagementState.ACKNOWLEDGED, person=person, now=now)


@transaction.atomic
def join(*, engagement_id: int, person: Person, now: datetime) -> Engagement:
    """The right person is present and able to act; that answers the call too."""
    return _step(engagement_id, EngagementState.JOINED, person=person, now=now)


@transaction.atomic
def useful_action(*, engagement_id: int, person: Person, now: datetime) -> Engagement:
    """The first thing that moved the incident forward."""
    return _step(engagement_id, EngagementState.USEFUL_ACTION, person=person, now=now)


@transaction.atomic
def release(*, engagement_id: int, person: Person, now: datetime) -> Engagement:
    """The team may go, with thanks."""
    return _step(engagement_id, EngagementState.RELEASED, person=person, now=now)


@transaction.atomic
def answer_call(
    *, engagement_id: int, to: EngagementState, person: Person | None, now: datetime, words: str = ""
) -> Engagement:
    """Acknowledged or joined by whoever got the call, without signing in: what they hold is their authority.

    `person` is None where the call went to an address of the team, which names nobody; `words` are theirs. Somebody on
    shift need not be a member of the team.
    """
    incident, engagement = locked(engagement_id, person=None)
    _advance(incident, engagement, to, person=person, now=now, text=words.strip()[:WORDS_LIMIT])
    return engagement


def _step(engagement_id: int, to: EngagementState, *, person: Person, now: datetime) -> Engagement:
    incident, engagement = locked(engagement_id, person=person)
    side(engagement, person)
    _advance(incident, engagement, to, person=person, now=now)
    return engagement


def _advance(
    incident: Incident,
    engagement: Engagement,
    to: EngagementState,
    *,
    person: Person | None,
    now: datetime,
    text: str = "",
) -> None:
    """Forward only: asked, acknowledged, joined, first useful action, released; steps may be skipped."""
    order = list(EngagementState)
    if order.index(to) <= order.index(EngagementState(engagement.state)):
        message = _("%(team)s: %(state)s already.")
        words = {"team": engagement.team.name, "state": engagement.get_state_display().lower()}
        raise EngagementRefused(message % words, code="already_there", extra={"state": engagement.state})
    engagement.state = to
    if to == EngagementState.RELEASED:
        engagement.released_at = now
    else:
        if engagement.acknowledged_at is None:
            engagement.acknowledged_at, engagement.acknowledged_by = now, person
        if to != EngagementState.ACKNOWLEDGED:
            engagement.joined_at = engagement.joined_at or now
        if to == EngagementState.USEFUL_ACTION:
            engagement.useful_action_at = now
    engagement.save()
    _append(incident, EntryKind(f"engagement_{to}"), engagement, person=person, at=now, text=text)


def side(engagement: Engagement, person: Person) -> str:
    """Members answer for their team, managers for the practice (and for a team that answered by phone)."""
    if person.is_member(engagement.team_id):
        return EngagementFeedback.Side.TEAM
    if person.has_role(*roles.COMMANDERS):
        return EngagementFeedback.Side.MANAGER
    raise Forbidden(_("Only a member of the team or a manager can answer for it."))


def locked(engagement_id: int, *, person: Person | None) -> tuple[Incident, Engagement]:
    """An engagement with its incident, the incident locked first; with `person`, only where they may see it."""
    incident_id = Engagement.objects.filter(pk=engagement_id).values_list("incident_id", flat=True).first()
    if incident_id is None:
        raise locking.UnknownIncident(_("There is no such engagement."))
    incident = locking.lock_by_id(incident_id, person=person)
    engagement = (
        Engagement.objects.select_for_update(no_key=True, of=("self",))
        .select_related("team", "profile")
        .get(pk=engagement_id)
    )
    return incident, engagement


def _admit(incident: Incident, *, team: Team, now: datetime) -> None:
    if not incident.is_private:
        return
    members = Membership.objects.filter(team=team, person__is_active=True).values_list("person_id", flat=True)
    IncidentMember.objects.bulk_create(
        [IncidentMember(incident=incident, person_id=pk, added_at=now) for pk in members], ignore_conflicts=True
    )


def _ask_desk(incident: Incident, *, team: Team, unknown: Sequence[str], person: Person, now: datetime) -> None:
    """“Asked hh:mm” is true: the desk gets the question, unless it has it already."""
    candidate = engagement_message.candidate_of(incident)
    if candidate is None:
        return
    fields = {wish: wish[:40] for wish in unknown}
    waiting = set(candidate.clarifications.filter(field__in=fields.values()).values_list("field", flat=True))
    ClarificationRequest.objects.bulk_create(
        [
            ClarificationRequest(
                candidate=candidate,
                field=field,
                question=_("%(team)s wants to know first: %(fact)s") % {"team": team.name, "fact": wish},
                asked_by=person,
                asked_at=now,
            )
            for wish, field in fields.items()
            if field not in waiting
        ]
    )


def _append(
    incident: Incident,
    kind: EntryKind,
    engagement: Engagement,
    *,
    person: Person | None,
    at: datetime,
    text: str = "",
    asked_for: Sequence[str] = (),
) -> None:
    data: dict[str, object] = {"engagement": engagement.pk, "team": engagement.team_id}
    if asked_for:
        data["not_known"] = list(asked_for)
    entry = Entry(kind=kind, at=at, actor_id=person.pk if person else None, text=text.strip(), data=data)
    timeline.append(incident=incident, entries=[entry])
