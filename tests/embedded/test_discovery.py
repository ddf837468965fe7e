"""How manage.py finds the servers that run for a VAR_DIR."""

import json
import os
from pathlib import Path

import pytest

from mim_portal.embedded import discovery
from mim_portal.embedded.folder import Folder

ADDRESSES = {
    "DATABASE_URL": "postgres://postgres@/mim?host=/tmp/x",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "PORT": "8000",
}


def test_running_servers_are_found(folder: Folder) -> None:
    with folder.locked():
        folder.publish(ADDRESSES)
        assert discovery.environment(folder.path) == ADDRESSES


def test_a_file_left_by_a_killed_run_is_ignored(folder: Folder) -> None:
    folder.publish(ADDRESSES)
    assert discovery.environment(folder.path) == {}
    (folder.path / discovery.LOCK_FILE).touch()
    assert discovery.environment(folder.path) == {}


@pytest.mark.parametrize("content", ["", "{", "[1]", "null"])
def test_a_damaged_file_is_ignored(folder: Folder, content: str) -> None:
    with folder.locked():
        folder.servers_file.write_text(content, encoding="utf-8")
        assert discovery.environment(folder.path) == {}


def test_no_folder_means_no_servers(tmp_path: Path) -> None:
    assert discovery.environment(tmp_path / "nowhere") == {}


def test_only_what_is_unset_is_filled_in(folder: Folder) -> None:
    environ = {"VAR_DIR": str(folder.path), "PORT": "9000"}
    with folder.locked():
        folder.publish(ADDRESSES)
        discovery.apply(environ)
    assert environ == {**ADDRESSES, "PORT": "9000", "VAR_DIR": str(folder.path)}


def test_a_database_of_ones_own_takes_nothing_from_the_embedded_servers(folder: Folder) -> None:
    environ = {"VAR_DIR": str(folder.path), "DATABASE_URL": "postgres://elsewhere/mim"}
    with folder.locked():
        folder.publish(ADDRESSES)
        discovery.apply(environ)
    assert "REDIS_URL" not in environ


def test_the_folder_is_var_beside_manage_py_unless_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert discovery.var_dir({}) == discovery.REPOSITORY / "var"
    assert (discovery.REPOSITORY / "manage.py").exists()
    assert discovery.var_dir({"VAR_DIR": "other"}) == tmp_path / "other"


def test_the_addresses_are_for_this_account_only(folder: Folder) -> None:
    with folder.locked():
        folder.publish(ADDRESSES)
        assert folder.servers_file.stat().st_mode & 0o777 == 0o600
        assert json.loads(folder.servers_file.read_text(encoding="utf-8")) == ADDRESSES
        assert [name for name in os.listdir(folder.path) if name.endswith(".part")] == []
    assert not folder.servers_file.exists()
