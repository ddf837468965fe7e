"""Incidents without the apps above them."""

from typing import Any

import pytest

HOOKS = (
    "TIMELINE_REACTIONS",
    "TIMELINE_CONSUMERS",
    "TRANSITION_GUARDS",
    "CLOSURE_ITEMS",
    "BRIEF_SOURCES",
    "DUE_SOURCES",
    "CANDIDATE_REACTIONS",
    "DESK_REACTIONS",
    "CALLER_SOURCES",
    "INCIDENT_FACETS",
    "SEARCH_SOURCES",
)


@pytest.fixture
def alone(settings: Any) -> Any:
    """Nothing from above reacts, guards or adds; a test that wants one of them sets it."""
    for name in HOOKS:
        setattr(settings, name, [])
    return settings
