"""Putting right what a check found, on a person's request: one replacement, or all spacing and punctuation at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from comms.models import Finding, Update
from comms.queries.writing import texts
from comms.queries.writing import updates as update_queries
from comms.rules import texts as text_rules
from comms.rules.checking.wording import check_leftovers, language
from comms.services.writing import checking, updates
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
    read = text_rules.read_by(texts.core(update), update.texts, audience=found.audience)
    text: str = getattr(read, found.part)
    if not found.text:  # a sentence that is missing: it is added at the end
        mended = f"{text.rstrip()} {found.suggestions[choice].strip()}"
    else:
        start = found.start if text[found.start : found.end] == found.text else text.find(found.text)
        if start < 0:
            raise Moved(_("Those words are no longer in the text. Check it again."))
        mended = text[:start] + found.suggestions[choice] + text[start + len(found.text) :]
    fields = _in_text(update, found.audience, {found.part: mended})
    return updates.edit(update_id=update_id, person=person, revision=None, fields=fields, now=now)


@transaction.atomic
def tidy(*, update_id: int, person: Person, now: datetime) -> Update:
    """Put spacing and punctuation right, as far as that needs no judgement."""
    update = updates.lock(update_id=update_id, person=person)
    rows = update_queries.findings(update, content_hash=update_queries.content_hash(update))
    fields = _tidy(texts.core(update), [row for row in rows if not row.audience], tag=update.language)
    own = {
        code: _own(update, code, _tidy(read, [row for row in rows if row.audience == code], tag=update.language))
        for code, read in texts.adapted(update).items()
    }
    return updates.edit(
        update_id=update_id, person=person, revision=None, fields={**fields, "texts": own} if own else fields, now=now
    )


def _tidy(read: text_rules.Text, rows: Sequence[Finding], *, tag: str) -> dict[str, str]:
    subject = language.mend(read.subject, [checking.as_found(row) for row in rows if row.part == "subject"])
    body = language.mend(read.body, [checking.as_found(row) for row in rows if row.part == "body"])
    return {"subject": " ".join(subject.split()), "body": check_leftovers.tidy(body, language=tag)}


def _own(update: Update, audience: str, parts: dict[str, str]) -> dict[str, str]:
    """Without what the text takes from the core one."""
    return {part: words for part, words in parts.items() if update.texts[audience].get(part)}


def _in_text(update: Update, audience: str, parts: dict[str, str]) -> dict[str, Any]:
    """The change of one text as the verb takes it."""
    return {"texts": {audience: {**update.texts.get(audience, {}), **parts}}} if audience else dict(parts)
