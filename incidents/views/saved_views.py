"""Saving and changing one's own views of the list."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from incidents.forms.listing import SaveViewForm
from incidents.queries import saved_views as queries
from incidents.services.finding import saved_views
from incidents.views import listing
from mim_portal.lib import access, forms
from teams.requests import PersonRequest
from teams.rules import roles

_STEPS = {"default": {"is_default": True}, "usual": {"is_default": False}}
_STEPS |= {"share": {"is_shared": True}, "withdraw": {"is_shared": False}}


@access.allow(read=(), act=roles.ROOM_READERS)
@require_POST
def save(request: PersonRequest) -> HttpResponse:
    """Keep the filters of the list under a name; then the list stands there as saved."""
    form = SaveViewForm(request.POST)
    if forms.attempt(form, lambda: saved_views.save(person=request.user, **form.cleaned_data)):
        return HttpResponseRedirect(f"{reverse('incidents')}?{listing.written(form.filters()) or listing.ALL}")
    views = queries.shown(request.user)
    return render(request, "incidents/incidents.html", listing.page(request, views=views, save_form=form), status=422)


@access.allow(read=(), act=roles.ROOM_READERS)
@require_POST
def step(request: PersonRequest, pk: int, step: str) -> HttpResponse:
    """Share, stop sharing, begin the list with it, begin with everything again, or delete."""
    view = queries.visible(request.user).filter(pk=pk).first()
    if view is None or step not in {*_STEPS, "delete"}:
        raise Http404
    try:
        if step == "delete":
            saved_views.delete(view_id=pk, person=request.user)
        else:
            saved_views.change(view_id=pk, person=request.user, fields=dict(_STEPS[step]))
    except saved_views.UnknownView as error:
        raise Http404 from error
    address = listing.ALL if step == "delete" else view.query or listing.ALL
    return HttpResponseRedirect(f"{reverse('incidents')}?{address}")
