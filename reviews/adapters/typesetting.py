"""Asks the press for a document as a file: in a process of its own, so that no document can hold or fill this one."""

import json
import logging
import os
import subprocess
import sys
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from mim_portal.lib import documents
from mim_portal.lib.documents import Document
from mim_portal.lib.refusals import Refusal

log = logging.getLogger(__name__)

CONTENT_TYPES: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
PATIENCE_SECONDS = 20
MOST_BYTES = 1_500_000  # of what is asked; a review of 200 entries has some 100,000
_PRESS: Final = (sys.executable, "-m", "reviews.adapters.press")


class TooLong(Refusal):
    """The document is longer than a file that somebody would read."""

    code = "too_long"


class NotMade(Refusal):
    """The press failed or took too long; nothing is lost, since everything stands on the page."""

    code = "not_made"
    status = 503


def file(document: Document, *, kind: str) -> bytes:
    """The document as `pdf` or `docx`. Waits for the press: never inside a transaction."""
    asked = json.dumps({"kind": kind, "document": documents.as_data(document)}).encode()
    if len(asked) > MOST_BYTES:
        raise TooLong(_("This is too long for a file. Show fewer entries of the timeline, or shorten the sections."))
    try:
        done = subprocess.run(  # noqa: S603 -- a program of our own; what people typed goes in as data
            _PRESS,
            input=asked,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            cwd=settings.BASE_DIR,
            # Nothing of ours but where its modules are: it needs no secret and gets none.
            env={"PATH": os.defpath, "PYTHONPATH": str(settings.BASE_DIR), "LANG": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        log.error("press_too_slow kind=%s bytes=%s", kind, len(asked))
        raise NotMade(_("The file took too long to make. Try again, or show fewer entries of the timeline."))
    if done.returncode != 0 or not done.stdout:
        # Without the words of the document, which may be private.
        log.error("press_failed kind=%s status=%s", kind, done.returncode)
        raise NotMade(_("The file could not be made. Everything stands on the page; try again, or print that."))
    return done.stdout
