"""Settings: addresses that updates are kept from, because mail came back or they opted out, and lifting that."""

from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from comms.forms.suppressions import LiftForm, OptOutLiftForm
from comms.queries.recipients import delivery_words
from comms.queries.recipients import opt_outs as opt_out_queries
from comms.queries.recipients import suppressions as queries
from comms.services.recipients import opt_outs
from comms.services.sending import mail_reports
from mim_portal.lib import access
from mim_portal.lib.forms import attempt
from teams.requests import PersonRequest
from teams.rules import roles

PAGE = 100
Row = TypeVar("Row", bound=Model)


@access.allow(read=roles.ADMINISTRATORS)
@require_GET
def listing(request: PersonRequest) -> HttpResponse:
    """Where mail came back or was called unwanted: the last ones first; paged by key."""
    rows, context = _paged(request, queries.current(q=_asked(request)))
    context |= {"rows": [(row, delivery_words.in_words(row.detail)) for row in rows]}
    return render(request, "comms/suppressions.html", context)


@access.allow(read=roles.ADMINISTRATORS)
@require_GET
def opted_out(request: PersonRequest) -> HttpResponse:
    """Whoever said no: the last ones first; paged by key."""
    rows, context = _paged(request, opt_out_queries.current(q=_asked(request)))
    return render(request, "comms/opt_outs.html", context | {"rows": rows})


@access.allow(read=roles.ADMINISTRATORS, act=roles.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def lift(request: PersonRequest, pk: int) -> HttpResponse:
    """Why it will work now; then updates go there again."""
    row = queries.one(pk)
    if row is None:
        raise Http404
    form = LiftForm(request.POST or None)

    def deed() -> None:
        mail_reports.lift(
            suppression_id=pk, person=request.user, reason=form.cleaned_data["reason"], now=timezone.now()
        )

    if request.method == "POST" and attempt(form, deed):
        messages.success(request, _("Updates go to %s again.") % row.address)
        return redirect("suppressions")
    context = {"row": row, "words": delivery_words.in_words(row.detail), "form": form}
    return render(request, "comms/suppression_lift.html", context, status=422 if request.method == "POST" else 200)


@access.allow(read=roles.ADMINISTRATORS, act=roles.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def lift_opt_out(request: PersonRequest, pk: int) -> HttpResponse:
    """Who asked for it; then the audience's updates go there again."""
    row = opt_out_queries.one(pk)
    if row is None:
        raise Http404
    form = OptOutLiftForm(request.POST or None)

    def deed() -> None:
        opt_outs.lift(opt_out_id=pk, person=request.user, reason=form.cleaned_data["reason"])

    if request.method == "POST" and attempt(form, deed):
        messages.success(request, _("Updates go to %s again.") % row.address)
        return redirect("opt-outs")
    status = 422 if request.method == "POST" else 200
    return render(request, "comms/opt_out_lift.html", {"row": row, "form": form}, status=status)


def _asked(request: PersonRequest) -> str:
    return request.GET.get("q", "")[:200]


def _paged(request: PersonRequest, found: QuerySet[Row]) -> tuple[list[Row], dict[str, Any]]:
    """A page of the list, and where the pages beside it are."""
    q, before = _asked(request), request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: PAGE + 1])
    given = {"q": q} if q else {}
    return rows[:PAGE], {
        "q": q,
        "first_url": "?" + urlencode(given) if before else None,
        "next_url": "?" + urlencode({**given, "before": rows[PAGE - 1].pk}) if len(rows) > PAGE else None,
    }
