"""Earlier texts of a draft: looked at beside the present one, and brought back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comms.choices import SENT_UPDATES
from comms.models import DraftVersion, Update
from comms.queries.writing import differences
from comms.services.writing import updates
from comms.services.writing import versions as version_services
from comms.views.writing import sent
from mim_portal.lib import access, addresses
from mim_portal.lib.refusals import Refusal
from teams.requests import PersonRequest
from teams.rules import roles

SHOWN = 100


@access.allow(read=roles.WRITERS, act=roles.WRITERS)
@require_http_methods(["GET", "POST"])
def page(request: PersonRequest, update_id: int) -> HttpResponse:
    """The list, and one of them with what has changed since; POST brings it back, and the present text stays in it."""
    update = sent.update_or_404(request, update_id)
    if update.state in SENT_UPDATES:
        raise Http404
    rows = list(DraftVersion.objects.filter(update=update).select_related("author").order_by("-revision")[:SHOWN])
    asked = request.POST.get("revision") or request.GET.get("revision", "")
    shown = next((row for row in rows if str(row.revision) == asked), None)
    if asked and shown is None:
        raise Http404
    if request.method == "POST":
        return _bring_back(request, update, shown)
    context = {
        "update": update,
        "incident": update.incident,
        "rows": rows,
        "shown": shown,
        "differences": differences.between(shown.content, differences.content(update)) if shown else [],
    }
    return render(request, "comms/versions.html", context)


def _bring_back(request: PersonRequest, update: Update, version: DraftVersion | None) -> HttpResponse:
    if version is None:
        raise Http404
    fields = version_services.fields_of(version, texts_now=update.texts)
    try:
        updates.edit(
            update_id=update.pk, person=request.user, revision=update.revision, fields=fields, now=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("That text is back. The one before it is among the versions."))
    return redirect(addresses.update(update.pk))
