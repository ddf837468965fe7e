"""Wall-clock times where the clocks change, and the form field that asks which one was meant."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.utils import timezone as zones

from mim_portal.lib import local_times
from mim_portal.lib.fields import MomentField

DUBLIN, KOLKATA, LORD_HOWE = ZoneInfo("Europe/Dublin"), ZoneInfo("Asia/Kolkata"), ZoneInfo("Australia/Lord_Howe")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2026-11-23T14:30", datetime(2026, 11, 23, 14, 30)),  # noqa: DTZ001 -- a time without zone
        (" 2026-11-23 14:30:05 ", datetime(2026, 11, 23, 14, 30, 5)),  # noqa: DTZ001
        ("2026-11-23T14:30Z", utc(2026, 11, 23, 14, 30)),
        ("2026-11-23 14:30 +05:30", utc(2026, 11, 23, 9, 0)),
        ("2026-11-23 14:30 -0300", utc(2026, 11, 23, 17, 30)),
        ("2026-11-23 14:30 (UTC+1)", utc(2026, 11, 23, 13, 30)),
    ],
)
def test_times_are_read_as_people_write_them(typed: str, expected: datetime) -> None:
    assert local_times.read(typed) == expected


@pytest.mark.parametrize(
    "typed",
    ["", "14:30", "2026-11-23", "2026-02-30 10:00", "2026-11-23 24:61", "2026-11-23 14:30 +99:00", "soon"],
)
def test_what_is_no_time_is_no_time(typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        local_times.read(typed)


@pytest.mark.parametrize(
    ("local", "tz", "expected"),
    [
        ((2026, 11, 23, 14, 30), DUBLIN, [utc(2026, 11, 23, 14, 30)]),
        ((2026, 11, 23, 14, 30), KOLKATA, [utc(2026, 11, 23, 9, 0)]),
        ((2026, 3, 29, 0, 59), DUBLIN, [utc(2026, 3, 29, 0, 59)]),
        ((2026, 3, 29, 1, 0), DUBLIN, []),
        ((2026, 3, 29, 1, 59), DUBLIN, []),
        ((2026, 3, 29, 2, 0), DUBLIN, [utc(2026, 3, 29, 1, 0)]),
        ((2026, 10, 25, 1, 30), DUBLIN, [utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 30)]),
        ((2026, 10, 4, 2, 15), LORD_HOWE, []),  # a gap of half an hour
        ((2026, 4, 5, 1, 45), LORD_HOWE, [utc(2026, 4, 4, 14, 45), utc(2026, 4, 4, 15, 15)]),
        ((2026, 10, 25, 1, 30), UTC, [utc(2026, 10, 25, 1, 30)]),
    ],
)
def test_a_wall_clock_shows_a_time_never_once_or_twice(
    local: tuple[int, ...], tz: ZoneInfo, expected: list[datetime]
) -> None:
    found = local_times.instants(datetime(*local), tz)  # type: ignore[arg-type]  # noqa: DTZ001
    assert list(found) == expected


def test_what_is_written_can_be_typed_back() -> None:
    for at in (utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 30)):
        assert local_times.read(local_times.written(at, DUBLIN)) == at
    assert local_times.written(utc(2026, 10, 25, 0, 30), DUBLIN) == "2026-10-25 01:30 +01:00"
    assert local_times.written(utc(2026, 7, 1, 12, 0), timezone(timedelta(hours=-3))) == "2026-07-01 09:00 -03:00"


class Asked(forms.Form):
    at = MomentField(required=False)


def asked(typed: str) -> Asked:
    with zones.override(DUBLIN):
        form = Asked({"at": typed})
        form.is_valid()
    return form


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("", None),
        ("2026-07-01T14:30", utc(2026, 7, 1, 13, 30)),
        ("2026-10-25 01:30 +01:00", utc(2026, 10, 25, 0, 30)),
        ("2026-10-25 01:30 +00:00", utc(2026, 10, 25, 1, 30)),
    ],
)
def test_the_field_reads_in_the_viewers_zone(typed: str, at: datetime | None) -> None:
    form = asked(typed)
    assert form.cleaned_data["at"] == at


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("2026-03-29T01:30", "01:30 on Sun 29 Mar 2026 did not exist in Europe/Dublin"),
        ("2026-10-25T01:30", "Type 2026-10-25 01:30 +01:00 for the first time, 2026-10-25 01:30 +00:00 for the second"),
        ("half past", "such as 2026-11-23 14:30"),
        ("0001-01-01 00:00 +14:00", "such as 2026-11-23 14:30"),
        ("9999-12-31 23:59 -14:00", "such as 2026-11-23 14:30"),
    ],
)
def test_the_field_says_which_time_cannot_be_and_keeps_what_was_typed(typed: str, words: str) -> None:
    form = asked(typed)
    assert words in form.errors["at"][0]
    shown = str(form["at"])
    assert f'value="{typed}"' in shown
    assert 'type="text"' in shown  # so that an offset can be typed


def test_the_field_shows_a_moment_in_the_viewers_zone() -> None:
    with zones.override(DUBLIN):
        assert 'value="2026-07-01T13:00"' in str(Asked(initial={"at": utc(2026, 7, 1, 12, 0)})["at"])


def test_a_required_moment_is_asked_for() -> None:
    class Required(forms.Form):
        at = MomentField()

    assert "2026-11-23 14:30" in Required({}).errors["at"][0]
