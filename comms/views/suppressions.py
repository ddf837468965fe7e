"""Settings: addresses that updates are kept from, and lifting that."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from comms.forms.suppressions import LiftForm
from comms.queries.recipients import delivery_words
from comms.queries.recipients import suppressions as queries
from comms.services.sending import mail_reports
from mim_portal.lib import access
from mim_portal.lib.forms import attempt
from teams.requests import PersonRequest
from teams.rules import roles

PAGE = 100


@access.allow(read=roles.ADMINISTRATORS)
@require_GET
def listing(request: PersonRequest) -> HttpResponse:
    """The last ones first; paged by key."""
    q, before = request.GET.get("q", "")[:200], request.GET.get("before", "")
    found = queries.current(q=q)
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: PAGE + 1])
    given = {"q": q} if q else {}
    context = {
        "rows": [(row, delivery_words.in_words(row.detail)) for row in rows[:PAGE]],
        "q": q,
        "first_url": "?" + urlencode(given) if before else None,
        "next_url": "?" + urlencode({**given, "before": rows[PAGE - 1].pk}) if len(rows) > PAGE else None,
    }
    return render(request, "comms/suppressions.html", context)


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
