"""Files of holidays: calendars and sheets, what is taken of them and what is left out with its reason."""

from datetime import date

import pytest

from teams.rules import holidays, table

TODAY = date(2026, 11, 28)
HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n"


def calendar(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\r\nUID:{number}\r\n{one}\r\nEND:VEVENT\r\n" for number, one in enumerate(events))
    return f"{HEAD}{body}END:VCALENDAR\r\n".encode()


def test_whole_days_of_a_calendar() -> None:
    found = holidays.read(
        calendar(
            "DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261227\r\nSUMMARY:Christmas",
            "DTSTART;VALUE=DATE:20261130\r\nSUMMARY:St Andrew’s\r\n  Day",
            "DTSTART;VALUE=DATE:20261207\r\nSTATUS:CANCELLED\r\nSUMMARY:Off site",
            "DTSTART;VALUE=DATE:20261208",
        ),
        today=TODAY,
    )
    assert found.days == {
        date(2026, 11, 30): "St Andrew’s Day",
        date(2026, 12, 8): "Holiday",
        date(2026, 12, 25): "Christmas",
        date(2026, 12, 26): "Christmas",
    }
    assert found.left_out == ()


@pytest.mark.parametrize(
    ("rule", "years"),
    [
        ("FREQ=YEARLY", [2023, 2024, 2025, 2026, 2027, 2028]),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25", [2023, 2024, 2025, 2026, 2027, 2028]),
        ("FREQ=YEARLY;UNTIL=20261231", [2023, 2024, 2025, 2026]),
        ("FREQ=YEARLY;UNTIL=20261231T000000Z", [2023, 2024, 2025, 2026]),
        ("FREQ=YEARLY;INTERVAL=2", [2024, 2026, 2028]),
    ],
)
def test_what_comes_every_year(rule: str, years: list[int]) -> None:
    found = holidays.read(calendar(f"DTSTART;VALUE=DATE:20001225\r\nSUMMARY:C\r\nRRULE:{rule}"), today=TODAY)
    assert list(found.days) == [date(year, 12, 25) for year in years]
    assert found.left_out == ()


def test_the_fourth_thursday_moves() -> None:
    rule = "DTSTART;VALUE=DATE:20251127\r\nSUMMARY:Thanksgiving\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"
    found = holidays.read(calendar(rule), today=TODAY)
    assert list(found.days)[:3] == [date(2025, 11, 27), date(2026, 11, 26), date(2027, 11, 25)]


@pytest.mark.parametrize(
    ("event", "why"),
    [
        ("DTSTART:20261225T090000Z\r\nSUMMARY:Party", "Party: it is no whole day."),
        ("SUMMARY:Party", "Party: it is no whole day."),
        ("DTSTART;VALUE=DATE:20261201\r\nDTEND;VALUE=DATE:20270301\r\nSUMMARY:Freeze", "Freeze: it lasts 90 days."),
        (
            "DTSTART;VALUE=DATE:20261201\r\nSUMMARY:Tea\r\nRRULE:FREQ=WEEKLY",
            "Tea: it repeats in another way than once a year. Enter its days by hand.",
        ),
        (
            "DTSTART;VALUE=DATE:20261201\r\nSUMMARY:Tea\r\nRRULE:FREQ=YEARLY;COUNT=3",
            "Tea: it repeats in another way than once a year. Enter its days by hand.",
        ),
        (
            "DTSTART;VALUE=DATE:20261201\r\nSUMMARY:Tea\r\nRRULE:FREQ=YEARLY\r\nEXDATE;VALUE=DATE:20271201",
            "Tea: it repeats with exceptions. Enter its days by hand.",
        ),
        (
            "DTSTART;VALUE=DATE:20261201\r\nSUMMARY:Tea\r\nRRULE:FREQ=YEARLY;INTERVAL=-1",
            "Tea: its rule cannot be read. Enter its days by hand.",
        ),
        ("DTSTART;VALUE=DATE:20361225\r\nSUMMARY:Far", "Far on 2036-12-25 is more than three years away."),
    ],
)
def test_what_is_left_out_says_why(event: str, why: str) -> None:
    found = holidays.read(calendar(event, "DTSTART;VALUE=DATE:20270101\r\nSUMMARY:New Year"), today=TODAY)
    assert list(found.days) == [date(2027, 1, 1)]
    assert found.left_out == (why,)


def test_a_sheet_in_any_order_and_separator() -> None:
    raw = "\ufeffHoliday;Date\nChristmas Day;2026-12-25\n\nNew Year;2027-01-01\nOdd;25/12/2026\n".encode()
    found = holidays.read(raw, today=TODAY)
    assert found.days == {date(2026, 12, 25): "Christmas Day", date(2027, 1, 1): "New Year"}
    assert found.left_out == ("Row 5: “25/12/2026” is no date. Write it as 2026-12-25.",)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "The file is empty."),
        (b"when,what\n2026-12-25,Christmas\n", "two columns, date and name"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART", "cannot be read"),
        (b"x" * (holidays.MOST_BYTES + 1), "512 KB"),
    ],
)
def test_a_file_that_is_neither_is_refused(raw: bytes, words: str) -> None:
    with pytest.raises(table.Unreadable, match=words):
        holidays.read(raw, today=TODAY)


def test_names_stand_on_one_line() -> None:
    assert holidays.name_of(" St\n Andrew ") == "St Andrew"
    assert len(holidays.name_of("x" * 500)) == holidays.LONGEST_NAME
