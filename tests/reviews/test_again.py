"""What failed before in another incident is asked of one person, once: L04 within thirty days, L09 within ninety."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from incidents.choices import EntryKind
from incidents.models import ImpactStatement, Incident
from reviews.choices import LapseCode, LapseState
from reviews.consumers import lapses as consumer
from reviews.models import Lapse
from reviews.rendering import ledger
from reviews.services.suggesting import late_updates
from teams.models import Person
from tests.factories import NOON
from tests.reviews import rows

pytestmark = pytest.mark.django_db
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def late(manager: Person, *, at: datetime, of: Incident | None = None, is_private: bool = False) -> Incident:
    incident = of or rows.incident(manager=manager, declared_at=at - timedelta(hours=1), is_private=is_private)
    row = rows.kept(of=incident, author=manager, due_at=at, at=at + SECOND)
    late_updates.suggest(deadline_ids=[row.pk], now=at + DAY)
    return incident


def wrong(manager: Person, *, at: datetime, reason: str = "captured_incorrectly") -> Incident:
    incident = rows.incident(manager=manager, declared_at=at)
    ImpactStatement.objects.create(
        incident=incident, version=2, activity="submit timesheets", revision_reason=reason, as_of=at + SECOND
    )
    consumer.consume([rows.entry(of=incident, kind=EntryKind.IMPACT_REVISED, at=at, data={"version": 2})])
    return incident


def asked(code: LapseCode) -> list[str]:
    return [ledger.sentence(row, now=NOON) for row in Lapse.objects.filter(code=code).order_by("pk")]


def test_late_in_two_incidents_is_asked_once_and_its_number_follows(cast: SimpleNamespace) -> None:
    late(cast.mia, at=NOON)
    assert asked(LapseCode.L04) == []
    second = late(cast.mia, at=NOON + 30 * DAY - SECOND)
    assert asked(LapseCode.L04) == ["Promised updates were late in 2 incidents within 30 days."]
    assert Lapse.objects.get(code=LapseCode.L04).incident == second
    late(cast.mia, at=NOON + 30 * DAY - SECOND / 2)
    assert asked(LapseCode.L04) == ["Promised updates were late in 3 incidents within 30 days."]
    late(cast.mia, at=NOON + 31 * DAY, of=second)
    assert len(asked(LapseCode.L04)) == 1, "repeated in one incident that was asked about already"


def test_thirty_days_later_is_another_time(cast: SimpleNamespace) -> None:
    late(cast.mia, at=NOON)
    late(cast.mia, at=NOON + 30 * DAY)
    assert asked(LapseCode.L04) == []


@pytest.mark.parametrize(
    ("fields", "is_private", "count"),
    [
        ({}, False, 0),
        ({"state": LapseState.CONFIRMED}, False, 1),
        ({"state": LapseState.CONFIRMED}, True, 0),
        ({"state": LapseState.DISMISSED, "dismissal_reason": "The clock was wrong."}, False, 0),
    ],
)
def test_of_others_only_what_they_confirmed_counts(
    cast: SimpleNamespace, fields: dict[str, str], is_private: bool, count: int
) -> None:
    late(cast.omar, at=NOON, is_private=is_private)
    Lapse.objects.update(**fields)
    late(cast.mia, at=NOON + DAY)
    assert len(asked(LapseCode.L04)) == count


def test_wrong_in_the_same_way_within_ninety_days(cast: SimpleNamespace) -> None:
    wrong(cast.mia, at=NOON)
    wrong(cast.mia, at=NOON + DAY, reason="communicated_incorrectly")
    assert asked(LapseCode.L09) == []
    wrong(cast.mia, at=NOON + 90 * DAY - SECOND)
    assert asked(LapseCode.L09) == ["The impact was wrong in 2 incidents within 90 days."]


def test_wrong_ninety_days_later_is_another_time(cast: SimpleNamespace) -> None:
    wrong(cast.mia, at=NOON)
    wrong(cast.mia, at=NOON + 90 * DAY)
    assert asked(LapseCode.L09) == []
