"""What practice and desk write to each other is about the record: a named person stops it, blame is pointed at."""

import dataclasses
from collections.abc import Mapping

from django.utils.translation import gettext as _

from mim_portal.lib import blame_lint
from mim_portal.lib.findings import Finding
from mim_portal.lib.refusals import Invalid
from teams.models import Person

STOPS, SUGGESTS = "B00", "B07"


def check(texts: Mapping[str, str]) -> list[Finding]:
    """Suggestions by field for texts that may stand; a person who is named refuses at the field."""
    names = [person.name for person in Person.objects.exclude(roles=[]).only("username", "first_name", "last_name")]
    found: list[Finding] = []
    for name, text in texts.items():
        for finding in blame_lint.lint(text, names=names, codes=(STOPS, SUGGESTS)):
            if finding.code == STOPS:
                message = _("“%s” names a person. Write the role, or what the record said.") % finding.text
                raise Invalid(message, code="names_a_person", field=name)
            found.append(dataclasses.replace(finding, field=name))
    return found
