"""What a status page may say: its components, and the incidents of which its audience was told something.

Private incidents, exercises and drafts are left out here, once for pages, API and feeds (DESIGN 5, invariant 8).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet

from comms.choices import UpdateState
from comms.models import Audience, Component, Estimate, PageLogo, PageSnapshot, StatusPage, Update
from comms.queries import estimates, maintenance
from comms.queries.status_facts import (
    ComponentFacts,
    IncidentFacts,
    LogoFacts,
    PageFacts,
    UpdateFacts,
    WindowFacts,
)
from comms.queries.writing import texts
from comms.rules import public_state
from comms.rules.public_state import Said
from comms.rules.texts import Text
from incidents.choices import LIVE_STATES, UNRESTORED_STATES, EntryKind, IncidentState
from incidents.models import Incident, TimelineEntry

# As many as Statuspage's API lists; older ones leave the page, not the record.
LISTED_INCIDENTS = 50
_STILL_WORKED_ON = LIVE_STATES | {IncidentState.RESOLVED}


def page_facts(page: StatusPage) -> PageFacts:
    """The facts of one page in a fixed number of queries, whatever its history."""
    components = _components(page)
    listed = {each.service_id: each.name for each in components}
    incidents, is_cut = _incidents(page, listed)
    windows = maintenance.windows_of(page, listed)
    is_cut = is_cut or sum(not (each.is_ahead or each.is_running) for each in windows) >= maintenance.LISTED
    return replace(_facts(page, components, incidents, windows), is_cut=is_cut)


def incident_facts(page: StatusPage, reference: str) -> PageFacts | None:
    """The page with one incident alone, however old: what an address that was given out goes on to say.

    None where the page's readers were told nothing of it, or may no longer know of it.
    """
    components = _components(page)
    listed = {each.service_id: each.name for each in components}
    found = list(incidents_of(page, services=listed).filter(reference=reference))
    incidents = _told(page, found, listed)
    return _facts(page, components, incidents, ()) if incidents else None


def listed_facts(page: StatusPage, *, incidents: Collection[int], windows: Collection[int]) -> PageFacts:
    """The page with these incidents and windows alone, as far as its readers may know of them."""
    components = _components(page)
    listed = {each.service_id: each.name for each in components}
    found = list(incidents_of(page, services=listed).filter(pk__in=incidents))
    return _facts(page, components, _told(page, found, listed), maintenance.windows_of(page, listed, only=windows))


def _facts(
    page: StatusPage,
    components: tuple[ComponentFacts, ...],
    incidents: tuple[IncidentFacts, ...],
    windows: tuple[WindowFacts, ...],
) -> PageFacts:
    return PageFacts(
        id=page.pk,
        slug=page.slug,
        name=page.name,
        intro=page.intro,
        time_zone=page.time_zone,
        is_public=page.is_public,
        is_executive=page.is_executive,
        changed_at=page.changed_at,
        language=page.language,
        other_languages=tuple(page.other_languages),
        first_slug=page.first_slug,
        only_its_services=page.only_its_services,
        footer=page.footer,
        accent=page.accent,
        accent_dark=page.accent_dark,
        logo=_logo(page),
        components=components,
        incidents=incidents,
        windows=windows,
        estimates=_estimates(page),
    )


def _estimates(page: StatusPage) -> dict[int, Estimate]:
    """Executives read them, and nobody else: a page that is public never holds one."""
    if page.is_public or not page.is_executive:
        return {}
    return estimates.shown(showable_incidents().filter(state__in=UNRESTORED_STATES).values_list("pk", flat=True))


def showable_incidents() -> QuerySet[Incident]:
    """Incidents that may stand on any page at all."""
    return Incident.objects.filter(is_private=False, is_exercise=False)


def _components(page: StatusPage) -> tuple[ComponentFacts, ...]:
    rows = Component.objects.filter(page=page, service__is_active=True).select_related("service")
    return tuple(
        ComponentFacts(
            id=row.pk,
            service_id=row.service_id,
            name=row.name or row.service.name,
            group=row.group,
            position=row.position,
            state=row.state,
            created_at=row.created_at,
            changed_at=row.changed_at,
        )
        for row in rows.order_by("position", "id")
    )


def _logo(page: StatusPage) -> LogoFacts | None:
    row = PageLogo.objects.filter(page=page).first()
    if row is None:
        return None
    return LogoFacts(content=bytes(row.content), content_type=row.content_type, width=row.width, height=row.height)


def incidents_of(page: StatusPage, *, services: Collection[int]) -> QuerySet[Incident]:
    """Incidents of which the page's readers were told something; on a customer's page those of its own services."""
    told = published_to(page.audience_id).filter(incident=OuterRef("pk"))
    shown = showable_incidents().filter(Exists(told)).select_related("service")
    return shown.filter(service__in=services) if page.only_its_services else shown


def _incidents(page: StatusPage, listed: Mapping[int, str]) -> tuple[tuple[IncidentFacts, ...], bool]:
    """The latest and what is still worked on; and whether there may be older ones."""
    shown = incidents_of(page, services=listed)
    latest = list(shown.order_by("-declared_at", "-id")[:LISTED_INCIDENTS])
    worked_on = list(shown.filter(state__in=_STILL_WORKED_ON).exclude(pk__in=[each.pk for each in latest]))
    return _told(page, [*latest, *worked_on], listed), len(latest) == LISTED_INCIDENTS


def _told(page: StatusPage, incidents: Sequence[Incident], listed: Mapping[int, str]) -> tuple[IncidentFacts, ...]:
    """What was said of each, the latest to begin first."""
    updates = _updates(page.audience_id, incidents)
    facts = [
        _incident(
            incident,
            updates.get(incident.pk, []),
            audience=page.audience.code,
            service=listed.get(incident.service_id) or incident.service.name,
        )
        for incident in incidents
    ]
    told_about = [each for each in facts if each.standing]
    return tuple(sorted(told_about, key=lambda each: (each.started_at, each.id), reverse=True))


def published_to(audience_id: int) -> QuerySet[Update]:
    """Updates that this audience was sent."""
    return Update.objects.filter(audiences=audience_id, published_at__isnull=False)


def _updates(audience_id: int, incidents: Iterable[Incident]) -> dict[int, list[Update]]:
    rows = (
        published_to(audience_id)
        .filter(incident__in=[incident.pk for incident in incidents])
        .select_related("impact_statement")
        .order_by("incident_id", "sequence", "id")
    )
    found: dict[int, list[Update]] = {}
    for row in rows:
        found.setdefault(row.incident_id, []).append(row)
    return found


def _incident(incident: Incident, updates: Sequence[Update], *, audience: str, service: str) -> IncidentFacts:
    said = {row.pk: said_by(row, impact=incident.impact) for row in updates if row.state != UpdateState.WITHDRAWN}
    statuses = dict(zip(said, public_state.statuses(said.values()), strict=True))
    facts, state = [], public_state.worst([])
    for row in updates:
        before, state = state, public_state.component_state(said[row.pk]) if row.pk in said else state
        read = texts.read_by(row, audience)
        facts.append(_update(row, read, status=statuses.get(row.pk, ""), old_state=before, new_state=state))
    return IncidentFacts(
        id=incident.pk,
        reference=incident.reference,
        service_id=incident.service_id,
        service=service,
        owes=incident.state in LIVE_STATES,
        updates=tuple(facts),
    )


def _update(row: Update, read: Text, *, status: str, old_state: str, new_state: str) -> UpdateFacts:
    withdrawn = row.state == UpdateState.WITHDRAWN
    assert row.published_at is not None  # only published updates are read
    return UpdateFacts(
        id=row.pk,
        kind=row.kind,
        sequence=row.sequence or 0,
        subject="" if withdrawn else read.subject,
        body="" if withdrawn else read.body,
        language=row.language,
        published_at=row.published_at,
        next_update_at=row.next_update_at,
        no_further_updates=row.no_further_updates,
        status=status,
        impact=public_state.incident_impact(row.priority),
        old_state=old_state,
        new_state=new_state,
        is_withdrawn=withdrawn,
        is_corrected=row.state == UpdateState.CORRECTED,
        statement=None if withdrawn else row.impact_statement,
    )


def said_by(update: Update, *, impact: int) -> Said:
    """The update as the rules of public states see it."""
    return Said(
        kind=update.kind,
        incident_state=update.incident_state,
        impact=impact,
        chosen=update.component_state,
        no_further_updates=update.no_further_updates,
    )


def standing_updates(*, services: Iterable[int], audiences: Iterable[int]) -> list[tuple[Update, int, int, int]]:
    """The latest update that stands of each incident on these services, for each audience, with service and impact:
    what decides how a component looks. Incidents that are closed or cancelled decide nothing any more."""
    through = Update.audiences.through
    rows = (
        through.objects.filter(
            audience__in=list(audiences),
            update__published_at__isnull=False,
            update__incident__service__in=list(services),
            update__incident__is_private=False,
            update__incident__is_exercise=False,
        )
        .exclude(update__state=UpdateState.WITHDRAWN)
        .filter(update__incident__closed_at=None)
        .select_related("update__incident")
        .order_by("audience_id", "update__incident_id", "-update__sequence", "-update_id")
        .distinct("audience_id", "update__incident_id")
    )
    return [(row.update, row.audience_id, row.update.incident.service_id, row.update.incident.impact) for row in rows]


def public_faces(*, now: datetime) -> list[PageSnapshot]:
    """What every address of every public page shows now, without its bytes."""
    rows = (
        PageSnapshot.objects.filter(page__is_public=True, page__retired_at=None, version=F("page__rendered_version"))
        .select_related("page")
        .only("path", "etag", "content_type", "valid_from", "page__slug")
        .order_by("page__slug", "path", "valid_from")
    )
    shown: dict[tuple[str, str], PageSnapshot] = {}
    for row in rows:
        key = row.page.slug, row.path
        if key not in shown or row.valid_from <= now:
            shown[key] = row
    return list(shown.values())


def told_publicly(incidents: Iterable[tuple[str, str]], *, unchanged_since: datetime) -> set[tuple[str, str]]:
    """Which of these incidents, by page and reference, the readers of a public page may still know of as they did:
    nothing that was said of them was withdrawn or corrected since."""
    wanted = set(incidents)
    pages = StatusPage.objects.filter(slug__in={slug for slug, _reference in wanted}, is_public=True, retired_at=None)
    taken_back = TimelineEntry.objects.filter(
        incident=OuterRef("pk"),
        kind__in=(EntryKind.UPDATE_WITHDRAWN, EntryKind.UPDATE_CORRECTED),
        at__gte=unchanged_since,
    )
    found: set[tuple[str, str]] = set()
    for page in pages:
        standing = published_to(page.audience_id).exclude(state=UpdateState.WITHDRAWN)
        references = [reference for slug, reference in wanted if slug == page.slug]
        known = showable_incidents().filter(
            Exists(standing.filter(incident=OuterRef("pk"))), ~Exists(taken_back), reference__in=references
        )
        found |= {(page.slug, reference) for reference in known.values_list("reference", flat=True)}
    return found


def may_read(page: StatusPage, *, roles: Iterable[str], overseers: Iterable[str]) -> bool:
    """Whether holders of these roles may open a page that is not public: its audience, and who looks after pages."""
    audience: Audience = page.audience
    return not set(roles).isdisjoint({*audience.roles, *overseers})
