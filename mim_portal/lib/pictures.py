"""Pictures drawn anew: what is kept is pixels only, whatever else the file carried (place, camera, hidden payload)."""

from io import BytesIO

from PIL import Image, ImageOps

MOST_PIXELS = 40_000_000
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}


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
    try:
        with Image.open(BytesIO(content), formats=[name]) as opened:
            _check(opened)
            picture = _plain(ImageOps.exif_transpose(opened), name)
        out = BytesIO()
        picture.save(out, format=name, **({"quality": 90} if name == "JPEG" else {}))
    except Unusable:
        raise
    except (MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unusable("picture_too_large") from error
    except Exception as error:  # a damaged picture raises whatever its decoder met first
        raise Unusable("picture_damaged") from error
    return out.getvalue()


def _check(opened: Image.Image) -> None:
    width, height = opened.size
    if width * height > MOST_PIXELS:
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
