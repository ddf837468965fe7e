"""Twelve months after an entry of the ledger is over, only a number of it stays: here, on the page and in the API."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import serializers
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from mim_portal.lib import dbtime
from mim_portal.models import AuditEntry, IdempotencyKey
from reviews import tasks
from reviews.choices import LapseState
from reviews.models import EffectivenessCheck, Lapse, LapseCount, PreventionPlan
from reviews.queries import ended, watching
from reviews.services import forgetting
from tests.reviews import rows

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
YEAR = timedelta(days=365)
WORDS = "We looked at the clock too late"


@pytest.fixture
def now() -> datetime:
    return dbtime.now()


def dismissed(cast: SimpleNamespace, *, at: datetime, **fields: Any) -> Lapse:
    fields.setdefault("state", LapseState.DISMISSED)
    fields.setdefault("dismissal_reason", WORDS)
    return rows.lapse(
        of=rows.incident(manager=cast.mia), addressee=cast.mia, occurred_at=at, discovered_at=at, shown_after=at,
        decided_at=at, **fields,
    )  # fmt: skip


def watched(cast: SimpleNamespace, *, at: datetime, state: str = LapseState.WATCHING, **fields: Any) -> Lapse:
    made = rows.lapse(
        of=rows.incident(manager=cast.mia), addressee=cast.mia, state=state, occurred_at=at, discovered_at=at,
        decided_at=at, acknowledgement=WORDS, conditions=WORDS, **fields,
    )  # fmt: skip
    rows.plan(of=made, owner=cast.omar, plan=WORDS, in_place_at=at)
    return made


def counted() -> list[tuple[str, str, str, int]]:
    found = LapseCount.objects.order_by("code", "month_date", "cause_category", "outcome")
    return [(row.code, row.cause_category, row.outcome, row.count) for row in found]


def everything() -> str:
    """Every row of every table of the portal, as text."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if not name.startswith("pg_")]
        found = []
        for table in tables:
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def test_what_was_dismissed_a_year_ago_is_a_number(cast: SimpleNamespace, now: datetime) -> None:
    old = dismissed(cast, at=now - YEAR)
    young = dismissed(cast, at=now - YEAR + DAY)
    assert forgetting.forget(now=now) == 1
    assert list(Lapse.objects.all()) == [young]
    assert counted() == [("L02", "", "dismissed", 1)]
    assert LapseCount.objects.get().month_date == old.occurred_at.date().replace(day=1)


def test_what_is_watched_for_a_year_ends_as_what_it_was(cast: SimpleNamespace, now: datetime) -> None:
    watched(cast, at=now - YEAR, cause_category="handover")
    watched(cast, at=now - YEAR, state=LapseState.HELD, cause_category="handover")
    watched(cast, at=now - YEAR + DAY)
    assert forgetting.forget(now=now) == 2
    assert counted() == [("L02", "handover", "held", 1), ("L02", "handover", "watched", 1)]
    assert PreventionPlan.objects.count() == 1


def test_the_newest_plan_and_the_newest_check_say_when_it_ended(cast: SimpleNamespace, now: datetime) -> None:
    planned_again = watched(cast, at=now - 2 * YEAR)
    rows.plan(of=planned_again, owner=cast.mia, in_place_at=now - 3 * DAY)
    checked = watched(cast, at=now - 2 * YEAR, state=LapseState.HELD)
    EffectivenessCheck.objects.create(
        plan=checked.plans.get(), checked_at=now - 3 * DAY, chances=30, repeats=0, upper_bound=0.1
    )
    assert forgetting.forget(now=now) == 0
    EffectivenessCheck.objects.update(checked_at=now - YEAR)
    assert forgetting.forget(now=now) == 1
    assert not Lapse.objects.filter(pk=checked.pk).exists()


def test_a_question_that_nobody_answered_for_a_year(cast: SimpleNamespace, now: datetime) -> None:
    """It goes without words, whether it was ever shown or not."""
    dismissed(cast, at=now - YEAR, state=LapseState.SUGGESTED, dismissal_reason="")
    never_shown = dismissed(cast, at=now - YEAR, state=LapseState.SUGGESTED, dismissal_reason="")
    Lapse.objects.filter(pk=never_shown.pk).update(shown_after=None)
    shown_late = dismissed(cast, at=now - YEAR, state=LapseState.SUGGESTED, dismissal_reason="")
    Lapse.objects.filter(pk=shown_late.pk).update(shown_after=now - DAY)
    assert forgetting.forget(now=now) == 2
    assert counted() == [("L02", "", "unanswered", 2)]
    assert list(Lapse.objects.all()) == [shown_late]


@pytest.mark.parametrize("state", ["confirmed", "owned", "corrected", "planned", "recurred"])
def test_what_somebody_still_owes_stays(cast: SimpleNamespace, now: datetime, state: str) -> None:
    watched(cast, at=now - 3 * YEAR, state=state)
    assert forgetting.forget(now=now) == 0


def test_twice_counts_once_and_months_add_up(cast: SimpleNamespace, now: datetime) -> None:
    for _ in range(2):
        dismissed(cast, at=now - YEAR)
    assert tasks.forget_lapses() == 2
    assert tasks.forget_lapses() == 0
    dismissed(cast, at=now - YEAR)
    assert tasks.forget_lapses() == 1
    assert counted() == [("L02", "", "dismissed", 3)]


def test_nothing_keeps_the_words(cast: SimpleNamespace, now: datetime, api: Callable[..., APIClient]) -> None:
    """Also not the answers that the API gives again to the same key."""
    lapse = rows.lapse(of=rows.incident(manager=cast.mia), addressee=cast.mia)
    client, at = api(cast.mia), f"/api/v1/lapses/{lapse.pk}/"
    said = {"acknowledgement": WORDS, "conditions": WORDS, "cause_category": "time_pressure"}
    assert client.post(f"{at}own/", said, headers={"Idempotency-Key": "1"}).status_code == 200
    plan = {"plan": WORDS, "due_date": "2999-01-01", "measure": WORDS}
    assert client.post(f"{at}plan/", plan, headers={"Idempotency-Key": "2"}).status_code == 200
    assert client.post(f"{at}in-place/", headers={"Idempotency-Key": "3"}).status_code == 200
    other = rows.lapse(of=lapse.incident, addressee=cast.mia)
    client.post(f"/api/v1/lapses/{other.pk}/confirm/", headers={"Idempotency-Key": "4"})
    assert WORDS in everything()
    PreventionPlan.objects.update(in_place_at=now - YEAR)
    assert forgetting.forget(now=now) == 1
    assert WORDS not in everything()
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["4"]
    assert counted() == [("L02", "time_pressure", "watched", 1)]


def test_no_audit_entry_names_a_lapse(cast: SimpleNamespace, now: datetime) -> None:
    dismissed(cast, at=now - YEAR)
    before = AuditEntry.objects.count()
    forgetting.forget(now=now)
    assert AuditEntry.objects.count() == before
    assert "mia" not in serializers.serialize("json", LapseCount.objects.all())


def test_the_page_reads_both(cast: SimpleNamespace, now: datetime, signed_in: Callable[..., Client]) -> None:
    watched(cast, at=now - 2 * YEAR)
    gone = watched(cast, at=now - 2 * YEAR)
    forgetting.forget(now=now)
    watched(cast, at=now - DAY)
    watched(cast, at=now - 2 * YEAR, state=LapseState.PLANNED)
    (number,) = ended.numbers(cast.omar, now=now).codes
    assert (number.code, number.recent, number.earlier) == ("L02", 1, 3)
    client = signed_in(cast.mia)
    page = client.get("/ledger/").content.decode()
    assert "How often" in page
    assert "L02 Update late" in page
    assert client.get(f"/ledger/{gone.pk}/").status_code == 404


def test_numbers_tell_of_nothing_that_is_not_confirmed(cast: SimpleNamespace, now: datetime) -> None:
    for _ in range(4):
        dismissed(cast, at=now - YEAR)
    dismissed(cast, at=now)
    rows.lapse(
        of=rows.incident(manager=cast.mia), addressee=cast.mia, occurred_at=now, discovered_at=now, shown_after=now
    )
    forgetting.forget(now=now)
    for person in (cast.mia, cast.omar, cast.audra):
        found = ended.numbers(person, now=now)
        assert (list(found.codes), found.unconfirmed) == ([], None)  # four could still be somebody's
    dismissed(cast, at=now - YEAR)
    forgetting.forget(now=now)
    assert ended.numbers(cast.audra, now=now).unconfirmed == 5


def test_the_look_back_of_plans_is_not_touched(cast: SimpleNamespace, now: datetime) -> None:
    """A repeat is younger than the plan that it speaks against, so it is there as long as the plan is watched."""
    plan_of = watched(cast, at=now - 300 * DAY)
    repeat = rows.lapse(
        of=rows.incident(manager=cast.omar), addressee=cast.omar, state=LapseState.CONFIRMED,
        occurred_at=now - 250 * DAY, discovered_at=now - 250 * DAY,
    )  # fmt: skip
    forgetting.forget(now=now)
    plans = watching.latest_plans([plan_of.pk])
    assert watching.watches([plan_of], plans, now=now)[plan_of.pk].repeats == 1
    assert Lapse.objects.filter(pk=repeat.pk).exists()


def test_what_is_read_does_not_grow(
    cast: SimpleNamespace, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        watched(cast, at=now - YEAR)
    # savepoint, rows, count (row, number), answers (which, gone), deleted: plans, checks and entries, release
    with django_assert_num_queries(11):
        assert forgetting.forget(now=now) == 3
    with django_assert_num_queries(3):
        assert forgetting.forget(now=now) == 0
