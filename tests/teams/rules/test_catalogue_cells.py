"""What stands in one cell, read and written."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from teams.rules import catalogue_cells as cells
from teams.rules.catalogue import COLUMNS, KEYS, Kind
from teams.rules.fields import Unusable


@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [
        (cells.yes_or_no, " YES ", True),
        (cells.yes_or_no, "1", True),
        (cells.yes_or_no, "No", False),
        (cells.yes_or_no, "false", False),
        (cells.words(5), " a  b ", "a b"),
        (cells.prose, " a\r\nb ", "a\nb"),
        (cells.several(cells.slug_or_none), "b; a ,b|c", ("a", "b", "c")),
        (cells.roles, "Deputy; incident_manager", ("deputy", "incident_manager")),
        (cells.roles, "", ()),
        (cells.role, "Incident manager", "incident_manager"),
        (cells.role, " ", ""),
        (cells.address, " MIA@example.org ", "mia@example.org"),
        (cells.address, "", ""),
        (cells.username, " Mia ", "Mia"),
        (cells.slug_or_none, "", ""),
        (cells.language, "EN_gb", "en-gb"),
        (cells.language, "", "en-gb"),
        (cells.zone, "", "UTC"),
        (cells.zone, "Europe/Oslo", "Europe/Oslo"),
        (cells.zone_or_none, "", ""),
        (cells.zone_or_none, "Europe/Oslo", "Europe/Oslo"),
        (cells.tier, "", "standard"),
        (cells.tier, "Critical", "critical"),
        (cells.kind_of_contact, "E-Mail", "email"),
        (cells.kind_of_contact, "phone", "phone"),
        (cells.call_hours, "", "always"),
        (cells.call_hours, "Out of hours", "out_of_hours"),
        (cells.number, "1 200", 1200),
        (cells.number, "", None),
        (cells.position, "", 0),
        (cells.position, "3", 3),
        (cells.moment, "2026-11-23 08:00", datetime(2026, 11, 23, 8)),  # noqa: DTZ001
        (cells.moment, "2026-11-23t08:00z", datetime(2026, 11, 23, 8, tzinfo=UTC)),
    ],
)
def test_it_is_read(read: Callable[[str], Any], cell: str, value: Any) -> None:
    assert read(cell) == value


@pytest.mark.parametrize(
    ("read", "cell", "words"),
    [
        (cells.yes_or_no, "maybe", "yes or no"),
        (cells.roles, "emperor", "no role emperor"),
        (cells.tier, "golden", "critical, important, standard"),
        (cells.kind_of_contact, "pigeon", "email, phone, chat, pager"),
        (cells.call_hours, "lunch", "always, in_hours, out_of_hours"),
        (cells.number, "many", "whole number"),
        (cells.number, "-1", "whole number"),
        (cells.number, "1.5", "whole number"),
        (cells.number, "٣", "whole number"),
        (cells.number, "1" * 10, "whole number"),
        (cells.position, "40000", "32767"),
        (cells.moment, "23/11/2026 08:00", "2026-11-23 08:00"),
        (cells.moment, "2026-13-01 08:00", "2026-11-23 08:00"),
        (cells.zone, "Mars", "by its name"),
    ],
)
def test_it_says_what_to_write(read: Callable[[str], Any], cell: str, words: str) -> None:
    with pytest.raises(Unusable, match=words):
        read(cell)


def at(hour: int, minute: int = 0, *, day: int = 23, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("moment", "zone", "instant"),
    [
        (at(8), "Europe/London", datetime(2026, 11, 23, 8, tzinfo=UTC)),
        (at(8, month=7), "Europe/London", datetime(2026, 7, 23, 7, tzinfo=UTC)),
        (at(8), "Asia/Kolkata", datetime(2026, 11, 23, 2, 30, tzinfo=UTC)),
        (datetime.fromisoformat("2026-11-23T08:00+01:00"), "Asia/Kolkata", datetime(2026, 11, 23, 7, tzinfo=UTC)),
        (datetime.fromisoformat("2026-10-25T01:30+00:00"), "Europe/London", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_time_of_a_zone_is_an_instant(moment: datetime, zone: str, instant: datetime) -> None:
    assert cells.instant(moment, zone=zone) == instant


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(1, 30, day=29, month=3), "There is no 01:30 on 2026-03-29 in Europe/London"),
        (at(1, 30, day=25, month=10), "There are two 01:30 on 2026-10-25 in Europe/London"),
    ],
)
def test_a_time_that_the_clocks_skip_or_show_twice_is_said(moment: datetime, words: str) -> None:
    with pytest.raises(Unusable, match=words):
        cells.instant(moment, zone="Europe/London")


@pytest.mark.parametrize(
    ("write", "value", "cell"),
    [
        (cells.write_yes, True, "yes"),
        (cells.write_yes, False, "no"),
        (cells.write_joined, ("a", "b"), "a; b"),
        (cells.write_number, None, ""),
        (cells.write_number, 640, "640"),
        (cells.write_moment, datetime(2026, 11, 23, 8, tzinfo=UTC), "2026-11-23 08:00+00:00"),
        (cells.write_moment, datetime(2026, 11, 23, 8, 0, 7, tzinfo=UTC), "2026-11-23 08:00:07+00:00"),
    ],
)
def test_it_is_written(write: Callable[[Any], str], value: Any, cell: str) -> None:
    assert write(value) == cell


@pytest.mark.parametrize("kind", list(Kind))
def test_every_example_can_be_read_and_every_default_written(kind: Kind) -> None:
    for column in COLUMNS[kind]:
        if column.example:
            value = column.read(column.example)
            assert column.read(column.write(value)) == value
        assert column.is_needed or isinstance(column.write(column.default), str)
    assert set(KEYS[kind]) <= {column.name for column in COLUMNS[kind]}
