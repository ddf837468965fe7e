"""The team's own words about itself, in versions."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mim_portal.lib.refusals import Forbidden, Refusal
from mim_portal.models import AuditEntry
from teams.models import EngagementProfile, Membership, Person, Team

REVIEW_AFTER = timedelta(days=183)  # domain.md 5.2: every six months


class NothingToConfirm(Refusal):
    """The team has no profile yet."""

    code = "no_profile"


def may_edit(*, team: Team, person: Person) -> bool:
    """The team itself; a profile is never written about a team by others."""
    return Membership.objects.filter(team=team, person=person).exists()


@transaction.atomic
def write(*, team: Team, person: Person, fields: dict[str, Any], now: datetime) -> EngagementProfile:
    """A new version, confirmed by being written by the team."""
    locked = Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    if not may_edit(team=locked, person=person):
        raise Forbidden(_("Only the team itself writes its profile."))
    latest = locked.profiles.order_by("-version").first()
    made = EngagementProfile.objects.create(
        team=locked,
        version=(latest.version if latest else 0) + 1,
        author=person,
        created_at=now,
        confirmed_at=now,
        confirmed_by=person,
        review_date=(now + REVIEW_AFTER).date(),
        **fields,
    )
    AuditEntry.objects.create(verb="profile.written", subject=team.slug, actor=person, data={"version": made.version})
    return made


@transaction.atomic
def confirm(*, team: Team, person: Person, now: datetime) -> EngagementProfile:
    """The team says that the newest version still holds."""
    locked = Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    if not may_edit(team=locked, person=person):
        raise Forbidden(_("Only the team itself confirms its profile."))
    latest = locked.profiles.order_by("-version").first()
    if latest is None:
        raise NothingToConfirm(_("There is no profile to confirm yet: write one first."))
    latest.confirmed_at, latest.confirmed_by = now, person
    latest.review_date = (now + REVIEW_AFTER).date()
    latest.save(update_fields=["confirmed_at", "confirmed_by", "review_date"])
    AuditEntry.objects.create(
        verb="profile.confirmed", subject=team.slug, actor=person, data={"version": latest.version}
    )
    return latest
