"""ETag and If-Match for what two people can edit: the version of the row."""

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request


def etag(version: int | str) -> str:
    return f'"{version}"'


def expected_version(request: Request) -> int | None:
    """The version that If-Match names; None where the caller sent none, or accepts any."""
    sent = request.headers.get("If-Match", "").strip()
    if sent in ("", "*"):
        return None
    number = sent.removeprefix("W/").strip('"')
    if not number.isdecimal():
        raise ValidationError({"If-Match": f"Send the ETag of the last answer, for example {etag(3)}."})
    return int(number)


def expected_tag(request: Request) -> str | None:
    """The fingerprint that If-Match names; None where the caller sent none, or accepts any."""
    sent = request.headers.get("If-Match", "").strip()
    return None if sent in ("", "*") else sent.removeprefix("W/").strip('"')
