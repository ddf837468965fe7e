"""What the checks of a message compare it with, read from the record in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F, Q, Value
from django.db.models.functions import Lower, StrIndex
from django.utils import timezone

from comms.choices import UpdateKind
from comms.models import Audience, CadencePolicy, OwedAudience, Update
from comms.queries.promises import downgrades
from comms.queries.writing import recorded, vocabulary
from comms.queries.writing import texts as update_texts
from comms.rules import texts
from comms.rules.checking.draft import Draft, Known
from comms.rules.checking.services import related
from comms.rules.promises import cadence
from incidents.models import Incident
from incidents.queries import command
from teams.models import Person


def draft_of(update: Update, *, incident: Incident, now: datetime) -> Draft:
    """The update as the rules see it, with its core text."""
    audiences = list(update.audiences.all())
    return Draft(
        kind=update.kind,
        audiences=tuple(audience.code for audience in audiences),
        subject=update.subject,
        body=update.body,
        next_update_at=update.next_update_at,
        latest_next_at=latest_next_at(incident=incident, audiences=audiences, now=now, kind=update.kind),
        tz=timezone.get_default_timezone(),
        state=incident.state,
        is_private=incident.is_private,
        is_exercise=incident.is_exercise,
        cause_confirmed=incident.cause_confirmed_at is not None,
        previous_body=previous_body(incident=incident, audiences=audiences),
        corrects_audiences=_corrected_audiences(update),
        known_audiences=frozenset(Audience.objects.filter(is_active=True).values_list("code", flat=True)),
        known=known(incident=incident, text=update_texts.searchable(update)),
        recorded=recorded.of(incident),
        language=update.language,
    )


def drafts_of(update: Update, *, incident: Incident, now: datetime) -> tuple[Draft, dict[str, Draft]]:
    """The whole message, and each of its texts as its own readers get it: the core one under "" unless nobody reads it.

    Where nothing is adapted there is one text, and it is the whole message.
    """
    whole = draft_of(update, incident=incident, now=now)
    adapted = update_texts.adapted(update)
    if not adapted:
        return whole, {texts.CORE: whole}
    readers = texts.readers_of_core(update.texts, audiences=whole.audiences)
    read = {texts.CORE: replace(whole, audiences=readers)} if readers else {}
    for audience in update.audiences.all():
        if (own := adapted.get(audience.code)) is not None:
            before = previous_body(incident=incident, audiences=[audience])
            read[audience.code] = replace(
                whole, audiences=(audience.code,), subject=own.subject, body=own.body, previous_body=before
            )
    return whole, read


def known(*, incident: Incident, text: str) -> Known:
    """The organisation's words; of its people only those whose names stand in the text, so that size costs nothing."""
    manager = command.current_manager(incident)
    words = vocabulary.current()
    return Known(
        people=tuple(person.name for person in people_in(text)),
        manager_names=(manager.name,) if manager else (),
        teams=words.teams,
        services=words.services,
        related=related.services(words.needs, of=incident.service.name),
        sites=words.sites,
        glossary=words.glossary,
        allowed_contacts=(*words.public_contacts, *((manager.email, manager.phone) if manager else ())),
        internal_hosts=_internal_hosts(),
        bridge_urls=(incident.bridge_url,) if incident.bridge_url else (),
        required_parts=words.required_parts,
    )


def known_of_all(*, text: str) -> Known:
    """The organisation's words for a text that hangs on no incident."""
    words = vocabulary.current()
    return Known(
        people=tuple(person.name for person in people_in(text)),
        teams=words.teams,
        services=words.services,
        sites=words.sites,
        glossary=words.glossary,
        allowed_contacts=words.public_contacts,
        internal_hosts=_internal_hosts(),
    )


def people_in(text: str) -> list[Person]:
    """Active people one of whose names is a part of the text."""
    haystack = Value(text.lower())
    return list(
        Person.objects.filter(is_active=True)
        .annotate(
            first_at=StrIndex(haystack, Lower(F("first_name"))),
            last_at=StrIndex(haystack, Lower(F("last_name"))),
        )
        .filter((Q(first_at__gt=0) & ~Q(first_name="")) | (Q(last_at__gt=0) & ~Q(last_name="")))
        .order_by("pk")
    )


def previous_body(*, incident: Incident, audiences: Iterable[Audience]) -> str:
    """The last message that any of the audiences got, as one alone read it and as most read it; or nothing."""
    readers = list(audiences)
    latest = (
        Update.objects.filter(incident=incident, published_at__isnull=False, audiences__in=readers)
        .order_by("-published_at")
        .only("subject", "body", "texts")
        .first()
    )
    if latest is None:
        return ""
    core = update_texts.core(latest)
    return texts.read_by(core, latest.texts, audience=readers[0].code).body if len(readers) == 1 else core.body


def latest_next_at(
    *, incident: Incident, audiences: Iterable[Audience], now: datetime, kind: str = UpdateKind.UPDATE
) -> datetime | None:
    """The latest time that an update sent now may promise, to the whole minute after it.

    One message names one time for all its audiences. The engine holds each of them to the earlier of that time and
    its own cadence, so only a time beyond every cadence would promise less than the policy.
    """
    limits = cadence_limits(incident=incident, audiences=audiences, now=now, kind=kind)
    if not limits:
        return None
    return max(limits).replace(second=0, microsecond=0) + timedelta(minutes=1)


def cadence_limits(
    *, incident: Incident, audiences: Iterable[Audience], now: datetime, kind: str = UpdateKind.UPDATE
) -> list[datetime]:
    """When each of these audiences is owed the update after one sent now; on-change audiences ask for none.

    A downgrade message names times of the new priority's cadence: it is what the audience changes to by it.
    """
    asked: dict[int, CadencePolicy] = {}
    if kind == UpdateKind.DOWNGRADE and downgrades.happened(incident.pk):
        asked = {row.audience_id: row for row in CadencePolicy.objects.filter(priority=incident.priority)}
    limits = [
        cadence.policy_due(
            sent_at=now,
            declared_at=incident.declared_at,
            cadence=_cadence(asked.get(owed.audience_id, owed)),
            timetable=owed.agreed_times,
        )
        for owed in OwedAudience.objects.filter(incident=incident, audience__in=list(audiences), owed_until=None)
    ]
    return [limit for limit in limits if limit is not None]


def _cadence(owed: OwedAudience | CadencePolicy) -> cadence.Cadence:
    return cadence.Cadence(
        first=_minutes(owed.first_minutes), every=_minutes(owed.every_minutes), later=_minutes(owed.later_minutes)
    )


def _minutes(count: int | None) -> timedelta | None:
    return None if count is None else timedelta(minutes=count)


def _corrected_audiences(update: Update) -> frozenset[str]:
    if update.corrects_id is None:
        return frozenset()
    return frozenset(Audience.objects.filter(pk__in=_audience_ids(update.corrects_id)).values_list("code", flat=True))


def _audience_ids(update_id: int) -> list[int]:
    through = Update.audiences.through.objects
    return list(through.filter(update_id=update_id).values_list("audience_id", flat=True))


def _internal_hosts() -> tuple[str, ...]:
    own = urlsplit(settings.BASE_URL).hostname
    return tuple(sorted({host for host in (own, *settings.ALLOWED_HOSTS) if host and host != "*"}))
