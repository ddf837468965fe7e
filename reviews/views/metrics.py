"""The measures on a page, each beside its definition and how many records it rests on."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mim_portal.lib import access, downloads
from mim_portal.lib.refusals import Refusal
from reviews.adapters import typesetting
from reviews.forms import MetricsForm
from reviews.queries import downtime, feedback
from reviews.queries.metrics import figures, monthly, rollups
from reviews.queries.metrics.counting import Filters
from reviews.rendering import downtime as downtime_words
from reviews.rendering import report as rendering
from reviews.rendering import trend
from reviews.rules import metrics as rules
from reviews.rules.downtime import Total
from teams.models import Service, Team
from teams.requests import PersonRequest
from teams.rules import roles

HEADLINE = "ttr_restore"
_COLUMNS = (
    *("measure", "name", "audience", "unit", "n", "invalid", "evidence"),
    *("median", "p90", "rate", "low", "high", "definition"),
)


@access.allow(read=roles.REVIEW_READERS)
@require_GET
def metrics(request: PersonRequest) -> HttpResponse:
    """All measures over what the person may see; nothing is ranked by person or team."""
    form, filters = _asked(request)
    now = timezone.now()
    chosen = rules.BY_CODE.get(request.GET.get("measure", ""), rules.BY_CODE[HEADLINE])
    many = figures.is_many(request.user, filters)
    found = figures.figures(request.user, filters=filters, now=now, many=many)
    months = figures.by_month(request.user, filters=filters, definition=chosen, now=now, many=many)
    minutes = downtime.total(request.user, filters, many=many)
    context = {
        "form": form,
        "figures": found,
        "chosen": chosen,
        "trend": trend.of_months(months),
        "parts": trend.parts(found),
        "last_month": f"{monthly.last_full(now):%Y-%m}",
        "rolled_at": rollups.rolled_at() if many else None,
        "feedback": feedback.pooled(request.user, replace(filters, team="")),  # never of one team
        "downtime": {"amount": downtime_words.amount(minutes), "basis": downtime_words.basis(minutes)},
        "query": {name: value for name, value in request.GET.items() if value and name != "measure"},
        "is_filtered": any(value for name, value in request.GET.items() if name != "measure"),
        "is_empty": not any(figure.total.n or figure.total.invalid for figure in found),
    }
    return render(request, "metrics/metrics.html", context)


@access.allow(read=roles.REVIEW_READERS)
@require_GET
def file(request: PersonRequest) -> StreamingHttpResponse:
    """The same figures for a spreadsheet: lengths in seconds, shares from 0 to 1, no figure from too few."""
    _form, filters = _asked(request)
    many = figures.is_many(request.user, filters)
    found = figures.figures(request.user, filters=filters, now=timezone.now(), many=many)
    minutes = downtime.total(request.user, filters, many=many)
    return downloads.of_rows([*_rows(found), _downtime(minutes)], name="metrics.csv")


@access.allow(read=roles.REVIEW_READERS)
@require_GET
def report(request: PersonRequest) -> HttpResponse:
    """A month as PDF, the last full one unless `month` names another; where it cannot be made, the page says why."""
    now = timezone.now()
    month = _month(request.GET.get("month", ""), last=monthly.last_full(now))
    if month is None:
        messages.error(request, _("There is a report of every month that is over: choose one, like 2026-10."))
        return redirect("metrics")
    found = monthly.of_month(request.user, month=month, now=now)
    try:
        content = typesetting.file(rendering.of(found), kind="pdf")
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("metrics")
    return downloads.of_bytes(
        content, name=f"major-incidents-{found.name}.pdf", content_type=typesetting.CONTENT_TYPES["pdf"]
    )


def _month(given: str, *, last: date) -> date | None:
    """The month that “2026-10” names, if it is over."""
    if not given:
        return last
    try:
        month = datetime.strptime(given, "%Y-%m").date()  # noqa: DTZ007 -- a month, no moment
    except ValueError:
        return None
    return month if date(2000, 1, 1) <= month <= last else None


def _asked(request: PersonRequest) -> tuple[MetricsForm, Filters]:
    """What was asked for; of a form with an error what is right in it."""
    form = MetricsForm(
        request.GET,
        services=list(Service.objects.order_by("name")),
        teams=list(Team.objects.filter(services__isnull=False).order_by("name").distinct()),
    )
    form.is_valid()
    asked: dict[str, Any] = form.cleaned_data
    since, until = asked.get("since"), asked.get("until")
    zone = timezone.get_current_timezone()
    return form, Filters(
        since=datetime.combine(since, time(), zone) if since else None,
        until=datetime.combine(until + timedelta(days=1), time(), zone) if until and until < date.max else None,
        priority=asked.get("priority", ""),
        service=asked.get("service", ""),
        team=asked.get("team", ""),
    )


def _rows(found: Sequence[figures.Figures]) -> Iterator[Sequence[str]]:
    yield _COLUMNS
    for one in found:
        for audience, measure in (("", one.total), *((code, own) for code, _name, own in one.by_audience)):
            low, high = measure.interval or (None, None)
            numbers = (measure.median, measure.p90, measure.rate, low, high)
            yield [
                *(one.definition.code, one.definition.name, audience, one.definition.unit),
                *(str(measure.n), str(measure.invalid), str(measure.evidence)),
                *("" if number is None else f"{number:.4f}" for number in numbers),
                one.definition.text,
            ]


def _downtime(total: Total | None) -> Sequence[str]:
    """The range as its two ends; `invalid` are those of which it is not known."""
    low, high = (str(end) for end in total.shown) if total and total.n else ("", "")
    n, unknown = (str(total.n), str(total.of - total.n)) if total else ("", "")
    return [
        *("downtime_user_minutes", _("Downtime in minutes of users"), "", "user_minutes", n, unknown, ""),
        *("", "", "", low, high, downtime_words.basis(total)),
    ]
