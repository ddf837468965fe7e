"""Keeping audiences: who they are, in which words they are written to, and which addresses they have."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from comms.choices import ChannelKind, UsedFor
from comms.models import Audience, Recipient
from comms.queries.recipients import endpoints
from comms.queries.recipients import recipients as queries
from comms.rules import recipients as rules
from mim_portal.lib.refusals import Invalid, Missing, Refusal
from mim_portal.models import AuditEntry
from teams.models import Person, Service, Site
from teams.rules import fields
from teams.services.cleaning import cleaned


class Unknown(Missing):
    """There is no such audience or address."""


class Outdated(Refusal):
    """Somebody else has changed it since it was read."""

    code = "changed_meanwhile"
    status = 412


@transaction.atomic
def add(*, values: Mapping[str, Any], by: Person) -> Audience:
    """An audience of the organisation's own; its code is its name in addresses and stays for good."""
    given = dict(values)
    code = cleaned("code", fields.slug, given.pop("code", ""))
    if Audience.objects.filter(code__iexact=code).exists():
        raise Invalid(_("%s is taken.") % code, field="code", code="code_taken")
    made = Audience(code=code)
    _fill(made, {"name": "", **given})
    made.save()
    _audit("audience.added", made, by, {})
    return made


@transaction.atomic
def change(*, code: str, changes: Mapping[str, Any], by: Person, version: str | None = None) -> Audience:
    """Change what is sent; an audience that a running incident owes updates stays switched on."""
    found = _locked(code)
    if version is not None and version != queries.version(found):
        raise Outdated(_("Somebody else has changed this audience in the meantime. Look at it, then change it again."))
    before = queries.state(found)
    _fill(found, changes)
    if before["is_active"] and not found.is_active and (owed := queries.owed_by(found)):
        message = _("Running incidents owe it updates: %(count)d. Switch it off when they have ended.")
        raise Refusal(message % {"count": owed}, code="owed")
    found.save()
    changed = sorted(name for name, value in queries.state(found).items() if value != before[name])
    if changed:
        _audit("audience.changed", found, by, {"fields": changed})
    return found


@transaction.atomic
def add_recipient(*, audience: str, values: Mapping[str, Any], by: Person) -> Recipient:
    """One more address."""
    found = _locked(audience)
    made = Recipient(audience=found)
    _fill_recipient(made, values)
    _save_once(made)
    _audit("recipient.added", found, by, {"recipient": made.pk})
    return made


@transaction.atomic
def change_recipient(*, audience: str, pk: int, changes: Mapping[str, Any], by: Person) -> Recipient:
    """Another address, another use, or switched off: messages that are on their way still go there."""
    found = _locked(audience)
    row = queries.one(found, pk)
    if row is None:
        raise Unknown(_("There is no such address."))
    _fill_recipient(row, changes)
    _save_once(row)
    _audit("recipient.changed", found, by, {"recipient": pk, "fields": sorted(changes)})
    return row


def address_of(row: Recipient) -> rules.Address:
    """The row as files have it."""
    return rules.Address(
        channel=row.channel,
        address=row.address,
        service=row.service.slug if row.service else "",
        site=row.site.slug if row.site else "",
        used_for=row.used_for,
        is_active=row.is_active,
    )


def _fill(audience: Audience, values: Mapping[str, Any]) -> None:
    unknown = sorted(set(values) - set(queries.AUDIENCE_FIELDS))
    if unknown:
        raise Invalid(_("There is no field %s.") % ", ".join(unknown), field=unknown[0])
    for name, value in values.items():
        setattr(audience, name, _CLEANERS[name](value) if name in _CLEANERS else bool(value))
    if audience.is_technical and (audience.is_plain or audience.is_public):
        raise Invalid(_("Technical words and plain words exclude each other: choose one."), field="is_technical")


def _name(value: Any) -> str:
    name: str = cleaned("name", lambda text: fields.words(text, longest=120), str(value))
    if not name:
        raise Invalid(_("This needs a few words."), field="name")
    return name


def _position(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value <= 32767:
        raise Invalid(_("Give a number from 0 to 32767."), field="position")
    return value


_CLEANERS: Mapping[str, Callable[[Any], Any]] = {
    "name": _name,
    "position": _position,
    "roles": lambda value: list(cleaned("roles", fields.roles, value)),
}


def _fill_recipient(row: Recipient, values: Mapping[str, Any]) -> None:
    given = dict(values)
    row.channel = _choice("channel", given.pop("channel", row.channel), ChannelKind.values)
    row.used_for = _choice("used_for", given.pop("used_for", row.used_for), UsedFor.values)
    row.address = cleaned("address", lambda text: rules.cleaned(row.channel, text), given.pop("address", row.address))
    if unknown := endpoints.unknown(row.channel, row.address):
        raise Invalid(unknown, field="address", code="unknown_channel")
    if "service" in given:
        row.service = _named("service", Service, given.pop("service"))
    if "site" in given:
        row.site = _named("site", Site, given.pop("site"))
    if "is_active" in given:
        row.is_active = bool(given.pop("is_active"))
    if given:
        raise Invalid(_("There is no field %s.") % ", ".join(sorted(given)), field=min(given))


def _save_once(row: Recipient) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Invalid(_("This address is on the list already."), field="address", code="recipient_exists") from error


def _choice(field: str, value: Any, known: list[str]) -> str:
    if value not in known:
        raise Invalid(_("Choose one of %s.") % ", ".join(known), field=field)
    return str(value)


def _named(field: str, model: type[Any], slug: Any) -> Any:
    if not slug:
        return None
    found = model.objects.filter(slug=slug).first()
    if found is None:
        raise Invalid(_("There is no %(field)s %(slug)s.") % {"field": field, "slug": slug}, field=field)
    return found


def _locked(code: str) -> Audience:
    found = Audience.objects.select_for_update(no_key=True).filter(code=code).first()
    if found is None:
        raise Unknown(_("There is no audience %s.") % code)
    return found


def _audit(verb: str, audience: Audience, by: Person, data: dict[str, Any]) -> None:
    AuditEntry.objects.create(actor=by, verb=verb, subject=f"audience {audience.code}"[:200], data=data)
