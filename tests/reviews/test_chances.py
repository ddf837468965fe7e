"""What every lapse may come back at is counted from the record, so that every plan can be proven."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from comms.models import Update
from incidents.models import Candidate, Handover, ImpactStatement, Incident
from mim_portal.lib import dbtime
from reviews.choices import LapseCode, LapseState
from reviews.models import Lapse
from reviews.queries import chances
from reviews.rendering import ledger as rendering
from reviews.rules.ledger import CHANCE_OF, Chance
from reviews.services import settling
from tests import factories
from tests.reviews import rows

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOW_WE_COUNT = Path(__file__).parents[2] / "docs" / "how-we-count.md"
Make = Callable[[SimpleNamespace, Incident, datetime, int], object]


def _promise(cast: SimpleNamespace, of: Incident, at: datetime, *, is_first: bool) -> object:
    return rows.kept(of=of, author=cast.mia, due_at=at, at=at, is_first=is_first)


def _statement(cast: SimpleNamespace, of: Incident, at: datetime, n: int) -> object:
    return ImpactStatement.objects.create(incident=of, version=n + 2, activity="submit timesheets", as_of=at)


def _correction(cast: SimpleNamespace, of: Incident, at: datetime, n: int) -> object:
    wrong = rows.update(of=of, author=cast.mia, at=at - 300 * DAY)
    return Update.objects.create(
        incident=of,
        kind="correction",
        state="published",
        author=cast.mia,
        sequence=(wrong.sequence or 0) + 1,
        published_at=at,
        corrects=wrong,
    )


def _weak(cast: SimpleNamespace, of: Incident, at: datetime, n: int) -> object:
    return Candidate.objects.create(
        incident=of,
        reference=f"MIC-2026-{of.pk:04d}{n}",
        state="accepted",
        title="Till",
        raised_by=cast.audra,
        raised_at=at - timedelta(hours=1),
        decided_by=cast.mia,
        decided_at=at,
        intake_score=69,
    )


def _call(cast: SimpleNamespace, of: Incident, at: datetime, n: int) -> object:
    team = factories.team(slug=f"team-{of.pk}-{n}", name=f"Team {of.pk} {n}")
    profile = factories.profile(of=team)
    return rows.engagement(of=of, team=team, asked_by=cast.mia, asked_at=at, profile=profile)


def _handover(cast: SimpleNamespace, of: Incident, at: datetime, n: int) -> object:
    return Handover.objects.create(
        incident=of,
        offered_by=cast.mia,
        offered_to=cast.omar,
        state="accepted",
        offered_at=at,
        answered_at=at,
        restatement="Executives at 10:40, then end users at 11:00, then the vendor's call.",
    )


def _restored(cast: SimpleNamespace, of: Incident, at: datetime, n: int) -> object:
    return rows.incident(
        manager=cast.mia, service=of.service, service_restored_at=at, declared_at=at - DAY, is_exercise=of.is_exercise
    )


def _review(cast: SimpleNamespace, of: Incident, at: datetime, n: int) -> object:
    other = rows.incident(manager=cast.mia, service=of.service, declared_at=at - 400 * DAY, is_exercise=of.is_exercise)
    return rows.review(of=other, opened_at=at, publish_due_date=at.date())


def _plan(cast: SimpleNamespace, of: Incident, at: datetime, n: int) -> object:
    entry = rows.lapse(of=of, addressee=cast.mia, state=LapseState.SUGGESTED, occurred_at=at)
    return rows.plan(of=entry, owner=cast.mia, due_date=at.date())


MADE: dict[Chance, Make] = {
    Chance.FIRST_UPDATE: lambda cast, of, at, n: _promise(cast, of, at, is_first=True),
    Chance.LATER_UPDATE: lambda cast, of, at, n: rows.deadline(of=of, due_at=at, missed_at=at, ended_at=at),
    Chance.ANY_UPDATE: lambda cast, of, at, n: _promise(cast, of, at, is_first=n == 0),
    Chance.MESSAGE: lambda cast, of, at, n: rows.update(of=of, author=cast.mia, at=at),
    Chance.CORRECTION: _correction,
    Chance.STATEMENT: _statement,
    Chance.WEAK_INTAKE: _weak,
    Chance.CALL: _call,
    Chance.HANDOVER: _handover,
    Chance.RESTORATION: _restored,
    Chance.REVIEW: _review,
    Chance.PLAN: _plan,
}


@pytest.fixture
def now() -> datetime:
    return dbtime.now()


@pytest.mark.parametrize("code", CHANCE_OF, ids=str)
def test_chances_are_those_since_the_plan_was_in_place(cast: SimpleNamespace, now: datetime, code: LapseCode) -> None:
    since = now - 50 * DAY
    incident = rows.incident(manager=cast.mia, declared_at=now - 300 * DAY)
    make = MADE[CHANCE_OF[code]]
    for n, days in enumerate((60, 52, 40, 30, 20)):
        make(cast, incident, now - days * DAY, n)
    assert chances.since({1: (code, since)}, now=now) == {1: 3}
    assert chances.since({1: (code, since), 2: (code, now - 55 * DAY), 3: (code, now)}, now=now) == {1: 3, 2: 4, 3: 0}


@pytest.mark.parametrize("code", sorted(set(CHANCE_OF) - {LapseCode.L20}), ids=str)
def test_exercises_are_no_chances(cast: SimpleNamespace, now: datetime, code: LapseCode) -> None:
    drill = rows.incident(manager=cast.mia, declared_at=now - 300 * DAY, is_exercise=True)
    MADE[CHANCE_OF[code]](cast, drill, now - 10 * DAY, 0)
    assert chances.since({1: (code, now - 50 * DAY)}, now=now) == {1: 0}


def _watched(cast: SimpleNamespace, *, code: str, since: datetime, **fields: Any) -> Lapse:
    of = rows.incident(manager=cast.mia, declared_at=since - DAY, service_restored_at=since - DAY)
    made = rows.lapse(
        of=of, addressee=cast.mia, code=code, state=LapseState.WATCHING, occurred_at=since - DAY, facts={}, **fields
    )
    rows.plan(of=made, owner=cast.mia, in_place_at=since)
    return made


def test_six_audiences_at_one_time_are_one_chance_and_one_repeat(cast: SimpleNamespace, now: datetime) -> None:
    lapse = _watched(cast, code="L02", since=now - 50 * DAY)
    incident, at = rows.incident(manager=cast.omar), now - 9 * DAY
    for days in (9, 8):
        for audience in ("end_users", "executives", "service_desk"):
            rows.deadline(of=incident, audience=audience, due_at=(due := now - days * DAY), missed_at=due, ended_at=due)
    assert chances.since({1: (LapseCode.L02, now - 50 * DAY)}, now=now) == {1: 2}
    for cause in ("form", ""):
        rows.lapse(
            of=incident, addressee=cast.omar, code="L02", state=LapseState.CONFIRMED, occurred_at=at, facts={},
            cause_category=cause,
        )  # fmt: skip
    (row,) = rendering.rows([lapse], person=cast.mia, now=now)
    assert row.watch is not None
    assert (row.watch.chances, row.watch.repeats, row.watch.unclear) == (2, 1, 0)


@pytest.mark.parametrize("code", ["L05", "L07", "L16"])
def test_a_plan_of_any_kind_is_held_after_twenty_chances(cast: SimpleNamespace, now: datetime, code: str) -> None:
    since = now - 100 * DAY
    lapse = _watched(cast, code=code, since=since)
    for n in range(20):
        settling.settle(now=now)
        lapse.refresh_from_db()
        assert lapse.state == LapseState.WATCHING
        MADE[CHANCE_OF[LapseCode(code)]](cast, lapse.incident, since + (n + 1) * DAY, n)
    settling.settle(now=now)
    lapse.refresh_from_db()
    assert lapse.state == LapseState.HELD


def test_a_repeat_has_the_same_cause(cast: SimpleNamespace, now: datetime) -> None:
    since = now - 100 * DAY
    lapse = _watched(cast, code="L07", since=since, cause_category="form")
    for n in range(25):
        MADE[Chance.STATEMENT](cast, lapse.incident, since + (n + 1) * DAY, n)
    later = rows.lapse(
        of=rows.incident(manager=cast.omar), addressee=cast.omar, code="L07", state=LapseState.CONFIRMED,
        occurred_at=now - DAY, facts={},
    )  # fmt: skip
    (row,) = rendering.rows([lapse], person=cast.mia, now=now)
    assert row.watch_words.startswith("No repeat in 2")
    assert row.watch_words.endswith(". 1 more has no cause written down yet.")
    assert row.chance_words == "A chance is a version of an impact that was recorded."
    assert settling.settle(now=now) == 0  # neither proven nor back

    Lapse.objects.filter(pk=later.pk).update(cause_category="tool")
    found, _before = rendering.linked(lapse, person=cast.mia, now=now)
    assert found == []
    assert settling.settle(now=now) == 1
    lapse.refresh_from_db()
    assert lapse.state == LapseState.HELD

    Lapse.objects.filter(pk=lapse.pk).update(state=LapseState.WATCHING)
    Lapse.objects.filter(pk=later.pk).update(cause_category="form")
    found, _before = rendering.linked(lapse, person=cast.mia, now=now)
    assert [one.lapse for one in found] == [later]
    settling.settle(now=now)
    lapse.refresh_from_db()
    assert lapse.state == LapseState.RECURRED


def test_every_code_but_the_regulatory_clock_has_its_chance_in_the_docs() -> None:
    said = re.findall(r"^\| ((?:L\d\d(?:, )?)+) \| (.+) \|$", HOW_WE_COUNT.read_text(), re.MULTILINE)
    assert sorted(code for codes, _words in said for code in codes.split(", ")) == sorted(
        set(LapseCode) - {LapseCode.L19}
    )
    for codes, _words in said:
        assert len({CHANCE_OF[LapseCode(code)] for code in codes.split(", ")}) == 1
    words = [rendering.chance_words(code) for code in LapseCode]
    assert [code for code, one in zip(LapseCode, words, strict=True) if not one] == [LapseCode.L19]
