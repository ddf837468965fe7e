"""Settings: who subscribed to a status page, taken in and out as files."""

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comms.choices import ChannelKind, SubscriptionState
from comms.forms.subscribers import SubscriberFileForm
from comms.models import StatusPage, Subscription
from comms.queries.subscriptions import listing as queries
from comms.queries.subscriptions import scopes
from comms.rules import subscriptions as rules
from comms.services.pages import pages
from comms.services.subscriptions import files, keeping
from mim_portal.lib import access, cells, downloads
from mim_portal.lib.forms import attempt
from teams.requests import PersonRequest
from teams.rules import roles

PAGE, SHOWN = 100, 200


@access.allow(read=roles.SUBSCRIBER_KEEPERS)
@require_GET
def listing(request: PersonRequest, slug: str) -> HttpResponse:
    """How many there are and to what; then each, the last one first, paged by key."""
    page = _page_or_404(slug)
    q, state = request.GET.get("q", "")[:200], request.GET.get("state", "")
    state = state if state in SubscriptionState.values else ""
    found = queries.of(page, q=q, state=state)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: PAGE + 1])
    shown, asked = rows[:PAGE], {"q": q, "state": state}
    names = scopes.names(page, shown)
    context = {
        "page": page,
        "rows": [(row, names.services_of(row), names.incidents_of(row)) for row in shown],
        "counts": queries.counts(page),
        "states": SubscriptionState.choices,
        "channels": dict(ChannelKind.choices),
        "q": q,
        "state": state,
        "next_url": f"?{urlencode({**asked, 'before': shown[-1].pk})}" if len(rows) > PAGE else None,
        "first_url": f"?{urlencode(asked)}" if before else None,
    }
    return render(request, "comms/subscribers.html", context)


@access.allow(read=(), act=roles.SUBSCRIBER_KEEPERS)
@require_POST
def end(request: PersonRequest, slug: str, pk: int) -> HttpResponse:
    """Somebody asked by another way to get no more of it."""
    row = queries.one(_page_or_404(slug), pk)
    if row is None:
        raise Http404
    keeping.end_rows([row.pk], by=request.user, now=timezone.now())
    messages.success(request, _("Ended. Nothing more goes to %s.") % row.address)
    return redirect("subscribers", slug=slug)


@access.allow(read=roles.SUBSCRIBER_KEEPERS, act=roles.SUBSCRIBER_KEEPERS)
@require_http_methods(["GET", "POST"])
def import_file(request: PersonRequest, slug: str) -> HttpResponse:
    """Rows of a file: shown first, then taken as a whole."""
    page = _page_or_404(slug)
    form = SubscriberFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    lines: list[files.Line] = []
    imports = request.POST.get("deed") == "import"

    def deed() -> None:
        raw, consent = form.cleaned_data["raw"], form.cleaned_data["consent"]
        if imports:
            counted = files.apply(slug=slug, raw=raw, consent=consent, by=request.user, now=timezone.now())
            messages.success(request, _("Imported: %(added)d added, %(changed)d changed.") % _counts(counted))
        else:
            lines.extend(files.dry_run(page=page, raw=raw, consent=consent))
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["text"] = raw.decode("utf-8-sig", errors="replace")  # type: ignore[index]

    if request.method == "POST" and attempt(form, deed) and imports:
        return redirect("subscribers", slug=slug)
    context = {
        "page": page,
        "form": form,
        "lines": [line for line in lines if line.outcome != files.SAME][:SHOWN],
        "counts": _counts(Counter(line.outcome for line in lines)) if lines else None,
    }
    return render(request, "comms/subscribers_import.html", context, status=422 if form.errors else 200)


@access.allow(read=roles.SUBSCRIBER_KEEPERS)
@require_GET
def export(request: PersonRequest, slug: str) -> StreamingHttpResponse:
    """Everybody who has confirmed; the file imports again without a change. Exports are audited."""
    page = _page_or_404(slug)
    pages.audit("subscriptions.exported", page, request.user, {})
    return downloads.of_rows(_rows(page), name=f"subscribers-{slug}.csv")


def _rows(page: StatusPage) -> Iterator[list[str]]:
    """No cell that a spreadsheet would calculate."""
    yield [*rules.HEADINGS, *rules.TOLD]
    names = scopes.names(page, ())
    confirmed = [SubscriptionState.CONFIRMED, SubscriptionState.SUSPENDED]
    for row in queries.of(page).filter(state__in=confirmed, channel=ChannelKind.EMAIL).iterator(2000):
        yield [cells.quoted(value) for value in _cells(row, names)]


def _cells(row: Subscription, names: queries.Names) -> tuple[str, ...]:
    agreed = row.consent or _("Confirmed by the link that was sent to it.")
    since = row.confirmed_at.isoformat(timespec="seconds") if row.confirmed_at else ""
    return (row.address, ";".join(row.groups), ";".join(names.services_of(row)), agreed, row.state, since)


def _counts(counted: Counter[str]) -> dict[str, int]:
    return {name: counted[name] for name in (files.ADDED, files.CHANGED, files.SAME, files.LEFT, files.REFUSED)}


def _page_or_404(slug: str) -> StatusPage:
    found = queries.page(slug)
    if found is None:
        raise Http404
    return found
