"""The desk disputes how its record was read; practice lead or manager answers."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incidents.forms import desk as forms
from incidents.queries import disputes as queries
from incidents.services.desk import disputes
from incidents.views import candidate_page
from mim_portal.lib import access
from mim_portal.lib.forms import attempt
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=(), act=roles.DESK)
@require_POST
def dispute(request: PersonRequest, reference: str) -> HttpResponse:
    found = candidate_page.get(request, reference)
    form = forms.DisputeForm(request.POST, readings=queries.readings(found))
    if attempt(
        form,
        lambda: disputes.dispute(
            reference=reference, item=form.cleaned_data["item"], reason=form.cleaned_data["reason"],
            person=request.user, now=timezone.now(),
        ),
    ):  # fmt: skip
        messages.success(request, _("Sent. The practice lead or the manager answers here."))
        return redirect("candidate", reference=reference)
    return candidate_page.page(request, reference, {"dispute": form}, status=422)


@access.allow(read=(), act=roles.DISPUTE_ANSWERERS)
@require_POST
def answer(request: PersonRequest, reference: str, dispute_id: int) -> HttpResponse:
    found = candidate_page.get(request, reference)
    if queries.get(found, dispute_id) is None:
        raise Http404
    form = forms.DisputeAnswerForm(request.POST, readings=queries.readings(found))
    if attempt(
        form,
        lambda: disputes.answer(
            dispute_id=dispute_id, answer=form.cleaned_data["answer"], corrections=form.corrections(),
            person=request.user, now=timezone.now(),
        ),
    ):  # fmt: skip
        messages.success(request, _("Answered. Both readings stay on the record."))
        return redirect("candidate", reference=reference)
    return candidate_page.page(request, reference, {"dispute_answer": form}, status=422)
