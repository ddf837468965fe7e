"""What tests of writing and sending stand on: an incident of this moment, and a checker that knows one mistake."""

from types import SimpleNamespace

import pytest

from comms.adapters import languagetool, memory
from incidents.models import Incident
from tests.comms import update_kit


@pytest.fixture
def language(monkeypatch: pytest.MonkeyPatch) -> memory.Language:
    """The checker's twin in place of the server."""
    twin = memory.Language(misspelt={"canot": "cannot"})
    monkeypatch.setattr(languagetool, "check", twin.check)
    return twin


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    """A P1 of Mia's, all audiences owed."""
    return update_kit.declared(cast.mia)
