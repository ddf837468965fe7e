"""Setting how often which audience hears. A change is for incidents declared from now on, and is in the audit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from comms.models import Audience, CadencePolicy, ServiceAudience
from comms.queries.promises import cadences as queries
from comms.rules.promises import policies
from incidents.choices import Priority
from mim_portal.lib.refusals import Forbidden, Invalid, Missing
from mim_portal.models import AuditEntry
from teams.models import Person, Service
from teams.rules import roles


class UnknownPolicy(Missing):
    """There is no such priority or audience."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One row as it should be; empty minutes mean on change only."""

    priority: str
    audience: str
    minutes: Mapping[str, int | None]
    is_owed: bool


@transaction.atomic
def change(*, person: Person, rows: Sequence[Wanted]) -> list[str]:
    """Write the rows that differ, all or none, each with its audit entry; what to think about, in words."""
    _may_edit(person)
    held = {(row.priority, row.audience.code): row for row in queries.table()}
    advice = []
    for wanted in rows:
        before = held.get((wanted.priority, wanted.audience))
        if before is None:
            raise UnknownPolicy(_("There is no cadence of %s.") % f"{wanted.priority} {wanted.audience}")
        found = policies.fault(wanted.minutes)
        if found is not None:
            name, message = found
            raise Invalid(message, code="invalid_cadence", field=f"{before.key}-{name}")
        if (dict(wanted.minutes), wanted.is_owed) == (dict(before.minutes), before.is_owed):
            continue
        _write(before, wanted, person=person, verb="cadence.changed")
        if words := policies.advice(wanted.minutes):
            advice.append(f"{before.priority}, {before.audience.name}: {words}")
    return advice


@transaction.atomic
def reset(*, person: Person, priority: str, audience: str) -> queries.Row:
    """One row as the profession has it."""
    _may_edit(person)
    chosen = Audience.objects.filter(code=audience, is_active=True).first()
    if chosen is None or priority not in Priority.values:
        raise UnknownPolicy(_("There is no cadence of %s.") % f"{priority} {audience}")
    policy = CadencePolicy.objects.filter(priority=priority, audience=chosen).first()
    before = queries.row(priority, chosen, policy)
    wanted = Wanted(priority=priority, audience=audience, minutes=before.default, is_owed=before.default_owed)
    if not before.is_default:
        _write(before, wanted, person=person, verb="cadence.reset")
    return queries.row(priority, chosen, CadencePolicy.objects.get(priority=priority, audience=chosen))


@transaction.atomic
def differ(*, person: Person, service: Service, audience: Audience, is_owed: bool | None) -> None:
    """Whether this service owes the audience updates by default; None: as its priority says."""
    _may_edit(person)
    rows = ServiceAudience.objects.filter(service=service, audience=audience)
    before = rows.values_list("is_owed", flat=True).first()
    if before == is_owed:
        return
    if is_owed is None:
        rows.delete()
    else:
        ServiceAudience.objects.update_or_create(service=service, audience=audience, defaults={"is_owed": is_owed})
    data = {"audience": audience.code, "from": before, "to": is_owed}
    AuditEntry.objects.create(actor=person, verb="cadence.service_differs", subject=service.slug, data=data)


def _may_edit(person: Person) -> None:
    if not person.has_role(*roles.POLICY_EDITORS):
        raise Forbidden(_("How often audiences hear is set by an administrator or the practice lead."))


def _write(before: queries.Row, wanted: Wanted, *, person: Person, verb: str) -> None:
    CadencePolicy.objects.update_or_create(
        priority=before.priority,
        audience=before.audience,
        defaults={**wanted.minutes, "is_owed": wanted.is_owed},
    )
    AuditEntry.objects.create(
        actor=person,
        verb=verb,
        subject=before.key,
        data={
            "from": {**before.minutes, "is_owed": before.is_owed},
            "to": {**wanted.minutes, "is_owed": wanted.is_owed},
        },
    )
