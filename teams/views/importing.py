"""Files of people, teams, services, sites, contacts and rotas: templates, exports, the dry run, and its application."""

from itertools import chain

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from mim_portal.lib import access, cells, downloads, uploads
from mim_portal.lib.forms import attempt
from mim_portal.lib.refusals import Refusal
from mim_portal.models import AuditEntry
from teams.forms.files import KIND_LABELS, ApplyForm, FileForm
from teams.models import CatalogueFile
from teams.queries import catalogue_state
from teams.requests import PersonRequest
from teams.rules import roles
from teams.rules.catalogue import COLUMNS, KEYS, Kind
from teams.rules.import_rows import Outcome
from teams.services.importing import files

SHOWN = 200
RECENT = 10


@access.allow(read=roles.ADMINISTRATORS, act=roles.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def start(request: PersonRequest) -> HttpResponse:
    """Hand a file in; what it would do is shown before anything is written."""
    form = FileForm(request.POST or None, request.FILES or None, initial={"kind": request.GET.get("kind", "people")})
    form.is_too_large = bool(uploads.too_large(request))
    kept: list[CatalogueFile] = []

    def keep() -> None:
        values = form.cleaned_data
        kept.append(
            files.keep(
                kind=values["kind"],
                name=values["name"],
                raw=values["file"],
                invites=values["invites"],
                by=request.user,
                now=timezone.now(),
            )
        )

    if request.method == "POST" and attempt(form, keep):
        return redirect("import-file", pk=kept[0].pk)
    recent = CatalogueFile.objects.select_related("person").defer("content").order_by("-pk")
    return render(
        request,
        "teams/import.html",
        {
            "form": form,
            "kinds": [(kind, KIND_LABELS[kind], COLUMNS[kind], ", ".join(KEYS[kind])) for kind in Kind],
            "recent": [(one, KIND_LABELS[Kind(one.kind)]) for one in recent[:RECENT]],
        },
        status=422 if form.is_bound else 200,
    )


@access.allow(read=roles.ADMINISTRATORS, act=roles.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def file(request: PersonRequest, pk: int) -> HttpResponse:
    """What the file would do now, row by row; sending it does exactly that."""
    kept = get_object_or_404(CatalogueFile, pk=pk)
    error, status = "", 200
    if request.method == "POST":
        form = ApplyForm(request.POST)
        only_good = form.is_valid() and form.cleaned_data["only_good"]
        token = form.cleaned_data.get("token", "")
        try:
            done = files.apply_kept(
                file_id=kept.pk, token=token, only_good=only_good, by=request.user, now=timezone.now()
            )
        except Refusal as refusal:
            error, status = refusal.message, 422
        else:
            messages.success(request, _summary(done))
            return redirect("import-file", pk=kept.pk)
    context = {"kept": kept, "label": KIND_LABELS[Kind(kept.kind)], "error": error, "is_gone": not kept.content}
    if kept.content:
        context |= _shown(_report(request, kept))
    return render(request, "teams/import_file.html", context, status=status)


@access.allow(read=roles.ADMINISTRATORS)
@require_GET
def report(request: PersonRequest, pk: int) -> StreamingHttpResponse:
    """Every row of the dry run as a file."""
    kept = get_object_or_404(CatalogueFile, pk=pk)
    if not kept.content:
        raise Http404
    rows = chain([list(files.HEADINGS)], _report(request, kept).rows())
    plain = ([cells.plain(cell) for cell in row] for row in rows)
    return downloads.of_rows(plain, name=f"report-{kept.kind}.csv")


@access.allow(read=roles.ADMINISTRATORS)
@require_GET
def template(request: PersonRequest, kind: str) -> StreamingHttpResponse:
    """Headings and one believable row."""
    return downloads.of_rows(catalogue_state.template(_kind(kind)), name=f"{kind}-template.csv")


@access.allow(read=roles.ADMINISTRATORS)
@require_GET
def export(request: PersonRequest, kind: str) -> StreamingHttpResponse:
    """Everything of the kind; the file imports again without a change. Exports are audited."""
    chosen = _kind(kind)
    AuditEntry.objects.create(actor=request.user, verb="catalogue.exported", subject=chosen.value)
    return downloads.of_rows(catalogue_state.export(chosen, now=timezone.now()), name=f"{kind}.csv")


def _report(request: PersonRequest, kept: CatalogueFile) -> files.Report:
    return files.dry_run(
        kind=Kind(kept.kind), raw=bytes(kept.content), invites=kept.invites, by=request.user, now=timezone.now()
    )


def _shown(report: files.Report) -> dict[str, object]:
    """What needs somebody first: refused rows, then what is created and changed."""
    order = {Outcome.REFUSED: 0, Outcome.UPDATED: 1, Outcome.CREATED: 2}
    telling = sorted((line for line in report.lines if line.outcome in order), key=lambda line: order[line.outcome])
    return {"report": report, "lines": telling[:SHOWN], "left_out": max(0, len(telling) - SHOWN)}


def _summary(report: files.Report) -> str:
    counts = report.counts
    text = _("%(created)d created, %(updated)d updated, %(unchanged)d unchanged, %(refused)d left out.") % counts
    if report.invited:
        text += " " + ngettext("%d invitation is on its way.", "%d invitations are on their way.", report.invited) % (
            report.invited
        )
    return text


def _kind(kind: str) -> Kind:
    if kind not in set(Kind):
        raise Http404
    return Kind(kind)
