"""Logos that carry more than a picture, or less, or something else: pixels alone are kept, the rest is refused."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from types import SimpleNamespace
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from teams.models import Person
from tests import status_pages
from tests.status_pages import START, folder, payroll

__all__ = ["folder", "payroll"]  # fixtures
pytestmark = pytest.mark.django_db
ADDRESS: Final = "/settings/status-pages/public/logo/"
WORD: Final = b"heron"
SCRIPT: Final = b"<script>/*heron*/alert(1)</script>"
GPS: Final = 0x8825


@pytest.fixture
def ada(cast: SimpleNamespace, signed_in: Callable[[Person], Client]) -> Client:
    return signed_in(cast.ada)


def drawn(form: str, *, size: tuple[int, int] = (300, 100), **options: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "#0b6170").save(out, format=form, **options)
    return out.getvalue()


def where_it_was_taken() -> bytes:
    """Camera and place, as a phone notes them."""
    noted = Image.Exif()
    noted[0x0110] = "heron camera"
    noted.get_ifd(GPS).update({1: "N", 2: (51.0, 30.0, 0.0), 29: "heron"})
    return noted.tobytes()


def with_chunk(kind: bytes, data: bytes) -> bytes:
    """A PNG with one more part behind its header."""
    plain = drawn("PNG")
    chunk = struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return plain[:33] + chunk + plain[33:]


def noisy(form: str) -> bytes:
    out = BytesIO()
    Image.effect_noise((300, 100), 90).convert("RGB").save(out, format=form)
    return out.getvalue()


MOVING: Final = drawn("PNG", save_all=True, append_images=[Image.new("RGB", (300, 100), "red")])
INFLATED: Final = zlib.compress(b"a" * 50_000_000, 9)


def put(ada: Client, content: bytes, name: str = "logo.png", sent_as: str = "image/png") -> Any:
    return ada.post(ADDRESS, {"file": SimpleUploadedFile(name, content, content_type=sent_as)})


@pytest.mark.parametrize(
    ("content", "name", "sent_as"),
    [
        (drawn("PNG") + b"\n" + SCRIPT, "logo.png", "image/png"),
        (drawn("JPEG") + b"PK\x03\x04heron", "logo.zip", "application/zip"),
        (with_chunk(b"tEXt", b"Comment\0" + SCRIPT), "logo.png", "image/png"),
        (drawn("PNG", exif=where_it_was_taken()), "logo.png", "image/png"),
        (drawn("JPEG", exif=where_it_was_taken()), "logo.jpg", "image/jpeg"),
        (drawn("JPEG", xmp=SCRIPT, icc_profile=WORD * 9, comment=WORD), "logo.jpg", "image/jpeg"),
        (drawn("WEBP", exif=where_it_was_taken(), xmp=SCRIPT, icc_profile=WORD * 9), "logo.webp", "image/webp"),
        (drawn("PNG", icc_profile=WORD * 9), "heron.html", "text/html"),
        (drawn("WEBP", xmp=SCRIPT), "heron.svg", "image/svg+xml"),
    ],
    ids=["png and script", "jpeg and zip", "words", "png gps", "jpeg gps", "jpeg", "webp", "as html", "as svg"],
)
def test_nothing_but_pixels_is_kept(
    payroll: SimpleNamespace, ada: Client, client: Client, content: bytes, name: str, sent_as: str
) -> None:
    assert put(ada, content, name, sent_as).status_code == 302
    shown = status_pages.html(payroll.page, at=START)
    assert ('src="/status/public/logo.webp"' in shown, "heron" in shown) == (True, False)
    served = client.get("/status/public/logo.webp")
    body = bytes(payroll.page.snapshots.get(path="logo.webp").body)
    assert (served.content, served["Content-Type"], served["X-Content-Type-Options"]) == (body, "image/webp", "nosniff")
    assert not any(word in body for word in (WORD, b"script", b"EXIF", b"ICCP", b"XMP "))
    kept = Image.open(BytesIO(body))
    assert (kept.format, kept.size, dict(kept.getexif())) == ("WEBP", (288, 96), {})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (SCRIPT + drawn("PNG"), "no PNG, JPEG or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>", "no PNG, JPEG or WebP"),
        (drawn("EPS"), "no PNG, JPEG or WebP"),
        (drawn("GIF"), "no PNG, JPEG or WebP"),
        (with_chunk(b"zTXt", b"k\0\0" + INFLATED), "no PNG, JPEG or WebP"),
        (with_chunk(b"iCCP", b"k\0\0" + INFLATED), "no PNG, JPEG or WebP"),
        (noisy("JPEG")[:-13], "no PNG, JPEG or WebP"),
        (noisy("WEBP")[:-1], "no PNG, JPEG or WebP"),
        (b"RIFF\x1e\0\0\0WEBPVP8X\n\0\0\0\x10\0\0\0" + b"\xff" * 6, "at most 1 MB and 4 million pixels"),
        (MOVING, "does not move"),
    ],
    ids=["script first", "svg", "eps", "gif", "ztxt", "iccp", "cut jpeg", "cut webp", "webp bomb", "apng"],
)
def test_what_is_something_else_is_refused_and_the_logo_before_stays(
    payroll: SimpleNamespace, ada: Client, content: bytes, said: str
) -> None:
    assert put(ada, drawn("PNG")).status_code == 302
    before = bytes(payroll.page.logo.content)
    answer = put(ada, content)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    payroll.page.logo.refresh_from_db()
    assert bytes(payroll.page.logo.content) == before


@pytest.mark.parametrize("size", [(4_000_000, 1), (1, 4_000_000), (1, 1)])
def test_a_picture_of_odd_measure_fits(payroll: SimpleNamespace, ada: Client, size: tuple[int, int]) -> None:
    assert put(ada, drawn("PNG", size=size)).status_code == 302
    payroll.page.refresh_from_db()
    assert 1 <= payroll.page.logo.width <= 480
    assert 1 <= payroll.page.logo.height <= 96
