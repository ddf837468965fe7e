"""A task in one line; options; how many one person leads."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from incidents.rules import links, work

NOW = datetime(2026, 11, 23, 10, 5, 30, tzinfo=UTC)
INDIA = timezone(timedelta(hours=5, minutes=30))


@pytest.mark.parametrize(
    ("line", "title", "owner", "due"),
    [
        ("Confirm with Dublin desk @desmond 10:45", "Confirm with Dublin desk", "desmond", "10:45"),
        ("@rosa roll back by 11:00", "roll back", "rosa", "11:00"),
        ("Roll back +15", "Roll back", "", "10:20"),
        ("Roll back in 15 min", "Roll back", "", "10:20"),
        ("Roll back +90m.", "Roll back", "", "11:35"),
        ("Call @database-team until 10:30!", "Call", "database-team", "10:30"),
        ("Compare with yesterday 09:10", "Compare with yesterday", "", "09:10"),
        ("Look at E-4012", "Look at E-4012", "", None),
        ("Look at the 10:45 release", "Look at the 10:45 release", "", None),
        ("mail niamh@example.org", "mail niamh@example.org", "", None),
        ("ask @rosa and @nils", "ask and @nils", "rosa", None),
        ("Ask @rosa.", "Ask", "rosa", None),
        ("at 25:00", "at 25:00", "", None),
        ("", "", "", None),
        ("10:45", "", "", "10:45"),
    ],
)
def test_one_line_says_what_who_and_when(line: str, title: str, owner: str, due: str | None) -> None:
    read = work.task_line(line, now=NOW)
    assert (read.title, read.owner) == (title, owner)
    assert (f"{read.due_at:%H:%M}" if read.due_at else None) == due


def test_a_time_long_past_is_tomorrows_and_in_the_writers_zone() -> None:
    assert work.task_line("Check 02:00", now=NOW).due_at == datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    assert work.task_line("Check 09:00", now=NOW).due_at == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    there = work.task_line("Check 16:00", now=NOW.astimezone(INDIA)).due_at
    assert there is not None
    assert there.astimezone(UTC) == datetime(2026, 11, 23, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due_at", "late"), [(None, False), (NOW, False), (NOW - timedelta(seconds=1), True), (NOW + timedelta(1), False)]
)
def test_a_time_box_that_ran_out(due_at: datetime | None, late: bool) -> None:
    assert work.is_late(due_at=due_at, now=NOW) is late


@pytest.mark.parametrize(("lines", "over"), [(0, False), (7, False), (8, True)])
def test_seven_is_what_one_person_leads(lines: int, over: bool) -> None:
    assert work.over_span(lines) is over


def test_options_are_each_once_in_their_order() -> None:
    assert work.options(" Roll back \n\nWait\nRoll back") == ["Roll back", "Wait"]
    assert work.options(["a ", "", "b"]) == ["a", "b"]


@pytest.mark.parametrize(
    ("found", "one_tap", "problem"),
    [
        (["a", "b"], True, ""),
        ([], False, ""),
        ([], True, "too_few"),
        (["a"], True, "too_few"),
        (["a" * 121, "b"], True, "too_long"),
        ([str(n) for n in range(7)], False, "too_many"),
    ],
)
def test_options_that_can_be_tapped(found: list[str], one_tap: bool, problem: str) -> None:
    assert work.options_problem(found, one_tap=one_tap) == problem


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("", True),
        ("https://meet.example.org/1?pwd=a%20b", True),
        ("HTTP://meet.example.org", True),
        ("https://[2001:db8::1]:8443/x", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("ftp://example.org", False),
        ("//example.org", False),
        ("meet.example.org/1", False),
        ("https://", False),
        ("https://good.example.org@evil.example.org/", False),
        ("https://user:secret@example.org/", False),
        ("https://example.org/a b", False),
        ("https://example.org/\u202e", False),
        ('https://example.org/"><script>', False),
        ("https://example.org\\@evil.example.org", False),
        ("https://example.org:99999/", False),
        ("https://[::1/", False),
    ],
)
def test_a_link_leads_to_a_page_and_nothing_else(address: str, safe: bool) -> None:
    assert links.is_safe(address) is safe
