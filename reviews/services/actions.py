"""Improvement actions: what will be different, who owns it, by when, and how we will know (domain.md 6.4)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mim_portal.lib.refusals import Invalid, Missing, Refusal
from reviews.choices import EDITABLE_REVIEWS, ActionNotice, ActionState, ActionStrength
from reviews.models import ContributingFactor, ImprovementAction, Review
from reviews.queries import reviews as review_queries
from reviews.rules import actions as rules
from reviews.services import reviews, words
from teams.models import Person

# How the rule's fields are called where a person gives them.
FIELD_NAMES = {"what": "title"}
CHANGEABLE = ("title", "owner", "due_date", "strength", "done_means", "measure", "ticket_url", "factor_id")
STEPS = {
    ActionState.OPEN: frozenset({ActionState.DONE, ActionState.CANCELLED}),
    ActionState.DONE: frozenset({ActionState.VERIFIED, ActionState.OPEN}),
    ActionState.CANCELLED: frozenset({ActionState.OPEN}),
    ActionState.VERIFIED: frozenset(),
}


class UnknownAction(Missing):
    """There is no such action for the person."""


class StepRefused(Refusal):
    """The action is not where this step starts."""

    code = "not_allowed"


@transaction.atomic
def add(
    *,
    reference: str,
    person: Person,
    title: str,
    owner: Person | None,
    due_date: date | None,
    strength: str,
    done_means: str,
    measure: str = "",
    ticket_url: str = "",
    factor_id: int | None = None,
    now: datetime,
) -> ImprovementAction:
    """Agree on an action: an owner, a day and what done means are not optional."""
    review = reviews.locked(reference=reference, person=person)
    action = ImprovementAction(review=review)
    given = {
        "title": title,
        "owner": owner,
        "due_date": due_date,
        "strength": strength,
        "done_means": done_means,
        "measure": measure,
        "ticket_url": ticket_url,
        "factor_id": factor_id,
    }
    _fill(action, given, review=review)
    action.save()
    _count_on(review, now=now)
    return action


@transaction.atomic
def change(*, action_id: int, person: Person, fields: Mapping[str, Any], now: datetime) -> ImprovementAction:
    """Write some fields of an action again; it must stay complete. `owner` is a Person."""
    action, review = _locked(action_id=action_id, person=person)
    due_date = action.due_date
    _fill(action, fields, review=review)
    if action.due_date != due_date:
        action.told = ActionNotice.NONE
    action.save(update_fields=[*(name.removesuffix("_id") for name in CHANGEABLE), "told"])
    _count_on(review, now=now)
    return action


@transaction.atomic
def move(*, action_id: int, person: Person, to: str, now: datetime) -> ImprovementAction:
    """Done, verified effective, cancelled, or open again."""
    action, review = _locked(action_id=action_id, person=person)
    if to == action.state:
        return action
    if to not in STEPS[ActionState(action.state)]:
        raise StepRefused(
            _("This action is %(state)s: that step does not follow.") % {"state": action.get_state_display().lower()},
            extra={"allowed": sorted(STEPS[ActionState(action.state)])},
        )
    action.state = to
    action.done_at = now if to == ActionState.DONE else None if to == ActionState.OPEN else action.done_at
    action.verified_at = now if to == ActionState.VERIFIED else None
    action.save(update_fields=["state", "done_at", "verified_at"])
    _count_on(review, now=now)
    return action


def _locked(*, action_id: int, person: Person) -> tuple[ImprovementAction, Review]:
    seen = review_queries.visible_actions(person).filter(pk=action_id).first()
    if seen is None or seen.review is None:
        raise UnknownAction(_("There is no action %(number)s.") % {"number": action_id})
    review = reviews.locked(reference=seen.review.incident.reference, person=person)
    return ImprovementAction.objects.select_for_update(no_key=True, of=("self",)).get(pk=action_id), review


def _fill(action: ImprovementAction, fields: Mapping[str, Any], *, review: Review) -> None:
    for name in CHANGEABLE:
        if name in fields:
            value = fields[name]
            setattr(action, name, value.strip() if isinstance(value, str) else value)
    draft = rules.Action(
        what=action.title,
        owner_id=action.owner_id,
        due_date=action.due_date,
        done_means=action.done_means,
        measure=action.measure,
        strength=action.strength,
    )
    for gap in rules.gaps(draft):
        if gap.required:
            raise Invalid(gap.message, field=FIELD_NAMES.get(gap.field, gap.field))
    if action.strength not in ActionStrength.values:
        raise Invalid(_("Choose how strong the action is."), field="strength")
    if action.factor_id and not ContributingFactor.objects.filter(pk=action.factor_id, review=review).exists():
        raise Invalid(_("This review has no such factor."), field="factor")


def _count_on(review: Review, *, now: datetime) -> None:
    """Writers of an open review notice; a published one keeps its version and only its actions go on."""
    if review.state in EDITABLE_REVIEWS:
        reviews.save(review, [], now=now)
    else:
        words.follow(review)
