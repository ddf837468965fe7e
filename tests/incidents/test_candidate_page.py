"""One candidate: the desk sees what became of it, the manager decides on one page."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from incidents.choices import CandidateState
from incidents.models import Candidate, ClarificationRequest, Incident
from teams.models import Person
from tests.incidents import kit

Browser = Callable[[Person], Client]


@pytest.fixture
def raised(cast: SimpleNamespace) -> Candidate:
    return kit.candidate(by=cast.desmond)


def test_the_desk_reads_words_and_no_score(raised: Candidate, cast: SimpleNamespace, signed_in: Browser) -> None:
    text = signed_in(cast.desmond).get(f"/candidates/{raised.reference}/").content.decode()
    assert "Store staff cannot submit timesheets" in text
    assert "of 100" not in text
    assert "Accept and declare" not in text


def test_the_manager_reads_the_score_of_the_record(
    raised: Candidate, cast: SimpleNamespace, signed_in: Browser
) -> None:
    text = signed_in(cast.mia).get(f"/candidates/{raised.reference}/").content.decode()
    assert f"{raised.intake_score} of 100" in text
    assert "Accept and declare" in text


def test_accepting_declares_and_opens_the_room(raised: Candidate, cast: SimpleNamespace, signed_in: Browser) -> None:
    answer = signed_in(cast.mia).post(
        f"/candidates/{raised.reference}/accept/", {"impact": "1", "urgency": "1", "manager": "mia"}
    )
    incident = Incident.objects.get()
    assert answer["Location"] == f"/incidents/{incident.reference}/"
    assert incident.priority == "P1"
    raised.refresh_from_db()
    assert raised.state == CandidateState.ACCEPTED


def test_accepting_without_an_impact_says_so(raised: Candidate, cast: SimpleNamespace, signed_in: Browser) -> None:
    answer = signed_in(cast.mia).post(f"/candidates/{raised.reference}/accept/", {"manager": "mia"})
    assert answer.status_code == 422
    assert Incident.objects.count() == 0


def test_the_second_to_accept_learns_who_was_first(
    raised: Candidate, cast: SimpleNamespace, signed_in: Browser
) -> None:
    decision = {"impact": "1", "urgency": "1", "manager": "mia"}
    signed_in(cast.mia).post(f"/candidates/{raised.reference}/accept/", decision)
    answer = signed_in(cast.omar).post(f"/candidates/{raised.reference}/accept/", decision)
    assert answer.status_code == 422
    assert "Mia" in answer.content.decode()
    assert Incident.objects.count() == 1


def test_a_rejection_needs_its_reason_and_shows_it(
    raised: Candidate, cast: SimpleNamespace, signed_in: Browser
) -> None:
    manager = signed_in(cast.mia)
    empty = manager.post(f"/candidates/{raised.reference}/reject/", {"reason": " "})
    assert empty.status_code == 422
    assert "Give the reason: the desk reads it." in empty.content.decode()
    answer = {"reason": "One printer; the site team has it.", "next_step": "A technician comes at 14:00 (UTC+0)."}
    manager.post(f"/candidates/{raised.reference}/reject/", answer)
    text = signed_in(cast.desmond).get(f"/candidates/{raised.reference}/").content.decode()
    assert "One printer; the site team has it." in text
    assert "What happens now: A technician comes at 14:00 (UTC+0)." in text


def test_merging_names_the_live_incident(raised: Candidate, cast: SimpleNamespace, signed_in: Browser) -> None:
    incident = kit.incident(manager=cast.mia)
    signed_in(cast.mia).post(f"/candidates/{raised.reference}/merge/", {"into": incident.reference.lower()})
    raised.refresh_from_db()
    assert raised.incident == incident


def test_merging_into_what_is_not_there_is_said_at_the_field(
    raised: Candidate, cast: SimpleNamespace, signed_in: Browser
) -> None:
    """A slip of one digit is no page that is not found."""
    wrong = signed_in(cast.mia).post(f"/candidates/{raised.reference}/merge/", {"into": "MI-1999-0001"})
    page = wrong.content.decode()
    assert (wrong.status_code, "There is no incident MI-1999-0001." in page) == (422, True)
    assert 'value="MI-1999-0001"' in page


def test_a_question_travels_to_the_desk_and_back(raised: Candidate, cast: SimpleNamespace, signed_in: Browser) -> None:
    signed_in(cast.mia).post(f"/candidates/{raised.reference}/ask/", {"field": "affected_count", "question": ""})
    request = ClarificationRequest.objects.get()
    assert request.question == "How many people are affected?"
    desk = signed_in(cast.desmond)
    assert "How many people are affected?" in desk.get(f"/candidates/{raised.reference}/").content.decode()
    desk.post(f"/candidates/{raised.reference}/answer/{request.pk}/", {"answer": "1,240, from the roster"})
    assert "1,240, from the roster" in signed_in(cast.mia).get(f"/candidates/{raised.reference}/").content.decode()


def test_the_queue_shows_the_longest_waiting_first(cast: SimpleNamespace, signed_in: Browser) -> None:
    first = kit.candidate(by=cast.desmond)
    assert first.service is not None
    second = kit.candidate(by=cast.desmond, service=first.service, cannot_do="Tills cannot take cards")
    text = signed_in(cast.mia).get("/candidates/").content.decode()
    assert text.index(str(first.reference)) < text.index(str(second.reference))


def test_the_desk_may_not_decide(raised: Candidate, cast: SimpleNamespace, signed_in: Browser) -> None:
    answer = signed_in(cast.desmond).post(f"/candidates/{raised.reference}/reject/", {"reason": "no"})
    assert answer.status_code == 403


def test_a_candidate_of_a_private_incident_is_not_found(
    raised: Candidate, cast: SimpleNamespace, signed_in: Browser
) -> None:
    incident = kit.incident(manager=cast.mia, is_private=True)
    Candidate.objects.filter(pk=raised.pk).update(state=CandidateState.MERGED, incident=incident)
    assert signed_in(cast.desmond).get(f"/candidates/{raised.reference}/").status_code == 404
    assert signed_in(cast.mia).get(f"/candidates/{raised.reference}/").status_code == 200
