"""Files for tests: honest ones, and those that pretend."""

import struct
import zipfile
import zlib
from io import BytesIO

from PIL import Image

SCRIPT = b"<script>alert(document.cookie)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PROGRAM = b"MZ\x90\x00" + b"\x00" * 200


def picture(kind: str = "PNG", *, size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    """A small real picture."""
    out = BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, format=kind, **options)
    return out.getvalue()


def photo(*, orientation: int = 6) -> bytes:
    """A JPEG that says where it was taken, with which camera, and which way up it is."""
    notes = Image.Exif()
    notes[0x010F] = "Camera of Niamh"
    notes[0x0112] = orientation
    notes.get_ifd(0x8825)[1] = "N"
    return picture("JPEG", exif=notes)


def header_only(width: int, height: int) -> bytes:
    """A PNG whose header promises so many pixels, in a few bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    start = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + start + chunk(b"IDAT", zlib.compress(b"\x00" * 1000)) + chunk(b"IEND", b"")


def boxed(*names: str, content: bytes = b"x") -> bytes:
    """A ZIP file with these names in it."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name in names:
            box.writestr(name, content)
    return out.getvalue()


def document(*more: str, content: bytes = b"x") -> bytes:
    """A Word document by its list of contents."""
    return boxed("[Content_Types].xml", "word/document.xml", *more, content=content)
