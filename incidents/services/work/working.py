"""What the verbs about tasks, decisions, hypotheses and workstreams share."""

from typing import TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from incidents.models import Incident
from incidents.services import locking
from mim_portal.lib.refusals import Invalid, Missing, Refusal
from teams.models import Person

Row = TypeVar("Row", bound=Model)


class Unknown(Missing):
    """There is no such task, decision, hypothesis or workstream for this person."""


class Settled(Refusal):
    """Somebody was faster: the message says who, when and what."""

    code = "already_settled"


def locked(model: type[Row], pk: int, *, person: Person) -> tuple[Incident, Row]:
    """The incident, locked, and what hangs on it; nothing exists of an incident that the person may not see."""
    incident_id = model._default_manager.filter(pk=pk).values_list("incident_id", flat=True).first()
    if incident_id is None:
        raise Unknown(_("There is no such entry in this incident."))
    incident = locking.lock_by_id(incident_id, person=person)
    return incident, model._default_manager.get(pk=pk)


def check_version(row_version: int, version: int | None) -> None:
    """Refuse an edit of something that has changed since it was read; None: the caller did not read it."""
    if version is not None and version != row_version:
        raise locking.Changed(_("Somebody else changed it in the meantime. Read it again and repeat your change."))


def text(value: str, *, field: str, longest: int, missing: str = "") -> str:
    """Words as they are kept; `missing` is what is said where they are needed and empty."""
    words = value.strip()
    if missing and not words:
        raise Invalid(missing, code="required", field=field)
    if len(words) > longest:
        raise Invalid(_("Use at most %d characters.") % longest, field=field)
    return words
