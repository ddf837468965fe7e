"""Atom and RSS of a status page: one entry an incident and one a planned window, each with every update in it and an
id that never changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from comms.choices import MaintenanceState
from comms.queries.status_facts import ComponentFacts, IncidentFacts, PageFacts, WindowFacts
from comms.rendering import status_words, statuspage_v2
from mim_portal.lib import addresses, times
from mim_portal.lib.printable import in_xml

ATOM = "application/atom+xml; charset=utf-8"
RSS = "application/rss+xml; charset=utf-8"
LISTED = 25  # readers keep what they have seen


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """An incident or a window, as readers of a feed get it."""

    id: str
    title: str
    link: str
    began_at: datetime
    changed_at: datetime
    content: str
    services: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A group or a service of the page with feeds of its own; without a path the page itself."""

    name: str
    path: str = ""  # below the page's address
    services: frozenset[int] = frozenset()
    changed_at: datetime


def parts(facts: PageFacts) -> list[Part]:
    """What has feeds of its own: the groups of the page, then its services, each in the page's order."""
    groups: dict[str, list[ComponentFacts]] = {}
    for each in facts.components:
        groups.setdefault(each.group, []).append(each)
    headed = [
        Part(
            name=name,
            path=f"groups/{statuspage_v2.group_id(facts, name)}/",
            services=frozenset(member.service_id for member in members),
            changed_at=max(member.changed_at for member in members),
        )
        for name, members in groups.items()
        if name
    ]
    return headed + [
        Part(
            name=each.name,
            path=f"services/{statuspage_v2.component_id(each)}/",
            services=frozenset({each.service_id}),
            changed_at=each.changed_at,
        )
        for each in facts.components
    ]


def every(facts: PageFacts) -> Iterator[tuple[str, str, bytes]]:
    """Path, type and bytes of the Atom and the RSS feed of the page and of each part, what was told of first last.

    An entry has the same id in each feed in which it stands.
    """
    entries = _entries(facts)
    for part in (Part(name="", changed_at=facts.changed_at), *parts(facts)):
        is_whole = not part.path
        own = [entry for entry in entries if is_whole or not part.services.isdisjoint(entry.services)]
        for content_type, name in ((ATOM, "feed.atom"), (RSS, "feed.rss")):
            path = f"{part.path}{name}"
            yield path, content_type, _written(content_type, facts, part, own, name=path)


def _entries(facts: PageFacts) -> list[_Entry]:
    """The last first."""
    windows = [each for each in facts.windows if each.state != MaintenanceState.CANCELLED]
    found = [*(_incident(facts, each) for each in facts.incidents), *(_window(facts, each) for each in windows)]
    return sorted(found, key=lambda each: (each.began_at, each.id), reverse=True)


def _written(content_type: str, facts: PageFacts, part: Part, entries: Sequence[_Entry], *, name: str) -> bytes:
    listed = tuple(entries[:LISTED])
    return _feed(
        content_type,
        title=in_xml(f"{facts.name}: {part.name}" if part.name else facts.name),
        home=addresses.absolute(addresses.status_page(facts.slug)),
        description=in_xml(part.name or facts.intro or facts.name),
        language=(facts.incidents[0].latest.language if facts.incidents else "en-GB").lower(),
        name=name,
        guid=_tag(facts, part.path.rstrip("/")) if part.path else None,
        changed_at=max([part.changed_at, *(entry.changed_at for entry in listed)]),
        entries=listed,
    )


@lru_cache(maxsize=512)
def _feed(
    content_type: str,
    *,
    title: str,
    home: str,
    description: str,
    language: str,
    name: str,
    guid: str | None,
    changed_at: datetime,
    entries: tuple[_Entry, ...],
) -> bytes:
    """The same for the same words: an update about one service leaves the feeds of all others as they were."""
    kind: type[SyndicationFeed] = _Atom if content_type == ATOM else _Rss
    feed = kind(
        title=title,
        link=home,
        description=description,
        language=language,
        feed_url=f"{home}{name}",
        feed_guid=guid,
        changed_at=changed_at,
    )
    for entry in entries:
        feed.add_item(
            title=in_xml(entry.title),
            link=entry.link,
            description=entry.content,
            unique_id=entry.id,
            unique_id_is_permalink=False,
            pubdate=entry.began_at,
            updateddate=entry.changed_at,
        )
    return feed.writeString("utf-8").encode()


def _incident(facts: PageFacts, incident: IncidentFacts) -> _Entry:
    said = [(update.published_at, status_words.status(update.status), update.body) for update in incident.standing]
    return _Entry(
        id=_tag(facts, incident.reference),
        title=incident.name,
        link=addresses.absolute(addresses.status_incident(facts.slug, incident.reference)),
        began_at=incident.started_at,
        changed_at=incident.latest.published_at,
        content=_told(said, times.zone(facts.time_zone)),
        services=frozenset({incident.service_id}),
    )


def _window(facts: PageFacts, window: WindowFacts) -> _Entry:
    zone = times.zone(facts.time_zone)
    begin, end = (_moment(at, zone) for at in window.hours)
    said = _("Began %(begin)s, planned end %(end)s") if window.is_running else _("%(begin)s to %(end)s")
    when = said % {"begin": begin, "end": end}
    head = format_html("<p>{}<br>{}</p>", when, in_xml(", ".join(window.service_names)))
    told = [(update.published_at, status_words.window(update.state), update.body) for update in window.updates]
    return _Entry(
        id=_tag(facts, f"maintenance-{window.id}"),
        title=_("Planned maintenance: %s") % window.title,
        link=addresses.absolute(f"{addresses.status_page(facts.slug)}#maintenance-{window.id}"),
        began_at=window.announced_at,
        changed_at=window.latest.published_at,
        content=head + _told(told, zone),
        services=frozenset(window.services),
    )


def _tag(facts: PageFacts, name: str) -> str:
    """Stays when the page is renamed: the id was made from the address that it had first."""
    return f"tag:{urlsplit(settings.BASE_URL).hostname},2026:status/{facts.first_slug or facts.slug}/{name}"


def _told(said: Sequence[tuple[datetime, str, str]], zone: tzinfo) -> str:
    """What was said when, with the state in words, the last first; each line of it on a line of its own."""
    return format_html_join(
        "",
        "<p><small>{}</small><br><strong>{}</strong>{}</p>",
        (
            (
                _moment(at, zone),
                state,
                format_html_join("", "<br>{}", ((line,) for line in in_xml(body).splitlines())),
            )
            for at, state, body in reversed(said)
        ),
    )


def _moment(at: datetime, zone: tzinfo) -> str:
    return times.full_date_time(at, zone, language=translation.get_language() or times.ENGLISH)
