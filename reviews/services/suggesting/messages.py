"""What sent messages did to people: blame, names, facts other than the record's, corrections that came late."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from reviews.models import Lapse
from reviews.queries import corrections, words
from reviews.rules import lapses as rules
from reviews.rules import messages
from reviews.services.suggesting import again, making
from reviews.services.suggesting.making import Found


@transaction.atomic
def suggest_words(*, update_ids: Iterable[int], now: datetime) -> list[Lapse]:
    """L08, L11 and L14 for messages that left with other facts than the record's, with blame or with names, and without
    a reason for them; L09 where facts were wrong before. Safe to repeat.
    """
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
    made = making.make(found, now=now)
    return made + again.suggest(again.IMPACT, fresh=made, now=now)


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
