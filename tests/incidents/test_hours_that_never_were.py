"""Every form that takes a time asks again, saying why, where the clocks skipped or repeated the hour that was typed."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from teams.models import Person
from tests import routes_world

Browser = Callable[[Person], Client]
SKIPPED, TWICE, NO_TIME = "2026-03-29T01:30", "2026-10-25T01:30", "half past"


def forms(world: SimpleNamespace) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """By name: the address, the field of the time, and what has to stand beside it."""
    at = f"/incidents/{world.incident.reference}"
    return {
        "state": (f"{at}/state/", "at", {"to": "investigating"}),
        "time": (f"{at}/times/detected_at/", "at", {"precision": "exact"}),
        "promise": (f"{at}/commitments/", "due_at", {"team": world.team.slug, "text": "Relief."}),
        "task": (f"{at}/tasks/{world.task.pk}/", "due_at", {"title": "Call Dublin", "version": 1}),
        "decision": (f"{at}/decisions/", "needed_by", {"question": "Roll back?", "asked_of": "manager"}),
        "workstream": (f"{at}/workstreams/", "due_at", {"name": "Two", "task": "Look.", "lead": "rosa"}),
        "impact": (f"{at}/impact/", "evidence_at", {"version": 1, "revision_reason": "situation_changed"}),
        "update": (f"/updates/{world.unsent.pk}/", "next_update_at", {"revision": 1, "deed": "save"}),
        "handover": (f"{at}/handover/", "promise_due_at", {"to": "dan", "promise_text": "Relief."}),
    }


@pytest.fixture
def world(cast: SimpleNamespace, settings: Settings, tmp_path: Path) -> SimpleNamespace:
    settings.MAIL_DIR = tmp_path
    cast.mia.time_zone = "Europe/Dublin"
    cast.mia.save()
    return routes_world.build(cast, mail_dir=tmp_path)


@pytest.mark.parametrize(
    "name", ["state", "time", "promise", "task", "decision", "workstream", "impact", "update", "handover"]
)
def test_it_is_asked_again_and_what_was_typed_stays(
    name: str, world: SimpleNamespace, cast: SimpleNamespace, signed_in: Browser
) -> None:
    address, field, beside = forms(world)[name]
    client = signed_in(cast.mia)
    for typed, words in ((SKIPPED, "Europe/Dublin"), (TWICE, "Europe/Dublin"), (NO_TIME, "2026-11-23 14:30")):
        answer = client.post(address, {**beside, field: typed})
        text = answer.content.decode()
        assert answer.status_code == 422, typed
        assert words in text, typed
        assert f'value="{typed}"' in text, "what was typed is still in its field"
