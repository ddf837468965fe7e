"""Who is told: audiences by code, which ones an incident owes, and which one update reaches."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from comms.choices import UpdateKind
from comms.models import Audience, OwedAudience, Update, UpdateDeadline
from comms.models.deadline import OPEN
from incidents.choices import EntryKind
from incidents.models import Incident, TimelineEntry


def active() -> QuerySet[Audience]:
    """Every audience that can be written to, in the order in which copies leave."""
    return Audience.objects.filter(is_active=True).order_by("position", "id")


def by_codes(codes: Iterable[str]) -> list[Audience]:
    """The active audiences with these codes, in the order in which copies leave."""
    return list(active().filter(code__in=set(codes)))


def owed(incident: Incident) -> list[Audience]:
    """The audiences that the incident still owes updates."""
    still = OwedAudience.objects.filter(incident=incident, audience=OuterRef("pk"), owed_until=None)
    return list(active().filter(Exists(still)))


def promised(incident: Incident) -> list[UpdateDeadline]:
    """The open promises of the incident, soonest first, with their audiences."""
    return list(
        UpdateDeadline.objects.filter(OPEN, incident=incident).select_related("audience").order_by("due_at", "id")
    )


def told(incident: Incident) -> list[Audience]:
    """The audiences that got any message: those that must also hear that the service is back."""
    return _reached(Update.objects.filter(incident=incident, published_at__isnull=False, withdrawn_at=None))


def told_restored(incident: Incident) -> list[Audience]:
    """The audiences that were told of the restoration that stands, not of one before a reopening."""
    restored = Update.objects.filter(
        incident=incident, kind=UpdateKind.RESTORED, published_at__isnull=False, withdrawn_at=None
    )
    reopened = TimelineEntry.objects.filter(incident=incident, kind=EntryKind.REOPENED).order_by("-seq").first()
    return _reached(restored if reopened is None else restored.filter(published_at__gt=reopened.at))


def _reached(updates: QuerySet[Update]) -> list[Audience]:
    through = Update.audiences.through.objects.filter(audience=OuterRef("pk"), update__in=updates)
    return list(Audience.objects.filter(Exists(through)).order_by("position", "id"))
