"""How people appear in published text: as roles, never by name."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from incidents.models import CommandTenure, Engagement, Incident, TimelineEntry
from mim_portal.lib import blame_lint
from teams.choices import DESK_ROLES, Role
from teams.models import Membership, Person


def phrases(incident: Incident) -> dict[str, str]:
    """For every way to spell somebody, the role that stands instead.

    Those who took part are known by first name too; everybody else who works with the portal by full name.
    """
    managers = set(CommandTenure.objects.filter(incident=incident).values_list("manager_id", flat=True))
    team_of = _engaged_members(incident)
    actors = TimelineEntry.objects.filter(incident=incident, actor__isnull=False).values_list("actor_id", flat=True)
    took_part = managers | set(team_of) | set(actors.distinct())
    found: dict[str, str] = {}
    for person in Person.objects.exclude(roles=[]).order_by("pk"):
        if person.pk in managers:
            phrase = _("the incident manager")
        elif person.pk in team_of:
            phrase = _("an engineer of %(team)s") % {"team": team_of[person.pk]}
        else:
            phrase = role_phrase(person.roles)
        names = blame_lint.spellings([person.name]) if person.pk in took_part else [person.name]
        for name in names:
            found.setdefault(name, phrase)
    return found


def role_phrase(held: Iterable[str]) -> str:
    """What somebody who took no named part is called."""
    roles = frozenset(held)
    if roles & DESK_ROLES:
        return _("the service desk")
    for role, phrase in (
        (Role.INCIDENT_MANAGER, _("an incident manager")),
        (Role.COMMUNICATIONS, _("the communications lead")),
        (Role.RESPONDER, _("an engineer")),
        (Role.EXECUTIVE, _("an executive")),
        (Role.DEPUTY, _("the deputy")),
        (Role.PRACTICE_LEAD, _("the practice lead")),
    ):
        if role in roles:
            return phrase
    return _("a colleague")


def _engaged_members(incident: Incident) -> dict[int, str]:
    teams = Engagement.objects.filter(incident=incident).values("team")
    rows = Membership.objects.filter(team__in=teams).values_list("person_id", "team__name")
    return dict(rows.order_by("-pk"))
