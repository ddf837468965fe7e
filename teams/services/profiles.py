"""Engagement profiles: declared by the team, in versions; nobody else edits what a team says about itself."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mim_portal.lib.refusals import Forbidden, Invalid, Refusal
from mim_portal.models import AuditEntry
from teams.models import EngagementProfile, Person, Team
from teams.queries import calling
from teams.rules.profiles import FIELDS, TEXTS

# A profile is looked at again every six months (domain.md 5.2).
REVIEW_AFTER = timedelta(days=182)
MOST_FACTS = 12


class Outdated(Refusal):
    """The team has a newer version than the one that was read."""

    code = "changed_meanwhile"
    status = 412


class NothingToConfirm(Refusal):
    """The team has no profile yet."""

    code = "no_profile"


def may_edit(*, team: Team, person: Person) -> bool:
    """The team itself; a profile is never written about a team by others."""
    return person.is_member(team.pk)


@transaction.atomic
def write(
    *, team: Team, person: Person, fields: Mapping[str, Any], now: datetime, version: int | None = None
) -> EngagementProfile:
    """A new version by a member of the team; what is not sent stays. Writing it confirms it."""
    current = locked(team, person=person, version=version)
    profile = following(current, team=team, author=person, confirmed_by=person, fields=fields, now=now)
    AuditEntry.objects.create(
        actor=person, verb="profile.written", subject=team.slug, data={"version": profile.version}
    )
    return profile


@transaction.atomic
def confirm(*, team: Team, person: Person, now: datetime) -> EngagementProfile:
    """A member says that the profile still holds; it is due for review again in six months."""
    current = locked(team, person=person)
    if current is None:
        raise NothingToConfirm(_("There is no profile to confirm yet: write one first."))
    current.confirmed_at, current.confirmed_by, current.review_date = now, person, _next_review(now)
    current.save(update_fields=["confirmed_at", "confirmed_by", "review_date"])
    AuditEntry.objects.create(
        actor=person, verb="profile.confirmed", subject=team.slug, data={"version": current.version}
    )
    return current


def locked(team: Team, *, person: Person, version: int | None = None) -> EngagementProfile | None:
    """The newest version, for a member, with the team locked so that two do not write the same number."""
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    if not may_edit(team=team, person=person):
        raise Forbidden(_("Only members of %s edit its profile. Propose the change to them.") % team.name)
    current = calling.current_profile(team)
    if version is not None and version != (current.version if current else 0):
        raise Outdated(_("Somebody of your team has changed the profile. Read it again and repeat your change."))
    return current


def following(
    current: EngagementProfile | None,
    *,
    team: Team,
    author: Person,
    confirmed_by: Person,
    fields: Mapping[str, Any],
    now: datetime,
) -> EngagementProfile:
    """The version after the one that holds, under the lock of the team; confirmed by the member who made it."""
    start = {name: getattr(current, name) for name in FIELDS} if current else {}
    return EngagementProfile.objects.create(
        team=team,
        version=(current.version if current else 0) + 1,
        author=author,
        created_at=now,
        confirmed_at=now,
        confirmed_by=confirmed_by,
        review_date=_next_review(now),
        **(start | cleaned(fields)),
    )


def cleaned(changes: Mapping[str, Any]) -> dict[str, Any]:
    """What can be kept of a change; Invalid where a field is unknown, too long or out of range."""
    unknown = sorted(set(changes) - set(FIELDS))
    if unknown:
        raise Invalid(_("A profile has no field %s.") % ", ".join(unknown), field=unknown[0])
    kept: dict[str, Any] = {name: str(changes[name] or "").strip() for name in TEXTS if name in changes}
    if "facts_wanted" in changes:
        facts = [str(fact).strip() for fact in changes["facts_wanted"] if str(fact).strip()]
        if len(facts) > MOST_FACTS or any(len(fact) > 120 for fact in facts):
            message = _("List at most %d facts, each in at most 120 characters.") % MOST_FACTS
            raise Invalid(message, field="facts_wanted")
        kept["facts_wanted"] = facts
    if "ask_again_minutes" in changes:
        minutes = int(changes["ask_again_minutes"])
        if not 1 <= minutes <= 240:
            raise Invalid(_("Choose 1 to 240 minutes."), field="ask_again_minutes")
        kept["ask_again_minutes"] = minutes
    return kept


def _next_review(now: datetime) -> date:
    return (now + REVIEW_AFTER).date()
