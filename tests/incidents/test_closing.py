"""Closing: what the record shows, what people answer, and the second person of a P1; by page, by API and at once."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from comms.choices import UpdateKind
from incidents.choices import EntryKind, IncidentState, RevisionReason
from incidents.models import Incident
from incidents.queries import closure, timeline
from incidents.services.accountability import command
from incidents.services.record import details, impact
from incidents.services.states import closing, lifecycle
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Invalid, Refusal
from reviews.services import reviews
from teams.models import Person
from tests.comms import promise_kit
from tests.incidents import kit

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], Client]
Api = Callable[..., APIClient]
DERIVED = {"restoration_confirmed", "watch_elapsed", "restored_told", "times"}


def move(incident: Incident, to: str, by: Person, **fields: Any) -> Incident:
    return lifecycle.transition(reference=incident.reference, to=to, person=by, now=dbtime.now(), **fields)


def told(incident: Incident, by: Person, kind: UpdateKind, *codes: str, **fields: Any) -> None:
    promise_kit.publish(incident, *codes, author=by, kind=kind, **fields)


@pytest.fixture(autouse=True)
def no_watch(settings: Any) -> None:
    settings.WATCH_MINUTES = dict.fromkeys(settings.WATCH_MINUTES, 0)


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    """A resolved P1 of which two audiences were told, first and when it was over."""
    made = kit.incident(manager=cast.mia, now=dbtime.now() - timedelta(hours=1))
    told(made, cast.mia, UpdateKind.INITIAL, "service_desk", "end_users")
    move(made, "monitoring", cast.mia, confirmed_by="desk")
    told(made, cast.mia, UpdateKind.RESTORED, "service_desk", "end_users", no_further_updates=True)
    return move(made, "resolved", cast.mia)


def items(incident: Incident) -> dict[str, Any]:
    incident.refresh_from_db()
    return {item.code: item for item in closure.of(incident, now=dbtime.now()).items}


def still_open(incident: Incident) -> set[str]:
    incident.refresh_from_db()
    return {item.code for item in closure.of(incident, now=dbtime.now()).open}


def answer(incident: Incident, by: Person, **answers: tuple[str, str]) -> None:
    given = {code: {"answer": chosen, "note": note} for code, (chosen, note) in answers.items()}
    closing.answer(reference=incident.reference, person=by, answers=given, now=dbtime.now())


class TestRecord:
    """Lines that the record itself meets."""

    def test_every_line_of_the_list_is_there(self, incident: Incident) -> None:
        assert list(items(incident)) == [
            "restoration_confirmed", "watch_elapsed", "restored_told", "closure_told", "impact_final", "times",
            "child_tickets", "emergency_changes", "temporary_fixes", "problem_record", "review", "feedback",
            "regulatory", "lapses", "second_person",
        ]  # fmt: skip

    def test_a_p2_needs_no_second_person(self, cast: SimpleNamespace) -> None:
        assert "second_person" not in items(kit.incident(manager=cast.mia, urgency=2))

    def test_what_happened_is_met_and_what_did_not_is_open(self, incident: Incident, cast: SimpleNamespace) -> None:
        found = items(incident)
        assert all(found[code].met for code in ("restoration_confirmed", "watch_elapsed", "restored_told"))
        assert found["closure_told"].met
        fresh = items(kit.incident(manager=cast.mia))
        assert not fresh["restoration_confirmed"].met
        assert not fresh["watch_elapsed"].met
        assert fresh["restored_told"].detail == "Nobody was told of it."

    def test_who_was_told_later_has_to_hear_the_end_too(self, incident: Incident, cast: SimpleNamespace) -> None:
        told(incident, cast.mia, UpdateKind.UPDATE, "executives")
        found = items(incident)
        assert found["restored_told"].detail == "Missing: Executives."
        assert found["closure_told"].is_open
        told(incident, cast.mia, UpdateKind.RESTORED, "executives")
        assert items(incident)["restored_told"].met
        assert items(incident)["closure_told"].is_open  # it said that more follows
        told(incident, cast.mia, UpdateKind.CLOSURE, "executives")
        assert items(incident)["closure_told"].met

    def test_times_are_there_or_known_to_be_unknown(self, incident: Incident, cast: SimpleNamespace) -> None:
        assert "first contact with the desk" in items(incident)["times"].detail
        details.mark_unknown(reference=incident.reference, person=cast.mia, reason="Nobody.", now=dbtime.now())
        assert items(incident)["times"].met

    def test_the_review_has_an_owner_and_a_date(self, incident: Incident, cast: SimpleNamespace) -> None:
        assert items(incident)["review"].detail == "The review opens by itself once the incident is resolved."
        now = dbtime.now()
        reviews.open_review(incident_id=incident.pk, resolved_at=now, now=now)
        assert "Choose who leads it." in items(incident)["review"].detail
        reviews.set_facilitator(reference=incident.reference, person=cast.petra, facilitator=cast.petra, now=now)
        found = items(incident)["review"]
        assert found.met
        assert found.detail.startswith("Petra Example leads it; it is due on ")

    def test_lapses_are_never_counted_here(self, incident: Incident) -> None:
        """What nobody has confirmed exists for its addressee alone."""
        assert items(incident)["lapses"].detail == ""


class TestAnswers:
    def test_each_is_an_entry_and_the_last_one_counts(self, incident: Incident, cast: SimpleNamespace) -> None:
        answer(incident, cast.mia, emergency_changes=("unknown", "The change tool is down"))
        answer(incident, cast.omar, emergency_changes=("done", ""))
        found = items(incident)["emergency_changes"]
        assert (found.given.answer, found.given.by) == ("done", cast.omar.pk)
        entries = incident.timeline.filter(kind=EntryKind.CLOSURE_ANSWERED).order_by("seq")
        assert [timeline.words(entry) for entry in entries] == [
            "Closing checklist, emergency changes: not known. The change tool is down",
            "Closing checklist, emergency changes: done.",
        ]

    def test_the_same_again_is_no_entry_and_an_empty_one_takes_it_back(
        self, incident: Incident, cast: SimpleNamespace
    ) -> None:
        for _ in range(2):
            answer(incident, cast.mia, emergency_changes=("done", ""))
        assert incident.timeline.filter(kind=EntryKind.CLOSURE_ANSWERED).count() == 1
        answer(incident, cast.mia, emergency_changes=("", "left over"))
        assert items(incident)["emergency_changes"].is_open
        assert timeline.words(incident.timeline.latest("seq")).endswith("answer taken back.")

    @pytest.mark.parametrize(
        ("code", "chosen", "note", "problem"),
        [
            ("lunch", "done", "", "unknown_item"),
            ("emergency_changes", "perhaps", "", "unknown_answer"),
            ("emergency_changes", "not_applicable", "", "note_missing"),
            ("problem_record", "done", "", "note_missing"),
            ("regulatory", "unknown", "x", "unknown_answer"),
            ("times", "done", "", "from_the_record"),
            ("restored_told", "not_applicable", "x", "from_the_record"),
            ("emergency_changes", "done", "x" * 501, "invalid"),
            ("second_person", "done", "", "same_person"),
        ],
    )
    def test_what_cannot_be_taken_is_named(
        self, incident: Incident, cast: SimpleNamespace, code: str, chosen: str, note: str, problem: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            answer(incident, cast.mia, **{"child_tickets": ("done", ""), code: (chosen, note)})
        assert (refused.value.code, refused.value.field) == (problem, code)
        assert not incident.timeline.filter(kind=EntryKind.CLOSURE_ANSWERED).exists()  # all or none

    def test_a_revised_impact_is_not_final_any_more(self, incident: Incident, cast: SimpleNamespace) -> None:
        answer(incident, cast.mia, impact_final=("done", ""))
        assert "impact_final" not in still_open(incident)
        impact.state(
            reference=incident.reference,
            person=cast.mia,
            fields={"count": "1,300"},
            revision_reason=RevisionReason.NEW_INFORMATION,
            now=dbtime.now(),
        )
        assert "impact_final" in still_open(incident)

    def test_a_reopening_makes_every_answer_void(self, incident: Incident, cast: SimpleNamespace) -> None:
        kit.answer_closing(incident, by=cast.mia, second=cast.petra, now=dbtime.now())
        assert still_open(incident) == set()
        move(incident, "investigating", cast.mia, reason="It is back.")
        assert still_open(incident) > {"emergency_changes", "second_person", "restoration_confirmed", "restored_told"}

    def test_the_second_person_who_takes_over_is_no_second_person_any_more(
        self, incident: Incident, cast: SimpleNamespace
    ) -> None:
        answer(incident, cast.omar, second_person=("done", ""))
        assert "second_person" not in still_open(incident)
        command.take_over(reference=incident.reference, person=cast.omar, reason="Off shift", now=dbtime.now())
        assert "second_person" in still_open(incident)

    def test_after_the_end_the_list_stays(self, incident: Incident, cast: SimpleNamespace) -> None:
        kit.answer_closing(incident, by=cast.mia, second=cast.petra, now=dbtime.now())
        move(incident, "closed", cast.mia)
        with pytest.raises(Refusal) as refused:
            answer(incident, cast.mia, emergency_changes=("unknown", "x"))
        assert refused.value.code == "ended"


class TestClose:
    def test_what_is_open_is_said(self, incident: Incident, cast: SimpleNamespace) -> None:
        kit.answer_closing(
            incident, by=cast.mia, second=cast.petra, now=dbtime.now(), but=["problem_record", "second_person"]
        )
        with pytest.raises(lifecycle.NotPossible) as refused:
            move(incident, "closed", cast.mia)
        assert (refused.value.code, refused.value.status) == ("checklist_open", 409)
        assert [line["code"] for line in refused.value.extra["open"]] == ["problem_record", "second_person"]
        assert refused.value.extra["allowed"][-1] == "closed"
        assert "The problem record is linked" in refused.value.message

    def test_with_everything_answered_it_closes(self, incident: Incident, cast: SimpleNamespace) -> None:
        kit.answer_closing(incident, by=cast.mia, second=cast.petra, now=dbtime.now())
        assert move(incident, "closed", cast.mia).state == IncidentState.CLOSED

    def test_the_second_person_does_not_close(self, incident: Incident, cast: SimpleNamespace) -> None:
        kit.answer_closing(incident, by=cast.mia, second=cast.omar, now=dbtime.now())
        with pytest.raises(lifecycle.NotPossible) as refused:
            move(incident, "closed", cast.omar)
        assert refused.value.code == "same_person"
        assert move(incident, "closed", cast.dan).state == IncidentState.CLOSED


class TestPage:
    def page(self, incident: Incident) -> str:
        return f"/incidents/{incident.reference}/closing/"

    def typed(self, **changes: str) -> dict[str, str]:
        lines = ["impact_final", "child_tickets", "emergency_changes", "temporary_fixes", "problem_record"]
        lines += ["review", "feedback", "regulatory", "lapses"]
        given = dict.fromkeys(lines, "done") | {f"note-{line}": "PRB0004711" for line in lines}
        return given | changes

    def test_the_list_stands_there_and_is_answered_and_closed_in_one_go(
        self, incident: Incident, cast: SimpleNamespace, signed_in: Browser
    ) -> None:
        details.mark_unknown(reference=incident.reference, person=cast.mia, reason="Nobody.", now=dbtime.now())
        manager, reader = signed_in(cast.mia), signed_in(cast.petra)
        text = manager.get(self.page(incident)).content.decode()
        for words in (
            "10 lines are open.",
            "The problem record is linked",
            "A second person has read",
            "Save and close",
        ):
            assert words in text
        assert 'name="second_person"' not in text  # the accountable manager cannot be the second person
        seen = reader.get(self.page(incident)).content.decode()
        assert 'name="second_person"' in seen
        assert "Save and close" not in seen
        reader.post(self.page(incident), {"second_person": "done", "deed": "save"})
        answer = manager.post(self.page(incident), self.typed(deed="close"))
        assert answer["Location"] == f"/incidents/{incident.reference}/"
        incident.refresh_from_db()
        assert incident.state == IncidentState.CLOSED
        assert "this is what was answered" in manager.get(self.page(incident)).content.decode()

    def test_answers_are_kept_when_it_cannot_be_closed(
        self, incident: Incident, cast: SimpleNamespace, signed_in: Browser
    ) -> None:
        client = signed_in(cast.mia)
        answer = client.post(self.page(incident), self.typed(deed="close"), follow=True)
        text = answer.content.decode()
        assert "Your answers are saved." in text
        assert "A second person has read the record" in text
        assert still_open(incident) == {"times", "second_person"}
        incident.refresh_from_db()
        assert incident.state == IncidentState.RESOLVED

    def test_nobody_takes_back_what_somebody_else_answered_meanwhile(
        self, incident: Incident, cast: SimpleNamespace, signed_in: Browser
    ) -> None:
        client = signed_in(cast.mia)
        assert 'name="initial-emergency_changes"' in client.get(self.page(incident)).content.decode()
        answer(incident, cast.omar, emergency_changes=("done", "CHG1"))
        stale = {"emergency_changes": "", "initial-emergency_changes": "", "note-emergency_changes": ""}
        client.post(self.page(incident), {**stale, "child_tickets": "done", "deed": "save"})
        assert items(incident)["emergency_changes"].given.by == cast.omar.pk
        assert items(incident)["child_tickets"].given.by == cast.mia.pk
        back = {"emergency_changes": "", "initial-emergency_changes": "done", "note-emergency_changes": ""}
        client.post(self.page(incident), {**back, "deed": "save"})
        assert items(incident)["emergency_changes"].is_open

    def test_a_missing_note_is_asked_for_at_its_line_and_nothing_is_lost(
        self, incident: Incident, cast: SimpleNamespace, signed_in: Browser
    ) -> None:
        typed = self.typed(regulatory="not_applicable", **{"note-regulatory": "", "deed": "save"})
        answer = signed_in(cast.mia).post(self.page(incident), typed)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "Say in a few words why" in text
        assert 'value="PRB0004711"' in text

    def test_a_practice_lead_cannot_close(self, incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
        details.mark_unknown(reference=incident.reference, person=cast.mia, reason="Nobody.", now=dbtime.now())
        signed_in(cast.petra).post(self.page(incident), self.typed(deed="close", second_person="done"))
        assert still_open(incident) == set()
        incident.refresh_from_db()
        assert incident.state == IncidentState.RESOLVED

    def test_readers_read(self, incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
        text = signed_in(cast.audra).get(self.page(incident)).content.decode()
        assert "The problem record is linked" in text
        assert "<select" not in text
        assert signed_in(cast.audra).post(self.page(incident), {}).status_code == 403

    def test_it_costs_a_fixed_number_of_queries(
        self, incident: Incident, cast: SimpleNamespace, signed_in: Browser, django_assert_num_queries: Any
    ) -> None:
        """Session, person, incident, impact, recorded times, children, engagements, feedback, told, restored, closed
        (the last two with the last reopening), review, tenure, answers, clock of the frame."""
        client = signed_in(cast.mia)
        client.get(self.page(incident))
        with django_assert_num_queries(17):
            client.get(self.page(incident))
        kit.answer_closing(incident, by=cast.mia, second=cast.petra, now=dbtime.now())
        with django_assert_num_queries(17):
            client.get(self.page(incident))


class TestApi:
    def url(self, incident: Incident) -> str:
        return f"/api/v1/incidents/{incident.reference}/closure/"

    def test_lines_with_their_answers(self, incident: Incident, cast: SimpleNamespace, api: Api) -> None:
        given = {"answers": {"problem_record": {"answer": "done", "note": "PRB0004711"}}}
        answer = api(cast.mia).post(self.url(incident), given)
        assert answer.status_code == 200
        body = api(cast.audra).get(self.url(incident)).json()
        assert body == answer.json()
        (line,) = [line for line in body["items"] if line["code"] == "problem_record"]
        assert (line["answer"], line["note"], line["answered_by"]) == ("done", "PRB0004711", "mia")
        assert "problem_record" not in body["open"]
        assert "times" in body["open"]

    @pytest.mark.parametrize(
        ("answers", "field"),
        [
            ({"problem_record": {"answer": "perhaps"}}, "answers.problem_record.answer"),
            ({"problem_record": {"answer": "done"}}, "problem_record"),
            ({"times": {"answer": "done"}}, "times"),
            ({"lunch": {"answer": "done"}}, "lunch"),
            (None, "answers"),
        ],
    )
    def test_what_cannot_be_taken_is_400(
        self, incident: Incident, cast: SimpleNamespace, api: Api, answers: Any, field: str
    ) -> None:
        answer = api(cast.mia).post(self.url(incident), {"answers": answers}, format="json")
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)

    def test_closing_is_409_with_what_is_open(self, incident: Incident, cast: SimpleNamespace, api: Api) -> None:
        at = f"/api/v1/incidents/{incident.reference}/transitions/"
        answer = api(cast.mia).post(at, {"to": "closed"})
        assert (answer.status_code, answer.json()["code"]) == (409, "checklist_open")
        assert {line["code"] for line in answer.json()["open"]} >= {"times", "regulatory", "second_person"}
        assert answer.json()["allowed"] == ["investigating", "identified", "mitigating", "closed"]

    def test_of_a_private_incident_nobody_learns(self, cast: SimpleNamespace, api: Api, signed_in: Browser) -> None:
        private = kit.incident(manager=cast.mia, is_private=True)
        assert api(cast.omar).get(self.url(private)).status_code == 404
        assert api(cast.petra).post(self.url(private), {"answers": {}}, format="json").status_code == 404
        assert signed_in(cast.omar).get(f"/incidents/{private.reference}/closing/").status_code == 404
