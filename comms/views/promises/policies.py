"""/settings/approval/: who reads what before it leaves, and the words that never wait."""

from itertools import groupby

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comms.choices import UpdateKind
from comms.forms.writing import PolicyForm
from comms.queries.writing import policies as policy_queries
from comms.services.writing import policies
from mim_portal.lib import access
from mim_portal.lib.forms import attempt
from teams.choices import Role
from teams.queries import calling
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.POLICY_EDITORS, act=roles.POLICY_EDITORS)
@require_http_methods(["GET", "POST"])
def settings_page(request: PersonRequest) -> HttpResponse:
    """The whole table at once; saving writes what differs into the audit."""
    cells = policy_queries.table()
    form = PolicyForm(request.POST or None, cells=cells, neutral_words=policy_queries.neutral_words())
    if request.method == "POST" and attempt(
        form,
        lambda: policies.change(
            person=request.user, readings=form.readings(), neutral_words=form.cleaned_data["neutral_words"]
        ),
    ):
        messages.success(request, _("Saved. It holds for every text that has not left yet."))
        return redirect("approval-settings")
    now = timezone.now()
    context = {
        "form": form,
        "rows": [
            (UpdateKind(kind).label, [form[form.name_of(cell)] for cell in row])
            for kind, row in groupby(cells, key=lambda cell: cell.kind)
        ],
        "audiences": list(dict.fromkeys(cell.audience.name for cell in cells)),
        "keepers": policy_queries.gate_keepers(),
        "readers": calling.told(Role.SECOND_READER, at=now),
    }
    return render(request, "comms/approval_settings.html", context, status=422 if form.is_bound else 200)
