"""What the desk tells callers: neutral while it is a candidate, then from the record; and what not to promise."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.models import Candidate, Incident
from incidents.queries import callers
from incidents.services.desk import candidates
from incidents.services.states import declaration
from teams.models import Person
from tests import factories
from tests.comms import promise_kit
from tests.factories import NOON
from tests.incidents import kit

Browser = Callable[[Person], Client]


@pytest.fixture
def raised(cast: SimpleNamespace) -> Candidate:
    return kit.candidate(by=cast.desmond, basis="", where="")


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


def script(incident: Incident) -> callers.Script:
    return callers.of_incident(incident, now=NOON)


@pytest.mark.usefixtures("alone")
def test_a_candidate_gets_a_neutral_script_from_the_desks_own_facts(raised: Candidate) -> None:
    now = callers.of_candidate(raised, now=NOON)
    assert "Store staff cannot submit timesheets (Payroll)" in now.say[0]
    assert now.log[1] == "Ask as well: Where, and where not? What is the number based on?"
    assert "Nothing is confirmed yet" in now.avoid[0]
    assert now.next_word == "No next update is promised yet. Do not give a time."
    assert now.workaround == "Callers say: “paper form works”. Nobody has confirmed it yet: say so."


@pytest.mark.usefixtures("alone")
def test_what_people_were_trying_to_do_is_said_as_what_they_cannot(cast: SimpleNamespace) -> None:
    raised = kit.candidate(by=cast.desmond, cannot_do="Submit timesheets in Cork")
    assert "the same: they cannot submit timesheets in Cork (Payroll)" in callers.of_candidate(raised, now=NOON).say[0]


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("workaround", ["", "?", "Unknown, asked at 10:05 (UTC+0)"])
def test_no_workaround_is_made_up(cast: SimpleNamespace, workaround: str) -> None:
    raised = kit.candidate(by=cast.desmond, workaround=workaround)
    assert callers.of_candidate(raised, now=NOON).workaround == "None is known. Do not suggest one."
    declared = declaration.accept(
        reference=raised.reference or "", person=cast.mia, impact=1, urgency=1, manager=cast.mia, now=NOON
    )
    assert script(declared).workaround == "None is known. Do not suggest one."


@pytest.mark.usefixtures("alone")
def test_a_rejected_candidate_is_an_ordinary_ticket(raised: Candidate, cast: SimpleNamespace) -> None:
    candidates.reject(reference=raised.reference or "", person=cast.mia, reason="Known error KB7", now=NOON)
    raised.refresh_from_db()
    now = callers.of_candidate(raised, now=NOON)
    assert now.say == ("It is not handled as a major incident: Known error KB7",)
    assert now.next_word == "No update follows."


@pytest.mark.usefixtures("alone")
def test_once_accepted_the_script_is_the_incidents(raised: Candidate, cast: SimpleNamespace) -> None:
    declaration.accept(
        reference=raised.reference or "", person=cast.mia, impact=1, urgency=1, manager=cast.mia, now=NOON
    )
    raised.refresh_from_db()
    now = callers.of_candidate(raised, now=NOON)
    assert now.say[0] == "We know about it, and people are working on it."
    assert "cannot submit timesheets in Payroll" in now.say[1]


def test_the_last_word_to_the_desk_and_the_next_time_come_from_above(incident: Incident, alone: Any) -> None:
    alone.CALLER_SOURCES = ["tests.incidents.listeners.desk_word"]
    now = script(incident)
    assert (now.said, now.said_at) == ("We are rolling back.", NOON)
    assert now.say == ("We know about it, and people are working on it.",), "the message stands instead of the sentence"
    assert now.next_word == "You may say: the next word comes by 12:30 (UTC+0)."
    late = callers.of_incident(incident, now=NOON + timedelta(minutes=31))
    assert late.next_word.startswith("The next word was due 12:30 (UTC+0) and is late. Do not give a time")


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("monitoring", "It is back and is being watched."),
        ("resolved", "It is resolved."),
        ("closed", "raise it"),
        ("cancelled", "It was no major incident."),
    ],
)
def test_each_state_has_its_sentence(incident: Incident, state: str, words: str) -> None:
    incident.state = state
    now = script(incident)
    assert words in now.say[0]
    assert (len(now.log) == 2) == (state in {"monitoring", "resolved"})


def test_what_comms_sent_and_owes_reaches_the_desk(cast: SimpleNamespace, signed_in: Browser) -> None:
    """The whole portal: the promise of the declaration, then the first message to the desk."""
    incident = kit.incident(manager=cast.mia, now=datetime.now(tz=UTC))
    page = f"/incidents/{incident.reference}/callers/"
    assert "You may say: the next word comes by " in signed_in(cast.desmond).get(page).content.decode()
    promise_kit.publish(incident, "service_desk", author=cast.mia)
    text = signed_in(cast.desmond).get(page).content.decode()
    assert "Last message to the desk," in text
    assert "<blockquote" in text


def test_the_script_stands_on_the_candidates_page_and_is_fetched_again(
    raised: Candidate, cast: SimpleNamespace, signed_in: Browser
) -> None:
    browser = signed_in(cast.desmond)
    text = browser.get(f"/candidates/{raised.reference}/").content.decode()
    assert "For callers, now" in text
    assert f'data-panel-url="/candidates/{raised.reference}/callers/"' in text
    assert "Do not promise" in browser.get(f"/candidates/{raised.reference}/callers/").content.decode()


def test_the_fragment_costs_a_fixed_number_of_queries(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(cast.desmond)
    address = f"/incidents/{incident.reference}/callers/"
    browser.get(address)
    # session, person, incident, statement, last message, promises
    with django_assert_num_queries(6):
        browser.get(address)


def test_a_private_incident_has_no_script_for_others(cast: SimpleNamespace, signed_in: Browser) -> None:
    hidden = kit.incident(manager=cast.mia, is_private=True, service=factories.service())
    assert signed_in(cast.desmond).get(f"/incidents/{hidden.reference}/callers/").status_code == 404
    assert signed_in(cast.mia).get(f"/incidents/{hidden.reference}/callers/").status_code == 200
