"""/settings/replies/: whom readers reach when they answer an update."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comms.forms.replies import RepliesForm
from comms.queries.replies import destinations
from comms.services.replies import deciding
from mim_portal.lib import access
from mim_portal.lib.forms import attempt
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.POLICY_EDITORS, act=roles.POLICY_EDITORS)
@require_http_methods(["GET", "POST"])
def settings_page(request: PersonRequest) -> HttpResponse:
    """One choice and the mailbox that one of them needs."""
    held = destinations.current()
    form = RepliesForm(request.POST or None, initial={"to": held.to, "address": held.address})
    if request.method == "POST" and attempt(
        form,
        lambda: deciding.decide(person=request.user, to=form.cleaned_data["to"], address=form.cleaned_data["address"]),
    ):
        messages.success(request, _("Saved. It holds for mails that leave from now on."))
        return redirect("reply-settings")
    context = {"form": form, "sender": settings.DEFAULT_FROM_EMAIL}
    return render(request, "comms/reply_settings.html", context, status=422 if form.is_bound else 200)
