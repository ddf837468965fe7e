"""What of the communications hangs on a person, service or site: named before anybody switches it off."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Count, Model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comms.models import Component, Recipient
from teams.models import Person, Service, Site
from teams.rules.dependents import Dependent

_COLUMN: dict[type[Model], str] = {Person: "person_id", Service: "service_id", Site: "site_id"}


def find(rows: Sequence[Model], *, viewer: Person | None, now: datetime) -> Mapping[int, list[Dependent]]:
    """settings.DEPENDENTS: addresses that are served because of it, and its places on status pages."""
    found: dict[int, list[Dependent]] = {}
    column = _COLUMN.get(type(rows[0])) if rows else None
    if column is None:
        return found
    ids = [row.pk for row in rows]
    served = Recipient.objects.filter(is_active=True, **{f"{column}__in": ids}).values_list(column)
    for pk, count in served.annotate(count=Count("pk")).order_by(column):
        text = ngettext("%d address gets updates because of it", "%d addresses get updates because of it", count)
        found.setdefault(pk, []).append(Dependent(text=text % count))
    if column == "service_id":
        for component in Component.objects.filter(service__in=ids).select_related("page").order_by("page__name", "pk"):
            if component.service_id is not None:
                text = _("stands on the status page %s") % component.page.name
                found.setdefault(component.service_id, []).append(Dependent(text=text))
    return found
