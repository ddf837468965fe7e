"""Asking people in, and the page that their link opens."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from mim_portal.lib import access
from mim_portal.lib.forms import attempt
from teams.forms.people import FirstPasswordForm, InviteForm
from teams.models import Invitation, Team
from teams.queries import invitations as queries
from teams.requests import PersonRequest
from teams.rules import roles
from teams.services import invitations, people

PAGE = 50


@access.allow(read=roles.ADMINISTRATORS)
@require_GET
def listing(request: PersonRequest) -> HttpResponse:
    """Who was invited and what became of it, newest first."""
    waiting = request.GET.get("show") != "all"
    before = request.GET.get("before", "")
    found = queries.listing(waiting=waiting)
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: PAGE + 1])
    show = "" if waiting else "show=all&"
    return render(
        request,
        "teams/invitations.html",
        {
            "lines": queries.lines(rows[:PAGE], now=timezone.now()),
            "waiting": waiting,
            "first_url": f"?{show.rstrip('&')}" if before else None,
            "next_url": f"?{show}before={rows[PAGE - 1].pk}" if len(rows) > PAGE else None,
        },
    )


@access.allow(read=roles.ADMINISTRATORS, act=roles.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def invite(request: PersonRequest) -> HttpResponse:
    """Put a person into the list; they get one mail."""
    initial = {"time_zone": request.user.time_zone, "locale": request.user.locale}
    choices = Team.objects.filter(is_active=True).order_by("name")
    form = InviteForm(request.POST or None, initial=initial, choices=choices)
    sent: list[Invitation] = []

    def send() -> None:
        sent.append(people.invite(by=request.user, now=timezone.now(), **form.changes()))

    if request.method == "POST" and attempt(form, send):
        messages.success(request, _("The invitation is on its way to %s.") % sent[0].person.email)
        return redirect("person", username=sent[0].person.username)
    return render(request, "teams/invite.html", {"form": form}, status=422 if form.is_bound else 200)


@access.public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """What the link opens: one form. Opening it changes nothing, since mail scanners open it too."""
    now = timezone.now()
    try:
        invitation = invitations.opened(token, now=now)
    except invitations.Useless as refusal:
        return render(request, "teams/invitation_useless.html", {"sentence": refusal.message}, status=410)
    form = FirstPasswordForm(request.POST or None)

    def accept() -> None:
        invitations.accept(text=token, password=form.cleaned_data["password"], now=now)

    if request.method == "POST" and attempt(form, accept):
        name = invitation.person.username
        messages.success(request, _("Your password is set. Sign in with it; your user name is %s.") % name)
        return redirect("account_login")
    return render(
        request,
        "teams/invitation.html",
        {"form": form, "invitation": invitation, "person": invitation.person, "token": token},
        status=422 if form.is_bound else 200,
    )
