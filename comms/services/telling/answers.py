"""One tap from a message: a signed link that answers one question as one reader, for as long as it is asked."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.core import signing

from incidents.models import Decision
from incidents.queries import visibility
from incidents.queries import work as queries
from mim_portal.lib import addresses
from teams.models import Person

_SALT: Final = "comms.answer"
# A question that nobody has answered by then is asked again.
HOLDS_FOR: Final = timedelta(days=3)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who is asked what."""

    decision: Decision
    person: Person


def link(decision: Decision, person: Person) -> str:
    """The address for the message to this reader."""
    return addresses.absolute(addresses.answer(token(decision, person)))


def token(decision: Decision, person: Person) -> str:
    return signing.dumps([decision.pk, person.pk], salt=_SALT)


def asked(text: str) -> Asked | None:
    """Whose question the link opens; None where it was not made here, is too old, or is theirs no longer: whoever has
    left, lost the role, or may not see the incident any more answers nothing.
    """
    try:
        decision_id, person_id = signing.loads(text, salt=_SALT, max_age=HOLDS_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    found = Decision.objects.select_related("incident", "decided_by", "asked_by").filter(pk=decision_id).first()
    person = Person.objects.filter(pk=person_id).first()
    if found is None or person is None or not person.is_active:
        return None
    incident = found.incident
    if not visibility.visible_incidents(person).filter(pk=incident.pk).exists():
        return None
    return Asked(decision=found, person=person) if found.asked_of in queries.answerable(incident, person) else None
