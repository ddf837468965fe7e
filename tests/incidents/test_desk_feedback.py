"""Feedback both ways: two things that helped and one request; the desk's answers pooled; no names, nobody alone."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from incidents.models import DeskFeedback, DeskRating, Incident
from incidents.queries import desk_feedback as queries
from incidents.queries import desk_months
from incidents.services.desk import desk_feedback
from incidents.services.states import declaration
from mim_portal.lib.refusals import Forbidden, Invalid, Refusal
from teams.choices import Role
from teams.models import Person
from tests import factories
from tests.incidents import kit
from tests.naughty.texts import OWN

pytestmark = pytest.mark.usefixtures("alone")
Browser = Callable[[Person], Client]
Api = Callable[..., APIClient]
WORDS = {
    "helped_first": "The count came with its basis.",
    "helped_second": "England was named as not affected.",
    "request": "Please give the start with its time zone.",
}


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def incident(cast: SimpleNamespace, now: datetime) -> Incident:
    raised = kit.candidate(by=cast.desmond, now=now - timedelta(hours=4))
    made = declaration.accept(
        reference=str(raised.reference), person=cast.mia, impact=1, urgency=1, manager=None,
        now=now - timedelta(hours=3),
    )  # fmt: skip
    return resolved(made, now - timedelta(hours=1))


def resolved(incident: Incident, at: datetime) -> Incident:
    Incident.objects.filter(pk=incident.pk).update(state="resolved", resolved_at=at)
    incident.refresh_from_db()
    return incident


def give(incident: Incident, person: Person, *, now: datetime, **changes: Any) -> desk_feedback.Written:
    return desk_feedback.give(reference=incident.reference, person=person, now=now, **(WORDS | changes))


def rate(incident: Incident, person: Person, score: int, *, line: str = "") -> DeskRating:
    return desk_feedback.rate(reference=incident.reference, score=score, line=line, person=person, now=timezone.now())


def agents(count: int) -> list[Person]:
    return [factories.person(roles=(Role.SERVICE_DESK,)) for _ in range(count)]


def test_the_manager_writes_once(incident: Incident, cast: SimpleNamespace, now: datetime) -> None:
    written = give(incident, cast.mia, now=now)
    assert (written.feedback.request, written.findings) == (WORDS["request"], [])
    with pytest.raises(Refusal) as again:
        give(incident, cast.mia, now=now)
    assert again.value.code == "already_given"


def test_nobody_else_writes_it_and_not_before_the_end(incident: Incident, cast: SimpleNamespace, now: datetime) -> None:
    with pytest.raises(Forbidden):
        give(incident, cast.omar, now=now)
    Incident.objects.filter(pk=incident.pk).update(state="monitoring")
    with pytest.raises(Refusal) as early:
        give(incident, cast.mia, now=now)
    assert early.value.code == "not_resolved"


@pytest.mark.parametrize("field", sorted(WORDS))
def test_each_of_the_three_is_needed(incident: Incident, cast: SimpleNamespace, now: datetime, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        give(incident, cast.mia, now=now, **{field: "  "})
    assert refused.value.field == field


@pytest.mark.parametrize("words", ["Thank you, Desmond Example.", "Thanks to Desmond", "@desmond was quick"])
def test_a_named_person_stops_it(incident: Incident, cast: SimpleNamespace, now: datetime, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        give(incident, cast.mia, now=now, helped_second=words)
    assert (refused.value.code, refused.value.field) == ("names_a_person", "helped_second")
    assert not DeskFeedback.objects.exists()


def test_blame_is_suggested_away_once(incident: Incident, cast: SimpleNamespace, now: datetime) -> None:
    words = "The desk did not tell us about the second site."
    with pytest.raises(desk_feedback.Suggested) as suggested:
        give(incident, cast.mia, now=now, request=words, as_it_is=False)
    assert suggested.value.field == "request"
    written = give(incident, cast.mia, now=now, request=words)
    assert [(finding.code, finding.field) for finding in written.findings] == [("B07", "request")]


def test_what_is_owed_and_until_when(incident: Incident, cast: SimpleNamespace) -> None:
    friday = datetime.fromisoformat("2026-11-20T15:00:00+00:00")
    resolved(incident, friday)
    (owed,) = queries.owed_by(cast.mia, now=friday + timedelta(days=1))
    assert (owed.incident, owed.due_at, owed.is_late) == (incident, friday + timedelta(days=3), False)
    assert queries.owed_by(cast.mia, now=friday + timedelta(days=4))[0].is_late
    assert queries.owed_by(cast.omar, now=friday + timedelta(days=1)) == []
    assert queries.owed_by(cast.mia, now=friday + timedelta(days=30)) == []
    give(incident, cast.mia, now=friday)
    assert queries.owed_by(cast.mia, now=friday + timedelta(days=1)) == []


def test_what_the_desk_did_not_raise_owes_it_nothing(cast: SimpleNamespace, now: datetime) -> None:
    resolved(kit.incident(manager=cast.mia, now=now - timedelta(hours=2)), now)
    assert queries.owed_by(cast.mia, now=now) == []


def test_one_answer_a_person_which_may_change(incident: Incident, cast: SimpleNamespace) -> None:
    rate(incident, cast.desmond, 2)
    assert rate(incident, cast.desmond, 4, line="Better later on.").score == 4
    assert DeskRating.objects.count() == 1
    with pytest.raises(Forbidden):
        rate(incident, cast.mia, 5)
    with pytest.raises(Invalid):
        rate(incident, cast.desmond, 6)
    with pytest.raises(Invalid) as named:
        rate(incident, cast.desmond, 3, line="Mia told us nothing")
    assert named.value.field == "line"


def test_answers_are_shown_from_five_people_on(incident: Incident, cast: SimpleNamespace) -> None:
    people = agents(5)
    for number, person in enumerate(people[:4]):
        rate(incident, person, number + 1, line=f"line {9 - number}")
    hidden = desk_months.pooled(queries.ratings(incident))
    assert (hidden.n, hidden.is_shown, hidden.middle, hidden.lines, hidden.counts) == (4, False, None, (), ())
    rate(incident, people[4], 5)
    shown = desk_months.pooled(queries.ratings(incident))
    assert (shown.n, shown.middle) == (5, 3)
    assert shown.counts == [(1, 1), (2, 1), (3, 1), (4, 1), (5, 1)]
    assert shown.lines == ["line 6", "line 7", "line 8", "line 9"]


def test_the_page_of_the_manager(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, django_assert_num_queries: Any
) -> None:
    address = f"/incidents/{incident.reference}/desk-feedback/"
    manager = signed_in(cast.mia)
    with django_assert_num_queries(8):  # session, person, incident, feedback, own rating, tenure, ratings, clock
        text = manager.get(address).content.decode()
    assert "Send to the desk" in text
    named = manager.post(address, WORDS | {"request": "Ask Desmond Example first"})
    assert named.status_code == 422
    assert "names a person" in named.content.decode()
    blame = WORDS | {"request": "The desk did not tell us the site."}
    suggested = manager.post(address, blame)
    assert suggested.status_code == 422
    assert "Send my words as they are" in suggested.content.decode()
    assert manager.post(address, blame | {"as_it_is": "on"}).status_code == 302
    text = signed_in(cast.desmond).get(address).content.decode()
    assert "The desk did not tell us the site." in text
    assert signed_in(cast.omar).get(address).status_code == 200
    assert manager.get("/incidents/MI-2026-0404/desk-feedback/").status_code == 404


def test_the_page_of_the_desk(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    address = f"/incidents/{incident.reference}/"
    desk = signed_in(cast.desmond)
    assert desk.post(f"{address}desk-rating/", {}).status_code == 422
    assert desk.post(f"{address}desk-rating/", {"score": "4", "line": "Good script."}).status_code == 302
    text = desk.get(f"{address}desk-feedback/").content.decode()
    assert "One answer so far" in text
    assert "Change my answer" in text
    others = signed_in(cast.mia).get(f"{address}desk-feedback/").content.decode()
    assert "Good script." not in others


def test_a_private_incident_has_no_feedback_for_outsiders(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, api: Api
) -> None:
    Incident.objects.filter(pk=incident.pk).update(is_private=True)
    assert signed_in(cast.desmond).get(f"/incidents/{incident.reference}/desk-feedback/").status_code == 404
    assert (
        signed_in(cast.desmond).post(f"/incidents/{incident.reference}/desk-rating/", {"score": 3}).status_code == 404
    )
    assert api(cast.desmond).get(f"/api/v1/incidents/{incident.reference}/desk-feedback/").status_code == 404
    give(incident, cast.mia, now=timezone.now())
    assert list(queries.latest(cast.desmond)) == []
    assert queries.to_rate(cast.desmond, now=timezone.now()) == []


def test_by_the_api(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    address = f"/api/v1/incidents/{incident.reference}/"
    assert api(cast.omar).post(f"{address}desk-feedback/", WORDS).status_code == 403
    named = api(cast.mia).post(f"{address}desk-feedback/", WORDS | {"request": "Ask Desmond"})
    assert (named.status_code, named.json()["errors"][0]["field"]) == (400, "request")
    made = api(cast.mia).post(f"{address}desk-feedback/", WORDS | {"request": "The desk did not tell us the site."})
    assert made.status_code == 201
    assert [finding["code"] for finding in made.json()["findings"]] == ["B07"]
    assert api(cast.mia).post(f"{address}desk-feedback/", WORDS).status_code == 409
    rated = api(cast.desmond).post(f"{address}desk-rating/", {"score": 4, "line": "Good"})
    assert rated.json()["ratings"] == {"n": 1, "is_shown": False, "middle": None, "counts": [], "lines": []}
    assert api(cast.desmond).post(f"{address}desk-rating/", {"score": 9}).status_code == 400
    assert api(cast.audra).get(f"{address}desk-feedback/").json()["feedback"]["helped_first"] == WORDS["helped_first"]


@pytest.mark.parametrize("name", sorted(OWN))
def test_naughty_words_are_kept_or_refused_at_their_field(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, name: str
) -> None:
    """What looks like a mention is refused as one; everything else is kept as typed and shown as words."""
    answer = signed_in(cast.mia).post(
        f"/incidents/{incident.reference}/desk-feedback/",
        {"helped_first": OWN[name], "helped_second": OWN[name], "request": OWN[name], "as_it_is": "on"},
        follow=True,
    )
    given = DeskFeedback.objects.first()
    assert (given is None) is (name == "at sign")
    assert given is None or given.request == OWN[name].strip()
    assert answer.status_code == (422 if given is None else 200)
    assert "<script>alert(1)" not in answer.content.decode()
