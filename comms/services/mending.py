"""Putting right what a check found, on a person's request: one replacement, or all spacing and punctuation at once."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from comms.models import Finding, Update
from comms.queries import updates as update_queries
from comms.rules import check_leftovers, language
from comms.services import checking, updates
from mim_portal.lib.refusals import Refusal
from teams.models import Person

_TEXTS = ("subject", "body")


class Moved(Refusal):
    """The words that the finding was about are no longer there."""

    code = "finding_moved"


@transaction.atomic
def replace(*, update_id: int, finding_id: int, choice: int, person: Person, now: datetime) -> Update:
    """Put the suggestion in the place of the words that were found, wherever an edit has moved them."""
    update = updates.lock(update_id=update_id, person=person)
    found = Finding.objects.filter(update=update, pk=finding_id, part__in=_TEXTS).first()
    if found is None or choice >= len(found.suggestions):
        raise Moved(_("That finding is no longer there. Check the text again."))
    text: str = getattr(update, found.part)
    start = found.start if text[found.start : found.end] == found.text else text.find(found.text)
    if start < 0 or not found.text:
        raise Moved(_("Those words are no longer in the text. Check it again."))
    mended = text[:start] + found.suggestions[choice] + text[start + len(found.text) :]
    return updates.edit(update_id=update_id, person=person, revision=None, fields={found.part: mended}, now=now)


@transaction.atomic
def tidy(*, update_id: int, person: Person, now: datetime) -> Update:
    """Put spacing and punctuation right, as far as that needs no judgement."""
    update = updates.lock(update_id=update_id, person=person)
    rows = update_queries.findings(update, content_hash=update_queries.content_hash(update))
    subject = language.mend(update.subject, [checking.as_found(row) for row in rows if row.part == "subject"])
    body = language.mend(update.body, [checking.as_found(row) for row in rows if row.part == "body"])
    fields = {"subject": " ".join(subject.split()), "body": check_leftovers.tidy(body)}
    return updates.edit(update_id=update_id, person=person, revision=None, fields=fields, now=now)
