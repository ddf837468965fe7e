"""Words of choices are what Django says, without asking it for each row."""

import pytest
from django.db.models import Model
from django.utils import translation

from comms.choices import UpdateKind, UpdateState
from comms.models import Update
from incidents.choices import CandidateState, EngagementState, IncidentState
from incidents.models import Candidate, Engagement, Incident
from mim_portal.lib import labels

SHOWN = [
    (Incident, "state", IncidentState),
    (Candidate, "state", CandidateState),
    (Engagement, "state", EngagementState),
    (Update, "state", UpdateState),
    (Update, "kind", UpdateKind),
]


@pytest.mark.parametrize(("model", "field", "choices"), SHOWN, ids=lambda one: getattr(one, "__name__", one))
def test_they_are_djangos(model: type[Model], field: str, choices: type[IncidentState]) -> None:
    for value in (*choices.values, "", "none of them"):
        row = model(**{field: value})
        djangos = row._get_FIELD_display(field=model._meta.get_field(field))  # type: ignore[attr-defined]
        assert getattr(row, f"get_{field}_display")() == djangos


def test_another_language_is_another_word() -> None:
    assert labels.of(IncidentState, "declared") == str(IncidentState.DECLARED.label)
    before = labels._of.cache_info().currsize
    with translation.override("de"):
        labels.of(IncidentState, "declared")
    assert labels._of.cache_info().currsize == before + 1
