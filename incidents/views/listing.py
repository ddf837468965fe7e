"""All incidents, newest first, narrowed by filters that stand in the address."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from incidents.forms.listing import FilterForm
from incidents.models import Incident
from incidents.queries import command, finding
from incidents.queries import incidents as queries
from incidents.rules import finding as rules
from mim_portal.lib import access, keys
from mim_portal.lib.merged import Ordered
from teams.choices import COMMAND_ROLES
from teams.models import Person, Service
from teams.requests import PersonRequest
from teams.rules import roles

PAGE = 50
MORE = ("priority", "state", "declared_from", "declared_to", "manager", "exercise")  # folded away while empty


@access.allow(read=roles.ROOM_READERS)
@require_GET
def incidents(request: PersonRequest) -> HttpResponse:
    """The list; it is paged by the key of its index, never by counting."""
    form = filter_form(request)
    found = queries.listing(request.user, form.filters())
    rows = _older(found, request.GET.get("before", ""))[: PAGE + 1]
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
            "more_filters": any(form[name].value() or form[name].errors for name in MORE),
            "is_filtered": any(value for key, value in request.GET.items() if key != "before"),
            "first_url": f"?{plain}" if "before" in request.GET else None,
            "next_url": f"?{query.urlencode()}" if len(rows) > PAGE else None,
            **_what_was_found(request.user, shown, form.filters().q),
        },
    )


def filter_form(request: PersonRequest) -> FilterForm:
    """The filters of the address, with what may be chosen."""
    return FilterForm(
        request.GET,
        services=list(Service.objects.order_by("name")),
        managers=list(Person.objects.filter(roles__overlap=sorted(COMMAND_ROLES)).order_by("first_name", "last_name")),
    )


def _what_was_found(person: Person, rows: list[Incident], text: str) -> dict[str, Any]:
    """Titles and a line of text, cut where the words are that were looked for."""
    asked = rules.question(text)
    titles = {row.pk: rules.pieces(row.title, asked) for row in rows} if asked else {}
    return {"titles": titles, "snippets": finding.snippets(rows, text, person) if asked and rows else {}}


def _older(found: Ordered[Incident], before: str) -> Ordered[Incident]:
    """What comes after the incident with this key in the list's order."""
    if not before.isdecimal() or len(before) > 18:
        return found
    last = Incident.objects.filter(pk=int(before)).first()
    return found if last is None else found.filter(keys.beyond(found.order, keys.of(last, found.order)))
