"""One of everything that a text can be typed into, and the checker's twin: spelling is not what is tried here."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from comms.adapters import languagetool, memory
from tests import routes_world


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> memory.Language:
    twin = memory.Language(misspelt={})
    monkeypatch.setattr(languagetool, "check", twin.check)
    return twin


@pytest.fixture
def world(cast: SimpleNamespace, tmp_path: Path) -> SimpleNamespace:
    return routes_world.build(cast, mail_dir=tmp_path)
