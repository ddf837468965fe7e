"""/settings/cadence/: how often which audience hears, by priority, and where services differ."""

from itertools import groupby

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from comms.forms.cadence import CadenceForm, ServiceForm
from comms.queries.promises import cadences as queries
from comms.services.promises import cadences
from mim_portal.lib import access
from mim_portal.lib.forms import attempt
from mim_portal.lib.refusals import Refusal
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.POLICY_EDITORS, act=roles.POLICY_EDITORS)
@require_http_methods(["GET", "POST"])
def settings_page(request: PersonRequest) -> HttpResponse:
    """The whole table at once; saving says what to think about, and which live incidents keep their own."""
    rows = queries.table()
    form = CadenceForm(request.POST or None, rows=rows)
    advice: list[str] = []
    if request.method == "POST" and attempt(
        form, lambda: advice.extend(cadences.change(person=request.user, rows=form.wanted()))
    ):
        messages.success(request, _("Saved, for incidents declared from now on. Those that run keep their own."))
        for words in advice:
            messages.warning(request, words)
        return redirect("cadence-settings")
    return _page(request, rows=rows, form=form, service_form=ServiceForm())


@access.allow(read=(), act=roles.POLICY_EDITORS)
@require_POST
def reset(request: PersonRequest) -> HttpResponse:
    """One row as it was at first."""
    priority, _dash, audience = request.POST.get("row", "").partition("-")
    try:
        row = cadences.reset(person=request.user, priority=priority, audience=audience)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("%s is as it was at first.") % f"{row.priority}, {row.audience.name}")
    return redirect("cadence-settings")


@access.allow(read=(), act=roles.POLICY_EDITORS)
@require_POST
def service(request: PersonRequest) -> HttpResponse:
    """A service that owes an audience more or less than its priority says."""
    form = ServiceForm(request.POST)
    if attempt(form, lambda: cadences.differ(person=request.user, **form.cleaned_data)):
        messages.success(request, _("Saved, for incidents declared from now on."))
        return redirect("cadence-settings")
    rows = queries.table()
    return _page(request, rows=rows, form=CadenceForm(rows=rows), service_form=form)


def _page(request: PersonRequest, *, rows: list[queries.Row], form: CadenceForm, service_form: Form) -> HttpResponse:
    shown = [(row, [form[f"{row.key}-{name}"] for name in (*queries.FIELDS, "is_owed")]) for row in rows]
    context = {
        "form": form,
        "tables": [(priority, list(lines)) for priority, lines in groupby(shown, key=lambda line: line[0].priority)],
        "service_form": service_form,
        "differing": queries.differing(),
        "kept": queries.kept(request.user),
    }
    status = 422 if form.is_bound or service_form.is_bound else 200
    return render(request, "comms/cadence_settings.html", context, status=status)
