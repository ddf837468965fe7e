"""What the checks of blame and of facts had to say of messages as they left, and what nobody gave a reason for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from comms.choices import UpdateState
from comms.models import Finding, Update
from comms.queries.writing import texts
from mim_portal.lib.findings import ERROR
from reviews.rules import messages

BLAME = "C07"
FACTS = "C11"

# Names and blame, whatever their severity; of facts what contradicts the record, not what it does not say.
_ASKED_ABOUT = Q(code=BLAME, rule__in=messages.BLAMES | messages.NAMES) | Q(code=FACTS, severity=ERROR)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A sent message with what was found in it."""

    update_id: int
    incident_id: int
    number: int
    published_at: datetime
    said: tuple[messages.Said, ...]

    @property
    def source_key(self) -> str:
        return f"update:{self.update_id}"


def of(update_ids: Sequence[int]) -> list[Sent]:
    """Those of the updates that have anything to ask about; three queries.

    A reason settles it, unless the message was corrected or taken back later.
    """
    settled = ~Q(override_reason="") & ~Q(update__state__in=[UpdateState.CORRECTED, UpdateState.WITHDRAWN])
    rows = (
        Finding.objects.filter(update__in=update_ids, update__published_at__isnull=False)
        .filter(_ASKED_ABOUT, content_hash=F("update__published_hash"))
        .exclude(settled)
        .values_list("update", "code", "rule", "audience")
    )
    found: dict[int, set[tuple[str, str]]] = {}
    for update, code, rule, audience in rows:
        found.setdefault(update, set()).add((messages.CONTRADICTS if code == FACTS else rule, audience))
    updates = Update.objects.filter(pk__in=found).prefetch_related("audiences").order_by("pk")
    return [
        Sent(
            update_id=row.pk,
            incident_id=row.incident_id,
            number=row.sequence or 0,
            published_at=row.published_at,
            said=tuple(
                messages.Said(rule=rule, audiences=_readers(row, audience)) for rule, audience in sorted(found[row.pk])
            ),
        )
        for row in updates
        if row.published_at is not None
    ]


def _readers(update: Update, audience: str) -> frozenset[str]:
    """Who read the text that the finding stands in: the shared one is not read by those who have their own."""
    if audience:
        return frozenset({audience})
    return frozenset(texts.codes(update)) - frozenset(texts.adapted(update))
