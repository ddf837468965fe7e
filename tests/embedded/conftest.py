"""Fixtures of the engine's tests."""

from pathlib import Path

import pytest

from mim_portal.embedded.folder import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A prepared VAR_DIR that nobody runs in."""
    folder = Folder(tmp_path / "var")
    folder.prepare()
    return folder
