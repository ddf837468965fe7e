"""The picture in the head of a status page."""

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from comms.models import PageLogo, StatusPage
from comms.services import snapshots
from comms.services.pages import pages
from mim_portal.lib import pictures
from mim_portal.lib.refusals import Invalid
from teams.models import Person

MOST_BYTES: Final = 1_000_000
MOST_PIXELS: Final = 4_000_000
# Twice what the page shows, for sharp screens; and no more than leaves the page light.
BOX: Final = (480, 96)
KEPT_BYTES: Final = 20_000
CONTENT_TYPE: Final = "image/webp"


@transaction.atomic
def put(*, slug: str, content: bytes, by: Person) -> StatusPage:
    """Show this picture, drawn anew: nothing but its pixels is kept."""
    if len(content) > MOST_BYTES:
        raise refusal("too_large")
    try:
        small = pictures.small(content, box=BOX, most_pixels=MOST_PIXELS, most_bytes=KEPT_BYTES)
    except pictures.Unusable as error:
        raise refusal(error.code.removeprefix("picture_")) from error
    page = pages.locked(slug)
    PageLogo.objects.update_or_create(
        page=page,
        defaults={
            "content": small.content,
            "content_type": CONTENT_TYPE,
            "width": small.width,
            "height": small.height,
        },
    )
    snapshots.want(pages=[page.pk])
    pages.audit("status_page.logo", page, by, {"width": small.width, "height": small.height})
    return page


@transaction.atomic
def remove(*, slug: str, by: Person) -> StatusPage:
    """The page shows its name alone."""
    page = pages.locked(slug)
    gone, _rows = PageLogo.objects.filter(page=page).delete()
    if gone:
        snapshots.want(pages=[page.pk])
        pages.audit("status_page.logo_removed", page, by, {})
    return page


def refusal(why: str) -> Invalid:
    """Why a picture cannot be used."""
    message = {
        "too_large": _("Use a picture of at most 1 MB and 4 million pixels."),
        "moves": _("Use a picture that does not move."),
        "too_rich": _("This picture stays too heavy for the page. Use a simpler one."),
    }.get(why, _("This is no PNG, JPEG or WebP picture that can be opened."))
    return Invalid(message, field="file", code=f"logo_{why}")
