"""People: who is in the list, what they may do, in which teams they are. Roles are given by administrators alone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from mim_portal.lib.refusals import Invalid, Missing, Refusal
from mim_portal.models import AuditEntry
from teams.choices import Role
from teams.models import Invitation, Membership, Person, Team
from teams.queries import dependents
from teams.queries import people as queries
from teams.rules import fields, mail_address, usernames
from teams.services import invitations

NAME_LENGTH = 150
OWN_FIELDS = ("first_name", "last_name", "phone", "time_zone", "locale")
FIELDS = (*OWN_FIELDS, "email", "roles", "teams", "is_active")
NOT_ONES_OWN = frozenset({"email", "roles", "teams", "is_active"})


class Unknown(Missing):
    """There is no such person."""


class Outdated(Refusal):
    """Somebody else has changed the person since the page was read."""

    code = "changed_meanwhile"
    status = 412


class LastAdministrator(Refusal):
    """Somebody must be able to look after the portal."""

    code = "last_administrator"


class StillNeeded(Refusal):
    """The person is accountable for what runs: it is handed over first."""

    code = "still_needed"


@transaction.atomic
def invite(
    *,
    by: Person,
    email: str,
    now: datetime,
    first_name: str = "",
    last_name: str = "",
    username: str = "",
    roles: tuple[str, ...] = (),
    teams: Mapping[str, bool] | None = None,
    **more: Any,
) -> Invitation:
    """Put a person into the list, who gets one mail and cannot sign in before they use its link."""
    given = {"email": email, "first_name": first_name, "last_name": last_name, "roles": roles, **more}
    values = cleaned(given)
    if not values["email"]:
        raise Invalid(_("An invitation goes to an e-mail address."), field="email", code="required")
    _refuse_taken_address(values["email"], own=None)
    person = Person(username=_username(username, values), **{k: v for k, v in values.items() if k != "teams"})
    person.roles = list(values["roles"])
    person.set_unusable_password()
    _staff(person)
    person.save()
    _set_teams(person, teams or {})
    return invitations.send_many([person], by=by, now=now)[0]


@transaction.atomic
def change(
    *, person_id: int, by: Person, changes: Mapping[str, Any], now: datetime, version: str | None = None
) -> Person:
    """Change what is sent; what is not sent stays. With `version`, only if nobody else was faster.

    Deactivating is refused while the person is accountable for an incident, and the last administrator stays one.
    """
    person, administrators = _locked(person_id)
    if version is not None and version != queries.version(person):
        message = _(
            "Somebody else has changed %s in the meantime. Look at what stands there now, then change it again."
        )
        raise Outdated(message % person.name)
    before = queries.state(person)
    values = {name: value for name, value in cleaned(changes).items() if _comparable(name, value) != before[name]}
    if values.get("email"):
        _refuse_taken_address(values["email"], own=person.pk)
    if values.get("is_active") is False:
        _refuse_needed(person, by=by, now=now)
    _keep_an_administrator(person, values, administrators)
    for name, value in values.items():
        if name != "teams":
            setattr(person, name, list(value) if name == "roles" else value)
    _staff(person)
    person.save()
    if "teams" in values:
        _set_teams(person, values["teams"])
    if values.get("is_active") is False:
        invitations.withdraw(person_id=person.pk, by=by, now=now)
    if values:
        AuditEntry.objects.create(
            actor=by, verb="person.changed", subject=invitations.subject(person), data=said(before, values)
        )
    return queries.with_teams(Person.objects.filter(pk=person.pk)).get()


def edit_own(*, person: Person, changes: Mapping[str, Any], now: datetime, version: str | None = None) -> Person:
    """Name, phone, zone and language are everybody's own; the address, roles and teams are the administrator's."""
    refused = sorted(NOT_ONES_OWN & set(changes))
    if refused:
        raise Invalid(_("An administrator changes this for you."), field=refused[0], code="not_your_own")
    return change(person_id=person.pk, by=person, changes=changes, now=now, version=version)


def cleaned(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as they are stored; what cannot be stored is refused at its field."""
    unknown = sorted(set(changes) - set(FIELDS))
    if unknown:
        raise Invalid(_("A person has no field %s.") % ", ".join(unknown), field=unknown[0])
    values = {}
    for name, value in changes.items():
        try:
            values[name] = _cleaned(name, value)
        except fields.Unusable as error:
            raise Invalid(str(error), field=name) from error
    return values


def said(before: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """What the audit log keeps of a change: which fields, and exactly what of rights. No name and no address."""
    data: dict[str, Any] = {"fields": sorted(values)}
    for name in ("roles", "teams"):
        if name in values:
            was, now = set(before[name]), set(values[name])
            data[f"{name}_added"], data[f"{name}_removed"] = sorted(now - was), sorted(was - now)
    if "teams" in values:
        was_lead = {slug for slug, is_lead in before["teams"].items() if is_lead}
        is_lead = {slug for slug, is_lead in values["teams"].items() if is_lead}
        data["leads_added"], data["leads_removed"] = sorted(is_lead - was_lead), sorted(was_lead - is_lead)
    if "is_active" in values:
        data["is_active"] = values["is_active"]
    return data


def languages() -> frozenset[str]:
    """The codes of the languages that the portal speaks."""
    return frozenset(code for code, _name in settings.LANGUAGES)


def _cleaned(name: str, value: Any) -> Any:
    if name == "email":
        return mail_address.normalised(value) if str(value).strip() else ""
    if name == "roles":
        return fields.roles(value)
    if name == "teams":
        return dict(value)
    if name == "is_active":
        return bool(value)
    if name == "time_zone":
        return fields.time_zone(value)
    if name == "locale":
        return fields.locale(value, known=languages())
    return fields.words(str(value), longest=40 if name == "phone" else NAME_LENGTH)


def _comparable(name: str, value: Any) -> Any:
    return sorted(value) if name == "roles" else value


def _locked(person_id: int) -> tuple[Person, set[int]]:
    """The person and whoever is an administrator, locked in one order, so that two cannot remove each other.

    The strong lock also waits for whoever is just making the person accountable for something.
    """
    wanted = Q(pk=person_id) | Q(roles__contains=[Role.ADMINISTRATOR], is_active=True)
    locked = list(Person.objects.filter(wanted).select_for_update().order_by("pk"))
    if not any(person.pk == person_id for person in locked):
        raise Unknown(_("There is no such person."))
    administrators = {person.pk for person in locked if person.is_active and Role.ADMINISTRATOR in person.roles}
    return queries.with_teams(Person.objects.filter(pk=person_id)).get(), administrators


def _keep_an_administrator(person: Person, values: Mapping[str, Any], administrators: set[int]) -> None:
    roles = values.get("roles", person.roles)
    stays = values.get("is_active", person.is_active) and Role.ADMINISTRATOR in roles
    if person.pk in administrators and not stays and len(administrators) == 1:
        message = _("%s is the last administrator. Make somebody else one first.")
        raise LastAdministrator(message % person.name, field="roles" if "roles" in values else "is_active")


def _refuse_needed(person: Person, *, by: Person, now: datetime) -> None:
    found = dependents.of(person, viewer=by, now=now)
    blocking = [one.text for one in found if one.is_blocking]
    if blocking:
        message = _("%(name)s %(what)s. Hand it over first, then deactivate.")
        raise StillNeeded(
            message % {"name": person.name, "what": "; ".join(blocking)},
            field="is_active",
            extra={"needed_for": blocking},
        )


def _refuse_taken_address(address: str, *, own: int | None) -> None:
    holder = Person.objects.filter(email__iexact=address).exclude(pk=own or 0).first()
    if holder is not None:
        message = _("%(name)s (%(username)s) has this address. One address belongs to one person.")
        raise Invalid(message % {"name": holder.name, "username": holder.username}, field="email", code="address_taken")


def _username(given: str, values: Mapping[str, Any]) -> str:
    if given:
        try:
            chosen = fields.words(given, longest=NAME_LENGTH)
        except fields.Unusable as error:
            raise Invalid(str(error), field="username") from error
        if not usernames.PATTERN.fullmatch(chosen):
            raise Invalid(_("Use small letters, figures, dots and hyphens."), field="username")
        if Person.objects.filter(username__iexact=chosen).exists():
            raise Invalid(_("%s is taken.") % chosen, field="username", code="username_taken")
        return chosen
    name = f"{values['first_name']} {values['last_name']}"
    base = usernames.free(address=values["email"], name=name, taken=())
    taken = {
        one.lower() for one in Person.objects.filter(username__istartswith=base).values_list("username", flat=True)
    }
    return usernames.free(address=values["email"], name=name, taken=taken)


def _staff(person: Person) -> None:
    """Administrators, and nobody else, enter /admin/."""
    person.is_staff = person.is_superuser = Role.ADMINISTRATOR in person.roles


def _set_teams(person: Person, teams: Mapping[str, bool]) -> None:
    """Exactly these teams; a team that is switched off stays where it was and cannot be joined."""
    current = {one.team.slug: one for one in Membership.objects.filter(person=person).select_related("team")}
    known = {team.slug: team for team in Team.objects.filter(slug__in=[*teams])}
    for slug, is_lead in teams.items():
        if slug not in known or (slug not in current and not known[slug].is_active):
            raise Invalid(_("There is no team %s.") % slug, field="teams")
        membership = current.get(slug) or Membership(person=person, team=known[slug])
        membership.is_lead = is_lead
        membership.save()
    Membership.objects.filter(pk__in=[one.pk for slug, one in current.items() if slug not in teams]).delete()
