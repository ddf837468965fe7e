"""What the months show, and what they keep to themselves: fewer than five people, fewer than eight records."""

from datetime import UTC, date, datetime, timedelta

import pytest

from incidents.rules import intake_trends as trends
from incidents.rules.intake_trends import Month, Record, Share

NOVEMBER = date(2026, 11, 1)


def record(day: int = 5, *, by: int | None = 1, score: int = 80, month: int = 11, **fields: object) -> Record:
    at = datetime(2026, month, day, 12, tzinfo=UTC)
    return Record(raised_at=at, raised_by=by, score=score, **fields)  # type: ignore[arg-type]


def many(count: int, *, people: int, **fields: object) -> list[Record]:
    return [record(1 + number % 28, by=number % people, **fields) for number in range(count)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("last", "count", "first"),
    [
        (date(2026, 11, 9), 6, date(2026, 6, 1)), (date(2026, 2, 1), 6, date(2025, 9, 1)),
        (date(2026, 1, 31), 1, date(2026, 1, 1)),
    ],
)  # fmt: skip
def test_months_go_back_over_the_year(last: date, count: int, first: date) -> None:
    found = trends.months_until(last, count=count)
    assert (found[0], found[-1], len(found)) == (first, last.replace(day=1), count)


@pytest.mark.parametrize(
    ("first", "following"), [(date(2026, 11, 1), date(2026, 12, 1)), (date(2026, 12, 1), date(2027, 1, 1))]
)
def test_the_month_after(first: date, following: date) -> None:
    assert trends.next_month(first) == following
    assert trends.first_of(first + timedelta(days=20)) == first


@pytest.mark.parametrize("people", [1, 2, 4])
def test_fewer_than_five_people_show_nothing_at_all(people: int) -> None:
    found = trends.month(NOVEMBER, many(40, people=people, deficits=("where_missing",)))
    assert found == Month(first=NOVEMBER, too_few="people")


def test_integrations_are_no_people() -> None:
    records = [*many(40, people=4), record(by=None)]
    assert trends.month(NOVEMBER, records).too_few == "people"


def test_five_people_with_few_records_show_counts_alone() -> None:
    found = trends.month(NOVEMBER, many(7, people=5, deficits=("where_missing",)))
    assert (found.too_few, found.records, found.median) == ("records", 7, None)
    assert found.deficits == {"where_missing": Share(hits=7, n=7)}


def test_a_full_month() -> None:
    records = [
        *many(6, people=6, score=90),
        *many(4, people=4, score=60, deficits=("where_missing", "no_contact"), asked_in_time=True),
        *many(5, people=5, score=40, deficits=("where_missing",), asked_in_time=False),
    ]
    found = trends.month(NOVEMBER, records)
    assert (found.too_few, found.records, found.median) == ("", 15, 60)
    assert found.first_time_right == Share(hits=6, n=15)
    assert found.asked_in_time == Share(hits=4, n=9)
    assert found.deficits == {"no_contact": Share(hits=4, n=15), "where_missing": Share(hits=9, n=15)}


def test_few_askings_are_not_shown() -> None:
    records = [*many(10, people=5), *many(7, people=5, asked_in_time=True)]
    assert trends.month(NOVEMBER, records).asked_in_time is None


def test_records_fall_into_their_month_by_utc() -> None:
    edge = Record(raised_at=datetime(2026, 10, 31, 23, 59, tzinfo=UTC), raised_by=1, score=1)
    older = record(month=2)
    found = trends.by_month([edge, older, *many(8, people=5)], last=NOVEMBER)
    assert [one.first.month for one in found] == [6, 7, 8, 9, 10, 11]
    assert [one.too_few for one in found] == ["people"] * 5 + [""]


def test_the_commonest_come_first_with_their_way_there() -> None:
    october = many(10, people=5, month=10, deficits=("no_contact",))
    november = [
        *many(6, people=6, deficits=("where_missing", "no_contact")),
        *many(3, people=3, deficits=("cause_asserted",)),
        *many(3, people=3, deficits=("no_change_check", "something_new")),
    ]
    months = trends.by_month([*october, *november], last=NOVEMBER, count=3)
    found = trends.most_frequent(months)
    assert [trend.code for trend in found] == ["no_contact", "where_missing", "cause_asserted"]
    assert found[0].words == "Nobody to call back, by name and number"
    assert found[0].series == (None, Share(hits=10, n=10), Share(hits=6, n=12))
    assert found[1].series == (None, Share(hits=0, n=10), Share(hits=6, n=12))
    assert trends.most_frequent(months, count=9)[-1].words == "something new"


def test_of_a_month_with_few_people_nothing_is_common() -> None:
    assert trends.most_frequent(trends.by_month([record(deficits=("no_contact",))], last=NOVEMBER)) == []


def test_every_code_of_the_profession_has_words() -> None:
    assert len(trends.DEFICITS) == 13
    assert all(words[0].isupper() and not words.endswith(".") for words in trends.DEFICITS.values())


def test_a_fix_waits_for_ten_handovers() -> None:
    found = trends.remeasured(deficit="no_contact", before=many(10, people=5), after=many(7, people=5))
    assert (found.state, found.left, found.before) == ("waiting", 3, None)


@pytest.mark.parametrize(("before", "after"), [(4, 5), (5, 4)])
def test_a_fix_measured_among_few_people_stays_hidden(before: int, after: int) -> None:
    found = trends.remeasured(deficit="no_contact", before=many(10, people=before), after=many(10, people=after))
    assert (found.state, found.before, found.after) == ("too_few", None, None)


def test_a_fix_is_measured_by_the_ten_on_each_side() -> None:
    before = [*many(5, people=5), *many(10, people=5, deficits=("no_contact",))]
    after = [
        *many(8, people=5),
        *many(2, people=5, deficits=("no_contact",)),
        *many(5, people=5, deficits=("no_contact",)),
    ]
    found = trends.remeasured(deficit="no_contact", before=before, after=after)
    assert (found.state, found.before, found.after) == ("measured", Share(hits=10, n=10), Share(hits=2, n=10))
