"""What was learned from the past: a review that is being written, and lapses at three stages of the ledger."""

from datetime import datetime, timedelta

from comms.models import UpdateDeadline
from incidents.choices import IncidentState
from incidents.models import Incident
from reviews.choices import ActionStrength, EvidenceKind, FactorKind, FactorLayer, LapseState
from reviews.models import ContributingFactor, Lapse
from reviews.services import actions, factors, lapses, recurrence, reviews
from reviews.services.suggesting import late_updates, showing
from teams.models import Person, Team

REVIEWED = 3


def load(*, people: dict[str, Person], now: datetime) -> None:
    """Through the verbs: reviews open, lapses are suggested, one is owned and planned for, one is watched."""
    past = list(Incident.objects.filter(state=IncidentState.CLOSED).order_by("-declared_at"))
    for incident in past[:REVIEWED]:
        assert incident.resolved_at is not None
        reviews.open_review(incident_id=incident.pk, resolved_at=incident.resolved_at, now=now)
    if past:
        found = _discuss(past[0].reference, people, now=now)
        if len(past) > 1:
            _again(past[1].reference, people, found=found, now=now)
    late = UpdateDeadline.objects.filter(incident__in=past, missed_at__isnull=False).order_by("-due_at", "pk")
    late_updates.suggest(deadline_ids=list(late.values_list("pk", flat=True)[:4]), now=now)
    showing.show_after_restoration(incident_ids=[incident.pk for incident in past], now=now)
    _follow(people, now=now)


def _discuss(reference: str, people: dict[str, Person], *, now: datetime) -> ContributingFactor:
    factor = factors.add(
        reference=reference, person=people["petra"], kind=FactorKind.DELAYED_DETECTION, layer=FactorLayer.TOOL,
        evidence=EvidenceKind.LOG, now=now,
        statement="The alarm looked at the server, which was up, and not at whether a user could sign in.",
    )  # fmt: skip
    actions.add(
        reference=reference, person=people["petra"], title="Watch the sign-in with a test user every minute",
        owner=people["rosa"], due_date=(now + timedelta(days=21)).date(), strength=ActionStrength.INTERMEDIATE,
        done_means="An alarm rings within two minutes when the test user cannot sign in",
        measure="Time to detect of the next five incidents", factor_id=factor.pk, now=now,
    )  # fmt: skip
    return factor


def _again(reference: str, people: dict[str, Person], *, found: ContributingFactor, now: datetime) -> None:
    """The same condition in another review, linked by hand; the team that can change it is named, no person."""
    same = factors.add(
        reference=reference, person=people["petra"], kind=FactorKind.DELAYED_DETECTION, layer=FactorLayer.TOOL,
        evidence=EvidenceKind.RECORD, effect=2, changeability=3, now=now,
        control_owner=Team.objects.filter(slug="identity").first(),
        statement="The alarm looked at the server and not at whether a user could do their work.",
    )  # fmt: skip
    recurrence.link(reference=reference, factor_id=same.pk, other_id=found.pk, person=people["petra"])


def _follow(people: dict[str, Person], *, now: datetime) -> None:
    """The first suggestion is answered and watched, the second is owned; the rest wait for their addressee."""
    waiting = list(Lapse.objects.filter(state=LapseState.SUGGESTED).select_related("addressee").order_by("pk")[:2])
    for number, lapse in enumerate(waiting):
        addressee = lapse.addressee
        lapses.own(
            lapse_id=lapse.pk, person=addressee, now=now,
            acknowledgement="We promised an update and it came late; readers were left waiting.",
            conditions="Two audiences were due at different minutes, and the draft started when the time was up.",
        )  # fmt: skip
        if number == 0:
            lapses.plan(
                lapse_id=lapse.pk, person=addressee, owner=people["petra"], strength=ActionStrength.INTERMEDIATE,
                text="The communications lead opens the draft when the notice comes, ten minutes before the time.",
                due_date=(now + timedelta(days=14)).date(), measure="Updates on time of the next 20", now=now,
            )  # fmt: skip
            lapses.put_in_place(lapse_id=lapse.pk, person=people["petra"], now=now)
