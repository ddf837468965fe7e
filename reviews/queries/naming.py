"""How people appear in published text: as roles, never by name."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from incidents.models import CommandTenure, Engagement, Incident, TimelineEntry
from incidents.queries.wording import PEOPLE_KEYS
from mim_portal.lib import blame_lint
from reviews.models import ImprovementAction, Review
from reviews.rules import naming as rules
from teams.choices import DESK_ROLES, Role
from teams.models import GlossaryTerm, Membership, Person, Service, Site, Team


def not_people() -> list[str]:
    """What may be called as somebody is: services, teams, sites and the organisation's own words. One query."""
    called = [rows.values_list("name", flat=True) for rows in (Service.objects, Team.objects, Site.objects)]
    return list(GlossaryTerm.objects.values_list("term", flat=True).union(*called))


@dataclass(frozen=True, kw_only=True)
class Names:
    """Of everybody: what each is called, by their key, and by every way to spell them."""

    by_person: dict[int, str]
    by_spelling: dict[str, str]


def phrases(incident: Incident) -> dict[str, str]:
    """For every way to spell somebody, the role that stands instead."""
    return names(incident).by_spelling


def names(incident: Incident) -> Names:
    """Those who took part are known by first name too; everybody else by full name. All have addresses."""
    managers = set(CommandTenure.objects.filter(incident=incident).values_list("manager_id", flat=True))
    team_of = _engaged_members(incident)
    took_part = managers | set(team_of) | _named_in_the_log(incident) | _of_the_review(incident)
    found = Names(by_person={}, by_spelling={})
    for person in Person.objects.order_by("pk").only(*_FIELDS):
        if person.pk in managers:
            phrase = _("the incident manager")
        elif person.pk in team_of:
            phrase = _("an engineer of %(team)s") % {"team": team_of[person.pk]}
        else:
            phrase = role_phrase(person.roles)
        found.by_person[person.pk] = phrase
        for spelling in _spellings(person, took_part=person.pk in took_part):
            found.by_spelling.setdefault(spelling, phrase)
    return found


_FIELDS = ("username", "first_name", "last_name", "email", "roles")


def _spellings(person: Person, *, took_part: bool) -> Iterable[str]:
    yield from blame_lint.spellings([person.name]) if took_part else [" ".join(person.name.split())]
    for handle in rules.handles(
        username=person.username, email=person.email, first_name=person.first_name, last_name=person.last_name
    ):
        if not blame_lint.is_a_word(handle):
            yield handle


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


def _named_in_the_log(incident: Incident) -> set[int]:
    """Who did something, and to whom something was done."""
    entries = TimelineEntry.objects.filter(incident=incident)
    rows = entries.values_list("actor_id", *(f"data__{key}" for key in PEOPLE_KEYS)).distinct().order_by()
    return {value for row in rows for value in row if isinstance(value, int)}


def _of_the_review(incident: Incident) -> set[int]:
    """Who leads and signs the review, and who owns its actions."""
    leads = Review.objects.filter(incident=incident).values_list("facilitator_id", "signed_off_by_id")
    owns = ImprovementAction.objects.filter(review__incident=incident).values_list("owner_id", "owner_id")
    return {pk for row in leads.union(owns) for pk in row if pk is not None}
