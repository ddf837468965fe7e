"""The folder of one run: made, locked, private, and refused in one line."""

import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from mim_portal.embedded import discovery, folder
from mim_portal.embedded.failures import Failure
from mim_portal.embedded.folder import Folder

Usage = namedtuple("Usage", "total used free")


def _lines(failure: pytest.ExceptionInfo[Failure]) -> list[str]:
    return str(failure.value).splitlines()


def test_a_second_run_is_refused_and_names_the_first(tmp_path: Path) -> None:
    first, second = Folder(tmp_path), Folder(tmp_path)
    first.prepare()
    with first.locked():
        with pytest.raises(Failure, match=f"process {os.getpid()}") as refusal, second.locked():
            pytest.fail("two runs share a folder")
        assert len(_lines(refusal)) == 1
        assert "VAR_DIR" in str(refusal.value)
        first.publish({"PORT": "1"})
        assert discovery.environment(tmp_path) == {"PORT": "1"}, "the refused run must not disturb the first"
    with second.locked():
        pass


def test_a_full_disk_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9 - 2**20, 2**20))
    with pytest.raises(Failure, match="Only 1 MB free") as refusal:
        Folder(tmp_path).prepare()
    assert len(_lines(refusal)) == 1


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(Failure, match="set VAR_DIR to a folder of yours") as refusal:
        Folder(tmp_path / "file" / "var").prepare()
    assert len(_lines(refusal)) == 1


def test_others_may_not_look_into_it(tmp_path: Path) -> None:
    one = Folder(tmp_path / "var")
    one.prepare()
    assert one.path.stat().st_mode & 0o066 == 0
    for name in folder.SUBFOLDERS:
        assert (one.path / name).stat().st_mode & 0o777 == 0o700


def test_the_secret_key_is_made_once_and_private(tmp_path: Path) -> None:
    one = Folder(tmp_path)
    key = one.secret_key_file()
    text = key.read_text(encoding="utf-8")
    assert len(text) >= 50
    assert key.stat().st_mode & 0o777 == 0o600
    assert one.secret_key_file().read_text(encoding="utf-8") == text
    assert Folder(tmp_path / "other").path != one.path
    key.write_text("", encoding="utf-8")
    assert len(one.secret_key_file().read_text(encoding="utf-8")) >= 50, "an empty key is no key"
