"""Settings: what messages begin with, by kind and audience, tried on a real incident before it is saved."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comms.choices import UpdateKind
from comms.forms.templates import TemplateForm
from comms.models import Audience
from comms.queries.recipients import audiences as audience_queries
from comms.queries.writing import languages
from comms.queries.writing import templates as queries
from comms.rendering import draft_values, drafts
from comms.rules import sms
from comms.rules import templates as rules
from comms.rules.templates import Parts
from comms.services.writing import templates
from incidents.models import Incident
from incidents.queries import incidents, visibility
from mim_portal.lib import access, sandbox
from mim_portal.lib.forms import take_version
from mim_portal.lib.refusals import Refusal
from teams.requests import PersonRequest
from teams.rules import roles

SHOWN_VERSIONS = 20
OFFERED_INCIDENTS = 10


@access.allow(read=roles.POLICY_EDITORS)
@require_GET
def listing(request: PersonRequest) -> HttpResponse:
    """Kinds down, audiences across: the organisation's own, or built in."""
    audiences = list(audience_queries.active())
    own = {(row.kind, row.audience.code): row for row in queries.every()}
    rows = [(kind, [(audience, own.get((kind, audience.code))) for audience in audiences]) for kind in rules.KINDS]
    context = {"audiences": audiences, "rows": rows, "faulty": queries.faulty()}
    return render(request, "comms/templates.html", context)


@access.allow(read=roles.POLICY_EDITORS, act=roles.POLICY_EDITORS)
@require_http_methods(["GET", "POST"])
def template(request: PersonRequest, kind: str, audience: str) -> HttpResponse:
    """Write one template: its values with what they are now, its preview, its versions."""
    found = _audience_or_404(kind, audience)
    if request.method == "POST":
        return _act(request, kind, found)
    form = TemplateForm(initial=_initial(kind, found) | {"incident": request.GET.get("incident", "")})
    form.offer(_incidents(request))
    return _page(request, kind, found, form, parts=_written(kind, found))


@access.allow(read=(), act=roles.POLICY_EDITORS)
@require_POST
def revert(request: PersonRequest, kind: str, audience: str, number: int) -> HttpResponse:
    """Take an old version up again."""
    _audience_or_404(kind, audience)
    try:
        templates.revert(kind=kind, audience=audience, number=number, by=request.user, now=timezone.now())
    except Refusal as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        messages.error(request, _("That version cannot be used any more: %s") % refusal.message)
    else:
        messages.success(request, _("Version %s is in use again.") % number)
    return redirect("template", kind=kind, audience=audience)


@access.allow(read=(), act=roles.POLICY_EDITORS)
@require_POST
def built_in(request: PersonRequest, kind: str, audience: str) -> HttpResponse:
    """Begin with the built-in template again."""
    _audience_or_404(kind, audience)
    try:
        templates.use_built_in(kind=kind, audience=audience, by=request.user)
    except Refusal as refusal:
        raise Http404 from refusal
    messages.success(request, _("The built-in template is in use. Your versions are kept."))
    return redirect("template", kind=kind, audience=audience)


def _act(request: PersonRequest, kind: str, audience: Audience) -> HttpResponse:
    form = TemplateForm(request.POST)
    form.offer(_incidents(request))
    if not form.is_valid():
        return _page(request, kind, audience, form, parts=Parts(), status=422)
    parts = form.parts()
    faults: Sequence[drafts.Fault] = templates.faults_of(parts, kind=kind)
    if not faults and request.POST.get("deed") == "save":
        try:
            templates.save(
                kind=kind,
                audience=audience.code,
                parts=parts.as_dict(),
                by=request.user,
                now=timezone.now(),
                version=form.cleaned_data["version"],
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            if "version" in refusal.extra:
                take_version(form, refusal.extra["version"])
            return _page(request, kind, audience, form, parts=parts, status=409)
        messages.success(request, _("Saved. The next message of this kind begins with it."))
        return redirect("template", kind=kind, audience=audience.code)
    for fault in faults:
        form.add_error(fault.part, fault_words(fault, parts))
    return _page(request, kind, audience, form, parts=parts, status=422 if faults else 200)


def fault_words(fault: drafts.Fault, parts: Parts) -> str:
    """The line, what stands in it, and what is wrong."""
    lines = getattr(parts, fault.part).splitlines()
    line = lines[fault.line - 1].strip()[:80] if fault.line <= len(lines) else ""
    return _("Line %(line)s, “%(text)s”: %(fault)s") % {"line": fault.line, "text": line, "fault": fault.message}


def _page(
    request: PersonRequest, kind: str, audience: Audience, form: TemplateForm, *, parts: Parts, status: int = 200
) -> HttpResponse:
    own = queries.own(kind=kind, audience=audience)
    versions = list(queries.versions(own)[: SHOWN_VERSIONS + 1]) if own else []
    usual = drafts.built_in(kind, audience=audience, language=languages.current())
    values = _values(request, kind, audience, str(form["incident"].value() or ""))
    preview, faults = drafts.rendered(parts.over(usual), values)
    context = {
        "kind": UpdateKind(kind),
        "audience": audience,
        "form": form,
        "own": own,
        "versions": queries.history(versions)[:SHOWN_VERSIONS],
        "usual": usual,
        "preview": preview,
        "sms": sms.size(sms.plain(preview.sms)),
        "preview_faults": [] if form.errors else faults,
        "values": _listed(values),
        "filters": list(sandbox.FILTERS),
        "labels": {name: form[name].label for name in rules.PARTS},
    }
    return render(request, "comms/template.html", context, status=status)


def _written(kind: str, audience: Audience) -> Parts:
    """What is in use: the organisation's own, else the built-in one."""
    version = queries.in_use(kind=kind, audience=audience)
    usual = drafts.built_in(kind, audience=audience, language=languages.current())
    return queries.parts(version).over(usual)


def _initial(kind: str, audience: Audience) -> dict[str, Any]:
    own = queries.own(kind=kind, audience=audience)
    newest = queries.newest(own) if own else None
    return _written(kind, audience).as_dict() | {"version": newest.number if newest else 0}


def _values(request: PersonRequest, kind: str, audience: Audience, reference: str) -> dict[str, Any]:
    """Those of the incident that was chosen, where the person may see it; else the made-up one's."""
    incident = incidents.get(reference, request.user)
    if incident is None:
        return draft_values.sample() | {
            "kind": str(UpdateKind(kind).label),
            "audience": {"code": audience.code, "name": audience.name},
        }
    now = timezone.now()
    return draft_values.of(incident, kind=kind, audience=audience, next_update_at=now, now=now)


def _listed(values: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Name, meaning and value of each, in the order in which they are shown."""
    rows = []
    for name, meaning in draft_values.MEANINGS.items():
        outer, _dot, inner = name.partition(".")
        value = values[outer][inner] if inner else values[outer]
        shown = ", ".join(value) if isinstance(value, list) else str(value)
        rows.append((name, str(meaning), shown))
    return rows


def _incidents(request: PersonRequest) -> list[Incident]:
    return list(visibility.visible_incidents(request.user).order_by("-declared_at")[:OFFERED_INCIDENTS])


def _audience_or_404(kind: str, code: str) -> Audience:
    audience = Audience.objects.filter(code=code).first()
    if audience is None or kind not in rules.KINDS:
        raise Http404
    return audience
