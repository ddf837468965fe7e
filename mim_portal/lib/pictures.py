"""Pictures drawn anew: what is kept is pixels only, whatever else the file carried (place, camera, hidden payload)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

MOST_PIXELS = 40_000_000
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
# From fine to coarse, until a small picture is small enough.
_QUALITIES = (90, 75, 50, 25, 10)


class Unusable(Exception):
    """The picture cannot be kept; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def redrawn(content: bytes, *, content_type: str) -> bytes:
    """The same picture without anything that is no pixel, turned the way up that the camera noted.

    The size is read from the header before a single pixel is unpacked. A phone's double JPEG keeps its first picture.
    """
    name = FORMATS[content_type]
    with _unusable_where_it_fails():
        with Image.open(BytesIO(content), formats=[name]) as opened:
            _check(opened)
            picture = _plain(ImageOps.exif_transpose(opened), name)
        out = BytesIO()
        picture.save(out, format=name, **({"quality": 90} if name == "JPEG" else {}))
    return out.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True)
class Small:
    """A picture that pages load: WebP, which keeps transparency."""

    content: bytes
    width: int
    height: int


def small(content: bytes, *, box: tuple[int, int], most_pixels: int, most_bytes: int) -> Small:
    """The picture drawn anew to fit the box, as fine as `most_bytes` allow; one that fits already keeps its size.

    The box is of the picture as it comes out. Damaged, moving and too large pictures are Unusable.
    """
    with _unusable_where_it_fails():
        with Image.open(BytesIO(content), formats=list(FORMATS.values())) as opened:
            _check(opened, most_pixels=most_pixels)
            picture = _plain(ImageOps.exif_transpose(opened), "WEBP").convert("RGBA")
        picture.thumbnail(box, Image.Resampling.LANCZOS)
        for quality in _QUALITIES:
            out = BytesIO()
            picture.save(out, format="WEBP", quality=quality, alpha_quality=quality, method=6)
            if out.tell() <= most_bytes:
                return Small(content=out.getvalue(), width=picture.width, height=picture.height)
    raise Unusable("picture_too_rich")


@contextmanager
def _unusable_where_it_fails() -> Iterator[None]:
    try:
        yield
    except Unusable:
        raise
    except (MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unusable("picture_too_large") from error
    except Exception as error:  # a damaged picture raises whatever its decoder met first
        raise Unusable("picture_damaged") from error


def _check(opened: Image.Image, *, most_pixels: int = MOST_PIXELS) -> None:
    width, height = opened.size
    if width * height > most_pixels:
        raise Unusable("picture_too_large")
    if opened.format != "MPO" and getattr(opened, "n_frames", 1) > 1:
        raise Unusable("picture_moves")


def _plain(picture: Image.Image, name: str) -> Image.Image:
    """In a mode that the format can hold, with nothing beside the pixels."""
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    wanted = "RGBA" if has_alpha and name != "JPEG" else "RGB"
    plain = picture.copy() if picture.mode in {wanted, "L"} and not picture.info.get("transparency") else None
    plain = plain or picture.convert(wanted)
    plain.info = {}
    return plain
