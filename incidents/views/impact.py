"""The impact: revised with its sentence before one's eyes, compared by version, merged where two wrote at once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from incidents.choices import Confidence
from incidents.forms import impact as forms
from incidents.models import ImpactStatement, Incident
from incidents.queries import impact as queries
from incidents.queries import impact_page, reports, watched
from incidents.rules import impact as rules
from incidents.rules import merging, revision
from incidents.rules import statement as statements
from incidents.services.record import facts, impact
from incidents.views.base import incident_or_404
from mim_portal.lib import access, addresses
from mim_portal.lib.forms import attempt
from mim_portal.lib.refusals import Invalid, Refusal
from teams.requests import PersonRequest
from teams.rules import roles

CHECKED_WITHIN = timedelta(minutes=15)
LONGEST_NUMBER = 18  # digits of the number of a row


@access.allow(read=roles.COMMANDERS, act=roles.COMMANDERS)
@require_http_methods(["GET", "POST"])
def revise(request: PersonRequest, reference: str) -> HttpResponse:
    """A new version of the impact. Where somebody else wrote one meanwhile, both stand side by side, fact by fact."""
    incident = incident_or_404(request, reference)
    current = queries.current(incident)
    now = timezone.now()
    if request.method != "POST":
        return _page(request, incident, _form(current), current, now=now)
    if request.POST.get("fill") or "look" in request.POST:
        return _page(request, incident, _form(current, _filled(request, incident, now=now)), current, now=now)
    form = _form(current, request.POST)
    if not form.is_valid():
        return _page(request, incident, form, current, now=now, status=422)
    base = _base(incident, form) or current
    if base.version != current.version:
        return _merge(request, incident, form, base=base, current=current, now=now)
    if _state(request, incident, form, fields=form.statement(current), version=current.version, now=now):
        return redirect(_back(request, incident))
    latest = queries.current(incident)
    if latest.version != current.version:  # between our reading and our writing
        return _merge(request, incident, _form(latest, request.POST), base=base, current=latest, now=now)
    return _page(request, incident, form, current, now=now, status=422)


@access.allow(read=(), act=roles.COMMANDERS)
@require_POST
def preview(request: PersonRequest, reference: str) -> HttpResponse:
    """Beside the form, as somebody types: the sentence, what is still owed, hints."""
    incident = incident_or_404(request, reference)
    current = queries.current(incident)
    form = _form(current, request.POST)
    return render(request, "incidents/_impact_preview.html", _preview(request, incident, form, current, timezone.now()))


@access.allow(read=roles.ROOM_READERS)
@require_GET
def versions(request: PersonRequest, reference: str) -> HttpResponse:
    """Every version, each with what it changed, word by word; or any two of them."""
    incident = incident_or_404(request, reference)
    found = impact_page.versions(incident, timezone.get_current_timezone())
    by_number = {str(one.statement.version): one.statement for one in found}
    left, right = (by_number.get(request.GET.get(name, "")) for name in ("from", "to"))
    return render(
        request,
        "incidents/impact_versions.html",
        {
            "incident": incident,
            "versions": found,
            "left": left,
            "right": right,
            "compared": impact_page.changes(left, right) if left and right else (),
            "labels": _labels(),
            "may_revise": request.user.has_role(*roles.COMMANDERS),
        },
    )


def _back(request: PersonRequest, incident: Incident) -> str:
    """To the message from which the person came, named by its number alone; otherwise to the room."""
    update = _update_come_from(request)
    return addresses.update(int(update)) if update else addresses.incident(incident.reference)


def _update_come_from(request: PersonRequest) -> str:
    given = request.POST.get("back") or request.GET.get("back", "")
    return given if given.isascii() and given.isdecimal() and len(given) <= LONGEST_NUMBER else ""


def _form(current: ImpactStatement, data: Any = None) -> forms.ImpactForm:
    return forms.ImpactForm(data, current=current, tz=timezone.get_current_timezone())


def _filled(request: PersonRequest, incident: Incident, *, now: datetime) -> Any:
    """What was typed, with one open gate said to be not yet known, or the desk's count as what a number rests on."""
    typed = request.POST.copy()
    name = request.POST.get("fill", "")
    if name == "count_basis":
        typed[name] = reports.totals(incident).basis or typed.get(name, "")
    elif name in statements.TEXTS:
        typed[name] = _checked_by(now)
    return typed


def _checked_by(now: datetime) -> str:
    by = (now + CHECKED_WITHIN).replace(second=0, microsecond=0)
    return rules.being_checked(by + timedelta(minutes=-by.minute % 5), tz=timezone.get_current_timezone())


def _base(incident: Incident, form: forms.ImpactForm) -> ImpactStatement | None:
    """The version that the person started from."""
    return queries.versions(incident).filter(version=form.cleaned_data["version"] or 0).first()


def _state(
    request: PersonRequest, incident: Incident, form: Form, *, fields: Mapping[str, Any], version: int, now: datetime
) -> bool:
    return attempt(
        form,
        lambda: impact.state(
            reference=incident.reference,
            person=request.user,
            fields=fields,
            revision_reason=form.cleaned_data["revision_reason"],
            evidence_at=form.cleaned_data["evidence_at"],
            version=version,
            now=now,
        ),
    )


def _merge(
    request: PersonRequest,
    incident: Incident,
    form: forms.ImpactForm,
    *,
    base: ImpactStatement,
    current: ImpactStatement,
    now: datetime,
) -> HttpResponse:
    """Save what both want once every difference is decided; until then show mine beside theirs."""
    form.is_valid()
    given = form.statement(base)
    mine = _as_stored(request, given, now=now)
    compared = merging.compare(names=statements.STATED, base=forms.plain(base), mine=mine, theirs=forms.plain(current))
    picks = {field.name: request.POST.get(f"pick_{field.name}", "") for field in compared}
    shown = form.cleaned_data.get("theirs") == current.version
    if shown and not merging.undecided(compared, picks):
        fields = _merged(given, mine=mine, current=current, compared=compared, picks=picks)
        if _state(request, incident, form, fields=fields, version=current.version, now=now):
            return redirect(_back(request, incident))
    elif shown:
        form.add_error(None, _("Choose for each fact which of the two stands."))
    return _conflict_page(request, incident, form, base=base, current=current, compared=compared, picks=picks)


def _as_stored(request: PersonRequest, given: Mapping[str, Any], *, now: datetime) -> dict[str, str]:
    """Mine as it would be stored, so that one time written in two ways is no difference."""
    try:
        cleaned = facts.clean_impact(given, person=request.user, now=now)
    except Invalid:
        cleaned = dict(given)
    return {name: str(cleaned[name]) for name in statements.STATED}


def _merged(
    given: Mapping[str, Any],
    *,
    mine: Mapping[str, str],
    current: ImpactStatement,
    compared: tuple[merging.Field, ...],
    picks: Mapping[str, str],
) -> dict[str, Any]:
    """The facts as decided; how sure each is, and who says so, goes with the fact."""
    fields: dict[str, Any] = dict(merging.merged(compared, mine=mine, picks=picks))
    from_them = {
        field.name
        for field in compared
        if field.is_theirs_alone or (field.is_conflict and picks.get(field.name) == merging.THEIRS)
    }
    theirs = impact.facts_of(current)
    sure = statements.confidence_by_field(given["confidence"], fields)
    sure_theirs = statements.confidence_by_field(theirs["confidence"], fields)
    sources = {name: (theirs if name in from_them else given)["sources"].get(name, "") for name in sure}
    return fields | {
        "confidence": statements.one_or_by_field(
            {name: (sure_theirs if name in from_them else sure)[name] for name in sure}
        ),
        "sources": sources,
    }


def _conflict_page(
    request: PersonRequest,
    incident: Incident,
    form: forms.ImpactForm,
    *,
    base: ImpactStatement,
    current: ImpactStatement,
    compared: tuple[merging.Field, ...],
    picks: Mapping[str, str],
) -> HttpResponse:
    tz = timezone.get_current_timezone()
    columns = {
        "mine": {name: str(form.data.get(name, "")) for name in statements.STATED},
        "theirs": forms.cells(impact.facts_of(current), as_of=current.as_of, tz=tz),
        "base": forms.cells(impact.facts_of(base), as_of=base.as_of, tz=tz),
    }
    decided = {f"pick_{field.name}" for field in compared} | {"theirs", "csrfmiddlewaretoken"}
    context = {
        "incident": incident,
        "form": form,
        "base": base,
        "current": current,
        "compared": compared,
        "picks": picks,
        "columns": columns,
        "labels": _labels(),
        "data_states": dict(form.fields["data_state"].choices),  # type: ignore[attr-defined]
        "carried": [(name, form.data[name]) for name in form.data if name not in decided],
    }
    return render(request, "incidents/impact_conflict.html", context, status=422)


def _page(
    request: PersonRequest,
    incident: Incident,
    form: forms.ImpactForm,
    current: ImpactStatement,
    *,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    context = {
        "incident": incident,
        "form": form,
        "rows": list(form.facts()),
        "data_row": next(form.facts(("data_state",))),
        "checked_by": _checked_by(now),
        "desk_basis": reports.totals(incident).basis,
        "sure_words": {value: str(label) for value, label in Confidence.choices},
        "current": current,
        "back": _update_come_from(request),
        "back_address": _back(request, incident),
        "watched": watched.plans("impact", person=request.user),
        **_preview(request, incident, form, current, now),
    }
    return render(request, "incidents/impact.html", context, status=status)


def _preview(
    request: PersonRequest, incident: Incident, form: forms.ImpactForm, current: ImpactStatement, now: datetime
) -> dict[str, Any]:
    """What was typed as readers will see it; as it stands where nothing was typed yet."""
    tz = timezone.get_current_timezone()
    beside = impact_page.around(incident, person=request.user, as_of=current.as_of, now=now, tz=tz)
    typed = form.typed() if form.is_bound else dict(form.initial) | {"sources": {}, "confidence": current.confidence}
    draft = _draft(request, incident, form.typed(), now=now) if form.is_bound else current
    evidence = form.cleaned_data.get("evidence_at") if form.is_bound else None
    suggested = revision.suggested(evidence_at=evidence, captured_at=current.as_of)
    return {
        "incident": incident,
        "preview": impact_page.preview(draft, typed, around=beside, is_first=impact_page.is_first_message(incident)),
        "labels": _labels(),
        "suggested": suggested,
        "suggestion": forms.REASON_HELP.get(suggested) if suggested else None,
        "standing": current,
    }


def _draft(request: PersonRequest, incident: Incident, fields: Mapping[str, Any], *, now: datetime) -> ImpactStatement:
    """An unsaved version; what cannot be stored is shown as typed."""
    try:
        cleaned = facts.clean_impact(fields, person=request.user, now=now)
    except Refusal:
        cleaned = {name: fields[name] for name in statements.STATED} | {
            "confidence": statements.pack_confidence(fields["confidence"])
        }
    return ImpactStatement(incident=incident, version=0, as_of=now, **cleaned)


def _labels() -> dict[str, str]:
    return {name: str(words[0]) for name, words in forms.LABELS.items()} | {
        "data_state": _("What happens to people's data?"),
        "confidence": _("How sure"),
        "sources": _("Who or what says so"),
        "": _("The statement"),
    }
