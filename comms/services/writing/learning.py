"""A word that is right here joins the organisation's dictionary from where it was found misspelt."""

from django.utils.translation import gettext as _

from mim_portal.lib.refusals import Invalid
from teams.models import Person
from teams.services import catalogue

MOST = 60


def add(*, term: str, person: Person) -> str:
    """The word as it stands in the dictionary now; one that is there already is fine."""
    word = " ".join(term.split())
    if not word or len(word) > MOST:
        raise Invalid(_("A word of the dictionary has 1 to %(most)d characters.") % {"most": MOST}, field="term")
    try:
        catalogue.add(of="words", by=person, values={"term": word})
    except Invalid as refusal:
        if refusal.code != "taken":
            raise
    return word
