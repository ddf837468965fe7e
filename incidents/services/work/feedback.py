"""How it went, three answers and two lines from each side; who wrote them is not kept (domain.md 5.3)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import LIVE_STATES
from incidents.models import Engagement, EngagementFeedback, FeedbackRequest, Incident
from incidents.services.work import engagements
from incidents.services.work.engagements import EngagementRefused
from mim_portal.lib import addresses
from mim_portal.lib.refusals import Invalid
from teams.models import Membership, Person

QUESTIONS: Final = EngagementFeedback.QUESTIONS
RATINGS: Final = range(1, 6)
# DESIGN 1a: nobody is asked more than once a week, however many incidents there were.
ASKED_AGAIN_AFTER: Final = timedelta(days=7)
# What happened a fortnight ago is no longer remembered well enough to say how it was.
HOLDS_FOR: Final = timedelta(days=14)
_SALT: Final = "incidents.feedback"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Whom to ask about which engagement, and the link that answers."""

    engagement: Engagement
    person: Person
    link: str


@transaction.atomic
def give(
    *,
    engagement_id: int,
    person: Person,
    answers: Mapping[str, int],
    now: datetime,
    keep: str = "",
    change: str = "",
) -> EngagementFeedback:
    """From the team or from the manager, by who is asking; once from each side."""
    incident, engagement = engagements.locked(engagement_id, person=person)
    side = engagements.side(engagement, person)
    return _write(incident, engagement, side=side, answers=answers, keep=keep, change=change, now=now)


@transaction.atomic
def give_by_link(
    *, engagement_id: int, answers: Mapping[str, int], now: datetime, keep: str = "", change: str = ""
) -> EngagementFeedback:
    """For the team, by whoever was asked: the link is their authority, and their name goes nowhere."""
    incident, engagement = engagements.locked(engagement_id, person=None)
    side = EngagementFeedback.Side.TEAM
    return _write(incident, engagement, side=side, answers=answers, keep=keep, change=change, now=now)


@transaction.atomic
def ask(*, incident_ids: Iterable[int], now: datetime) -> list[Asked]:
    """Whoever answered the call for each team, else a lead of it, is asked once; exercises ask nobody.

    Safe to repeat. Nobody is asked twice a week; a team that never answered has nothing to say about working together.
    """
    found: list[Asked] = []
    for engagement in _unasked(incident_ids):
        person = _speaker(engagement)
        if person is None or is_asked_lately(person, now=now):
            continue
        made, is_new = FeedbackRequest.objects.get_or_create(
            engagement=engagement, defaults={"person": person, "asked_at": now}
        )
        if is_new:
            found.append(Asked(engagement=engagement, person=person, link=link(made)))
    return found


def link(asked: FeedbackRequest) -> str:
    """The address for whoever was asked."""
    return addresses.absolute(addresses.feedback(token(asked)))


def token(asked: FeedbackRequest) -> str:
    return signing.dumps(asked.pk, salt=_SALT)


def is_asked_lately(person: Person, *, now: datetime) -> bool:
    """Whether the person was asked within a week, for a team or for the desk."""
    return FeedbackRequest.objects.filter(person=person, asked_at__gt=now - ASKED_AGAIN_AFTER).exists()


def request_of(text: str) -> FeedbackRequest | None:
    """What the link asks, of a team's engagement or of the desk's incident; None where it was not made here, is too
    old, or whoever was asked has left.
    """
    try:
        key = signing.loads(text, salt=_SALT, max_age=HOLDS_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = FeedbackRequest.objects.filter(pk=key, person__is_active=True)
    return rows.select_related("engagement__incident", "engagement__team", "incident", "person").first()


def is_given(engagement: Engagement, side: str) -> bool:
    """Whether that side has answered."""
    return engagement.feedback.filter(side=side).exists()


def _unasked(incident_ids: Iterable[int]) -> Sequence[Engagement]:
    given = EngagementFeedback.objects.filter(side=EngagementFeedback.Side.TEAM).values("engagement")
    return list(
        Engagement.objects.filter(incident__in=list(incident_ids), incident__is_exercise=False)
        .filter(acknowledged_at__isnull=False)
        .exclude(pk__in=FeedbackRequest.objects.filter(engagement__isnull=False).values("engagement"))
        .exclude(pk__in=given)
        .select_related("incident", "team", "acknowledged_by")
        .order_by("pk")
    )


def _speaker(engagement: Engagement) -> Person | None:
    """Whoever answered the call, where they are of the team and can be reached; else its first lead."""
    answered = engagement.acknowledged_by
    members = Membership.objects.filter(team=engagement.team_id, person__is_active=True).exclude(person__email="")
    if answered is not None and members.filter(person=answered).exists():
        return answered
    lead = members.filter(is_lead=True).select_related("person").order_by("person__username").first()
    return lead.person if lead else None


def _write(
    incident: Incident,
    engagement: Engagement,
    *,
    side: str,
    answers: Mapping[str, int],
    keep: str,
    change: str,
    now: datetime,
) -> EngagementFeedback:
    if engagement.released_at is None and incident.state in LIVE_STATES:
        raise EngagementRefused(
            _("Feedback opens when the team is released or the incident is resolved."), code="too_soon"
        )
    wrong = next((name for name in QUESTIONS if answers.get(name) not in RATINGS), None)
    if wrong is not None:
        raise Invalid(_("Choose 1 to 5."), field=wrong)
    if is_given(engagement, side):
        raise EngagementRefused(_("Your side has given its feedback already. Thank you."), code="already_given")
    return EngagementFeedback.objects.create(
        engagement=engagement,
        side=side,
        keep=keep.strip(),
        change=change.strip(),
        given_at=now,
        **{name: answers[name] for name in QUESTIONS},
    )
