"""Settings: the addresses of one audience, one by one and as files."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from comms.forms.audiences import RecipientFileForm, RecipientForm
from comms.models import Audience
from comms.queries.recipients import recipients as queries
from comms.rules import recipients as rules
from comms.services.recipients import audiences, recipient_files
from comms.views.recipients.audiences import audience_or_404
from mim_portal.lib import access, cells, downloads
from mim_portal.lib.forms import attempt
from mim_portal.models import AuditEntry
from teams.requests import PersonRequest
from teams.rules import roles

SHOWN = 200


@access.allow(read=roles.ADMINISTRATORS, act=roles.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def new(request: PersonRequest, code: str) -> HttpResponse:
    """One more address."""
    found = audience_or_404(code)
    form = RecipientForm(request.POST or None)

    def add() -> None:
        audiences.add_recipient(audience=code, values=form.cleaned_data, by=request.user)

    if request.method == "POST" and attempt(form, add):
        messages.success(request, _("Added."))
        return redirect("audience", code=code)
    return _form_page(request, found, form, title=_("Add an address"))


@access.allow(read=roles.ADMINISTRATORS, act=roles.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def recipient(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    """Change an address, or switch it off."""
    found = audience_or_404(code)
    row = queries.one(found, pk)
    if row is None:
        raise Http404
    address = audiences.address_of(row)
    initial = {name: getattr(address, name) for name in RecipientForm.base_fields}
    form = RecipientForm(request.POST or None, initial=initial)

    def save() -> None:
        audiences.change_recipient(audience=code, pk=pk, changes=form.cleaned_data, by=request.user)

    if request.method == "POST" and attempt(form, save):
        messages.success(request, _("Saved."))
        return redirect("audience", code=code)
    return _form_page(request, found, form, title=row.address)


@access.allow(read=roles.ADMINISTRATORS, act=roles.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def import_file(request: PersonRequest, code: str) -> HttpResponse:
    """Rows of a file: shown first, then taken as a whole."""
    found = audience_or_404(code)
    form = RecipientFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    lines: list[recipient_files.Line] = []

    def deed() -> None:
        raw = form.cleaned_data["raw"]
        if request.POST.get("deed") == "import":
            counted = recipient_files.apply(code=code, raw=raw, by=request.user)
            messages.success(request, _("Imported: %(added)d added, %(changed)d changed.") % _counts(counted))
        else:
            lines.extend(recipient_files.dry_run(audience=found, raw=raw))
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["text"] = raw.decode("utf-8-sig", errors="replace")  # type: ignore[index]

    if request.method == "POST" and attempt(form, deed) and not lines and request.POST.get("deed") == "import":
        return redirect("audience", code=code)
    context = {
        "audience": found,
        "form": form,
        "lines": [line for line in lines if line.outcome != recipient_files.SAME][:SHOWN],
        "counts": _counts(Counter(line.outcome for line in lines)) if lines else None,
    }
    return render(request, "comms/recipients_import.html", context, status=422 if form.errors else 200)


@access.allow(read=roles.ADMINISTRATORS)
@require_GET
def export(request: PersonRequest, code: str) -> StreamingHttpResponse:
    """Every address of the audience; the file imports again without a change. Exports are audited."""
    found = audience_or_404(code)
    AuditEntry.objects.create(actor=request.user, verb="recipients.exported", subject=f"audience {code}"[:200])
    return downloads.of_rows(_rows(found), name=f"recipients-{code}.csv")


def _rows(found: Audience) -> Iterator[list[str]]:
    """No cell that a spreadsheet would calculate."""
    yield list(rules.HEADINGS)
    for row in queries.of(found, every=True).iterator(2000):
        one = audiences.address_of(row)
        is_active = "yes" if one.is_active else "no"
        values = (one.channel, one.address, one.service, one.site, one.used_for, is_active)
        yield [cells.quoted(value) for value in values]


def _counts(counted: Counter[str]) -> dict[str, int]:
    outcomes = (recipient_files.ADDED, recipient_files.CHANGED, recipient_files.SAME, recipient_files.REFUSED)
    return {name: counted[name] for name in outcomes}


def _form_page(request: PersonRequest, found: Audience, form: Any, *, title: str) -> HttpResponse:
    context = {"audience": found, "form": form, "title": title}
    return render(request, "comms/recipient.html", context, status=422 if form.is_bound else 200)
