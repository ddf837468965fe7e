"""Which words of an update an audience reads; pages, mails, status pages and the API ask here."""

from comms.models import Update
from comms.rules import texts
from comms.rules.texts import Text


def core(update: Update) -> Text:
    return Text(subject=update.subject, body=update.body)


def adapted(update: Update) -> dict[str, Text]:
    """The texts of those of its audiences that have their own, by code."""
    return texts.adapted(core(update), update.texts, audiences=codes(update))


def read_by(update: Update, audience: str) -> Text:
    return texts.read_by(core(update), update.texts, audience=audience)


def codes(update: Update) -> list[str]:
    return [audience.code for audience in update.audiences.all()]


def searchable(update: Update) -> str:
    """Every word of it, in whatever text."""
    parts = [update.subject, update.body, *(part for own in update.texts.values() for part in own.values())]
    return " ".join(filter(None, parts))
