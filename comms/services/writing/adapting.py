"""Words of its own for one audience: they begin as the text for everybody, or as the template of that audience does."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from comms.choices import TextSource
from comms.models import Update
from comms.rules.texts import Text
from comms.services.writing import beginning, updates
from mim_portal.lib.refusals import Invalid
from teams.models import Person


@transaction.atomic
def adapt(*, update_id: int, person: Person, audience: str, source: str, now: datetime) -> Update:
    """Begin them; where that audience has words of its own already these stay as they are, so nothing typed is lost.

    The core text is never touched. A template that has nothing to say leaves the core text to begin with.
    """
    update = updates.lock(update_id=update_id, person=person)
    updates.refuse_sent(update)
    readers = update.audiences.filter(code=audience).first()
    if readers is None:
        raise Invalid(_("This message does not go to them: choose them among its readers first."), field="audience")
    if update.texts.get(audience):
        return update
    begun = Text(subject="", body="")
    if source == TextSource.TEMPLATE:
        begun = beginning.begin(
            incident=update.incident,
            kind=update.kind,
            audiences=[readers],
            next_update_at=update.next_update_at,
            now=now,
        )
    text = {"subject": begun.subject, "body": begun.body} if begun.body else {"body": update.body}
    fields = {"texts": {audience: text}}
    return updates.edit(update_id=update.pk, person=person, revision=None, fields=fields, now=now)
