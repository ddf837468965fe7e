"""Status pages as administrators keep them."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from comms.choices import PageKind, PageLanguage
from comms.models import Component, PageLink, PageLogo, StatusPage
from comms.queries.writing import languages
from comms.rules import page_looks
from comms.rules.page_looks import Listed
from mim_portal.lib import language_tags
from teams.models import Service
from teams.rules import fingerprints

FIELDS = (
    *("name", "intro", "footer", "accent", "accent_dark", "time_zone", "language", "other_languages"),
    *("takes_sms", "sms_a_day", "sms_countries"),
)


def pages() -> QuerySet[StatusPage]:
    """Those in use first, by name, with how many services each shows."""
    return (
        StatusPage.objects.select_related("audience")
        .annotate(
            services=Count("components"),
            has_logo=Exists(PageLogo.objects.filter(page=OuterRef("pk"))),
        )
        .order_by("retired_at", "name", "pk")
    )


def one(slug: str) -> StatusPage | None:
    return pages().filter(slug=slug).first()


def at_address(slug: str) -> StatusPage | None:
    """The page that has this address, or else the one that had it before it was renamed."""
    read = StatusPage.objects.select_related("audience")
    return read.filter(slug=slug).first() or read.filter(former_addresses__slug=slug).first()


def kind(page: StatusPage) -> PageKind:
    return page_looks.kind(
        is_public=page.is_public, is_executive=page.is_executive, only_its_services=page.only_its_services
    )


def services(page: StatusPage) -> list[Listed]:
    """What the page shows, in its order."""
    rows = Component.objects.filter(page=page).select_related("service").order_by("position", "pk")
    return [Listed(service=row.service.slug, name=row.name, group=row.group) for row in rows]


def usual_language() -> str:
    """What a new page speaks: the language of updates where pages have it, else English."""
    own = language_tags.primary(languages.current())
    return own if own in PageLanguage.values else PageLanguage.EN.value


def names_of_services() -> dict[str, str]:
    """Every service that a page can show, by name."""
    return dict(Service.objects.filter(is_active=True).order_by("name", "slug").values_list("slug", "name"))


def state(page: StatusPage) -> dict[str, Any]:
    """What its keeper has decided about it, as forms and the API read and change it."""
    held = {name: getattr(page, name) for name in FIELDS}
    return {"slug": page.slug, "kind": kind(page).value, "audience": page.audience.code, **held}


def version(page: StatusPage) -> str:
    """Changes with every change of what `state` says."""
    return fingerprints.of(state(page))


def links_that_hold(page: StatusPage, *, now: datetime) -> QuerySet[PageLink]:
    """Those that open the page, the newest first."""
    rows = PageLink.objects.filter(page=page, revoked_at=None, expires_at__gt=now)
    return rows.select_related("made_by", "page").order_by("-made_at", "-pk")
