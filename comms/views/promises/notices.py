"""/settings/me/notices/: what reaches me, and when not."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comms.forms.notices import NoticeForm
from comms.services.telling import preferences
from mim_portal.lib import access
from mim_portal.lib.forms import attempt
from teams.choices import Role
from teams.requests import PersonRequest


@access.allow(read=None, act=None)
@require_http_methods(["GET", "POST"])
def mine(request: PersonRequest) -> HttpResponse:
    """Quiet hours of one's own, and for executives what wakes them."""
    held = preferences.of(request.user)
    initial = {"wakes": held.wakes, "quiet_from": held.quiet_from, "quiet_until": held.quiet_until}
    form = NoticeForm(request.POST or None, initial=initial, is_executive=request.user.has_role(Role.EXECUTIVE))
    if request.method == "POST" and attempt(
        form, lambda: preferences.change(person=request.user, **{"wakes": held.wakes, **form.cleaned_data})
    ):
        messages.success(request, _("Saved."))
        return redirect("my-notices")
    return render(request, "comms/my_notices.html", {"form": form}, status=422 if form.is_bound else 200)
