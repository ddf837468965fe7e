"""The one fix of a month: what changes in the form or in what the desk knows, agreed by desk and practice."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from incidents.models import IntakeFix
from incidents.rules import intake_trends
from incidents.services.desk import desk_words
from mim_portal.lib.refusals import Invalid, Refusal
from mim_portal.models import AuditEntry
from teams.choices import Role
from teams.models import Person

OWNER_ROLES = (Role.SERVICE_DESK_LEAD, Role.PRACTICE_LEAD)


@transaction.atomic
def agree(*, month: date, deficit: str, text: str, owner_role: str, person: Person, now: datetime) -> IntakeFix:
    """One fix a month, for one deficit, with a role that owns it. It is measured again after ten handovers."""
    if deficit not in intake_trends.DEFICITS:
        raise Invalid(_("Choose what the fix is for."), field="deficit")
    if owner_role not in OWNER_ROLES:
        raise Invalid(_("The desk lead or the practice lead owns it."), field="owner_role")
    if not text.strip():
        raise Invalid(_("Say what changes in the form or in what the desk knows."), code="required", field="text")
    first = intake_trends.first_of(month)
    if first > now.date():
        raise Invalid(_("That month has not begun."), field="month")
    desk_words.check({"text": text})
    try:
        with transaction.atomic():
            fix = IntakeFix.objects.create(
                month=first, deficit=deficit, text=text.strip()[:300], owner_role=owner_role, agreed_by=person,
                agreed_at=now,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refusal(_("This month has its fix. One at a time is measured."), code="already_agreed") from error
    AuditEntry.objects.create(actor=person, verb="desk.fix_agreed", subject=f"{first:%Y-%m}", data={"deficit": deficit})
    return fix
