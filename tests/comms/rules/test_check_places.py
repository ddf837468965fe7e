"""C11, places that stand beside the recorded ones, in sentences that tell no harm in so many words."""

from typing import Any

import pytest

from comms.rules.checking.draft import Known
from comms.rules.checking.places import check_places
from tests.comms.rules.test_check_facts import brief, draft

KNOWN = Known(
    people=("Rosa Díaz",),
    teams=("Database",),
    services=("Payroll", "MyHR"),
    sites=("Dublin", "Cork", "Leeds"),
    glossary={"Head Office": ""},
)


def found(text: str, **change: Any) -> list[tuple[str, str, str]]:
    written = draft(text, known=KNOWN, **change)
    return brief(check_places.places(written, text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # One list with the recorded places.
        ("The tills in Ireland and Wales will stand at noon.", [("error", "place", "Wales")]),
        ("Delays continue for a tenth of the tills in Wales and Scotland.", [("error", "place", "Wales")]),
        ("Ireland, Scotland and Wales have it since 09:10.", [("error", "place", "Wales")]),
        ("Releasing fails at both sites, Ireland and Wales (85 planners).", [("error", "place", "Wales")]),
        ("Callers from England or Ireland see “Try again”.", [("error", "unaffected_place", "England")]),
        ("The message reaches Ireland and Scotland late.", []),
        ("The queue grows in Ireland, Scotland and in Wales.", [("error", "place", "Wales")]),
        # A site of ours beside a recorded place, and where the service is.
        ("Nodes in Ireland drained, 2 of 4 in Leeds to do.", [("error", "place", "Leeds")]),
        ("Payroll in Wales still takes cards only.", [("error", "place", "Wales")]),
        ("Payroll in Ireland still takes cards only.", []),
        # “All of them” are those affected.
        ("The right number is 1,200, all of them in Wales.", [("error", "place", "Wales")]),
    ],
)
def test_another_place_beside_the_recorded_ones(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Our engineers in Ireland and Wales are on it.",
        "Traffic between Ireland and Wales is being moved.",
        "We have checked Ireland and Wales.",
        "We are moving nodes from Ireland to Leeds.",
        "A crew in Leeds goes to Ireland.",
        "The report goes to Ireland and Payroll.",
        "Ireland and Rosa Díaz agree.",
        "Please call Ireland or Head Office.",
        "It is so in Ireland and Monday is a holiday.",
        "England and Ireland keep running.",
        "Ask for a form at the desk in Leeds.",
        "Tills in Ireland and IT wait.",
        "Both tills in England and Wales ring.",
        "Payroll in MyHR is shown.",
        "Sites in Ireland and in the South (Ireland) wait.",
        "We have told the managers in Ireland, Scotland and England.",
    ],
)
def test_what_is_no_claim_of_where_it_is_may_stand(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Where a service runs, or what is a part of a recorded place, is no other place.
        ("Payroll runs in Frankfurt and Ireland, and only half of it is affected.", []),
        ("Payroll is hosted in Frankfurt and Ireland.", []),
        ("Payroll no longer runs in Wales and Ireland.", [("error", "place", "Wales")]),
        ("Staff in Ireland cannot sign in at Cork.", [("warning", "place", "Cork")]),
        (
            "Ireland waits. Some 1,200 are affected, most of them in Cork and Leeds.",
            [
                ("warning", "place", "Cork"),
                ("warning", "place", "Leeds"),
            ],
        ),
        ("Some 1,200 are affected, most of them in Wales.", [("error", "place", "Wales")]),
        ("Staff in Ireland and clerks in Wales cannot sign in.", [("error", "place", "Wales")]),
        # Without “and”, one of ours.
        ("Depots Ireland, Leeds, Scotland run on paper.", [("error", "place", "Leeds")]),
        ("Depots Ireland, Yesterday, Scotland run on paper.", []),
        # What hits, and who can do nothing.
        ("It affects 1,200 staff in Wales.", [("error", "place", "Wales")]),
        ("Nobody in Wales can submit.", [("error", "place", "Wales")]),
    ],
)
def test_places_within_places(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert found(text) == expected


def test_what_the_record_counts_is_somewhere_too() -> None:
    text = "5,000 claims from Wales are waiting."
    assert found(text, record={"count": "5,000 claims"}) == [("error", "place", "Wales")]


def test_without_recorded_places_or_with_all_of_them_nothing_is_compared() -> None:
    text = "The tills in Ireland and Wales will stand at noon."
    assert found(text, record={"where": "the tills at the back"}) == []
    assert found(text, record={"where": "Ireland and all other sites"}) == []


def test_other_languages_write_their_nouns_large() -> None:
    assert found("Die Kassen in Ireland and Filialen.", language="de-DE") == []


def test_a_message_that_it_is_over_speaks_of_all_of_it() -> None:
    text = "Mail has been arriving on time in Wales and Scotland since 09:50."
    assert found(text, kind="restored") == [("error", "place", "Wales")]
    assert found("Payroll works normally in Ireland.", kind="restored") == []
    assert found("Payroll works normally in Ireland.", state="monitoring") == []
    assert found("Payroll works normally in Ireland.") == [("error", "affected_place", "Ireland")]
    assert found("Ireland was never affected.", kind="restored") == [("error", "affected_place", "Ireland")]


@pytest.mark.parametrize(
    "text",
    [
        "Our message of 09:20 (UTC+0) gave England as affected.",
        "The notice sent at 09:20 (UTC+0) listed staff in Wales, who cannot submit.",
    ],
)
def test_a_correction_repeats_what_was_wrong(text: str) -> None:
    assert found(text, kind="correction") == []
    assert found(text) != []
