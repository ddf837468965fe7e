"""Slips of English that LanguageTool lets pass."""

import pytest

from comms.rules.checking.wording import english, language
from tests.comms.rules import kit


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Staff cannot to submit timesheets.", [("cannot to", "cannot")]),
        ("You must to restart it.", [("must to", "must")]),
        ("What we can to date is little.", []),
        ("Please to type in your notes.", [("Please to", "Please")]),
        ("Please, to be safe, restart it.", []),
        ("He can, to be fair, read.", []),
        ("The service have been restored.", [("have", "has")]),
        ("It is over. The site are up.", [("are", "is")]),
        ("This issue affect all customers.", [("affect", "affects")]),
        ("Users of the service have been told.", []),
        ("The service and the site have been restored.", []),
        ("The service has been restored.", []),
        ("300 user cannot sign in.", [("user", "users")]),
        ("12 branch are closed.", [("branch", "branches")]),
        ("300 user accounts are locked.", []),
        ("1 user cannot sign in.", []),
        ("Since 09:10 user names are refused.", []),
        ("It effects all stores.", [("effects", "affects")]),
        ("We do not know which effects it has.", []),
        ("We are works on it.", [("works", "working")]),
        ("She is tries to help.", [("tries", "trying")]),
        ("The fix is restores the queue.", [("restores", "restoring")]),
        ("Our team is tries the restart.", [("tries", "trying")]),
        ("The team is looks into it.", [("looks", "looking")]),
        ("Everything is works as usual.", []),
        ("Some of the store are closed.", [("store", "stores")]),
        ("Most of our branch have power.", [("branch", "branches")]),
        ("Some of the store managers are told.", []),
        ("Users which cannot sign in are called.", [("which", "who")]),
        ("We know the users, which is enough.", []),
        ("We ask people which team they are in.", []),
        ("We are looking in to it.", [("in to", "into")]),
        ("Log in to the portal. We looked in to see who is there.", []),
        ("Nobody can not sign in.", [("can not", "can")]),
        ("Nobody can’t sign in, and nothing doesn't work.", [("can’t", "can"), ("doesn't", "does")]),
        ("Nobody can sign in. Some cannot print.", []),
    ],
)
def test_c09_slips(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(text[each.start : each.end], each.suggestion) for each in english.slips(text)] == expected


def test_c09_slips_stop_plain_readers_and_warn_the_others() -> None:
    text = "Staff cannot to submit."
    plain, inside = kit.draft(body=text, audiences=("end_users",)), kit.draft(body=text, audiences=("technical",))
    assert [(each.severity, each.rule, each.text) for each in language.findings_of(plain, text, [])] == [
        ("error", "grammar", "cannot to")
    ]
    assert [each.severity for each in language.findings_of(inside, text, [])] == ["warning"]
    german = kit.draft(body=text, audiences=("end_users",), language="de-DE")
    assert language.findings_of(german, text, []) == ()


def test_c09_what_the_checker_says_itself_is_not_said_twice() -> None:
    text = "Staff cannot to submit."
    match = language.LanguageMatch(
        offset=6, length=9, message="m", rule_id="R", category="GRAMMAR", issue_type="grammar", replacements=("can",)
    )
    assert [each.message for each in language.findings_of(kit.draft(body=text), text, [match])] == ["m"]
