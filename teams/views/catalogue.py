"""The organisation's lists: teams with their contacts, services, sites, and its own words."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mim_portal.lib import access
from mim_portal.lib.forms import attempt, stand_over
from mim_portal.lib.refusals import Refusal
from teams.forms.catalogue import FORMS, ContactForm, ListForm
from teams.models import Contact
from teams.queries import dependents
from teams.queries import lists as queries
from teams.requests import PersonRequest
from teams.rules import roles
from teams.services import catalogue

PAGE = 50
TITLES = {
    "teams": (gettext_lazy("Teams"), gettext_lazy("Add a team")),
    "services": (gettext_lazy("Services"), gettext_lazy("Add a service")),
    "sites": (gettext_lazy("Sites"), gettext_lazy("Add a site")),
    "words": (gettext_lazy("Our words"), gettext_lazy("Add a word")),
}


class ListConverter:
    """Only the lists there are."""

    regex = "teams|services|sites|words"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


@access.allow(read=roles.ADMINISTRATORS)
@require_GET
def listing(request: PersonRequest, of: str) -> HttpResponse:
    """One list in the order of its index, with those that are switched off at hand."""
    show, after = request.GET.get("show", ""), request.GET.get("after", "")
    q = " ".join(request.GET.get("q", "").split())[:200]
    found = queries.rows(of, q=q, active=None if show == "all" else True)
    found = queries.with_members(found) if of == "teams" else found
    order = queries.ORDERS[of]
    rows = list((found.filter(**{f"{order}__gt": after}) if after else found)[: PAGE + 1])
    query = request.GET.copy()
    query.pop("after", None)
    plain = query.urlencode()
    if len(rows) > PAGE:
        query["after"] = getattr(rows[PAGE - 1], order)
    context = {
        "of": of,
        "title": TITLES[of][0],
        "add": TITLES[of][1],
        "rows": rows[:PAGE],
        "q": q,
        "show": show,
        "first_url": f"?{plain}" if after else None,
        "next_url": f"?{query.urlencode()}" if len(rows) > PAGE else None,
    }
    return render(request, "teams/catalogue.html", context)


@access.allow(read=roles.ADMINISTRATORS)
@require_GET
def glossary(request: PersonRequest) -> HttpResponse:
    """The list that people look for under this name too."""
    return redirect("catalogue", of="words")


@access.allow(read=roles.ADMINISTRATORS, act=roles.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def new(request: PersonRequest, of: str) -> HttpResponse:
    """Add a row; a link from elsewhere may bring the word."""
    given = {name: request.GET[name][:200] for name in ("term", "meaning") if of == "words" and name in request.GET}
    form = FORMS[of](request.POST or None, is_new=True, initial=given)
    made: list[Any] = []

    def add() -> None:
        made.append(catalogue.add(of=of, by=request.user, values=form.values()))

    if request.method == "POST" and attempt(form, add):
        messages.success(request, _("Added."))
        return redirect("catalogue-row", of=of, key=getattr(made[0], queries.KEYS[of]))
    context = {"of": of, "title": TITLES[of][1], "list_title": TITLES[of][0], "form": form, "row": None}
    return render(request, "teams/catalogue_row.html", context, status=422 if form.is_bound else 200)


@access.allow(read=roles.ADMINISTRATORS, act=roles.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def row(request: PersonRequest, of: str, key: str) -> HttpResponse:
    """One row: its fields, what hangs on it, and a way to switch it off."""
    found = _found(of, key)
    initial = _initial(of, found)
    form = FORMS[of](request.POST or None, initial=initial)

    def save() -> None:
        version = form.cleaned_data["version"] or None
        catalogue.change(of=of, key=key, by=request.user, changes=form.values(), version=version)

    if request.method == "POST" and attempt(form, save):
        messages.success(request, _("Saved."))
        return redirect("catalogue-row", of=of, key=key)
    return _row_page(request, of, _found(of, key), form)


@access.allow(read=(), act=roles.ADMINISTRATORS)
@require_POST
def activity(request: PersonRequest, of: str, key: str) -> HttpResponse:
    """Switch a team, service or site off, or on again. It stays in the record."""
    found = _found(of, key)
    if of == "words":
        raise Http404
    is_active = request.POST.get("active") == "yes"
    catalogue.change(of=of, key=key, by=request.user, changes={"is_active": is_active})
    words = _("%s can be chosen again.") if is_active else _("%s can no longer be chosen. It stays in the record.")
    messages.success(request, words % found)
    return redirect("catalogue-row", of=of, key=key)


@access.allow(read=(), act=roles.ADMINISTRATORS)
@require_POST
def remove_word(request: PersonRequest, key: str) -> HttpResponse:
    """Take a word out of the dictionary."""
    return _said(request, lambda: catalogue.remove_word(key=key, by=request.user), redirect("catalogue", of="words"))


@access.allow(read=(), act=roles.ADMINISTRATORS)
@require_POST
def add_contact(request: PersonRequest, key: str) -> HttpResponse:
    """One more way to reach the team; with an error the page of the team is shown with what was typed."""
    found = _found("teams", key)
    form = ContactForm(request.POST)

    def add() -> None:
        catalogue.save_contact(team=key, by=request.user, **form.cleaned_data)

    if attempt(form, add):
        messages.success(request, _("Added."))
        return redirect("catalogue-row", of="teams", key=key)
    fields = FORMS["teams"](initial=_initial("teams", found))
    return _row_page(request, "teams", _found("teams", key), fields, contact_form=form)


@access.allow(read=roles.ADMINISTRATORS, act=roles.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def contact(request: PersonRequest, pk: int) -> HttpResponse:
    """Change one way to reach a team."""
    found = Contact.objects.select_related("team").filter(pk=pk).first()
    if found is None:
        raise Http404
    initial = {name: getattr(found, name) for name in ContactForm.base_fields}
    form = ContactForm(request.POST or None, initial=initial)

    def save() -> None:
        catalogue.save_contact(team=found.team.slug, by=request.user, contact_id=pk, **form.cleaned_data)

    if request.method == "POST" and attempt(form, save):
        messages.success(request, _("Saved."))
        return redirect("catalogue-row", of="teams", key=found.team.slug)
    context = {"form": form, "contact": found, "team": found.team}
    return render(request, "teams/contact.html", context, status=422 if form.is_bound else 200)


@access.allow(read=(), act=roles.ADMINISTRATORS)
@require_POST
def remove_contact(request: PersonRequest, pk: int) -> HttpResponse:
    """The team is not reached like this any more."""
    found = Contact.objects.select_related("team").filter(pk=pk).first()
    if found is None:
        raise Http404
    back = redirect("catalogue-row", of="teams", key=found.team.slug)
    return _said(request, lambda: catalogue.remove_contact(contact_id=pk, by=request.user), back)


def _said(request: PersonRequest, verb: Callable[[], object], back: HttpResponse) -> HttpResponse:
    try:
        verb()
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Removed."))
    return back


def _row_page(
    request: PersonRequest, of: str, found: Any, form: ListForm, *, contact_form: ContactForm | None = None
) -> HttpResponse:
    is_wrong = form.is_bound or contact_form is not None
    stand_over(form, queries.version(of, found))
    hanging = (
        dependents.of(found, viewer=request.user, now=timezone.now()) if getattr(found, "is_active", False) else []
    )
    context = {
        "of": of,
        "title": str(found),
        "list_title": TITLES[of][0],
        "form": form,
        "row": found,
        "dependents": hanging,
        "contact_form": contact_form or ContactForm(),
        "members": list(_members(found)) if of == "teams" else [],
    }
    return render(request, "teams/catalogue_row.html", context, status=422 if is_wrong else 200)


def _members(team: Any) -> Any:
    people = team.memberships.filter(person__is_active=True).select_related("person")
    return people.order_by("-is_lead", "person__username")


def _initial(of: str, found: Any) -> dict[str, Any]:
    own = {"own_slug": found.slug} if of == "services" else {}
    return queries.state(of, found) | own | {"version": queries.version(of, found)}


def _found(of: str, key: str) -> Any:
    found = queries.one(of, key)
    if found is None:
        raise Http404
    return found
