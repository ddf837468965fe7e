"""All incidents, newest first, narrowed by filters that stand in the address."""

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from incidents.forms.listing import FilterForm
from incidents.models import Incident
from incidents.queries import command
from incidents.queries import incidents as queries
from mim_portal.lib import access
from teams.models import Service
from teams.requests import PersonRequest
from teams.rules import roles

PAGE = 50


@access.allow(read=roles.ROOM_READERS)
@require_GET
def incidents(request: PersonRequest) -> HttpResponse:
    """The list; it is paged by the key of its index, never by counting."""
    services = list(Service.objects.order_by("name"))
    form = FilterForm(request.GET, services=services)
    found = queries.listing(request.user, form.filters())
    rows = list(_older(found, request.GET.get("before", ""))[: PAGE + 1])
    shown = rows[:PAGE]
    query = request.GET.copy()
    query.pop("before", None)
    plain = query.urlencode()
    if len(rows) > PAGE:
        query["before"] = str(shown[-1].pk)
    return render(
        request,
        "incidents/incidents.html",
        {
            "form": form,
            "rows": shown,
            "managers": command.managers_of([row.pk for row in shown]),
            "is_filtered": any(value for key, value in request.GET.items() if key != "before"),
            "first_url": f"?{plain}" if "before" in request.GET else None,
            "next_url": f"?{query.urlencode()}" if len(rows) > PAGE else None,
        },
    )


def _older(found: QuerySet[Incident], before: str) -> QuerySet[Incident]:
    """What comes after the incident with this key in the list's order."""
    if not before.isdecimal() or len(before) > 18:
        return found
    last = Incident.objects.filter(pk=int(before)).values_list("declared_at", "pk").first()
    if last is None:
        return found
    return found.filter(Q(declared_at__lt=last[0]) | Q(declared_at=last[0], pk__lt=last[1]))
