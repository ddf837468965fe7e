"""All incidents, newest first, narrowed by filters that stand in the address."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from incidents.forms.listing import FilterForm, SaveViewForm
from incidents.models import Incident, SavedView
from incidents.queries import finding, saved_views, visibility
from incidents.queries import incidents as queries
from incidents.queries.incidents import Filters
from incidents.rules import finding as rules
from incidents.rules import view_query
from mim_portal.lib import access, prepared, together
from mim_portal.models import heartbeat
from teams.choices import COMMAND_ROLES
from teams.models import Person, Service
from teams.queries import naming
from teams.requests import PersonRequest
from teams.rules import roles

PAGE = 50
MORE = ("priority", "state", "declared_from", "declared_to", "manager", "exercise")  # folded away while empty
EVERYTHING = "all"  # in the address: the whole list, whatever one's own begins with


@access.allow(read=roles.ROOM_READERS)
@require_GET
def incidents(request: PersonRequest) -> HttpResponse:
    """The list; it is paged by the key of its index, never by counting. Without any filters it begins as saved."""
    person = request.user
    asks = [saved_views.ask(person), visibility.ask_private(person), _services.ask(), _commanders.ask()]
    with together.asked(heartbeat.ask(name=settings.CLOCK_HEARTBEAT), *asks):
        return _list(request)


def _list(request: PersonRequest) -> HttpResponse:
    views = saved_views.shown(request.user)
    begins_with = next((view for view in views if view.is_default and view.owner_id == request.user.pk), None)
    if not request.GET and begins_with is not None and begins_with.query:
        return HttpResponseRedirect(f"{request.path}?{begins_with.query}")
    return render(request, "incidents/incidents.html", page(request, views=views, save_form=SaveViewForm()))


def page(request: PersonRequest, *, views: list[SavedView], save_form: SaveViewForm) -> dict[str, Any]:
    """What the list shows for the filters of the address, or of a form that could not be saved."""
    data = request.GET if request.method == "GET" else save_form.filters()
    form = filter_form(data)
    chosen = form.filters()
    rows = queries.first_rows(request.user, chosen, count=PAGE + 1, after=_row(data.get("before", "")))
    shown = rows[:PAGE]
    address = written(data)
    return {
        "form": form,
        "rows": shown,
        "more_filters": any(form[name].value() or form[name].errors for name in MORE),
        "is_filtered": bool(address),
        "first_url": f"?{address or ALL}" if "before" in data else None,
        "next_url": f"?{_joined(address, before=str(shown[-1].pk))}" if len(rows) > PAGE else None,
        "export_url": f"{reverse('api-incidents-file')}?{_export(chosen)}".rstrip("?"),
        "all_url": f"?{ALL}",
        "views": views,
        "view": next((view for view in views if view.query == address), None) if address else None,
        "address": address,
        "save_form": save_form,
        **_what_was_found(request.user, shown, chosen.q),
    }


ALL = urlencode({EVERYTHING: "yes"})


def filter_form(data: Any) -> FilterForm:
    """The filters of the address, with what may be chosen."""
    return FilterForm(data, services=_services(), managers=_commanders())


@prepared.query
def _services() -> QuerySet[Service, tuple[str, str]]:
    return Service.objects.order_by("name").values_list("slug", "name")


@prepared.query
def _commanders() -> QuerySet[Person, tuple[str, str]]:
    """Whoever may be accountable; values instead of rows, which cost three times as much."""
    commanders = Person.objects.filter(roles__overlap=sorted(COMMAND_ROLES)).order_by("first_name", "last_name")
    return commanders.values_list("username", naming.name())


def written(data: Any) -> str:
    """The filters as saved views write them; those that are too long to be any are left out."""
    try:
        return view_query.canonical(data.urlencode())
    except view_query.NotFilters:
        return ""


def _joined(address: str, **more: str) -> str:
    return "&".join(filter(None, [address, urlencode(more)]))


def _export(chosen: Filters) -> str:
    """The same filters in the words of the API."""
    pairs = [
        *(("state", state) for state in chosen.state),
        *(("priority", priority) for priority in chosen.priority),
        *((name, getattr(chosen, name)) for name in ("service", "manager", "q")),
        *((name, {True: "true", False: "false"}.get(getattr(chosen, name), "")) for name in ("live", "exercise")),
        ("from", chosen.declared_from.isoformat() if chosen.declared_from else ""),
        ("to", chosen.declared_to.isoformat() if chosen.declared_to else ""),
    ]
    return urlencode([(name, value) for name, value in pairs if value])


def _what_was_found(person: Person, rows: list[Incident], text: str) -> dict[str, Any]:
    """Titles and a line of text, cut where the words are that were looked for."""
    asked = rules.question(text)
    titles = {row.pk: rules.pieces(row.title, asked) for row in rows} if asked else {}
    return {"titles": titles, "snippets": finding.snippets(rows, text, person) if asked else {}}


def _row(before: str) -> Incident | None:
    """The incident with this key, after which the list goes on; None where the address names none."""
    return Incident.objects.filter(pk=int(before)).first() if before.isdecimal() and len(before) <= 18 else None
