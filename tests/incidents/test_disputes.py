"""A score that the desk disputes: kept or corrected, both scores stay, and everything is on the audit."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from incidents.models import Candidate, IntakeDispute
from incidents.services.desk import candidates, disputes
from incidents.services.states import declaration
from mim_portal.lib.refusals import Forbidden, Invalid, Refusal
from mim_portal.models import AuditEntry
from teams.models import Person
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")
Browser = Callable[[Person], Client]
Api = Callable[..., APIClient]
LATER = NOON + timedelta(minutes=9)


@pytest.fixture
def raised(cast: SimpleNamespace) -> Candidate:
    return kit.candidate(by=cast.desmond, where="Ireland", workaround="")


def dispute(raised: Candidate, person: Person, **options: Any) -> IntakeDispute:
    given: dict[str, Any] = {"item": "where", "reason": "England was named in the evidence.", "now": NOON}
    return disputes.dispute(reference=str(raised.reference), person=person, **(given | options))


def answer(made: IntakeDispute, person: Person, **options: Any) -> IntakeDispute:
    given: dict[str, Any] = {"answer": "You are right.", "corrections": {"where": "full"}, "now": LATER}
    return disputes.answer(dispute_id=made.pk, person=person, **(given | options))


def test_a_correction_stands_beside_the_old_score(raised: Candidate, cast: SimpleNamespace) -> None:
    before = raised.intake_score
    made = dispute(raised, cast.desmond)
    answered = answer(made, cast.petra)
    assert (answered.outcome, answered.score_before, answered.corrections) == ("corrected", before, {"where": "full"})
    assert answered.score_after is not None
    assert before is not None
    assert answered.score_after > before
    assert answered.rubric_version == raised.rubric_version
    raised.refresh_from_db()
    assert raised.intake_score == before
    assert disputes.score_of(raised) == answered.score_after


def test_corrections_add_up(raised: Candidate, cast: SimpleNamespace) -> None:
    first = answer(dispute(raised, cast.desmond), cast.petra)
    second = answer(dispute(raised, cast.dara, item=""), cast.petra, corrections={"workaround": "full"})
    assert first.score_after is not None
    assert second.score_before == first.score_after
    assert second.score_after is not None
    assert second.score_after > first.score_after


def test_a_kept_score_has_its_reason(raised: Candidate, cast: SimpleNamespace) -> None:
    answered = answer(dispute(raised, cast.desmond), cast.petra, corrections={}, answer="England is not in it.")
    assert (answered.outcome, answered.score_after, answered.answer) == ("kept", None, "England is not in it.")
    assert list(AuditEntry.objects.filter(verb__contains="score").order_by("pk").values_list("verb", "data")) == [
        ("candidate.score_disputed", {"dispute": answered.pk, "item": "where"}),
        ("candidate.score_kept", {"dispute": answered.pk, "before": answered.score_before, "after": None}),
    ]


def test_who_answers(raised: Candidate, cast: SimpleNamespace) -> None:
    made = dispute(raised, cast.dara)
    declaration.accept(reference=str(raised.reference), person=cast.mia, impact=1, urgency=1, manager=None, now=NOON)
    with pytest.raises(Forbidden):
        answer(made, cast.omar)
    assert answer(made, cast.mia).answered_by == cast.mia


def test_of_a_rejected_one_the_manager_who_decided_answers(raised: Candidate, cast: SimpleNamespace) -> None:
    candidates.reject(reference=str(raised.reference), person=cast.omar, reason="One user", now=NOON)
    made = dispute(raised, cast.desmond)
    with pytest.raises(Forbidden):
        answer(made, cast.mia)
    assert answer(made, cast.omar).outcome == "corrected"


def test_what_is_refused(raised: Candidate, cast: SimpleNamespace) -> None:
    with pytest.raises(Invalid):
        dispute(raised, cast.desmond, reason=" ")
    with pytest.raises(Invalid) as unknown:
        dispute(raised, cast.desmond, item="colour")
    assert unknown.value.field == "item"
    with pytest.raises(Refusal):
        disputes.dispute(reference="CA-2026-0404", item="", reason="x", person=cast.dara, now=NOON)
    made = dispute(raised, cast.desmond)
    with pytest.raises(Refusal) as twice:
        dispute(raised, cast.dara)
    assert twice.value.code == "already_disputed"
    with pytest.raises(Invalid):
        answer(made, cast.petra, answer="")
    with pytest.raises(Invalid) as wrong:
        answer(made, cast.petra, corrections={"where": "splendid"})
    assert wrong.value.field == "corrections"
    answer(made, cast.petra)
    with pytest.raises(Refusal) as again:
        answer(made, cast.petra)
    assert again.value.code == "already_answered"
    with pytest.raises(Refusal):
        disputes.answer(dispute_id=404, answer="x", corrections={}, person=cast.petra, now=LATER)
    Candidate.objects.filter(pk=raised.pk).update(intake_score=None)
    with pytest.raises(Refusal) as unscored:
        dispute(raised, cast.desmond)
    assert unscored.value.code == "not_scored"


def test_the_desk_reads_reasons_and_no_numbers(raised: Candidate, cast: SimpleNamespace, signed_in: Browser) -> None:
    text = signed_in(cast.desmond).get(f"/candidates/{raised.reference}/").content.decode()
    assert "It does not say who is not affected." in text
    assert "We see this differently" in text
    assert "of 100" not in text


def test_on_the_page_the_desk_disputes_and_the_practice_lead_answers(
    raised: Candidate, cast: SimpleNamespace, signed_in: Browser
) -> None:
    page = f"/candidates/{raised.reference}/"
    desk = signed_in(cast.desmond)
    assert desk.post(f"{page}dispute/", {"item": "where", "reason": ""}).status_code == 422
    assert desk.post(f"{page}dispute/", {"item": "where", "reason": "It is in the evidence."}).status_code == 302
    made = IntakeDispute.objects.get()
    assert "It is in the evidence." in desk.get(page).content.decode()
    lead = signed_in(cast.petra)
    assert "Read some facts differently" in lead.get(page).content.decode()
    address = f"{page}disputes/{made.pk}/answer/"
    assert lead.post(address, {"answer": ""}).status_code == 422
    assert lead.post(f"{page}disputes/404/answer/", {"answer": "x"}).status_code == 404
    assert lead.post(address, {"answer": "Right.", "grade_where": "full"}).status_code == 302
    made.refresh_from_db()
    assert made.corrections == {"where": "full"}
    assert "now, by rubric" in lead.get(page).content.decode()
    assert "now, by rubric" not in desk.get(page).content.decode()


def test_others_see_nothing_of_it(raised: Candidate, cast: SimpleNamespace, signed_in: Browser) -> None:
    dispute(raised, cast.desmond)
    assert (
        "How this record was read" not in signed_in(cast.rosa).get(f"/candidates/{raised.reference}/").content.decode()
    )


def test_by_the_api(raised: Candidate, cast: SimpleNamespace, api: Api) -> None:
    address = f"/api/v1/candidates/{raised.reference}/disputes/"
    made = api(cast.desmond).post(address, {"item": "where", "reason": "It is in the evidence."})
    assert (made.status_code, made.json()["outcome"], made.json()["score_after"]) == (201, "open", None)
    assert api(cast.dara).post(address, {"reason": "Again"}).status_code == 409
    answering = f"{address}{made.json()['id']}/answer/"
    assert api(cast.omar).post(answering, {"answer": "x"}).status_code == 403
    bad = api(cast.petra).post(answering, {"answer": "x", "corrections": {"where": "great"}})
    assert bad.status_code == 400
    done = api(cast.petra).post(answering, {"answer": "Right.", "corrections": {"where": "full"}}).json()
    assert (done["outcome"], done["answered_by"]) == ("corrected", "petra")
    assert [row["id"] for row in api(cast.audra).get(address).json()] == [done["id"]]
    assert api(cast.petra).post(f"{address}404/answer/", {"answer": "x"}).status_code == 404
    assert api(cast.desmond).get("/api/v1/candidates/CA-2026-0404/disputes/").status_code == 404
