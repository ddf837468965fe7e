"""The measures on a page, each beside its definition and how many records it rests on."""

from datetime import date, datetime, time, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from mim_portal.lib import access
from reviews.forms import MetricsForm
from reviews.queries import feedback
from reviews.queries import metrics as queries
from teams.models import Service
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.REVIEW_READERS)
@require_GET
def metrics(request: PersonRequest) -> HttpResponse:
    """All measures over what the person may see; nothing is ranked by person or team."""
    form = MetricsForm(request.GET, services=list(Service.objects.order_by("name")))
    asked = form.cleaned_data if form.is_valid() else {}
    since, until = asked.get("since"), asked.get("until")
    zone = timezone.get_current_timezone()
    filters = queries.Filters(
        since=datetime.combine(since, time(), zone) if since else None,
        until=datetime.combine(until + timedelta(days=1), time(), zone) if until and until < date.max else None,
        priority=asked.get("priority", ""),
        service=asked.get("service", ""),
    )
    figures = queries.figures(request.user, filters=filters, now=timezone.now())
    context = {
        "form": form,
        "figures": figures,
        "feedback": feedback.pooled(request.user, filters),
        "is_filtered": any(request.GET.values()),
        "is_empty": not any(figure.total.n or figure.total.invalid for figure in figures),
    }
    return render(request, "metrics/metrics.html", context)
