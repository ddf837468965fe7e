"""The review's verbs: opened by the portal, written by many, submitted, signed off.

Two people may write at once: an edit names the version it started from, and nothing that was typed is overwritten.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.choices import EntryKind, EntrySource
from incidents.models import Incident
from incidents.services import locking, timeline
from mim_portal.lib.refusals import Invalid, Missing, Refusal
from reviews.choices import EDITABLE_REVIEWS, ReviewSection, ReviewState
from reviews.models import Review
from reviews.queries import record
from reviews.queries import reviews as review_queries
from reviews.rendering import prefill
from reviews.rules import clocks
from reviews.services import words
from teams.models import Person


class UnknownReview(Missing):
    """The incident has no review yet, or does not exist for the person."""


class Changed(Refusal):
    """Somebody else has saved since the writer began; both texts are kept."""

    code = "changed"
    status = 412


class Published(Refusal):
    """A published review stands as it is; only its actions go on."""

    code = "published"


@transaction.atomic
def open_review(*, incident_id: int, resolved_at: datetime, now: datetime) -> Review:
    """Open the review of a resolved incident with its clocks and what the record already says.

    Safe to repeat. Resolved again after a reopening, a draft's clocks start again; what people wrote stays.
    """
    incident = locking.lock_by_id(incident_id)
    draft_due = clocks.draft_due(resolved_date=resolved_at.date())
    publish_due = clocks.published_due(resolved_date=resolved_at.date())
    review = Review.objects.select_for_update(no_key=True).filter(incident=incident).first()
    if review is not None:
        if review.state == ReviewState.DRAFT and draft_due > review.draft_due_date:
            review.draft_due_date, review.publish_due_date = draft_due, publish_due
            review.save(update_fields=["draft_due_date", "publish_due_date"])
        return review
    review = Review.objects.create(
        incident=incident,
        sections=prefill.sections(record.of(incident)),
        opened_at=now,
        draft_due_date=draft_due,
        publish_due_date=publish_due,
        edited_at=now,
    )
    words.follow(review)
    timeline.append(
        incident=incident,
        entries=[
            timeline.Entry(kind=EntryKind.REVIEW_OPENED, at=now, source=EntrySource.SYSTEM, data={"review": review.pk})
        ],
    )
    return review


@transaction.atomic
def edit(*, reference: str, person: Person, version: int | None, sections: Mapping[str, str], now: datetime) -> Review:
    """Write sections; `version` is the review's version that the writer saw, None where they cannot have seen any."""
    review = editable(reference=reference, person=person)
    if version is not None and version != review.version:
        raise Changed(
            _("Somebody else changed this review in the meantime. Your text was not saved; read theirs first."),
            extra={"version": review.version},
        )
    return _write(review, sections, now=now)


@transaction.atomic
def write_section(*, reference: str, person: Person, code: str, text: str, base: str, now: datetime) -> Review:
    """Write one section that read `base` when the writer began: others may write other sections meanwhile."""
    review = editable(reference=reference, person=person)
    current = str(review.sections.get(code, ""))
    if _same(current, text):
        return review
    if not _same(current, base):
        raise Changed(
            _("Somebody else changed this section while you were writing. Both texts are below: bring them together."),
            extra={"current": current, "version": review.version},
        )
    return _write(review, {code: text}, now=now)


@transaction.atomic
def choose_entries(*, reference: str, person: Person, offered: set[int], chosen: set[int], now: datetime) -> Review:
    """Of the `offered` timeline entries show the `chosen` ones; entries that were not offered stay as they were."""
    review = editable(reference=reference, person=person)
    belonging = set(review.incident.timeline.filter(pk__in=offered | chosen).values_list("pk", flat=True))
    before = {entry.pk for entry in review_queries.chosen_entries(review)}
    review.timeline_entries = sorted((before - offered) | (chosen & belonging))
    return save(review, ["timeline_entries"], now=now)


@transaction.atomic
def set_facilitator(*, reference: str, person: Person, facilitator: Person | None, now: datetime) -> Review:
    """Who leads the conversation: best somebody who was not in the incident."""
    review = editable(reference=reference, person=person)
    review.facilitator = facilitator
    return save(review, ["facilitator"], now=now)


def editable(*, reference: str, person: Person) -> Review:
    """The review under its incident's lock, refusing once it is published."""
    review = locked(reference=reference, person=person)
    if review.state not in EDITABLE_REVIEWS:
        raise Published(_("This review is published and stands as it is. Its actions can still be worked on."))
    return review


def locked(*, reference: str, person: Person) -> Review:
    """The review under its incident's lock, where it exists for the person."""
    seen = review_queries.visible_reviews(person)
    if not seen.filter(incident__reference=reference).exists():
        raise UnknownReview(_("There is no review of %(reference)s.") % {"reference": reference})
    incident: Incident = locking.lock(reference=reference)
    review = Review.objects.select_for_update(no_key=True).get(incident=incident)
    review.incident = incident
    return review


def save(review: Review, fields: list[str], *, now: datetime) -> Review:
    """Write the fields and count the version on, so that other writers notice."""
    review.version += 1
    review.edited_at = now
    review.save(update_fields=[*fields, "version", "edited_at"])
    words.follow(review)
    return review


def _write(review: Review, sections: Mapping[str, Any], *, now: datetime) -> Review:
    for code, text in sections.items():
        if code not in ReviewSection.values:
            raise Invalid(_("There is no section “%(code)s”.") % {"code": code}, field="sections")
        review.sections[code] = str(text).replace("\r\n", "\n").rstrip()
    return save(review, ["sections"], now=now)


def _same(one: str, other: str) -> bool:
    """Browsers send line ends and trailing space of their own."""
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()
