"""What there is to hear of on a page: its groups, its services, and the incidents that it shows."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from comms.models import Component, StatusPage, Subscription
from comms.queries import status
from comms.queries.subscriptions.listing import Names
from comms.rules.subscriptions import Scope
from incidents.models import Incident


@dataclass(frozen=True, kw_only=True)
class Named:
    """What was named, as far as the page shows it; `unknown` and the field that named it where it does not."""

    scope: Scope
    unknown: tuple[str, ...] = ()
    field: str = ""


def components(page: StatusPage) -> list[Component]:
    """As the page lists them."""
    found = Component.objects.filter(page=page, service__is_active=True).select_related("service")
    return list(found.order_by("position", "id"))


def groups_of(shown: Iterable[Component]) -> list[str]:
    """The groups of the page in its order."""
    return list(dict.fromkeys(each.group for each in shown if each.group))


def incidents(page: StatusPage) -> QuerySet[Incident]:
    """What may be heard of by itself: incidents of which the page's readers were told something."""
    return status.incidents_of(page, services=page.components.values_list("service", flat=True))


def incident_name(page: StatusPage, reference: str) -> str:
    """What readers know the incident by; "" where the page does not show it."""
    found = incidents(page).filter(reference=reference).first()
    return name_of(found) if found is not None else ""


def name_of(incident: Incident) -> str:
    """What readers know it by."""
    return f"{incident.service.name} ({incident.reference})"


def named(page: StatusPage, *, groups: Iterable[str], services: Iterable[str], references: Iterable[str]) -> Named:
    """The keys of what was named."""
    shown = components(page)
    by_slug = {each.service.slug: each.service_id for each in shown}
    wanted = list(references)
    by_reference = dict(incidents(page).filter(reference__in=wanted).values_list("reference", "pk")) if wanted else {}
    for field, given, known in (
        ("groups", list(groups), set(groups_of(shown))),
        ("services", list(services), set(by_slug)),
        ("incidents", wanted, set(by_reference)),
    ):
        if unknown := tuple(sorted(set(given) - known)):
            return Named(scope=Scope(), unknown=unknown, field=field)
    return Named(
        scope=Scope(
            groups=frozenset(groups),
            services=frozenset(by_slug[slug] for slug in services),
            incidents=frozenset(by_reference.values()),
        )
    )


def of(row: Subscription) -> Scope:
    """What a subscription is to."""
    return Scope(
        is_whole=row.is_whole,
        groups=frozenset(row.groups),
        services=frozenset(row.services),
        incidents=frozenset(row.incidents),
    )


def words(page: StatusPage, scope: Scope) -> list[str]:
    """What it is to, for people; what the page does not show any more is passed over."""
    if scope.is_whole:
        return [_("everything on this page")]
    shown = components(page)
    names = [_("all of “%s”") % group for group in groups_of(shown) if group in scope.groups]
    names += [each.name or each.service.name for each in shown if each.service_id in scope.services]
    about = incidents(page).filter(pk__in=scope.incidents) if scope.incidents else ()
    return names + [name_of(each) for each in about]


def names(page: StatusPage, rows: Iterable[Subscription]) -> Names:
    """Slugs and references of what these chose, as far as the page shows it."""
    wanted = {pk for row in rows for pk in row.incidents}
    references = dict(incidents(page).filter(pk__in=wanted).values_list("pk", "reference")) if wanted else {}
    return Names(services={each.service_id: each.service.slug for each in components(page)}, references=references)
