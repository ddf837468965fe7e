"""No request fills the disk: what is too large is thrown away while it arrives."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

_MARK = "mim.files_too_large"
_FORM_BYTES = 1024 * 1024  # what stands beside the files


class BoundedHandler(FileUploadHandler):
    """Skips a file at the first byte over ATTACHMENT_BYTES and keeps its name; refuses a request over UPLOAD_BYTES."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        if content_length > settings.UPLOAD_BYTES + _FORM_BYTES:
            raise RequestDataTooBig("The request is larger than all files of one request may be.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > settings.ATTACHMENT_BYTES:
            assert self.request is not None
            self.request.META.setdefault(_MARK, []).append(str(self.file_name))
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def too_large(request: HttpRequest) -> list[str]:
    """Names of the files that were left out because each was larger than ATTACHMENT_BYTES."""
    assert request.POST is not None  # reading it reads the files
    found: list[str] = request.META.get(_MARK, [])
    return found
