"""What the database refuses of reports of the desk."""

from types import SimpleNamespace
from typing import Any

import pytest

from incidents.models import DeskReport
from tests.constraints.kit import refused
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")


def test_a_report_belongs_to_an_incident_or_a_candidate_and_never_to_both(cast: SimpleNamespace) -> None:
    incident, raised = kit.incident(manager=cast.mia), kit.candidate(by=cast.desmond)
    on: dict[str, Any]
    for on in ({}, {"incident": incident, "candidate": raised}):
        with refused("desk_report_belongs_to_one"):
            DeskReport.objects.create(reported_by=cast.desmond, **on)
    assert DeskReport.objects.create(reported_by=cast.desmond, candidate=raised).pk


@pytest.mark.parametrize("callers", [0, 100_001])
def test_a_report_has_callers(cast: SimpleNamespace, callers: int) -> None:
    incident = kit.incident(manager=cast.mia)
    with refused("desk_report_has_callers"):
        DeskReport.objects.create(reported_by=cast.desmond, incident=incident, callers=callers)
