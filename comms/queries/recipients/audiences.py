"""Who is told: audiences by code, which ones an incident owes, and which one update reaches."""

from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from comms.choices import UpdateKind
from comms.models import Audience, OwedAudience, Update, UpdateDeadline
from comms.models.deadline import OPEN
from incidents.choices import EntryKind
from incidents.models import Incident, TimelineEntry
from mim_portal.lib import prepared

# What tells readers that there was no incident, or no more of one.
RETRACTIONS = frozenset({UpdateKind.CLOSURE, UpdateKind.CORRECTION})


def active() -> QuerySet[Audience]:
    """Every audience that can be written to, in the order in which copies leave."""
    return Audience.objects.filter(is_active=True).order_by("position", "id")


def chosen(codes: Iterable[str]) -> QuerySet[Audience]:
    """The active audiences with these codes, in the order in which copies leave."""
    return active().filter(code__in=set(codes))


def by_codes(codes: Iterable[str]) -> list[Audience]:
    """The active audiences with these codes, in the order in which copies leave."""
    return list(chosen(codes))


def owed(incident: Incident) -> list[Audience]:
    """The audiences that the incident still owes updates."""
    still = OwedAudience.objects.filter(incident=incident, audience=OuterRef("pk"), owed_until=None)
    return list(active().filter(Exists(still)))


def promised(incident: Incident) -> list[UpdateDeadline]:
    """The open promises of the incident, soonest first, with their audiences."""
    return _promised(incident=incident)


def ask(*, incident: Incident) -> prepared.Ask:
    """What `promised` asks, to be asked together with more."""
    return _promised.ask(incident=incident)


@prepared.query
def _promised(*, incident: int) -> QuerySet[UpdateDeadline]:
    found = UpdateDeadline.objects.filter(OPEN, incident=incident).select_related("audience")
    return found.order_by("due_at", "id")


def told(incident: Incident) -> list[Audience]:
    """The audiences that got any message: those that must also hear that the service is back."""
    return _reached(Update.objects.filter(incident=incident, published_at__isnull=False, withdrawn_at=None))


def told_restored(incident: Incident) -> list[Audience]:
    """The audiences that were told of the restoration that stands, not of one before a reopening."""
    return _reached(_standing(incident).filter(kind=UpdateKind.RESTORED))


def told_no_more(incident: Incident) -> list[Audience]:
    """The audiences that were told that no more updates follow: by a closure, or by a restored message that says so."""
    last = Q(kind=UpdateKind.CLOSURE) | Q(kind=UpdateKind.RESTORED, no_further_updates=True)
    return _reached(_standing(incident).filter(last))


def told_last(incident: Incident, *, kinds: Collection[str]) -> list[Audience]:
    """The audiences whose last message, of those that were not withdrawn, was of one of these kinds."""
    sent = Update.objects.filter(incident=incident, published_at__isnull=False, withdrawn_at=None)
    latest = sent.filter(audiences=OuterRef("pk")).order_by("-published_at", "-pk").values("kind")[:1]
    return list(Audience.objects.annotate(last=Subquery(latest)).filter(last__in=kinds).order_by("position", "id"))


def _standing(incident: Incident) -> QuerySet[Update]:
    """What was published since the incident was last reopened, and not withdrawn."""
    sent = Update.objects.filter(incident=incident, published_at__isnull=False, withdrawn_at=None)
    reopened = TimelineEntry.objects.filter(incident=incident, kind=EntryKind.REOPENED).order_by("-seq").first()
    return sent if reopened is None else sent.filter(published_at__gt=reopened.at)


def _reached(updates: QuerySet[Update]) -> list[Audience]:
    through = Update.audiences.through.objects.filter(audience=OuterRef("pk"), update__in=updates)
    return list(Audience.objects.filter(Exists(through)).order_by("position", "id"))
