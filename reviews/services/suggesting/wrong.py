"""What was wrong: language, an impact, a service called back too soon, a fact that nobody asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from reviews.choices import LapseCode
from reviews.models import Lapse
from reviews.queries import defects, impact, promises, pursuit, reopening
from reviews.rules import lapses as rules
from reviews.services.suggesting import again, making
from reviews.services.suggesting.making import Found


@transaction.atomic
def suggest_language(*, update_ids: Iterable[int], now: datetime) -> list[Lapse]:
    """Suggest one lapse for each update that left unread with a mistake, to whoever was accountable when it left, and
    one more where it was not the first that people outside read in thirty days.

    Safe to repeat, as all of these are: an update makes one row, whatever was found in it.
    """
    found = []
    for one in defects.of(sorted(set(update_ids))):
        suggestion = rules.from_recheck(
            number=one.number, audiences=one.audiences, published_at=one.published_at, defects=one.defects
        )
        if suggestion is not None:
            made = Found(
                incident_id=one.incident_id,
                source_key=one.source_key,
                suggestion=suggestion,
                facts={"update": one.update_id, "audiences": list(one.audiences)},
            )
            found.append(made)
    made_now = making.make(found, now=now)
    return made_now + again.suggest(again.LANGUAGE, fresh=made_now, now=now)


@transaction.atomic
def suggest_impact(*, revisions: Iterable[tuple[int, int]], now: datetime) -> list[Lapse]:
    """L07, L08 and L09 for versions (incident and number) that say that the one before was wrong; L09 too where the
    same was wrong in another incident within ninety days. A message that was asked about already is not asked about
    twice.

    New information and a changed situation are never lapses. The addressee is whoever was accountable when the wrong
    version was stated, not whoever put it right.
    """
    found = [
        Found(incident_id=one.incident_id, source_key=one.source_key, suggestion=suggestion)
        for one in impact.wrong(sorted(set(revisions)))
        for suggestion in rules.from_revision(
            reason=one.reason, version=one.version, wrong_at=one.wrong_at, earlier_wrong=one.earlier_wrong
        )
        if not (one.is_asked and suggestion.code == LapseCode.L08)
    ]
    made = making.make([one for one in found if one.suggestion.code != LapseCode.L09], now=now)
    made += making.make_once(_of_each_manager(found), now=now)
    return made + again.suggest(again.IMPACT, fresh=made, now=now)


def _of_each_manager(found: Sequence[Found]) -> list[Found]:
    """L09 of each incident, with whoever was accountable when it was wrong again."""
    repeated = [one for one in found if one.suggestion.code == LapseCode.L09]
    managers = promises.managers_at([(one.incident_id, one.suggestion.occurred_at) for one in repeated])
    return [
        replace(one, source_key=f"incident:{one.incident_id}:wrong:{manager}", addressee_id=manager)
        for one in repeated
        if (manager := managers.get((one.incident_id, one.suggestion.occurred_at))) is not None
    ]


@transaction.atomic
def suggest_reopened(*, entry_ids: Iterable[int], now: datetime) -> list[Lapse]:
    """L17 where the service failed again within a day after users were told that it works."""
    found = []
    for one in reopening.of(sorted(set(entry_ids))):
        suggestion = rules.from_restoration(
            restored_at=one.told_at,
            confirmed_by="users",  # no incident is restored without a voice of theirs
            reopened_at=one.reopened_at,
            restored_message_at=one.told_at,
        )
        if suggestion is not None:
            found.append(Found(incident_id=one.incident_id, source_key=one.source_key, suggestion=suggestion))
    return making.make(found, now=now)


@transaction.atomic
def suggest_not_asked(*, update_ids: Iterable[int], now: datetime) -> list[Lapse]:
    """L12 where a weak hand-over was not asked about, and what it lacked was still unknown at the second update."""
    found = []
    for one in pursuit.of_second_updates(sorted(set(update_ids))):
        suggestion = rules.from_intake(
            score=one.score,
            capped=one.is_capped,
            accepted_at=one.accepted_at,
            asked_at=one.asked_at,
            unknown_at_second_update=one.is_unknown,
        )
        if suggestion is not None:
            found.append(Found(incident_id=one.incident_id, source_key=one.source_key, suggestion=suggestion))
    return making.make(found, now=now)
