"""What the composer's buttons do with a text that was kept: check, mend, ask a reader, send."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comms.choices import TextSource
from comms.forms.writing import ScheduleForm
from comms.models import Update
from comms.queries.writing import updates as update_queries
from comms.services.writing import adapting, approval, checking, learning, mending, publishing, scheduling, updates
from mim_portal.lib import addresses, times
from mim_portal.lib.refusals import Invalid
from teams.requests import PersonRequest

Deed = Callable[[PersonRequest, Update], HttpResponse | None]


def save(request: PersonRequest, update: Update) -> None:
    messages.success(request, _("Saved. Nothing was sent."))


def check(request: PersonRequest, update: Update) -> None:
    checking.check(update_id=update.pk, person=request.user, now=timezone.now())


def fix(request: PersonRequest, update: Update) -> None:
    """deed=fix-<finding>-<number of the suggestion>"""
    _deed, finding_id, choice = f"{request.POST['deed']}-0-0".split("-")[:3]
    if not (finding_id.isdecimal() and choice.isdecimal()):
        raise Http404
    mending.replace(
        update_id=update.pk,
        finding_id=int(finding_id),
        choice=int(choice),
        person=request.user,
        now=timezone.now(),
    )
    check(request, update)


def adapt(request: PersonRequest, update: Update) -> HttpResponse:
    """deed=adapt-<audience>: words of its own, which begin as the core text; template-<audience>: as their template."""
    deed, _dash, code = request.POST["deed"].partition("-")
    source = TextSource.TEMPLATE if deed == "template" else TextSource.SHARED
    adapting.adapt(update_id=update.pk, person=request.user, audience=code, source=source, now=timezone.now())
    return redirect(f"{addresses.update(update.pk)}?{urlencode({'adapt': code})}#text-{code}")


def whole(request: PersonRequest, update: Update) -> None:
    """deed=whole-<audience>: it reads the core text again; its own words stay among the versions."""
    _edit(request, update, texts={request.POST["deed"].partition("-")[2]: None})


def learn(request: PersonRequest, update: Update) -> None:
    """deed=learn-<finding>: the word is right here."""
    finding = request.POST["deed"].partition("-")[2]
    rows = update_queries.findings(update, content_hash=update_queries.content_hash(update))
    found = next((row for row in rows if str(row.pk) == finding), None)
    if found is None:
        raise Http404
    term = learning.add(term=found.text, person=request.user)
    check(request, update)
    messages.success(request, _("“%(term)s” is in the dictionary now.") % {"term": term})


def _edit(request: PersonRequest, update: Update, **fields: Any) -> None:
    updates.edit(update_id=update.pk, person=request.user, revision=None, fields=fields, now=timezone.now())


def tidy(request: PersonRequest, update: Update) -> None:
    mending.tidy(update_id=update.pk, person=request.user, now=timezone.now())
    check(request, update)


def promise_in(request: PersonRequest, update: Update) -> None:
    """deed=in-15: the next update that many minutes from now, for those without JavaScript."""
    minutes = request.POST["deed"].partition("-")[2]
    if minutes not in ("15", "30", "60"):
        raise Http404
    at = (timezone.now() + timedelta(minutes=int(minutes))).replace(second=0, microsecond=0)
    _edit(request, update, next_update_at=at)


def submit(request: PersonRequest, update: Update) -> None:
    check(request, update)
    asked = approval.submit(update_id=update.pk, person=request.user, now=timezone.now())
    messages.success(request, approval.outlook(asked, now=timezone.now()).message)


def approve(request: PersonRequest, update: Update) -> HttpResponse:
    approval.approve(update_id=update.pk, person=request.user, now=timezone.now())
    messages.success(request, _("Approved as it stands. Any change to the text asks for a reader again."))
    return redirect(addresses.update(update.pk))


def send(request: PersonRequest, update: Update) -> HttpResponse:
    sent = publishing.publish(
        update_id=update.pk,
        person=request.user,
        send_now=request.POST["deed"] == "send-now",
        overrides=_overrides(request),
        now=timezone.now(),
    )
    reached = update_queries.deliveries([sent]).get(sent.pk, update_queries.Sent(0, 0, 0)).total
    messages.success(
        request,
        ngettext(
            "Update %(number)s is on its way to %(count)s person.",
            "Update %(number)s is on its way to %(count)s people.",
            reached,
        )
        % {"number": sent.sequence, "count": f"{reached:,}"},
    )
    return redirect(addresses.incident(sent.incident.reference))


def schedule(request: PersonRequest, update: Update) -> None:
    form = ScheduleForm(request.POST)
    if not form.is_valid():
        raise Invalid(str(next(iter(form.errors.values()))[0]), field="publish_at")
    made = scheduling.schedule(
        update_id=update.pk,
        person=request.user,
        publish_at=form.cleaned_data["publish_at"],
        after_deadline=form.cleaned_data["after_deadline"],
        overrides=_overrides(request),
        now=timezone.now(),
    )
    at = made.publish_at
    assert at is not None
    messages.success(
        request,
        _("It leaves at %(time)s unless facts change.")
        % {"time": times.date_time(at, timezone.get_current_timezone())},
    )


def unschedule(request: PersonRequest, update: Update) -> None:
    scheduling.cancel(update_id=update.pk, person=request.user, now=timezone.now())
    messages.success(request, _("It no longer leaves by itself. The text is still here."))


BY_NAME: dict[str, Deed] = {
    "save": save,
    "check": check,
    "fix": fix,
    "adapt": adapt,
    "template": adapt,
    "whole": whole,
    "learn": learn,
    "tidy": tidy,
    "in": promise_in,
    "submit": submit,
    "send": send,
    "schedule": schedule,
    "unschedule": unschedule,
}


def _overrides(request: PersonRequest) -> list[dict[str, str]]:
    """reason-<code> from the short list, or other-<code> in own words, which wins."""
    given: dict[str, str] = {}
    for name in request.POST:
        kind, dash, code = name.partition("-")
        if dash and kind in ("reason", "other") and request.POST[name].strip():
            given[code] = request.POST[name].strip() if kind == "other" else given.get(code, request.POST[name])
    return [{"code": code, "reason": reason} for code, reason in given.items()]
