"""Keeping the organisation's templates: saved as versions, taken back, given up for the built-in ones."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from comms.choices import UpdateKind
from comms.models import Audience, MessageTemplate, TemplateVersion
from comms.queries.writing import templates as queries
from comms.rendering import draft_values, drafts
from comms.rules import templates as rules
from comms.rules.templates import Parts
from mim_portal.lib.refusals import Invalid, Missing, Refusal
from mim_portal.models import AuditEntry
from teams.models import Person


class Faulty(Invalid):
    """A template cannot be used as it is written; `faults` says which part, which line, and why."""

    code = "faulty"


class ChangedMeanwhile(Refusal):
    """Somebody else saved another version."""

    code = "changed_meanwhile"
    status = 412


class Unknown(Missing):
    """There is no such template or version."""


@transaction.atomic
def save(
    *, kind: str, audience: str, parts: Mapping[str, str], by: Person, now: datetime, version: int | None = None
) -> TemplateVersion:
    """One more version, in use from now on. `version` is the newest that its author had read, 0 without one."""
    given = Parts(**{name: str(parts.get(name, "")).replace("\r\n", "\n").strip() for name in rules.PARTS})
    _refuse_faulty(given, kind=kind)
    template = _lock(kind=kind, audience=audience, make=True)
    newest = queries.newest(template)
    number = newest.number if newest else 0
    if version is not None and version != number:
        raise ChangedMeanwhile(
            _("Somebody else saved this template while you were writing. Your text is kept here: compare, then save."),
            extra={"version": number},
        )
    if newest is not None and template.is_in_use and queries.parts(newest) == given:
        return newest
    return _append(template, given, by=by, now=now, number=number + 1)


@transaction.atomic
def revert(*, kind: str, audience: str, number: int, by: Person, now: datetime) -> TemplateVersion:
    """Take an old version up again; the ones between stay."""
    template = _lock(kind=kind, audience=audience)
    old = queries.versions(template).filter(number=number).first()
    newest = queries.newest(template)
    if old is None or newest is None:
        raise Unknown(_("There is no version %(number)s of this template.") % {"number": number})
    _refuse_faulty(queries.parts(old), kind=kind)
    return _append(template, queries.parts(old), by=by, now=now, number=newest.number + 1, reverts_to=number)


@transaction.atomic
def use_built_in(*, kind: str, audience: str, by: Person) -> None:
    """Messages begin with the built-in template again; the versions stay and can be taken up."""
    template = _lock(kind=kind, audience=audience)
    if not template.is_in_use:
        return
    template.is_in_use, template.fault, template.fault_at = False, "", None
    template.save()
    _audit("template.switched_off", template, by, {})


def faults_of(parts: Parts, *, kind: str) -> tuple[drafts.Fault, ...]:
    """What is wrong with a template, tried on the made-up incident."""
    texts, faults = drafts.rendered(parts, draft_values.sample() | {"kind": str(UpdateKind(kind).label)})
    gap = drafts.gap(texts.body) if kind == UpdateKind.HOLDING else None
    return (*faults, gap) if gap else faults


def _refuse_faulty(parts: Parts, *, kind: str) -> None:
    if kind not in rules.KINDS:
        raise Unknown(_("There are no templates for this kind of update."))
    faults = faults_of(parts, kind=kind)
    if faults:
        first = faults[0]
        raise Faulty(
            _("Line %(line)s: %(fault)s") % {"line": first.line, "fault": first.message},
            field=first.part,
            extra={"faults": [{"part": one.part, "line": one.line, "message": one.message} for one in faults]},
        )


def _lock(*, kind: str, audience: str, make: bool = False) -> MessageTemplate:
    found = Audience.objects.filter(code=audience).first()
    if found is None or kind not in rules.KINDS:
        raise Unknown(_("There is no such template."))
    named = {"kind": kind, "audience": found, "language": settings.LANGUAGE_CODE}
    if make:
        MessageTemplate.objects.bulk_create([MessageTemplate(**named)], ignore_conflicts=True)
    locked = MessageTemplate.objects.select_for_update(no_key=True, of=("self",)).select_related("audience")
    template = locked.filter(**named).first()
    if template is None:
        raise Unknown(_("The built-in template is in use here."))
    return template


def _append(
    template: MessageTemplate, parts: Parts, *, by: Person, now: datetime, number: int, reverts_to: int | None = None
) -> TemplateVersion:
    made = TemplateVersion.objects.create(
        template=template, number=number, author=by, saved_at=now, reverts_to=reverts_to, **parts.as_dict()
    )
    template.is_in_use, template.fault, template.fault_at = True, "", None
    template.save()
    data = {"version": number} | ({"reverts_to": reverts_to} if reverts_to else {})
    _audit("template.saved", template, by, data)
    return made


def _audit(verb: str, template: MessageTemplate, by: Person, data: dict[str, int]) -> None:
    subject = f"template {template.kind} {template.audience.code}"
    AuditEntry.objects.create(actor=by, verb=verb, subject=subject[:200], data=data)
