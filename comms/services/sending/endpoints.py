"""Keeping ways out other than mail: added, changed, switched off, their secrets changed, deliveries sent again.

Address and secret go in and never come out; a webhook's secret is told once, when it is made.
"""

import base64
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from comms.choices import (
    DUE_DELIVERIES,
    FINISHED_DELIVERIES,
    ChannelKind,
    DeliveryState,
    EndpointEvent,
)
from comms.models import Delivery, Endpoint
from comms.queries.recipients import endpoints as queries
from comms.rules import endpoints as rules
from comms.services.sending import other_ways, outbox
from mim_portal.lib import dbtime, nudge, outgoing, sealing
from mim_portal.lib.refusals import Invalid, Missing, Refusal
from mim_portal.models import AuditEntry
from teams.models import Person, Service
from teams.rules import fields, mail_address
from teams.services.cleaning import cleaned

OLD_SECRET_SIGNS_FOR = timedelta(hours=24)
KINDS = tuple(kind for kind in ChannelKind if kind != ChannelKind.EMAIL)
MOST_PER_MINUTE = 6000
OFF = "This channel is switched off."


class Unknown(Missing):
    """There is no such channel or delivery."""


class Outdated(Refusal):
    """Somebody else has changed it since it was read."""

    code = "changed_meanwhile"
    status = 412


@transaction.atomic
def add(*, values: Mapping[str, Any], by: Person) -> tuple[Endpoint, str]:
    """A new way out, and a webhook's secret, which is told this once."""
    given = dict(values)
    kind = given.pop("kind", ChannelKind.WEBHOOK)
    if kind not in KINDS:
        raise Invalid(_("Choose one of %s.") % ", ".join(KINDS), field="kind")
    code = cleaned("code", fields.slug, given.pop("code", ""))
    if Endpoint.objects.filter(code=code).exists():
        raise Invalid(_("%s is taken.") % code, field="code", code="code_taken")
    made = Endpoint(kind=kind, code=code, fallback_mail="")  # until it is saved, a db_default is no text
    secret = new_secret() if kind == ChannelKind.WEBHOOK else ""
    made.secret_sealed = sealing.seal(secret)
    depends = _services(given.pop("depends_on_services", ()))
    _fill(made, {"name": "", "address": "", **given})
    _save(made)
    made.depends_on_services.set(depends)
    _audit("endpoint.added", made, by, {"kind": kind})
    return made, secret


@transaction.atomic
def change(*, code: str, changes: Mapping[str, Any], by: Person, version: str | None = None) -> Endpoint:
    """Change what is sent. One that is switched off sends what waits another way, or says why it does not."""
    found = locked(code)
    before = queries.state(found)
    if version is not None and version != queries.version(found):
        raise Outdated(_("Somebody else has changed this channel in the meantime. Look at it, then change it again."))
    given, was_active = dict(changes), found.is_active
    if "depends_on_services" in given:
        found.depends_on_services.set(_services(given.pop("depends_on_services")))
    _fill(found, given)
    _save(found)
    if was_active and not found.is_active:
        empty(found)
    after = queries.state(found)
    changed = sorted(name for name in after if after[name] != before[name])
    if changes.get("address"):
        changed.append("address")
        found.save(update_fields=forget_tries(found))
    if changed:
        _audit("endpoint.changed", found, by, {"fields": changed})
    return found


def forget_tries(found: Endpoint) -> list[str]:
    """What the old address answered says nothing of a new one; the names of what was changed."""
    found.failures, found.paused_until = 0, None
    found.last_success_at = found.last_failure_at = None
    found.last_error = ""
    return ["failures", "paused_until", "last_success_at", "last_failure_at", "last_error"]


@transaction.atomic
def change_secret(*, code: str, by: Person) -> tuple[Endpoint, str]:
    """A new secret signs from now on; the old one signs beside it for a day, while receivers change."""
    found = locked(code)
    if found.kind != ChannelKind.WEBHOOK:
        raise Refusal(_("Only webhooks are signed."), code="not_signed")
    secret = new_secret()
    replace_secret(found, secret)
    found.save(update_fields=["old_secret_sealed", "secret_sealed", "old_secret_until"])
    _audit("endpoint.secret_changed", found, by, {})
    return found, secret


@transaction.atomic
def redeliver(*, code: str, pk: int, by: Person) -> Delivery:
    """Send what was sent, or given up, once more, under the same id."""
    found = locked(code)
    row = queries.deliveries(found).select_for_update(no_key=True, of=("self",)).filter(pk=pk).first()
    if row is None:
        raise Unknown(_("There is no such delivery."))
    if not found.is_active:
        raise Refusal(_("This channel is switched off. Switch it on first."), code="switched_off")
    if row.state not in FINISHED_DELIVERIES:
        raise Refusal(_("It is on its way already."), code="on_its_way")
    row.state, row.attempts, row.last_error, row.due_at = DeliveryState.PENDING, 0, "", dbtime.now()
    row.save(update_fields=["state", "attempts", "last_error", "due_at"])
    Endpoint.objects.filter(pk=found.pk).update(paused_until=None)
    nudge.nudge(outbox.DELIVER_CHANNELS)
    _audit("endpoint.redelivered", found, by, {"delivery": pk})
    return row


def locked(code: str) -> Endpoint:
    found = queries.own().select_for_update(no_key=True).filter(code=code).first()
    if found is None:
        raise Unknown(_("There is no channel %s.") % code)
    return found


def replace_secret(found: Endpoint, secret: str) -> None:
    """The unsaved row with the new secret; the old one holds beside it for a day."""
    found.old_secret_sealed, found.secret_sealed = found.secret_sealed, sealing.seal(secret)
    found.old_secret_until = dbtime.now() + OLD_SECRET_SIGNS_FOR


def new_secret() -> str:
    """As Standard Webhooks has them: 24 random bytes."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


def empty(found: Endpoint) -> None:
    """Nothing waits for a channel that is off."""
    waiting = Delivery.objects.filter(endpoint_id=found.pk, state__in=DUE_DELIVERIES)
    ids = list(waiting.values_list("pk", flat=True))
    waiting.filter(pk__in=ids).update(state=DeliveryState.SUPPRESSED, last_error=OFF)
    other_ways.go(ids, states=[DeliveryState.SUPPRESSED])


def _fill(row: Endpoint, values: Mapping[str, Any]) -> None:
    unknown = sorted(set(values) - set(_SETTERS))
    if unknown:
        raise Invalid(_("There is no field %s.") % ", ".join(unknown), field=unknown[0])
    for name, value in values.items():
        _SETTERS[name](row, value)
    if row.fallback is not None and row.fallback_mail:
        raise Invalid(_("Choose one: another channel, or a mailbox."), field="fallback_mail")
    if row.events and row.kind != ChannelKind.WEBHOOK:
        raise Invalid(_("Only webhooks are told of events. People read updates."), field="events")


def _save(row: Endpoint) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        message = _("Another SMS provider is in use. Switch it off first.")
        raise Invalid(message, field="is_active", code="sms_in_use") from error


def set_name(row: Endpoint, value: Any) -> None:
    row.name = cleaned("name", lambda text: fields.words(text, longest=120), str(value))
    if not row.name:
        raise Invalid(_("This needs a few words."), field="name")


def _set_address(row: Endpoint, value: Any) -> None:
    if row.address_sealed and not value:
        return  # it is never shown, so that an empty field keeps it
    seal_address(row, str(value), is_called=row.kind != ChannelKind.SMS)


def seal_address(row: Endpoint, typed: str, *, is_called: bool) -> None:
    """The address as it is kept; `is_called` where the portal itself connects to it, so that it has to be outside."""
    kept = cleaned("address", lambda text: rules.address(row.kind, text), typed)
    if is_called:
        try:
            outgoing.check(kept)
        except outgoing.Forbidden as error:
            raise Invalid(str(error), field="address") from error
    row.address_sealed, row.host = sealing.seal(kept), rules.host(row.kind, kept)


def _set_fallback(row: Endpoint, value: Any) -> None:
    row.fallback = None
    if value:
        row.fallback = queries.own().filter(code=str(value)).exclude(pk=row.pk).first()
        if row.fallback is None or row.fallback.kind == ChannelKind.SMS:
            raise Invalid(_("Choose another channel that is not SMS."), field="fallback")


def _set_fallback_mail(row: Endpoint, value: Any) -> None:
    row.fallback_mail = cleaned("fallback_mail", mail_address.normalised, str(value)) if value else ""


def _services(named: Iterable[str]) -> list[Service]:
    slugs = set(named)
    found = list(Service.objects.filter(slug__in=slugs))
    if missing := slugs - {service.slug for service in found}:
        raise Invalid(_("There is no service %s.") % ", ".join(sorted(missing)), field="depends_on_services")
    return found


def _set_events(row: Endpoint, value: Any) -> None:
    row.events = sorted(set(value))
    if unknown := sorted(set(row.events) - set(EndpointEvent.values)):
        raise Invalid(_("There is no event %s.") % ", ".join(unknown), field="events")


def _set_per_minute(row: Endpoint, value: Any) -> None:
    if not isinstance(value, int) or not 1 <= value <= MOST_PER_MINUTE:
        raise Invalid(_("Give a number from 1 to %d.") % MOST_PER_MINUTE, field="per_minute")
    row.per_minute = value


def flag(name: str) -> Callable[[Endpoint, Any], None]:
    return lambda row, value: setattr(row, name, bool(value))


_SETTERS: Mapping[str, Callable[[Endpoint, Any], None]] = {
    "name": set_name,
    "address": _set_address,
    "fallback": _set_fallback,
    "fallback_mail": _set_fallback_mail,
    "events": _set_events,
    "per_minute": _set_per_minute,
    **{name: flag(name) for name in ("is_active", "is_technical", "hears_private", "hears_exercises")},
}


def _audit(verb: str, row: Endpoint, by: Person, data: dict[str, Any]) -> None:
    AuditEntry.objects.create(actor=by, verb=verb, subject=f"channel {row.code}"[:200], data=data)
