"""All addresses of a status page from one set of facts, through one renderer.

The page itself is rendered ahead for each promised minute: from then on it says by itself that the update is late,
whether or not anything of the portal still runs.
"""

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Final

from django.conf import settings

from comms.choices import ComponentState
from comms.queries.status_facts import IncidentFacts, PageFacts
from comms.queries.status_history import PageHistory
from comms.rendering import (
    calendar,
    estimates,
    feeds,
    page_languages,
    status_bars,
    status_embed,
    status_frame,
    status_history,
    status_words,
    statuspage_v2,
)
from comms.rendering.status_frame import Rendered
from comms.rules import page_looks, public_state
from incidents.models import ImpactStatement
from incidents.queries import impact as impact_queries
from incidents.rules import impact as impact_rules
from mim_portal.lib import addresses, times

CSS: Final = "text/css; charset=utf-8"
SHEET: Final = "look.css"
LOGO: Final = "logo.webp"
# On the page itself; the history page has the rest.
RECENT_INCIDENTS: Final = 5
PROMISES_AHEAD: Final = 50


def render(facts: PageFacts, *, at: datetime, history: PageHistory) -> list[Rendered]:
    """Everything below /status/{slug}/ as it stands at `at`, and the page as it will stand as promises pass.

    What people read exists once a language; what programs read, in the page's own.
    """
    faces = []
    for rendition in facts.renditions():
        with page_languages.speaking(rendition):
            faces += _pages(rendition, at=at, history=history)
    with page_languages.speaking(facts):
        faces += _look(facts, at=at)
        faces.append(status_frame.face("badge.svg", at, status_embed.SVG, status_embed.badge(facts)))
        faces.append(_html("embed/", at, embed_html(facts, at=at)))
        faces.append(status_frame.face("embed.js", at, status_embed.SCRIPT, status_embed.script(facts)))
        faces.append(status_frame.face("maintenance.ics", at, calendar.CONTENT_TYPE, calendar.windows(facts)))
        faces += [status_frame.face(path, at, content_type, body) for path, content_type, body in feeds.every(facts)]
    faces += [
        status_frame.face(path, at, statuspage_v2.CONTENT_TYPE, body)
        for path, body in statuspage_v2.bodies(facts).items()
    ]
    return faces


def _pages(facts: PageFacts, *, at: datetime, history: PageHistory) -> list[Rendered]:
    """What people read, in one language."""
    moments = [at, *facts.turns(at)[:PROMISES_AHEAD]]
    faces = [
        status_frame.face(facts.prefix, moment, status_frame.HTML, page_html(facts, at=moment, history=history))
        for moment in moments
    ]
    faces += status_history.faces(facts, at=at)
    for incident in facts.incidents:
        faces += incident_faces(facts, incident, at=at)
    faces.append(_html(f"{facts.prefix}feeds/", at, feeds_html(facts, at=at)))
    return faces


def _look(facts: PageFacts, *, at: datetime) -> list[Rendered]:
    """What its keeper gave the page: a colour as a sheet of its own, since no style stands in a page, and the logo."""
    found = []
    if facts.accent or facts.accent_dark:
        found.append(status_frame.face(SHEET, at, CSS, look_css(facts)))
    if facts.logo is not None:
        found.append(status_frame.face(LOGO, at, facts.logo.content_type, facts.logo.content))
    return found


def look_css(facts: PageFacts) -> bytes:
    """The accent in both themes; where only one was chosen the other is as near to it as can be read."""
    light = facts.accent or page_looks.readable(facts.accent_dark, page_looks.LIGHT)
    dark = facts.accent_dark or page_looks.readable(facts.accent, page_looks.DARK)
    sheet = f":root{{--accent:{light}}}@media (prefers-color-scheme:dark){{:root{{--accent:{dark}}}}}"
    return sheet.encode()


def page_html(facts: PageFacts, *, at: datetime, history: PageHistory) -> bytes:
    """The page as readers see it at `at`; executives get their four lines an incident."""
    template = "status/executive.html" if facts.is_executive else "status/page.html"
    tone, sentence = status_words.headline(facts)
    context = {
        "tone": tone,
        "sentence": sentence,
        "live": sorted(facts.live, key=_severity, reverse=True),
        "bars": {each.id: status_bars.of(each, history, facts=facts, at=at) for each in facts.components},
        "recent": facts.ended[:RECENT_INCIDENTS],
        "four_lines": {each.reference: four_lines(each, facts=facts, at=at) for each in facts.live}
        if facts.is_executive
        else {},
    }
    return status_frame.html(template, facts, at=at, **context)


def embed_html(facts: PageFacts, *, at: datetime) -> bytes:
    """The sentence alone, for a frame on another site."""
    tone, sentence = status_words.headline(facts)
    return status_frame.html("status/embed.html", facts, at=at, tone=tone, sentence=sentence)


def feeds_html(facts: PageFacts, *, at: datetime) -> bytes:
    """Where each feed is: of the page, of its groups, of its services."""
    return status_frame.html("status/feeds.html", facts, at=at, parts=feeds.parts(facts))


def incident_faces(facts: PageFacts, incident: IncidentFacts, *, at: datetime) -> list[Rendered]:
    """One incident on a page of its own: now, and from the minute on at which its next update is late."""
    path, due = f"{facts.prefix}{addresses.incident_path(incident.reference)}", incident.next_update_at
    moments = [at, due] if due is not None and due > at else [at]
    return [
        status_frame.face(path, moment, status_frame.HTML, incident_html(facts, incident, at=moment))
        for moment in moments
    ]


def incident_html(facts: PageFacts, incident: IncidentFacts, *, at: datetime) -> bytes:
    """Everything that readers were told of it, at an address that stays."""
    said = incident.latest.published_at
    head = replace(
        facts, components=(), incidents=(), windows=(), estimates={}, months=(), is_cut=False, changed_at=said
    )
    with page_languages.speaking(head):
        if incident.is_resolved:  # no time passes on it: most of what a page has was said long ago, and is made once
            return _ended_html(head, incident, settings.BASE_URL)
        return _incident_html(head, incident, at=at)


@lru_cache(maxsize=2000)
def _ended_html(head: PageFacts, incident: IncidentFacts, _base_url: str) -> bytes:
    return _incident_html(head, incident, at=incident.latest.published_at)


def _incident_html(head: PageFacts, incident: IncidentFacts, *, at: datetime) -> bytes:
    path = addresses.incident_path(incident.reference)
    return status_frame.html("status/incident.html", head, at=at, incident=incident, path=path)


def four_lines(incident: IncidentFacts, *, facts: PageFacts, at: datetime) -> dict[str, str]:
    """So what and size, from the impact as it was published; what is being done is the update itself."""
    statement = incident.latest.statement or next(
        (update.statement for update in reversed(incident.standing) if update.statement), None
    )
    return {
        "so_what": (impact_rules.known(statement.consequence) if statement else "") or incident.subject,
        "size": _size(statement) if statement else "",
        "doing": incident.latest.body,
        "estimate": ""
        if incident.status == public_state.MONITORING
        else estimates.line(facts.estimates.get(incident.id), at=at, zone=times.zone(facts.time_zone)),
    }


def _severity(incident: IncidentFacts) -> int:
    """What hurts most stands first; of two alike the newer one, in which order they come."""
    return public_state.SEVERITY.index(ComponentState(incident.latest.new_state))


def _size(statement: ImpactStatement) -> str:
    return impact_queries.size(statement)


def _html(path: str, valid_from: datetime, body: bytes) -> Rendered:
    return status_frame.face(path, valid_from, status_frame.HTML, body)
