"""Atom and RSS of a status page: one entry an incident, with every update in it and an id that never changes."""

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.html import format_html_join

from comms.queries.status_facts import IncidentFacts, PageFacts, UpdateFacts
from comms.rendering import status_words
from mim_portal.lib import addresses, times

ATOM = "application/atom+xml; charset=utf-8"
RSS = "application/rss+xml; charset=utf-8"
LISTED = 25  # readers keep what they have seen
# XML 1.0 has no place for these, and a feed that contains one cannot be read at all.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class _Dated:
    """A feed whose date comes from what it says: the same facts always make the same bytes."""

    feed: dict[str, object]

    def latest_post_date(self) -> datetime:
        changed: datetime = self.feed["changed_at"]  # type: ignore[assignment]
        return changed


class _Atom(_Dated, Atom1Feed):
    pass


class _Rss(_Dated, Rss201rev2Feed):
    pass


def both(facts: PageFacts) -> tuple[bytes, bytes]:
    """The Atom feed and the RSS feed, newest incidents first."""
    entries = [(incident, _content(facts, incident)) for incident in facts.incidents[:LISTED]]
    return _written(_Atom, facts, entries, name="feed.atom"), _written(_Rss, facts, entries, name="feed.rss")


def _written(
    kind: type[SyndicationFeed], facts: PageFacts, entries: Iterable[tuple[IncidentFacts, str]], *, name: str
) -> bytes:
    home = addresses.absolute(addresses.status_page(facts.slug))
    feed = kind(
        title=_clean(facts.name),
        link=home,
        description=_clean(facts.intro or facts.name),
        language=(facts.incidents[0].latest.language if facts.incidents else "en-GB").lower(),
        feed_url=f"{home}{name}",
        changed_at=max([facts.changed_at, *(incident.latest.published_at for incident in facts.incidents)]),
    )
    for incident, content in entries:
        feed.add_item(
            title=_clean(incident.name),
            link=f"{home}#{incident.reference}",
            description=content,
            unique_id=_tag(facts, incident),
            unique_id_is_permalink=False,
            pubdate=incident.started_at,
            updateddate=incident.latest.published_at,
        )
    return feed.writeString("utf-8").encode()


def _tag(facts: PageFacts, incident: IncidentFacts) -> str:
    return f"tag:{urlsplit(settings.BASE_URL).hostname},2026:status/{facts.slug}/{incident.reference}"


def _content(facts: PageFacts, incident: IncidentFacts) -> str:
    zone = times.zone(facts.time_zone)
    return format_html_join(
        "",
        "<p><small>{}</small><br><strong>{}</strong>{}</p>",
        (
            (
                times.full_date_time(update.published_at, zone),
                status_words.status(update.status),
                format_html_join("", "<br>{}", ((line,) for line in _lines(update))),
            )
            for update in reversed(incident.standing)
        ),
    )


def _lines(update: UpdateFacts) -> list[str]:
    return _clean(update.body).splitlines()


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", text)
