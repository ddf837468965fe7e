"""C11: since when it is, and until when it was, against the record."""

from datetime import UTC, datetime
from typing import Any

import pytest

from comms.rules.checking.times import check_since
from tests.comms.rules.test_check_facts import BERLIN, draft


@pytest.mark.parametrize(
    ("text", "change", "expected"),
    [
        ("It began at 09:10 (UTC+0).", {}, []),
        ("Since 08:10 (UTC+0) staff cannot submit.", {}, ["08:10"]),
        ("What: timesheets\nStart: 08:10 (UTC+0)", {}, ["08:10"]),
        ("- Start time: 09:10 (UTC+0)", {}, []),
        ("Staff cannot submit. Start: 08:10 (UTC+0).", {}, ["08:10"]),
        ("Since 10:10 (UTC+1) staff cannot submit.", {}, []),
        ("Since 10:10 staff cannot submit.", {"tz": BERLIN}, []),
        ("Since about 09:15 (UTC+0) staff cannot submit.", {}, []),
        ("Since about 09:25 (UTC+0) staff cannot submit.", {}, ["09:25"]),
        ("Since 09:15 (UTC+0) staff cannot submit.", {"record": {"since_is_exact": False}}, []),
        ("The form is not working since 08:10 (UTC+0).", {}, ["08:10"]),
        ("The form has not worked since 09:10 (UTC+0).", {}, []),
        ("The form has worked since 09:50 (UTC+0).", {}, []),
        ("It works again, after an hour (it began at 08:10 (UTC+0)).", {}, ["08:10"]),
        ("No change since 09:40 (UTC+0).", {}, []),
        ("Our engineers have been testing since 09:40 (UTC+0).", {}, []),
        ("The next update comes at 10:30 (UTC+0).", {}, []),
        ("Since 08:10 (UTC+0) staff cannot submit.", {"record": {"since": None}}, []),
        ("Payslips from 12:00 (UTC+0) may be late.", {}, []),  # the record says 12:00 of something else
        ("Payslips from 12:30 (UTC+0) may be late.", {}, ["12:30"]),
        ("The first failures were seen at 08:10 (UTC+0).", {}, ["08:10"]),
        ("Since when: 08:10 (UTC+0)", {}, ["08:10"]),
        ("Between 08:10 (UTC+0) and then messages came late.", {}, ["08:10"]),
        ("Between 09:10 and 09:50 (UTC+0) messages came late.", {}, []),
        ("Between 08:10 and 08:20 (UTC+0) we restarted what had failed.", {}, []),
        ("Deliveries will be late between 12:00 and 14:00 (UTC+0).", {}, []),
        ("Staff who cannot submit should call from 10:00 (UTC+0).", {}, []),
        ("Staff cannot submit; the fix was started at 09:40 (UTC+0).", {}, []),
        ("The first reports came at 09:14 (UTC+0).", {}, []),
        ("Between 18:00 and 20:00 (UTC+0) the shop is open.", {}, []),
        ("Nothing has changed: staff cannot submit since 08:10 (UTC+0).", {}, ["08:10"]),
        ("Viewers cannot watch since 08:10 (UTC+0).", {}, ["08:10"]),
        ("It has been working, having failed from 08:10 (UTC+0).", {}, ["08:10"]),
        ("Staff who could not submit have been able to again since 09:50 (UTC+0).", {}, []),
        ("Staff cannot submit, no change since 09:40 (UTC+0).", {}, []),
        ("Staff could not submit from 08:10 (UTC+0) and can again.", {}, []),
    ],
)
def test_c11_since_when(text: str, change: dict[str, Any], expected: list[str]) -> None:
    found = list(check_since.since(draft(text, **change), text))
    assert [each.text for each in found] == expected
    assert all(each.severity == "error" and each.suggestions for each in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Payroll works again since 09:50 (UTC+0), after forty minutes (from 09:10 (UTC+0)).", []),
        ("Payroll works again since 09:50 (UTC+0), after forty minutes (from 08:10 (UTC+0)).", ["08:10"]),
        ("Payroll is back. It was down for 40 min, from 08:10 (UTC+0).", ["08:10"]),
        ("We watched it for two hours from 10:10 (UTC+0); it works again.", []),
        ("An alarm has been in place since 11:00 (UTC+0).", []),
        ("Staff can submit again since 10:20 (UTC+0).", ["10:20"]),
        ("Times: started 09:10 (UTC+0), restored 10:20 (UTC+0).", ["10:20"]),
        ("Period: 09:10 to 10:20 (UTC+0).", ["10:20"]),
        ("Period: 08:10 to 09:50 (UTC+0).", ["08:10"]),
        ("The delay ended at 10:20 (UTC+0).", ["10:20"]),
    ],
)
def test_c11_since_when_it_had_lasted(text: str, expected: list[str]) -> None:
    record = {"restored_at": datetime(2026, 11, 23, 9, 50, tzinfo=UTC)}
    found = check_since.since(draft(text, kind="restored", record=record), text)
    assert [each.text for each in found] == expected


@pytest.mark.parametrize(("text", "expected"), [("at 09:50", []), ("at 09:40", ["09:40"]), ("since 09:50", [])])
def test_c11_since_when_it_works_again(text: str, expected: list[str]) -> None:
    words = f"Payroll was restored {text} (UTC+0)."
    record = {"restored_at": datetime(2026, 11, 23, 9, 50, tzinfo=UTC)}
    found = check_since.since(draft(words, kind="restored", record=record), words)
    assert [each.text for each in found] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The European queues have failed less since 09:40 (UTC+0).", []),
        ("Staff cannot submit since 09:15 (UTC+0).", ["09:15"]),  # recorded as when it was detected
        ("Staff cannot submit since 09:50 (UTC+0).", ["09:50"]),
    ],
)
def test_c11_the_record_may_know_since_when_something_else_is_so(text: str, expected: list[str]) -> None:
    record = {"other_texts": ("European queues on new machines since 09:40", "detected at 09:15")}
    assert [each.text for each in check_since.since(draft(text, record=record), text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Since ten past nine (09:10 UTC+0) staff cannot submit.", []),
        ("Since ten past eight (08:10 UTC+0) staff cannot submit.", ["08:10"]),
        ("It dropped at 08:10 (UTC+0).", ["08:10"]),
        ("Timesheets began to be refused at 08:10 (UTC+0).", ["08:10"]),
        ("Stores began to call at 09:25 (UTC+0).", []),
        ("At 08:10 (UTC+0), a major incident began in Payroll.", ["08:10"]),
        ("The disruption began at 08:10 (UTC+0) and is not resolved.", ["08:10"]),
        ("Down from: 08:10 (UTC+0)", ["08:10"]),
        ("Start was 08:10 (UTC+0).", ["08:10"]),
        ("Fault start: 08:10 (UTC+0).", ["08:10"]),
        ("The start is 08:10 (UTC+0), by the log.", ["08:10"]),
        ("- Since: 08:10 (UTC+0), seen at 09:12 (UTC+0) by monitoring.", ["08:10"]),
        ("The forms failed at 08:10 (UTC+0) and were restored later.", ["08:10"]),
        ("Forms wait; first failure 08:10 (UTC+0).", ["08:10"]),
        ("Forms failed at Leeds and York at 08:10 (UTC+0).", ["08:10"]),
        ("Unchanged since 09:40 (UTC+0): the forms have stood still since 08:10 (UTC+0).", ["08:10"]),
        ("It was out of order from 08:10 (UTC+0) and is back.", ["08:10"]),
        ("At 08:10 (UTC+0), Payroll failed in Dublin.", ["08:10"]),
        ("At 08:10 (UTC+0) the store staff lost the way to submit.", ["08:10"]),
        ("At 09:40 (UTC+0) we said our Payroll had failed in Spain too.", []),
        ("At 09:20 (UTC+0), node 2 failed as well.", []),  # neither the service nor who is hurt
        ("Between 08:10 and 09:50 (UTC+0) forms timed out.", ["08:10"]),
        ("Timeline\n08:10 (UTC+0) - errors begin\n09:12 (UTC+0) - we see them", ["08:10"]),
        ("08:10 (UTC+0) forms in Dublin stop", ["08:10"]),
        # Beside the right start, what the record has of something else may be told with “since”, but for the alarm.
        ("Since 09:50 (UTC+0) Cork too; in Dublin staff cannot submit since 09:10 (UTC+0).", []),
        ("Since 09:15 (UTC+0) Cork too; in Dublin staff cannot submit since 09:10 (UTC+0).", ["09:15"]),
    ],
)
def test_c11_starts_as_other_people_tell_them(text: str, expected: list[str]) -> None:
    record = {"other_texts": ("at 09:50 Cork joined", "detected at 09:15")}
    assert [each.text for each in check_since.since(draft(text, record=record), text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Payroll is back and we closed the incident at 10:45 (UTC+0).", []),
        ("Restored at 09:50 (UTC+0); the desk was told at 09:12 and again at 10:05 (UTC+0).", []),
        ("The desk was told again at 10:05 (UTC+0).", ["10:05"]),  # the right time stands nowhere
        ("Payroll was put right at 10:20 (UTC+0).", ["10:20"]),
        ("Payroll works again, as of 10:20 (UTC+0).", ["10:20"]),
    ],
)
def test_c11_since_when_it_works_again_beside_other_times(text: str, expected: list[str]) -> None:
    record = {"restored_at": datetime(2026, 11, 23, 9, 50, tzinfo=UTC), "other_texts": ("desk told again at 10:05",)}
    found = check_since.since(draft(text, kind="restored", record=record), text)
    assert [each.text for each in found] == expected
