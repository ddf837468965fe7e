"""What sent messages did to people: blame, names, corrections that came late, and language that failed again."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from reviews.choices import UNCONFIRMED_LAPSES, LapseCode, LapseState
from reviews.models import Lapse
from reviews.queries import corrections, words
from reviews.rules import lapses as rules
from reviews.rules import messages
from reviews.services.suggesting import making
from reviews.services.suggesting.making import Found


@transaction.atomic
def suggest_words(*, update_ids: Iterable[int], now: datetime) -> list[Lapse]:
    """L11 and L14 for messages that left with blame or with names and without a reason for them. Safe to repeat."""
    found = [
        Found(
            incident_id=one.incident_id,
            source_key=one.source_key,
            suggestion=suggestion,
            facts={"update": one.update_id},
        )
        for one in words.of(sorted(set(update_ids)))
        for suggestion in messages.from_words(number=one.number, published_at=one.published_at, said=one.said)
    ]
    return making.make(found, now=now)


@transaction.atomic
def suggest_corrections(*, incident_ids: Iterable[int], now: datetime) -> list[Lapse]:
    """L10 for mistakes of ended incidents that were known and not put right in time, or not for everybody who had read
    them. By then everything has been sent that was going to be. Safe to repeat.
    """
    found = []
    for one in corrections.of(sorted(set(incident_ids))):
        suggestion = rules.from_correction(
            error_known_at=one.known_at,
            corrected_at=one.corrected_at,
            original_audiences=one.readers,
            corrected_audiences=one.told,
            now=now,
        )
        if suggestion is not None:
            found.append(Found(incident_id=one.incident_id, source_key=one.source_key, suggestion=suggestion))
    return making.make(found, now=now)


@transaction.atomic
def suggest_language_again(*, found: Sequence[Lapse], now: datetime) -> list[Lapse]:
    """L06 where these are not the first mistakes of language that people outside read within thirty days.

    Asked of each manager about what was theirs and what others have confirmed: what another manager has not confirmed
    is nobody else's to count. One is asked once in thirty days; until it is answered, the number follows.
    """
    fresh = [lapse for lapse in found if messages.is_outside(_readers(lapse))]
    if not fresh:
        return []
    made: list[Found] = []
    earlier = _earlier(fresh)
    asked = list(_asked(fresh))
    for lapse in {one.addressee_id: one for one in sorted(fresh, key=_moment)}.values():
        moments = [
            one.occurred_at
            for one in earlier
            if one.occurred_at <= lapse.occurred_at
            and messages.is_outside(_readers(one))
            and (one.addressee_id == lapse.addressee_id or _is_everybodys(one))
        ]
        suggestion = messages.language_again(moments)
        if suggestion is None:
            continue
        before = [row for row in asked if row.addressee_id == lapse.addressee_id]
        for row in before:
            _count_again(row, suggestion)
        if not before:
            key = f"{lapse.source_key}:again"
            made.append(
                Found(
                    incident_id=lapse.incident_id,
                    source_key=key,
                    suggestion=suggestion,
                    addressee_id=lapse.addressee_id,
                )
            )
    return making.make(made, now=now)


def _earlier(fresh: Sequence[Lapse]) -> list[Lapse]:
    """Mistakes of language of the thirty days before, and these."""
    rows = Lapse.objects.filter(
        code=LapseCode.L05,
        occurred_at__gt=min(map(_moment, fresh)) - messages.REPEATED_WITHIN,
        occurred_at__lte=max(map(_moment, fresh)),
    )
    return list(rows.exclude(state=LapseState.DISMISSED).select_related("incident").order_by("pk"))


def _asked(fresh: Sequence[Lapse]) -> Iterable[Lapse]:
    """Who was asked about it within the thirty days before."""
    return Lapse.objects.filter(
        code=LapseCode.L06,
        addressee__in={lapse.addressee_id for lapse in fresh},
        occurred_at__gt=min(map(_moment, fresh)) - messages.REPEATED_WITHIN,
    )


def _is_everybodys(lapse: Lapse) -> bool:
    return lapse.state not in UNCONFIRMED_LAPSES and not lapse.incident.is_private


def _count_again(row: Lapse, suggestion: rules.Suggestion) -> None:
    if row.state == LapseState.SUGGESTED:
        row.facts = {**row.facts, "sentence": suggestion.sentence}
        row.save(update_fields=["facts"])


def _readers(lapse: Lapse) -> list[str]:
    return list(lapse.facts.get("audiences") or [lapse.facts.get("audience", "")])


def _moment(lapse: Lapse) -> datetime:
    return lapse.occurred_at
