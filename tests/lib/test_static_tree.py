"""A tree of published files: whole, in order, ours alone."""

import json
import os
from pathlib import Path

import pytest

from mim_portal.lib import static_tree
from mim_portal.lib.static_tree import Entry, Folder


def entry(path: str, body: str, *, read: list[str] | None = None) -> Entry:
    def give() -> bytes:
        if read is not None:
            read.append(path)
        return body.encode()

    return Entry(path=path, etag=f"tag of {body}", content_type="text/plain", read=give)


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("status/public/", "status/public/index.html"),
        ("status/public/history/", "status/public/history/index.html"),
        ("status/public/feed.atom", "status/public/feed.atom"),
        ("", "index.html"),
    ],
)
def test_a_folder_shows_its_index(address: str, file: str) -> None:
    assert static_tree.file_of(address) == file


def test_only_what_changed_is_read_and_written_and_pages_come_last(tmp_path: Path) -> None:
    read: list[str] = []
    first = [
        entry("a/index.html", "one", read=read),
        entry("a/x.json", "two", read=read),
        entry("s.css", "3", read=read),
    ]
    done = static_tree.write(Folder(tmp_path / "new"), first)
    assert (done.written, done.removed, done.total) == (3, 0, 3)
    assert read == ["a/x.json", "s.css", "a/index.html"]
    read.clear()
    done = static_tree.write(Folder(tmp_path / "new"), [*first[1:], entry("a/index.html", "four", read=read)])
    assert (done.written, read) == (1, ["a/index.html"])
    assert (tmp_path / "new/a/index.html").read_text() == "four"
    (tmp_path / "new/s.css").unlink()
    assert static_tree.write(Folder(tmp_path / "new"), [*first[1:], entry("a/index.html", "four")]).written == 1


def test_what_is_no_longer_published_goes_and_nothing_else(tmp_path: Path) -> None:
    static_tree.write(Folder(tmp_path), [entry("a/b/x.json", "1"), entry("c/y.json", "2")])
    (tmp_path / "c/robots.txt").write_text("theirs")
    done = static_tree.write(Folder(tmp_path), [])
    assert (done.removed, done.total) == (2, 0)
    assert sorted(path.name for path in tmp_path.rglob("*")) == [static_tree.LIST, "c", "robots.txt"]


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x", "", static_tree.LIST])
def test_nothing_is_written_outside(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="no file of the tree"):
        static_tree.write(Folder(tmp_path / "in"), [entry(path, "x")])
    assert [each.name for each in tmp_path.rglob("*")] == ["in"]


@pytest.mark.parametrize("text", ["", "no json", "[1]", json.dumps({"../../x": "y"})])
def test_a_list_that_cannot_be_used_removes_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / static_tree.LIST).write_text(text)
    (tmp_path / "x").write_text("theirs")
    assert static_tree.write(Folder(tmp_path), [entry("a.json", "1")]).removed == 0
    assert (tmp_path / "x").exists()


def test_files_can_be_read_by_a_web_server_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        static_tree.write(Folder(tmp_path), [entry("a.json", "1")])
    finally:
        os.umask(before)
    assert (tmp_path / "a.json").stat().st_mode & 0o777 == 0o644


def test_what_a_run_that_broke_off_left_is_taken_away_by_the_next(tmp_path: Path) -> None:
    def breaks() -> bytes:
        raise OSError("no space left")

    broken = Entry(path="b.json", etag="2", content_type="text/plain", read=breaks)
    with pytest.raises(OSError, match="no space left"):
        static_tree.write(Folder(tmp_path), [entry("a.json", "secret by now"), broken])
    assert (tmp_path / "a.json").exists()
    assert static_tree.write(Folder(tmp_path), [entry("b.json", "2")]).removed == 1
    assert not (tmp_path / "a.json").exists()
