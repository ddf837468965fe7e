import pytest

from incidents.rules import intake_grades as grades
from incidents.rules.intake_grades import Grade


@pytest.mark.parametrize(
    ("text", "in_catalogue", "expected"),
    [
        ("payroll", True, "full"),
        ("Payroll app of the Dublin office", False, "half"),
        ("system down", False, "none"),
        ("the whole system is down", False, "none"),
        ("IT", False, "none"),
        ("everything", False, "none"),
        ("?", False, "none"),
        ("", False, "none"),
    ],
)
def test_service(text: str, in_catalogue: bool, expected: str) -> None:
    assert grades.service(text, in_catalogue=in_catalogue).grade == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("staff cannot submit timesheets", "full"),
        ("can't pay by card", "full"),
        ("submit timesheets", "full"),
        ("log in", "full"),
        ("customers wait, checkout takes more than a minute", "full"),
        ("users do not receive payslips", "full"),
        ("error 500 on the server", "half"),
        ("database connection timeouts", "half"),
        ("timesheets", "half"),
        ("payslips look odd since today", "half"),
        ("it is down", "none"),
        ("Nothing works!", "none"),
        ("not working", "none"),
        ("the system has issues", "none"),
        ("", "none"),
        ("unknown", "none"),
    ],
)
def test_cannot_do(text: str, expected: str) -> None:
    graded = grades.cannot_do(text)
    assert graded.grade == expected
    assert graded.deficit == (None if expected == "full" else "symptom_not_activity")


@pytest.mark.parametrize(
    ("count", "basis", "expected"),
    [
        ("about 1,200", "till error counts", Grade(grade="full", reason="The number has a basis.")),
        ("two hundred", "headcount of the site", Grade(grade="full", reason="The number has a basis.")),
        (
            "1,200",
            "",
            Grade(grade="half", reason="The number has no basis.", deficit="count_without_basis"),
        ),
        (
            "1,200",
            "unknown",
            Grade(grade="half", reason="The number has no basis.", deficit="count_without_basis"),
        ),
        (
            "all of Dublin",
            "tickets",
            Grade(grade="half", reason="“All” is not a number yet.", deficit="single_user_generalised"),
        ),
        ("many", "", Grade(grade="none", reason="“many” is not a number.", deficit="count_without_basis")),
        ("a bunch", "", Grade(grade="none", reason="There is no number.", deficit="count_without_basis")),
        ("", "tickets", Grade(grade="none", reason="There is no number.", deficit="count_without_basis")),
    ],
)
def test_affected_count(count: str, basis: str, expected: Grade) -> None:
    assert grades.affected_count(count, basis) == expected


@pytest.mark.parametrize(
    ("text", "expected", "deficit"),
    [
        ("Ireland and Scotland; not affected: England", "full", None),
        ("Dublin only", "full", None),
        ("everywhere", "full", None),
        ("Dublin", "half", "no_negative_scope"),
        ("not known yet", "none", "where_missing"),
        ("", "none", "where_missing"),
    ],
)
def test_where(text: str, expected: str, deficit: str | None) -> None:
    graded = grades.where(text)
    assert (graded.grade, graded.deficit) == (expected, deficit)


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        ("09:10 (UTC+0), first call to the desk", "full", "The start time has its zone and source."),
        ("2026-11-23T09:10:00Z, monitoring alert", "full", "The start time has its zone and source."),
        ("2026-11-23 09:10+01:00 seen in logs", "full", "The start time has its zone and source."),
        ("10:10 CET, first call", "full", "The start time has its zone and source."),
        ("10:10 BST, first call", "half", "The time has no zone."),
        ("09:10 UTC", "half", "It does not say how the time is known."),
        ("09:10, first call", "half", "The time has no zone."),
        ("9 am", "half", "The time has no zone."),
        ("this morning", "none", "There is no start time."),
        ("", "none", "There is no start time."),
    ],
)
def test_since_when(text: str, expected: str, reason: str) -> None:
    graded = grades.since_when(text)
    assert (graded.grade, graded.reason) == (expected, reason)


@pytest.mark.parametrize(
    ("text", "expected", "deficit"),
    [
        ("“Session expired (E-4012)”; INC0012345, INC0012349", "full", None),
        ("screenshot attached, three tickets", "full", None),
        ("'Session expired'", "half", "single_user_generalised"),
        ("INC0012345 and INC0012345", "half", "paraphrased_error"),
        ("two users called", "half", "paraphrased_error"),
        ("it says something about sessions", "half", "paraphrased_error"),
        ("", "none", "paraphrased_error"),
    ],
)
def test_evidence(text: str, expected: str, deficit: str | None) -> None:
    graded = grades.evidence(text)
    assert (graded.grade, graded.deficit) == (expected, deficit)


@pytest.mark.parametrize(
    ("consequence", "critical_time", "expected", "deficit"),
    [
        ("wages are paid late", "12:00 (UTC+0)", "full", None),
        ("wages are paid late", "", "half", None),
        ("the CEO called", "", "half", "priority_by_volume_or_vip"),
        ("the CEO cannot sign the contract with the bank", "", "half", None),
        ("", "12:00", "half", None),
        ("urgent", "12:00", "half", None),
        ("URGENT!!", "", "none", "priority_by_volume_or_vip"),
        ("", "", "none", None),
    ],
)
def test_business_consequence(consequence: str, critical_time: str, expected: str, deficit: str | None) -> None:
    graded = grades.business_consequence(consequence, critical_time)
    assert (graded.grade, graded.deficit) == (expected, deficit)


@pytest.mark.parametrize(
    ("text", "expected", "deficit"),
    [
        ("reproduced; monitoring green; no known error; release 08:45 today", "full", None),
        ("no change today", "half", None),
        ("reproduced here", "half", "no_change_check"),
        ("we looked", "half", "no_change_check"),
        ("", "none", "no_change_check"),
    ],
)
def test_checks_done(text: str, expected: str, deficit: str | None) -> None:
    graded = grades.checks_done(text)
    assert (graded.grade, graded.deficit) == (expected, deficit)


def test_open_checks_are_named() -> None:
    assert grades.checks_done("reproduced; monitoring green").reason == (
        "Not answered: known errors, changes in the last 24 h."
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("paper form works", "full"),
        ("none known", "full"),
        ("not asked", "half"),
        ("nobody has tried", "half"),
        ("-", "none"),
    ],
)
def test_workaround(text: str, expected: str) -> None:
    assert grades.workaround(text).grade == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Niamh Walsh, +353 1 555 0199", "full"),
        ("Niamh, ext. 4711", "full"),
        ("Niamh Walsh", "half"),
        ("555 0199 55", "half"),
        ("servicedesk@example.com, 01 555 0199", "half"),
        ("niamh.walsh@example.com", "half"),
        ("", "none"),
    ],
)
def test_contact(text: str, expected: str) -> None:
    assert grades.contact(text).grade == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("unknown, asked at 10:05", True),
        ("not known yet; asked Dublin 10.05, answer expected 10:20", True),
        ("being checked by Niamh until 10:30", True),
        ("asked Dublin", False),
        ("", False),
    ],
)
def test_asked_with_its_time(text: str, expected: bool) -> None:
    assert grades.asked(text) is expected


@pytest.mark.parametrize(
    "text", ["", " ", "?", "--", "n/a", "N/A", "unknown", "Not yet known.", "don't know", "tbc", "..."]
)
def test_texts_that_say_nothing(text: str) -> None:
    assert grades.unknown(text)


@pytest.mark.parametrize(("text", "expected"), [("caused by the release", True), ("cannot pay", False)])
def test_a_cause_is_for_the_teams_to_find(text: str, expected: bool) -> None:
    assert grades.asserts_cause(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes, personal data of staff", "yes"),
        ("no", "no"),
        (" No: checked with security at 10:05", "no"),
        ("not known yet, asked at 10:05", "unknown"),
        ("don't know", "unknown"),
        ("nobody is hurt", None),
        ("yesterday's data", None),
        ("", None),
    ],
)
def test_what_an_answer_says_about_safety(text: str, expected: str | None) -> None:
    assert grades.safety_in(text) == expected
