"""What two reports share, in words; too little is not said at all."""

import pytest

from incidents.rules import likeness
from incidents.rules.likeness import Report

KNOWN = Report(
    text="Payroll: staff cannot submit timesheets store staff submit timesheets",
    where="Ireland and Scotland",
    service="Payroll",
)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (Report(service="Payroll"), "same service"),
        (Report(text="people cannot submit timesheets"), "same words: submit, timesheets"),
        (Report(text="timesheets", service="Payroll"), "same service, same word: timesheets"),
        (Report(text="cannot sumbit timeshets", service="Payroll"), "same service, same word: timesheets"),
        (Report(text="submitting a timesheet fails"), "same words: submit, timesheets"),
        (Report(text="timesheets hang", where="Scotland"), "same word: timesheets, same place: Scotland"),
        (Report(text="timesh"), "same word: timesheets"),
        (Report(service="Payroll", where="ireland, SCOTLAND"), "same service, same places: ireland, scotland"),
    ],
)
def test_what_is_shared_is_said(typed: Report, why: str) -> None:
    found = likeness.compare(typed, KNOWN)
    assert found is not None
    assert found.why.casefold() == why.casefold()


@pytest.mark.parametrize(
    "typed",
    [
        Report(),
        Report(service="Tills"),
        Report(text="staff cannot use it, nothing works since today"),
        Report(text="timesheets look odd in print"),
        Report(where="Ireland"),
    ],
)
def test_too_little_is_not_said(typed: Report) -> None:
    assert likeness.compare(typed, KNOWN) is None


def test_more_in_common_comes_first() -> None:
    texts = ("print", "submit timesheets in Ireland", "submit forms")
    found = [likeness.compare(Report(text=text, service="Payroll"), KNOWN) for text in texts]
    points = [like.points if like else 0 for like in found]
    assert points[1] > points[2] > points[0] > 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Staff CANNOT submit timesheets, timesheets!", ("submit", "timesheets")),
        ("E-4012 at 09:10", ("4012",)),
        ("a an it is", ()),
        ("支払い不可 прием", ("支払い不可", "прием")),
        ("x" * 41, ()),
        ("& | ! :* ' \\ <->", ()),
    ],
)
def test_telling_words(text: str, expected: tuple[str, ...]) -> None:
    assert likeness.words(text) == expected


def test_a_pasted_log_is_cut() -> None:
    assert len(likeness.words(" ".join(f"word{number}" for number in range(500)))) == likeness.MOST_WORDS


@pytest.mark.parametrize(
    ("typed", "known"), [("4012", "4013"), ("tills", "bills"), ("form", "farm"), ("server", "service")]
)
def test_words_that_only_look_alike(typed: str, known: str) -> None:
    assert likeness.compare(Report(text=typed), Report(text=known)) is None
