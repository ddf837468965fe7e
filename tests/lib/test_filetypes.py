"""What a file is, is decided by its content; pictures are drawn anew."""

import zipfile
from io import BytesIO

import pytest
from PIL import Image

from mim_portal.lib import filetypes
from tests import files


@pytest.mark.parametrize(
    ("content", "extension", "content_type", "ending"),
    [
        (files.picture("PNG"), "png", "image/png", "png"),
        (files.picture("PNG"), "txt", "image/png", "png"),
        (files.picture("PNG"), "", "image/png", "png"),
        (files.picture("JPEG"), "png", "image/jpeg", "jpg"),
        (files.picture("WEBP"), "webp", "image/webp", "webp"),
        (files.PDF, "pdf", "application/pdf", "pdf"),
        (files.PDF, "txt", "application/pdf", "pdf"),
        (b"09:10 Session expired (E-4012)\n\x1b[31mred\x1b[0m\n", "log", "text/plain", "log"),
        (files.SCRIPT, "txt", "text/plain", "txt"),
        ("naïve café".encode("latin-1"), "txt", "text/plain", "txt"),
        ("naïve café".encode("utf-16"), "csv", "text/csv", "csv"),
        (b'{"a": 1}', "json", "application/json", "json"),
        (b"BM this is a sentence", "txt", "text/plain", "txt"),
        (files.document(), "docx", filetypes.OFFICE["docx"][0], "docx"),
        (files.boxed("[Content_Types].xml", "xl/workbook.xml"), "xlsx", filetypes.OFFICE["xlsx"][0], "xlsx"),
        (files.boxed("mimetype", "content.xml"), "odt", filetypes.OFFICE["odt"][0], "odt"),
    ],
)
def test_what_is_taken(content: bytes, extension: str, content_type: str, ending: str) -> None:
    found = filetypes.examine(content, extension=extension)
    assert (found.content_type, found.extension) == (content_type, ending)


@pytest.mark.parametrize(
    ("content", "extension", "code"),
    [
        (b"", "txt", "file_empty"),
        (files.SVG, "svg", "file_type"),
        (files.SVG, "png", "file_type"),
        (files.SCRIPT, "html", "file_type"),
        (b"alert(1)", "js", "file_type"),
        (files.PROGRAM, "exe", "file_type"),
        (files.PROGRAM, "txt", "file_type"),
        (files.PROGRAM, "png", "file_type"),
        (files.boxed("a.txt"), "zip", "file_type"),
        (files.boxed("a.txt"), "docx", "file_type"),
        (files.boxed("[Content_Types].xml", "xl/workbook.xml"), "docx", "file_type"),
        (files.document("word/vbaProject.bin"), "docx", "file_with_macros"),
        (files.boxed("mimetype", "content.xml", "Basic/Standard/a.xml"), "odt", "file_with_macros"),
        (b"PK\x03\x04" + b"x" * 100, "docx", "file_damaged"),
        (files.picture("GIF"), "gif", "file_type"),
        (b"\xff\xfe\x00", "txt", "file_type"),
        (b"text\x00text", "log", "file_type"),
        (b" %PDF-1.4 not at the start", "pdf", "file_type"),
        (files.picture("PNG")[:60], "png", "picture_damaged"),
        (files.header_only(100_000, 100_000), "png", "picture_too_large"),
        (files.header_only(8000, 8000), "png", "picture_too_large"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "doc", "file_type"),
    ],
)
def test_what_is_refused(content: bytes, extension: str, code: str) -> None:
    with pytest.raises(filetypes.Unacceptable) as refused:
        filetypes.examine(content, extension=extension)
    assert refused.value.code == code


def test_a_picture_loses_where_and_with_what_it_was_taken_and_stands_upright() -> None:
    before = Image.open(BytesIO(files.photo()))
    assert before.getexif()[0x010F] == "Camera of Niamh"
    kept = filetypes.examine(files.photo(), extension="jpg").content
    after = Image.open(BytesIO(kept))
    assert dict(after.getexif()) == {}
    assert b"Niamh" not in kept
    assert (before.size, after.size) == ((40, 20), (20, 40))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_what_hangs_behind_a_picture_is_cut_off(kind: str) -> None:
    """A file that is a picture and an archive or a page at once is a picture only."""
    content = files.picture(kind) + files.SCRIPT + files.boxed("evil.exe")
    kept = filetypes.examine(content, extension="png").content
    assert b"script" not in kept
    assert not zipfile.is_zipfile(BytesIO(kept))


def test_words_inside_a_picture_are_gone() -> None:
    out = BytesIO()
    picture = Image.new("P", (4, 4))
    picture.info["transparency"] = 0
    picture.save(out, format="PNG", transparency=0, pnginfo=None)
    kept = Image.open(BytesIO(filetypes.examine(out.getvalue(), extension="png").content))
    assert kept.mode == "RGBA"
    assert kept.info == {}


def test_a_moving_picture_is_refused() -> None:
    out = BytesIO()
    frames = [Image.new("RGB", (8, 8), (shade, 0, 0)) for shade in (0, 100)]
    frames[0].save(out, format="WEBP", save_all=True, append_images=frames[1:])
    with pytest.raises(filetypes.Unacceptable) as refused:
        filetypes.examine(out.getvalue(), extension="webp")
    assert refused.value.code == "picture_moves"


def test_a_bomb_in_a_document_is_never_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("unpacked")

    monkeypatch.setattr(zipfile.ZipFile, "open", never)
    bomb = files.document
    monkeypatch.undo()
    content = bomb(content=b"\x00" * 30_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "open", never)
    assert len(content) < 100_000
    assert filetypes.examine(content, extension="docx").content == content
