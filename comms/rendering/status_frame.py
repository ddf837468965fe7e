"""What every address of a status page is made with: its bytes from a moment on, and the frame around its words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from comms.queries.status_facts import PageFacts
from comms.rendering import page_languages, status_words
from mim_portal.lib import addresses, markdown, times

HTML: Final = "text/html; charset=utf-8"
# What a page loads, by the names that templates know. The addresses are stable: it outlives the release that made it.
ASSETS: Final = {"style": "status.css", "script": "status.js", "mark": "mark.svg"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The bytes of one address from a moment on."""

    path: str
    valid_from: datetime
    content_type: str
    body: bytes


def face(path: str, valid_from: datetime, content_type: str, body: bytes) -> Rendered:
    return Rendered(path=path, valid_from=valid_from, content_type=content_type, body=body)


def html(template: str, facts: PageFacts, *, at: datetime, **context: Any) -> bytes:
    """The template with what stands on every page, times in the zone of the page."""
    with timezone.override(times.zone(facts.time_zone)):
        assets = {name: f"{settings.STATIC_URL}{file}" for name, file in ASSETS.items()}
        home = addresses.absolute(addresses.status_page(facts.slug))
        own = {"footer": markdown.to_html(facts.footer) if facts.footer else ""}
        spoken = {"renditions": page_languages.renditions(facts) if facts.other_languages else []}
        whole = {"page": facts, "at": at, "home": home, "words": status_words, **assets, **own, **spoken, **context}
        return render_to_string(template, whole, using="jinja2").encode()
