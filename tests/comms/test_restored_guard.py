"""Nobody resolves an incident before everyone who was told of it was told that it is over."""

from types import SimpleNamespace
from typing import Any

import pytest

from comms.adapters import languagetool, memory
from comms.choices import UpdateKind
from comms.models import Update
from comms.reactions import guards
from comms.services.writing import publishing
from incidents.choices import IncidentState
from incidents.models import Incident
from incidents.services.states import lifecycle
from mim_portal.lib import dbtime
from tests.comms import update_kit

pytestmark = pytest.mark.django_db

BACK = "Timesheets work again. We are watching. Please enter your paper hours now. We are sorry."


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    made = update_kit.declared(cast.mia)
    update_kit.published(update_kit.drafted(made, cast.mia, "technical", "service_desk"), cast.mia)
    return made


def missing(incident: Incident, *, to: str = IncidentState.RESOLVED) -> list[str]:
    incident.refresh_from_db()
    refusals = guards.restored_sent(incident=incident, to=to, now=dbtime.now())
    return [code for refusal in refusals for code in refusal.extra["audiences"]]


def restore(incident: Incident, cast: SimpleNamespace, *codes: str, body: str = BACK) -> Update:
    made = update_kit.drafted(incident, cast.mia, *codes, kind=UpdateKind.RESTORED, body=body)
    return update_kit.published(made, cast.mia)


def move(incident: Incident, cast: SimpleNamespace, to: str, **fields: Any) -> None:
    lifecycle.transition(reference=incident.reference, to=to, person=cast.mia, now=dbtime.now(), **fields)


def test_everyone_who_was_told_counts(cast: SimpleNamespace, incident: Incident) -> None:
    assert missing(incident) == ["service_desk", "technical"]
    restore(incident, cast, "technical")
    assert missing(incident) == ["service_desk"]
    restore(incident, cast, "service_desk", "service_owners", body=BACK + " Thank you.")
    assert missing(incident) == []


def test_the_refusal_names_them(cast: SimpleNamespace, incident: Incident) -> None:
    (refusal,) = guards.restored_sent(incident=incident, to="resolved", now=dbtime.now())
    assert refusal.message == "Send the restored message first to: Service desk, Technical teams."


@pytest.mark.parametrize("to", [state for state in IncidentState if state != IncidentState.RESOLVED])
def test_other_steps_are_free(incident: Incident, to: IncidentState) -> None:
    assert missing(incident, to=to) == []


def test_an_incident_that_nobody_was_told_of_may_be_resolved(cast: SimpleNamespace) -> None:
    assert missing(update_kit.declared(cast.mia, slug="tills")) == []


def test_a_withdrawn_restored_message_does_not_count(cast: SimpleNamespace, incident: Incident) -> None:
    sent = restore(incident, cast, "technical", "service_desk")
    assert missing(incident) == []
    publishing.withdraw(update_id=sent.pk, person=cast.mia, reason="Too early.", now=dbtime.now())
    assert missing(incident) == ["service_desk", "technical"]


def test_after_reopening_they_are_told_again(cast: SimpleNamespace, incident: Incident) -> None:
    move(incident, cast, "monitoring", confirmed_by="desk")
    restore(incident, cast, "technical", "service_desk")
    assert missing(incident) == []
    move(incident, cast, "investigating", reason="It is back: staff cannot submit timesheets again.")
    assert missing(incident) == ["service_desk", "technical"]
    move(incident, cast, "monitoring", confirmed_by="desk")
    restore(incident, cast, "technical", "service_desk", body=BACK + " This time the desk has confirmed it twice.")
    assert missing(incident) == []


NOT_ONE = "Staff can submit timesheets: it was a false alarm. Nothing has changed for you. We are sorry."


def untold(incident: Incident, *, to: str = IncidentState.CANCELLED) -> list[str]:
    incident.refresh_from_db()
    refusals = guards.retraction_sent(incident=incident, to=to, now=dbtime.now())
    return [code for refusal in refusals for code in refusal.extra["audiences"]]


class TestRetraction:
    def test_who_was_told_has_to_hear_that_it_was_none(self, cast: SimpleNamespace, incident: Incident) -> None:
        assert untold(incident) == ["service_desk", "technical"]
        with pytest.raises(lifecycle.NotPossible) as refused:
            move(incident, cast, "cancelled", reason="A false alarm.")
        assert (refused.value.code, refused.value.extra["audiences"]) == (
            "retraction_not_sent", ["service_desk", "technical"],
        )  # fmt: skip
        assert "Service desk, Technical teams" in refused.value.message
        made = update_kit.drafted(
            incident, cast.mia, "technical", "service_desk", kind=UpdateKind.CLOSURE, minutes=None, body=NOT_ONE
        )
        update_kit.published(made, cast.mia)
        move(incident, cast, "cancelled", reason="A false alarm.")

    def test_a_correction_is_one_too_and_counts_as_the_last_word_only(
        self, cast: SimpleNamespace, incident: Incident
    ) -> None:
        wrong = Update.objects.get(incident=incident)
        right = publishing.correct(
            update_id=wrong.pk, person=cast.mia, subject="", body=NOT_ONE, next_update_at=None, now=dbtime.now()
        )
        update_kit.published(right, cast.mia)
        assert untold(incident) == []
        update_kit.published(
            update_kit.drafted(incident, cast.mia, "technical", body=update_kit.BODY + " Again."), cast.mia
        )
        assert untold(incident) == ["technical"]

    def test_what_was_withdrawn_needs_no_other_word(self, cast: SimpleNamespace, incident: Incident) -> None:
        sent = Update.objects.get(incident=incident)
        publishing.withdraw(update_id=sent.pk, person=cast.mia, reason="A false alarm.", now=dbtime.now())
        assert untold(incident) == []

    def test_where_nobody_was_told_nobody_needs_to_hear(self, cast: SimpleNamespace) -> None:
        assert untold(update_kit.declared(cast.mia, slug="tills")) == []

    @pytest.mark.parametrize("to", [state for state in IncidentState if state != IncidentState.CANCELLED])
    def test_other_steps_are_free_of_it(self, incident: Incident, to: IncidentState) -> None:
        assert untold(incident, to=to) == []
