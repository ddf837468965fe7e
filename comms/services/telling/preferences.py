"""What a person wants to hear of, set by the person alone."""

from collections.abc import Collection
from datetime import time

from django.db import transaction
from django.utils.translation import gettext as _

from comms.choices import WAKES_BY_DEFAULT, WakeReason
from comms.models import NoticePreference
from mim_portal.lib.refusals import Invalid
from teams.choices import Role
from teams.models import Person


def of(person: Person) -> NoticePreference:
    """The person's own, or what holds without: only a decision wakes and nothing is quiet."""
    found = NoticePreference.objects.filter(person=person).first()
    return found or NoticePreference(person=person, wakes=list(WAKES_BY_DEFAULT))


@transaction.atomic
def change(
    *, person: Person, wakes: Collection[str], quiet_from: time | None, quiet_until: time | None
) -> NoticePreference:
    """Write what the person chose. It is theirs: nobody else reads or changes it."""
    unknown = set(wakes) - set(WakeReason.values)
    if unknown:
        raise Invalid(_("There is no such reason: %s.") % ", ".join(sorted(unknown)), field="wakes")
    if not person.has_role(Role.EXECUTIVE) and set(wakes) - set(of(person).wakes):
        raise Invalid(_("Only executives choose what wakes them."), code="not_yours", field="wakes")
    if (quiet_from is None) != (quiet_until is None):
        field = "quiet_until" if quiet_until is None else "quiet_from"
        raise Invalid(_("Give both ends of the quiet hours, or leave both empty."), code="required", field=field)
    if quiet_from is not None and quiet_from == quiet_until:
        raise Invalid(_("They would never end: give two different times."), field="quiet_until")
    values = {
        "wakes": [one for one in WakeReason.values if one in wakes],
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
    }
    made, _is_new = NoticePreference.objects.update_or_create(person=person, defaults=values)
    return made
