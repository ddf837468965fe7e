"""Changing the priority."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from incidents.choices import EntryKind
from incidents.models import Incident
from incidents.queries import timeline
from incidents.rules.priority import DOWNGRADE_QUESTIONS, Answered
from incidents.services.locking import Changed
from incidents.services.states import lifecycle
from mim_portal.lib.refusals import Invalid
from teams.models import Person
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")
Browser = Callable[[Person], Client]
LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia, impact=1, urgency=1)


def change(incident: Incident, by: Person, **levels: Any) -> Incident:
    return lifecycle.set_priority(reference=incident.reference, person=by, now=LATER, **levels)


def test_it_follows_impact_and_urgency(incident: Incident, cast: SimpleNamespace) -> None:
    changed = change(incident, cast.mia, urgency=2, reason="workaround holds")
    assert (changed.priority, changed.priority_computed, changed.urgency) == ("P2", "P2", 2)
    assert changed.version == 2
    entry = incident.timeline.latest("seq")
    assert entry.kind == EntryKind.PRIORITY_CHANGED
    assert {key: entry.data[key] for key in ("from", "to", "reason")} == {
        "from": "P1",
        "to": "P2",
        "reason": "workaround holds",
    }


def test_another_than_the_computed_needs_a_reason(incident: Incident, cast: SimpleNamespace) -> None:
    with pytest.raises(Invalid) as refused:
        change(incident, cast.mia, priority="P3")
    assert (refused.value.field, refused.value.code) == ("reason", "required")
    changed = change(incident, cast.mia, priority="P3", reason="one small site, closing today")
    assert (changed.priority, changed.priority_computed) == ("P3", "P1")
    assert changed.override_reason == "one small site, closing today"


def test_back_to_the_computed_takes_the_reason_away(incident: Incident, cast: SimpleNamespace) -> None:
    change(incident, cast.mia, priority="P3", reason="small")
    assert change(incident, cast.mia, impact=1, urgency=1).override_reason == ""


def test_levels_that_give_the_same_priority_are_a_detail(incident: Incident, cast: SimpleNamespace) -> None:
    change(incident, cast.mia, impact=1, urgency=2, reason="holds")
    change(incident, cast.mia, impact=2, urgency=1)
    entry = incident.timeline.latest("seq")
    assert entry.kind == EntryKind.DETAILS_CHANGED
    assert entry.data == {"changed": {"impact": [1, 2], "urgency": [2, 1]}}


def test_nothing_changed_says_nothing(incident: Incident, cast: SimpleNamespace) -> None:
    before = incident.timeline.count()
    assert change(incident, cast.mia, impact=1, urgency=1).version == 1
    assert incident.timeline.count() == before


@pytest.mark.parametrize(("levels", "field"), [({"urgency": 4}, "urgency"), ({"priority": "P9"}, "priority")])
def test_unknown_levels_are_named(
    incident: Incident, cast: SimpleNamespace, levels: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        change(incident, cast.mia, **levels)
    assert refused.value.field == field


def test_after_the_end_it_stays(incident: Incident, cast: SimpleNamespace) -> None:
    lifecycle.transition(reference=incident.reference, to="cancelled", person=cast.mia, now=LATER, reason="in error")
    with pytest.raises(lifecycle.Ended):
        change(incident, cast.mia, urgency=2)


def test_a_stale_version_is_refused(incident: Incident, cast: SimpleNamespace) -> None:
    change(incident, cast.mia, urgency=2, version=1, reason="holds")
    with pytest.raises(Changed) as refused:
        change(incident, cast.omar, urgency=3, version=1)
    assert refused.value.status == 412


YES = Answered(answer="yes")
ALL_YES = dict.fromkeys(DOWNGRADE_QUESTIONS, YES)


class TestDowngrade:
    def test_four_times_yes_needs_no_reason(self, incident: Incident, cast: SimpleNamespace) -> None:
        assert change(incident, cast.mia, urgency=2, downgrade=ALL_YES).priority == "P2"
        entry = incident.timeline.latest("seq")
        assert entry.data["downgrade"]["workaround"] == {"answer": "yes", "reason": ""}
        assert timeline.words(entry) == (
            "Priority changed from P1 to P2. Most of those affected use a workaround, or few enough are affected: yes. "
            "Nothing critical to the business lies in the next 4 hours: yes. "
            "Nothing about safety, security or a regulator is involved: yes. The business liaison agrees: yes."
        )

    def test_what_is_not_answered_is_asked(self, incident: Incident, cast: SimpleNamespace) -> None:
        with pytest.raises(Invalid) as refused:
            change(incident, cast.mia, urgency=2, downgrade={"workaround": YES})
        assert (refused.value.code, refused.value.field) == ("reason_missing", "no_critical_window")
        incident.refresh_from_db()
        assert incident.priority == "P1"

    def test_no_and_not_known_stop_nobody_with_their_reason(self, incident: Incident, cast: SimpleNamespace) -> None:
        given = ALL_YES | {"liaison_agrees": Answered(answer="unknown", reason="On a plane until four")}
        change(incident, cast.mia, urgency=2, downgrade=given)
        assert "The business liaison agrees: not known (On a plane until four)." in timeline.words(
            incident.timeline.latest("seq")
        )

    def test_the_reason_of_the_change_stands_for_all_of_them(self, incident: Incident, cast: SimpleNamespace) -> None:
        change(incident, cast.mia, priority="P3", reason="One small site")
        said = incident.timeline.latest("seq").data["downgrade"]
        assert said == {code: {"answer": "unknown", "reason": "One small site"} for code in DOWNGRADE_QUESTIONS}

    def test_going_up_asks_nothing(self, incident: Incident, cast: SimpleNamespace) -> None:
        change(incident, cast.mia, urgency=2, reason="holds")
        assert change(incident, cast.mia, urgency=1).priority == "P1"
        assert "downgrade" not in incident.timeline.latest("seq").data

    @pytest.mark.parametrize(
        ("given", "field"),
        [({"lunch": YES}, "lunch"), ({"workaround": Answered(answer="maybe")}, "workaround")],
    )
    def test_what_is_no_answer_is_named(
        self, incident: Incident, cast: SimpleNamespace, given: dict[str, Answered], field: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            change(incident, cast.mia, urgency=2, reason="x", downgrade=given)
        assert refused.value.field == field


class TestPage:
    def url(self, incident: Incident) -> str:
        return f"/incidents/{incident.reference}/priority/"

    def test_it_shows_how_the_priority_comes_about_and_what_it_was(
        self, incident: Incident, cast: SimpleNamespace, signed_in: Browser
    ) -> None:
        client = signed_in(cast.mia)
        assert "It has not changed since the declaration." in client.get(self.url(incident)).content.decode()
        change(incident, cast.mia, priority="P3", reason="One small site")
        text = client.get(self.url(incident)).content.decode()
        for words in ("set by hand; impact and urgency give P1.", "Reason: One small site", "from P1 to P3"):
            assert words in text

    def test_going_down_is_asked_for_at_its_question_and_keeps_what_was_typed(
        self, incident: Incident, cast: SimpleNamespace, signed_in: Browser
    ) -> None:
        typed = {"impact": "1", "urgency": "2", "workaround": "yes", "why-no_trigger": "The regulator was called"}
        answer = signed_in(cast.mia).post(self.url(incident), typed)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "say yes, or give the reason" in text
        assert "The regulator was called" in text

    def test_alone_it_leads_back_to_the_room(
        self, incident: Incident, cast: SimpleNamespace, signed_in: Browser
    ) -> None:
        typed = {"impact": "1", "urgency": "2", "reason": "Holds"}
        answer = signed_in(cast.mia).post(self.url(incident), typed)
        assert answer["Location"] == f"/incidents/{incident.reference}/"

    def test_by_api_each_answer_is_yes_no_or_unknown(self, incident: Incident, cast: SimpleNamespace, api: Any) -> None:
        client, at = api(cast.mia), f"/api/v1/incidents/{incident.reference}/"
        asked = client.patch(at, {"urgency": 2}, format="json")
        assert (asked.status_code, asked.json()["errors"][0]["field"]) == (400, "workaround")
        given = dict.fromkeys(DOWNGRADE_QUESTIONS, "yes") | {"no_trigger": {"answer": "no", "reason": "A drill"}}
        assert client.patch(at, {"urgency": 2, "downgrade": given}, format="json").json()["priority"] == "P2"
        assert incident.timeline.latest("seq").data["downgrade"]["no_trigger"] == {"answer": "no", "reason": "A drill"}
        wrong = client.patch(at, {"urgency": 3, "downgrade": {"no_trigger": "maybe"}}, format="json")
        assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "downgrade.no_trigger.answer")
