"""What the database refuses of what passes between desk and managers."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from incidents.models import Candidate, ClarificationRequest, DeskRating, FeedbackRequest, IntakeDispute, IntakeFix
from tests import factories
from tests.constraints.kit import refused
from tests.factories import NOON
from tests.incidents import kit
from tests.reviews import rows

pytestmark = pytest.mark.usefixtures("alone")


@pytest.fixture
def raised(cast: SimpleNamespace) -> Candidate:
    return Candidate.objects.create(reference="CA-2026-9999", raised_at=NOON, raised_by=cast.desmond, intake_score=60)


@pytest.mark.parametrize("fields", [{"chase_count": 1}, {"chased_at": NOON}])
def test_a_chased_question_has_a_count_and_a_time(
    raised: Candidate, cast: SimpleNamespace, fields: dict[str, Any]
) -> None:
    with refused("chased_question_has_time"):
        ClarificationRequest.objects.create(candidate=raised, asked_by=cast.mia, asked_at=NOON, **fields)


@pytest.mark.parametrize("fields", [{"answer": "yes"}, {"answered_at": NOON}])
def test_an_answered_question_has_answer_and_time(
    raised: Candidate, cast: SimpleNamespace, fields: dict[str, Any]
) -> None:
    with refused("answered_question_has_answer"):
        ClarificationRequest.objects.create(candidate=raised, asked_by=cast.mia, asked_at=NOON, **fields)


def test_one_dispute_of_a_record_is_open_at_a_time(raised: Candidate, cast: SimpleNamespace) -> None:
    def dispute() -> IntakeDispute:
        return IntakeDispute.objects.create(
            candidate=raised, reason="It is there.", disputed_by=cast.desmond, disputed_at=NOON, score_before=60
        )

    first = dispute()
    with refused("one_open_dispute"):
        dispute()
    IntakeDispute.objects.filter(pk=first.pk).update(outcome="kept", answer="It is not.", answered_at=NOON)
    assert dispute().pk


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("answered_dispute_has_answer", {"outcome": "kept"}),
        ("answered_dispute_has_answer", {"outcome": "kept", "answered_at": NOON}),
        ("answered_dispute_has_answer", {"answered_at": NOON}),
        ("corrected_dispute_has_score", {"outcome": "corrected", "answered_at": NOON, "answer": "Yes."}),
        ("corrected_dispute_has_score", {"outcome": "kept", "answered_at": NOON, "answer": "No.", "score_after": 70}),
    ],
)
def test_an_answered_dispute_has_its_answer_and_score(
    raised: Candidate, cast: SimpleNamespace, constraint: str, fields: dict[str, Any]
) -> None:
    with refused(constraint):
        IntakeDispute.objects.create(
            candidate=raised, reason="x", disputed_by=cast.desmond, disputed_at=NOON, score_before=60, **fields
        )


def test_one_rating_a_person_and_incident(cast: SimpleNamespace) -> None:
    incident = kit.incident(manager=cast.mia)
    DeskRating.objects.create(incident=incident, person=cast.desmond, score=4, given_at=NOON)
    with refused("one_desk_rating_per_person"):
        DeskRating.objects.create(incident=incident, person=cast.desmond, score=5, given_at=NOON)


@pytest.mark.parametrize("is_both", [True, False])
def test_somebody_is_asked_for_a_team_or_for_the_desk(cast: SimpleNamespace, is_both: bool) -> None:
    incident = kit.incident(manager=cast.mia)
    call = rows.engagement(of=incident, team=factories.team(), asked_by=cast.mia, asked_at=NOON)
    asked = {"engagement": call, "incident": incident} if is_both else {}
    with refused("asked_for_a_team_or_the_desk"):
        FeedbackRequest.objects.create(person=cast.desmond, asked_at=NOON, **asked)


@pytest.mark.parametrize("score", [0, 6])
@pytest.mark.parametrize(
    ("constraint", "question"),
    [
        ("desk_rating_from_one_to_five", "score"),
        ("desk_told_from_one_to_five", "told_what_was_needed"),
        ("desk_glad_from_one_to_five", "glad_to_work_again"),
    ],
)
def test_ratings_go_from_one_to_five(cast: SimpleNamespace, constraint: str, question: str, score: int) -> None:
    incident = kit.incident(manager=cast.mia)
    given = {"score": 3, "given_at": NOON, question: score}
    with refused(constraint):
        DeskRating.objects.create(incident=incident, person=cast.desmond, **given)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [("fix_of_a_month", {"month": date(2026, 11, 2)}), ("fix_has_an_owner_role", {"owner_role": "service_desk"})],
)
def test_a_fix_belongs_to_a_month_and_a_role(cast: SimpleNamespace, constraint: str, fields: dict[str, Any]) -> None:
    given = {"month": date(2026, 11, 1), "owner_role": "practice_lead", **fields}
    with refused(constraint):
        IntakeFix.objects.create(deficit="no_contact", text="x", agreed_by=cast.petra, agreed_at=NOON, **given)
