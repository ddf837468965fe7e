"""Where a team is paged: kept by the team itself and by administrators. Keys, addresses and secrets go in and never
come out; what has to be copied into the other tool is told once.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from comms.choices import COSTLY_PAGES, FOLLOWED_PAGES, PagedFor, PagingKind
from comms.models import Endpoint
from comms.queries import paging as queries
from comms.rules import paging as rules
from comms.rules import recipients
from comms.services.paging import keys
from comms.services.sending import endpoints
from mim_portal.lib import sealing
from mim_portal.lib.refusals import Forbidden, Invalid, Missing
from mim_portal.models import AuditEntry
from teams.choices import CallHours
from teams.models import Person, Team
from teams.rules import roles
from teams.services.cleaning import cleaned

MOST = 20
_DEFAULTS = {PagingKind.PAGERDUTY: rules.PAGERDUTY, PagingKind.OPSGENIE: rules.OPSGENIE}


class Unknown(Missing):
    """The team is not paged by this."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """A target, and what is told of it this once: the address that takes answers, a webhook's secret."""

    target: Endpoint
    answers: str = ""
    secret: str = ""


@transaction.atomic
def add(*, team: Team, values: Mapping[str, Any], by: Person) -> Made:
    """A new target. Text messages and calls cost, so that an administrator sets them up."""
    queries.allowed(team=team, person=by)
    kind = str(values.get("kind", ""))
    if kind not in PagingKind.values:
        raise Invalid(_("Choose one of %s.") % ", ".join(PagingKind.values), field="kind")
    if kind in COSTLY_PAGES and not by.has_role(*roles.ADMINISTRATORS):
        raise Forbidden(_("Text messages and calls cost money. Ask an administrator to add them."))
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    if queries.of_team(team).count() >= MOST:
        raise Invalid(_("A team has %d targets at most.") % MOST)
    made = Endpoint(kind=kind, team=team, fallback_mail="", key_sealed="", number="", address_sealed="")
    made.code = f"page-{team.slug[:30]}-{secrets.token_hex(5)}"
    secret = endpoints.new_secret() if kind == PagingKind.WEBHOOK else ""
    made.secret_sealed = sealing.seal(secret)
    followed = kind in FOLLOWED_PAGES
    made.inbound_sealed = sealing.seal(keys.new_inbound()) if followed else ""
    given = {"name": str(made.get_kind_display()), "address": "", "key": "", "number": ""}
    _fill(made, given | {name: value for name, value in values.items() if name != "kind"})
    made.save()
    _audit("paging.added", made, by, {"kind": kind})
    return Made(target=made, answers=keys.inbound_address(made) if followed else "", secret=secret)


@transaction.atomic
def change(*, team: Team, code: str, changes: Mapping[str, Any], by: Person) -> Endpoint:
    """What is not sent, or sent empty where it is secret, stays. One that is switched off keeps its record; what waits
    for it goes by its other way.
    """
    found = locked(team, code, by=by)
    if found.kind in COSTLY_PAGES and not by.has_role(*roles.ADMINISTRATORS):
        raise Forbidden(_("Text messages and calls cost money. Ask an administrator to change them."))
    was_active = found.is_active
    _fill(found, changes)
    if changes.get("address") or changes.get("key"):
        endpoints.forget_tries(found)
    found.save()
    if was_active and not found.is_active:
        endpoints.empty(found)
    _audit("paging.changed", found, by, {"fields": sorted(name for name in changes if changes[name] != "")})
    return found


@transaction.atomic
def new_address(*, team: Team, code: str, by: Person) -> Made:
    """Another address for its answers, and a webhook's new secret; the former address takes nothing any more."""
    found = locked(team, code, by=by)
    if found.kind not in FOLLOWED_PAGES:
        raise Invalid(_("A phone answers by the link in its message."))
    found.inbound_sealed = sealing.seal(keys.new_inbound())
    secret = ""
    if found.kind == PagingKind.WEBHOOK:
        secret = endpoints.new_secret()
        endpoints.replace_secret(found, secret)
    found.save()
    _audit("paging.address_changed", found, by, {})
    return Made(target=found, answers=keys.inbound_address(found), secret=secret)


def locked(team: Team, code: str, *, by: Person) -> Endpoint:
    """One target of the team, for whoever may change it."""
    queries.allowed(team=team, person=by)
    found = Endpoint.objects.select_for_update(no_key=True).filter(team=team, code=code).first()
    if found is None:
        raise Unknown(_("The team is not paged by this."))
    return found


def _fill(row: Endpoint, values: Mapping[str, Any]) -> None:
    unknown = sorted(set(values) - set(_SETTERS))
    if unknown:
        raise Invalid(_("There is no field %s.") % ", ".join(unknown), field=unknown[0])
    for name, value in values.items():
        _SETTERS[name](row, value)


def _address(row: Endpoint, value: Any) -> None:
    typed = str(value).strip()
    if row.address_sealed and not typed:
        return  # it is never shown, so that an empty field keeps it
    endpoints.seal_address(
        row, typed or _DEFAULTS.get(PagingKind(row.kind), ""), is_called=row.kind not in COSTLY_PAGES
    )


def _key(row: Endpoint, value: Any) -> None:
    if row.kind not in _DEFAULTS:
        if value:
            raise Invalid(_("Only PagerDuty and Opsgenie have a key."), field="key")
        return
    if row.key_sealed and not value:
        return
    row.key_sealed = sealing.seal(cleaned("key", lambda text: rules.key(row.kind, text), str(value)))


def _secret(row: Endpoint, value: Any) -> None:
    """The secret that PagerDuty gives to whoever subscribes a webhook; a webhook of ours makes its own."""
    if not value:
        return
    if row.kind != PagingKind.PAGERDUTY:
        raise Invalid(_("Only PagerDuty gives a secret."), field="secret")
    plain = str(value).strip()
    if not plain.isascii() or not plain.isprintable() or not 8 <= len(plain) <= 200:
        raise Invalid(_("Paste the secret that PagerDuty showed for the webhook."), field="secret")
    row.secret_sealed = sealing.seal(plain)


def _number(row: Endpoint, value: Any) -> None:
    if row.kind in COSTLY_PAGES:
        row.number = cleaned("number", recipients.number, str(value))
    elif value:
        raise Invalid(_("Only text messages and calls have a number."), field="number")


def _other_way(row: Endpoint, value: Any) -> None:
    """The target that is paged where this one takes nothing, instead of at once; never in a circle."""
    row.fallback = None
    if not value:
        return
    found = Endpoint.objects.filter(team=row.team, code=str(value)).exclude(pk=row.pk).first()
    if found is None:
        raise Invalid(_("Choose another target of the team."), field="other_way")
    seen: Endpoint | None = found
    while seen is not None:
        if seen.pk == row.pk:
            raise Invalid(
                _("That target falls back to this one: then nobody would be paged at once."), field="other_way"
            )
        seen = seen.fallback
    row.fallback = found


def _choice(name: str, choices: type[TextChoices], *, empty: str = CallHours.ALWAYS) -> Callable[[Endpoint, Any], None]:
    def put(row: Endpoint, value: Any) -> None:
        plain = str(value or "") or empty
        if plain and plain not in choices.values:
            raise Invalid(_("Choose one of %s.") % ", ".join(choices.values), field=name)
        setattr(row, name, plain)

    return put


_SETTERS = {
    "name": endpoints.set_name,
    "address": _address,
    "key": _key,
    "secret": _secret,
    "number": _number,
    "other_way": _other_way,
    "hours": _choice("hours", CallHours),
    "lowest": _choice("lowest", PagedFor, empty=""),
    "is_active": endpoints.flag("is_active"),
    "hears_exercises": endpoints.flag("hears_exercises"),
}


def _audit(verb: str, row: Endpoint, by: Person, data: dict[str, Any]) -> None:
    AuditEntry.objects.create(actor=by, verb=verb, subject=f"paging {row.code}"[:200], data=data)
