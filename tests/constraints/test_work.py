"""What the database refuses of tasks, decisions, hypotheses and workstreams."""

from types import SimpleNamespace
from typing import Any

import pytest

from incidents.models import Decision, Hypothesis, Incident, Task, Workstream
from tests import factories
from tests.constraints.kit import refused
from tests.factories import NOON
from tests.incidents import kit, work_kit

pytestmark = pytest.mark.usefixtures("alone")


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


def test_a_task_is_owned_by_one(incident: Incident, cast: SimpleNamespace) -> None:
    row = {"incident": incident, "title": "Roll back", "opened_by": cast.mia, "opened_at": NOON}
    with refused("task_owned_by_one"):
        Task.objects.create(**row, owner=cast.rosa, team=factories.team())


@pytest.mark.parametrize("fields", [{"state": "done"}, {"state": "dropped", "ended_at": NOON}, {"ended_at": NOON}])
def test_a_task_that_ended_says_when_and_by_whom(
    incident: Incident, cast: SimpleNamespace, fields: dict[str, Any]
) -> None:
    made = work_kit.task(incident, cast.mia)
    with refused("ended_task_has_end"):
        Task.objects.filter(pk=made.pk).update(**fields)


@pytest.mark.parametrize(
    "fields", [{"state": "decided"}, {"state": "decided", "chosen": "a"}, {"chosen": "a"}, {"decided_at": NOON}]
)
def test_what_is_decided_was_chosen_by_somebody(
    incident: Incident, cast: SimpleNamespace, fields: dict[str, Any]
) -> None:
    made = work_kit.decision(incident, cast.mia)
    with refused("decided_decision_has_choice"):
        Decision.objects.filter(pk=made.pk).update(**fields)


@pytest.mark.parametrize("fields", [{"state": "confirmed"}, {"settled_at": NOON}])
def test_what_is_settled_was_settled_by_somebody(
    incident: Incident, cast: SimpleNamespace, fields: dict[str, Any]
) -> None:
    made = work_kit.hypothesis(incident, cast.mia)
    with refused("settled_hypothesis_has_end"):
        Hypothesis.objects.filter(pk=made.pk).update(**fields)


def test_a_workstream_has_a_lead(incident: Incident, cast: SimpleNamespace) -> None:
    made = work_kit.workstream(incident, cast.mia)
    with refused("workstream_has_a_lead"):
        Workstream.objects.filter(pk=made.pk).update(lead=None)


def test_an_open_workstream_is_named_once(incident: Incident, cast: SimpleNamespace) -> None:
    made = work_kit.workstream(incident, cast.mia)
    row = {"incident": incident, "name": made.name, "task": "x", "lead": cast.mia, "opened_by": cast.mia}
    with refused("open_workstream_named_once"):
        Workstream.objects.create(**row, opened_at=NOON)
    Workstream.objects.filter(pk=made.pk).update(ended_at=NOON)
    Workstream.objects.create(**row, opened_at=NOON)
