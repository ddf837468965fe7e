"""What a file really is: by its content, never by what its name or its sender says."""

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

import puremagic

from mim_portal.lib import pictures

_HEAD = 8192
_ZIP = b"PK\x03\x04"
_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
# By ending: what it is served as, and what must stand in its list of contents. The list is read, nothing is unpacked.
OFFICE: dict[str, tuple[str, str]] = {
    "docx": (f"{_OPEN_XML}.wordprocessingml.document", "word/"),
    "xlsx": (f"{_OPEN_XML}.spreadsheetml.sheet", "xl/"),
    "pptx": (f"{_OPEN_XML}.presentationml.presentation", "ppt/"),
    "odt": (f"{_OPEN_DOCUMENT}.text", "content.xml"),
    "ods": (f"{_OPEN_DOCUMENT}.spreadsheet", "content.xml"),
    "odp": (f"{_OPEN_DOCUMENT}.presentation", "content.xml"),
}
TEXT: dict[str, str] = {
    **dict.fromkeys(("txt", "log", "out", "md", "eml", "yaml", "yml", "ini", "conf"), "text/plain"),
    "csv": "text/csv",
    "json": "application/json",
}
PICTURES = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
# What a log may hold besides letters: tab, line ends, page breaks, and the escape of coloured output.
_CONTROL = frozenset(range(32)) - {8, 9, 10, 12, 13, 27}


class Unacceptable(Exception):
    """The file cannot be kept. `found` is what it looks like, where that is known."""

    def __init__(self, code: str, *, found: str = "") -> None:
        super().__init__(code)
        self.code, self.found = code, found


@dataclass(frozen=True, kw_only=True)
class Examined:
    """What may be kept: the type that it is served as, the ending that fits it, and its bytes."""

    content_type: str
    extension: str
    content: bytes


def examine(content: bytes, *, extension: str) -> Examined:
    """The file as it may be kept, or Unacceptable. Pictures are drawn anew; all else is kept byte for byte."""
    if not content:
        raise Unacceptable("file_empty")
    found = _found(content)
    types = {mime for mime, _ in found}
    picture = next((mime for mime, _ in found if mime in PICTURES), None)
    if picture is not None:
        return _picture(content, picture)
    if "application/pdf" in types and content.startswith(b"%PDF-"):
        return Examined(content_type="application/pdf", extension="pdf", content=content)
    if extension in OFFICE and content.startswith(_ZIP):
        _check_office(content, extension)
        return Examined(content_type=OFFICE[extension][0], extension=extension, content=content)
    if extension in TEXT and is_text(content):
        return Examined(content_type=TEXT[extension], extension=extension, content=content)
    raise Unacceptable("file_type", found=found[0][1] if found else "")


def is_text(content: bytes) -> bool:
    """Letters in an encoding that people still meet, and none of the bytes that only programs write."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        if encoding == "utf-16":
            return False
        text = content.decode("latin-1")
    return not any(ord(letter) in _CONTROL for letter in set(text))


def _picture(content: bytes, content_type: str) -> Examined:
    try:
        drawn = pictures.redrawn(content, content_type=content_type)
    except pictures.Unusable as error:
        raise Unacceptable(error.code) from error
    return Examined(content_type=content_type, extension=PICTURES[content_type], content=drawn)


def _found(content: bytes) -> list[tuple[str, str]]:
    """Type and name of what the first bytes look like, the likeliest first."""
    try:
        matches: Iterable[puremagic.PureMagicWithConfidence] = puremagic.magic_string(content[:_HEAD])
    except (puremagic.PureError, ValueError):
        return []
    return [(match.mime_type, match.name) for match in matches]


def _check_office(content: bytes, extension: str) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as box:
            names = box.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
        raise Unacceptable("file_damaged") from error
    if any(_is_program(name.lower()) for name in names):
        raise Unacceptable("file_with_macros")
    start = OFFICE[extension][1]
    frame = "[Content_Types].xml" if start.endswith("/") else "mimetype"
    if frame not in names or not any(name.startswith(start) for name in names):
        raise Unacceptable("file_type", found="ZIP")


def _is_program(name: str) -> bool:
    return name.endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs")) or name.startswith(("basic/", "scripts/"))
