"""What the database refuses of what passes between desk and managers."""

from types import SimpleNamespace
from typing import Any

import pytest

from incidents.models import Candidate, ClarificationRequest
from tests.constraints.kit import refused
from tests.factories import NOON

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
