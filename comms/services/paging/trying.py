"""Send a test page: what leaves says that it is a test, and what can be closed again is closed at once."""

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from comms.adapters import channels
from comms.choices import PageAction, PagingKind
from comms.models import Endpoint
from comms.queries import paging as queries
from comms.rendering import pages, parcels
from comms.rules import sms
from comms.rules.paging import Page
from comms.services.paging import targets
from comms.services.sending import trying, ways
from comms.services.sending.trying import Tried
from mim_portal.lib import addresses
from mim_portal.models import AuditEntry
from teams.models import Person, Team

_CLOSED_AGAIN = frozenset({PagingKind.PAGERDUTY, PagingKind.OPSGENIE})


def send(*, team: Team, code: str, by: Person, now: datetime) -> Tried:
    """One page through the target as it is set up, also while it is switched off; it belongs to no call."""
    queries.allowed(team=team, person=by)
    target = queries.one(team, code)
    if target is None:
        raise targets.Unknown(_("The team is not paged by this."))
    page = _page(target, team=team, by=by, now=now)
    tried = _send(target, page, now=now)
    if tried.is_taken and target.kind in _CLOSED_AGAIN:
        closed = _send(target, replace(page, action=PageAction.RESOLVE), now=now)
        if not closed.is_taken:
            tried = Tried(is_taken=True, words=_("It was taken, and could not be closed again: close it there."))
    trying.note(target, tried, now=now)
    AuditEntry.objects.create(
        actor=by, verb="paging.tested", subject=f"paging {code}"[:200], data={"taken": tried.is_taken}
    )
    return tried


def _send(target: Endpoint, page: Page, *, now: datetime) -> Tried:
    parcel = pages.parcel(
        page, endpoint=target, parcel_id=f"{page.key}-{page.action}", at=now, short_text=sms.headline(page.summary)
    )
    return trying.attempt(lambda: channels.send(ways.opened(target, now=now), parcel, now=now))


def _page(target: Endpoint, *, team: Team, by: Person, now: datetime) -> Page:
    words = _("[TEST] MIM Portal: a test page of %(team)s. Nothing has happened, and nobody has to do anything.")
    return Page(
        action=PageAction.TRIGGER,
        key=f"mim-test-{parcels.stable_id(target.pk)}-{int(now.timestamp())}",
        summary=words % {"team": team.name},
        text=_("Sent by %s to see whether pages arrive.") % by.name,
        team=team.name,
        room=addresses.absolute(addresses.paging(team.slug)),
        by=by.name,
        is_test=True,
    )
