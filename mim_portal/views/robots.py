"""/robots.txt: search engines read public status pages and nothing else."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mim_portal.lib import access

# A page behind sign-in answers them with the way to sign in, and each page says by itself whether it is to be found.
WORDS: Final = "User-agent: *\nAllow: /status/\nAllow: /static/\nDisallow: /\n"


@access.public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Needs no database: without an answer here crawlers would forget the status page while the portal is down."""
    return HttpResponse(
        WORDS, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "public, max-age=3600"}
    )
