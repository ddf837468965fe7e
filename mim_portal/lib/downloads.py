"""Files that leave: a stored one as a download and nothing else, which a browser neither shows nor guesses nor runs;
rows for spreadsheets, as they are read.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from django.core.files.storage import default_storage
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header


def of_stored(stored_name: str, *, name: str, content_type: str) -> HttpResponse | None:
    """The bytes under a safe name, in a box where no script runs or reaches anything; None where they are gone.

    They are read at once: a file is at most ATTACHMENT_BYTES long, and an answer that has begun cannot fail half-way.
    """
    try:
        with default_storage.open(stored_name) as file:
            content = file.read()
    except OSError:
        return None
    return of_bytes(content, name=name, content_type=content_type)


def of_bytes(content: bytes, *, name: str, content_type: str) -> HttpResponse:
    """What was just made, as a download and nothing else."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


def of_rows(rows: Iterable[Sequence[str]], *, name: str) -> StreamingHttpResponse:
    """CSV with a byte order mark, by which Excel knows UTF-8. Cells leave as they come: see mim_portal.lib.cells."""
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield "\ufeff"
    for row in rows:
        out = io.StringIO()
        csv.writer(out).writerow(row)
        yield out.getvalue()
