"""How it went for the desk: whoever raised the incident is asked by a link, once a week at most, and only pooled."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from comms.consumers import feedback as consumer
from comms.models import Delivery, Message
from incidents.models import Candidate, DeskRating, FeedbackRequest, Incident
from incidents.services.desk import desk_survey
from incidents.services.work import feedback
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Invalid, Refusal
from teams.models import Person
from tests.factories import NOON
from tests.incidents import kit
from tests.reviews import rows

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
ANSWERS = {"told_what_was_needed": 4, "score": 2, "glad_to_work_again": 5}


def raised(cast: SimpleNamespace, *, by: Person | None = None, **fields: Any) -> Incident:
    """An incident that is over, and that the desk raised."""
    incident = rows.incident(manager=cast.mia, **fields)
    made = kit.candidate(by=by or cast.desmond, service=incident.service, now=NOON - timedelta(hours=4))
    Candidate.objects.filter(pk=made.pk).update(incident=incident, state="accepted", decided_at=incident.declared_at)
    return incident


def ask(*incidents: Incident, now: Any = NOON) -> list[Person]:
    return [one.person for one in desk_survey.ask(incident_ids=[one.pk for one in incidents], now=now)]


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return raised(cast)


@pytest.fixture
def request_(incident: Incident, cast: SimpleNamespace) -> FeedbackRequest:
    return FeedbackRequest.objects.create(incident=incident, person=cast.desmond, asked_at=dbtime.now())


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_whoever_raised_it_is_asked_by_mail_at_resolve(incident: Incident, cast: SimpleNamespace) -> None:
    entry = rows.entry(of=incident, kind="state_changed", data={"from": "monitoring", "to": "resolved"})
    for _time in range(2):
        consumer.consume([entry])
    message = Message.objects.get(subject__startswith="How did it go for the desk?")
    assert Delivery.objects.get(message=message).address == cast.desmond.email
    (link,) = re.findall(r"/feedback/([^/\s]+)/", message.text)
    found = feedback.request_of(link)
    assert found is not None
    assert (found.incident, found.person) == (incident, cast.desmond)
    assert f"/feedback/{link}/" in message.html


def test_nobody_is_asked_twice_a_week(incident: Incident, cast: SimpleNamespace) -> None:
    assert ask(incident) == [cast.desmond]
    later = raised(cast)
    assert ask(incident, later, now=NOON + WEEK - timedelta(seconds=1)) == []
    assert ask(incident, later, now=NOON + WEEK) == [cast.desmond]


@pytest.mark.parametrize("change", ["exercise", "no desk", "no address", "left", "private", "answered", "nobody"])
def test_who_is_not_asked(change: str, incident: Incident, cast: SimpleNamespace) -> None:
    desmond = Person.objects.filter(pk=cast.desmond.pk)
    if change == "exercise":
        Incident.objects.update(is_exercise=True)
    elif change == "private":
        Incident.objects.update(is_private=True)
    elif change == "answered":
        DeskRating.objects.create(incident=incident, person=cast.desmond, given_at=NOON, **ANSWERS)
    elif change == "nobody":
        Candidate.objects.update(raised_by=None)
    elif change == "no desk":
        desmond.update(roles=[])
    elif change == "no address":
        desmond.update(email="")
    else:
        desmond.update(is_active=False)
    assert ask(incident) == []


def test_three_answers_without_signing_in(request_: FeedbackRequest, cast: SimpleNamespace, client: Client) -> None:
    at = f"/feedback/{feedback.token(request_)}/"
    page = text_of(client.get(at))
    assert "We had what we needed to answer callers." in page
    assert not DeskRating.objects.exists()  # opening it changes nothing
    refused = client.post(at, {**ANSWERS, "score": "", "line": "Tell us the workaround."})
    assert refused.status_code == 422
    assert "Tell us the workaround." in text_of(refused)
    assert "Thank you: your answer is here." in text_of(client.post(at, {**ANSWERS, "line": "Tell us the workaround."}))
    given = DeskRating.objects.get()
    assert (given.person, given.score, given.told_what_was_needed, given.glad_to_work_again) == (cast.desmond, 2, 4, 5)
    assert "Thank you: your answer is here." in text_of(client.get(at))
    assert client.post(at, ANSWERS).status_code == 422


def test_an_answer_from_the_page_of_the_incident_is_completed(
    request_: FeedbackRequest, incident: Incident, cast: SimpleNamespace
) -> None:
    DeskRating.objects.create(incident=incident, person=cast.desmond, score=5, given_at=NOON)
    desk_survey.give(request_id=request_.pk, answers=ANSWERS, line=" More. ", now=NOON)
    given = DeskRating.objects.get()
    assert (given.score, given.line, given.told_what_was_needed) == (2, "More.", 4)
    with pytest.raises(Refusal):
        desk_survey.give(request_id=request_.pk, answers=ANSWERS, line="", now=NOON)


@pytest.mark.parametrize("name", desk_survey.QUESTIONS)
@pytest.mark.parametrize("value", [0, 6])
def test_one_to_five_and_no_names(name: str, value: int, request_: FeedbackRequest) -> None:
    with pytest.raises(Invalid) as refused:
        desk_survey.give(request_id=request_.pk, answers={**ANSWERS, name: value}, line="", now=NOON)
    assert refused.value.field == name
    with pytest.raises(Invalid) as refused:
        desk_survey.give(request_id=request_.pk, answers=ANSWERS, line="Mia was late.", now=NOON)
    assert refused.value.field == "line"


def test_it_waits_until_the_incident_is_over_again(request_: FeedbackRequest) -> None:
    Incident.objects.update(state="investigating", resolved_at=None)
    with pytest.raises(Refusal) as refused:
        desk_survey.give(request_id=request_.pk, answers=ANSWERS, line="", now=NOON)
    assert refused.value.code == "not_resolved"


def test_links_that_are_none(request_: FeedbackRequest, client: Client) -> None:
    token = feedback.token(request_)
    assert client.get("/feedback/nothing/").status_code == 404
    Person.objects.update(is_active=False)
    assert feedback.request_of(token) is None


def test_it_is_shown_together_from_five_on(cast: SimpleNamespace, api: Callable[..., APIClient]) -> None:
    def shown() -> Any:
        found = api(cast.petra).get("/api/v1/metrics/").json()["feedback"]
        return next(one for one in found if one["side"] == "desk")

    for _time in range(4):
        DeskRating.objects.create(incident=raised(cast), person=cast.desmond, given_at=NOON, **ANSWERS)
    DeskRating.objects.create(incident=raised(cast), person=cast.desmond, score=1, given_at=NOON)  # from its page
    assert shown() == {"side": "desk", "n": 4, "answers": []}
    DeskRating.objects.create(incident=raised(cast), person=cast.dara, given_at=NOON, **ANSWERS)
    (answer,) = [one for one in shown()["answers"] if one["question"] == "could_answer_callers"]
    assert (answer["middle"], answer["counts"]) == (2, [0, 5, 0, 0, 0])
