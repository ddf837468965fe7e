"""Choosing the language of updates. It holds for what is begun from now on; a text keeps the one it was begun in."""

from django.db import transaction
from django.utils.translation import gettext as _

from comms.choices import Language
from comms.queries.writing import languages
from mim_portal.lib.refusals import Forbidden, Invalid
from mim_portal.models import AuditEntry, OrganisationSetting
from teams.models import Person
from teams.rules import roles


@transaction.atomic
def change(*, person: Person, language: str) -> bool:
    """Write the organisation's language, with an audit entry; whether anything changed."""
    if not person.has_role(*roles.POLICY_EDITORS):
        raise Forbidden(_("The language of updates is set by an administrator or the practice lead."))
    before = languages.current()
    if language == before:
        return False
    if language not in Language.values:
        raise Invalid(
            _("The language checker cannot read this language here. Choose one of the list."), field="language"
        )
    OrganisationSetting.objects.update_or_create(name=languages.LANGUAGE, defaults={"value": language})
    AuditEntry.objects.create(actor=person, verb="language.changed", data={"from": before, "to": language})
    return True
