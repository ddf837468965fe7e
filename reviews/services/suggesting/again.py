"""What failed before, in another incident or message: asked of one person, once in the time within which it counts."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from reviews.choices import DEADLINE_LAPSES, IMPACT_LAPSES, UNCONFIRMED_LAPSES, LapseCode, LapseState
from reviews.models import Lapse
from reviews.rules import lapses as rules
from reviews.rules import messages
from reviews.services.suggesting import making
from reviews.services.suggesting.making import Found

_AGAIN: Final = ":again"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What is called repeated: by which code, of which, within which time, and what the rule says of the entries."""

    code: LapseCode
    of: frozenset[LapseCode]
    within: timedelta
    says: Callable[[Sequence[Lapse]], rules.Suggestion | None]
    counts: Callable[[Lapse], bool] = lambda _lapse: True
    is_same: Callable[[Lapse, Lapse], bool] = lambda _one, _other: True


def _is_outside(lapse: Lapse) -> bool:
    return messages.is_outside(lapse.facts.get("audiences") or [lapse.facts.get("audience", "")])


def _of_each(rule: Callable[..., rules.Suggestion | None]) -> Callable[[Sequence[Lapse]], rules.Suggestion | None]:
    return lambda lapses: rule([(one.incident_id, one.occurred_at) for one in lapses])


DEADLINES: Final = Kind(
    code=LapseCode.L04,
    of=DEADLINE_LAPSES,
    within=rules.LATE_AGAIN_WITHIN,
    says=_of_each(rules.late_again),
)
LANGUAGE: Final = Kind(
    code=LapseCode.L06,
    of=frozenset({LapseCode.L05}),
    within=messages.REPEATED_WITHIN,
    says=lambda lapses: messages.language_again([one.occurred_at for one in lapses]),
    counts=_is_outside,
)
IMPACT: Final = Kind(
    code=LapseCode.L09,
    of=IMPACT_LAPSES,
    within=rules.WRONG_AGAIN_WITHIN,
    says=_of_each(rules.wrong_again),
    is_same=lambda one, other: one.code == other.code,
)


def suggest(kind: Kind, *, fresh: Iterable[Lapse], now: datetime) -> list[Lapse]:
    """Suggest one more where these entries are not the first of their kind within its time.

    Asked of each manager about what was theirs and what others have confirmed in incidents that are not private: what
    another manager has not confirmed is nobody else's to count. One is asked once in that time; until it is answered,
    its number follows. The caller holds a transaction.
    """
    newest = {one.addressee_id: one for one in sorted(fresh, key=_moment) if one.code in kind.of and kind.counts(one)}
    if not newest:
        return []
    earlier = _earlier(kind, list(newest.values()))
    asked = list(_asked(kind, list(newest.values())))
    made: list[Found] = []
    for lapse in newest.values():
        same = [one for one in earlier if one.occurred_at <= lapse.occurred_at and _is_counted(kind, one, lapse)]
        suggestion = kind.says(same)
        if suggestion is None:
            continue
        before = [row for row in asked if row.addressee_id == lapse.addressee_id]
        for row in before:
            _count_again(row, suggestion)
        if not before:
            key = f"{lapse.source_key}{_AGAIN}"
            made.append(
                Found(
                    incident_id=lapse.incident_id,
                    source_key=key,
                    suggestion=suggestion,
                    addressee_id=lapse.addressee_id,
                )
            )
    return making.make(made, now=now)


def _is_counted(kind: Kind, one: Lapse, lapse: Lapse) -> bool:
    """Whether an entry counts for the person that this one is asked of."""
    is_told = one.addressee_id == lapse.addressee_id or _is_everybodys(one)
    return is_told and kind.counts(one) and kind.is_same(one, lapse)


def _earlier(kind: Kind, fresh: Sequence[Lapse]) -> list[Lapse]:
    """Entries of the kind in the time before, and these."""
    rows = Lapse.objects.filter(
        code__in=kind.of,
        occurred_at__gt=min(map(_moment, fresh)) - kind.within,
        occurred_at__lte=max(map(_moment, fresh)),
    )
    return list(rows.exclude(state=LapseState.DISMISSED).select_related("incident").order_by("pk"))


def _asked(kind: Kind, fresh: Sequence[Lapse]) -> Iterable[Lapse]:
    """Who was asked about it within the time before."""
    return Lapse.objects.filter(
        code=kind.code,
        addressee__in={lapse.addressee_id for lapse in fresh},
        occurred_at__gt=min(map(_moment, fresh)) - kind.within,
    )


def _is_everybodys(lapse: Lapse) -> bool:
    return lapse.state not in UNCONFIRMED_LAPSES and not lapse.incident.is_private


def _count_again(row: Lapse, suggestion: rules.Suggestion) -> None:
    """What counts within one incident keeps its own number."""
    if row.state == LapseState.SUGGESTED and row.source_key.endswith(_AGAIN):
        row.facts = {**row.facts, "sentence": suggestion.sentence}
        row.save(update_fields=["facts"])


def _moment(lapse: Lapse) -> datetime:
    return lapse.occurred_at
