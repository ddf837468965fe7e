"""Setting who reads what before it leaves. A change is for every text that has not left yet, and is in the audit."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from comms.choices import FAST_KINDS, Reading, UpdateKind
from comms.models import ApprovalPolicy
from comms.queries.recipients import audiences as audience_queries
from comms.queries.writing import policies
from mim_portal.lib.refusals import Forbidden, Invalid
from mim_portal.models import AuditEntry, OrganisationSetting
from teams.models import Person
from teams.rules import roles


@transaction.atomic
def change(*, person: Person, readings: Mapping[tuple[str, str], str], neutral_words: str) -> list[dict[str, str]]:
    """Write the table as it should be, by kind and code of the audience; what changed."""
    if not person.has_role(*roles.POLICY_EDITORS):
        raise Forbidden(_("Who reads what is set by an administrator or the practice lead."))
    if not neutral_words.strip():
        raise Invalid(_("Give the neutral words: they are what can always be sent."), field="neutral_words")
    audiences = {audience.code: audience for audience in audience_queries.active()}
    held = {(cell.kind, cell.audience.code): cell.reading for cell in policies.table()}
    changed = []
    for (kind, code), reading in readings.items():
        if kind in FAST_KINDS:
            raise Invalid(_("Initial and holding updates never wait for a reader."), field=f"{kind}-{code}")
        if kind not in UpdateKind.values or code not in audiences or reading not in Reading.values:
            raise Invalid(_("Choose one of the ways to read it."), field=f"{kind}-{code}")
        if held[kind, code] != reading:
            changed.append({"kind": kind, "audience": code, "from": str(held[kind, code]), "to": str(reading)})
            _write(kind=kind, audience_id=audiences[code].pk, reading=reading)
    if changed:
        AuditEntry.objects.create(actor=person, verb="approval.policy_changed", data={"changed": changed})
    _write_words(person, neutral_words.strip())
    return changed


def _write(*, kind: str, audience_id: int, reading: str) -> None:
    ApprovalPolicy.objects.update_or_create(kind=kind, audience_id=audience_id, defaults={"reading": reading})


def _write_words(person: Person, words: str) -> None:
    before = policies.neutral_words()
    if words == before:
        return
    OrganisationSetting.objects.update_or_create(name=policies.NEUTRAL_WORDS, defaults={"value": words})
    AuditEntry.objects.create(actor=person, verb="approval.neutral_words_changed", data={"from": before, "to": words})
