"""A review as a file. Set outside any transaction: the press may take seconds."""

from datetime import tzinfo

from django.http import HttpResponse

from mim_portal.lib import downloads
from reviews.adapters import typesetting
from reviews.models import Review
from reviews.rendering import document

KINDS = frozenset(typesetting.CONTENT_TYPES)


def of_review(review: Review, *, kind: str, tz: tzinfo, zone: str) -> HttpResponse:
    """The download; refusals say that it is too long or could not be made."""
    content = typesetting.file(document.of_review(review, tz=tz, zone=zone), kind=kind)
    name = f"{review.incident.reference}-review.{kind}"
    return downloads.of_bytes(content, name=name, content_type=typesetting.CONTENT_TYPES[kind])
