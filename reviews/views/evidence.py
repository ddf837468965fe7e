"""Whether a team came faster once it had confirmed its profile, as far as so few numbers can say."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from mim_portal.lib import access
from reviews.queries import evidence as queries
from reviews.rendering import evidence as rendering
from reviews.rules import evidence as rules
from teams.models import Team
from teams.requests import PersonRequest
from teams.rules import roles


@access.allow(read=roles.REVIEW_READERS)
@require_GET
def of_team(request: PersonRequest, slug: str) -> HttpResponse:
    """Before and after, in the team's hours and out of them, each by itself; no other team stands beside it."""
    found = queries.of_team(get_object_or_404(Team, slug=slug), viewer=request.user)
    strata = [
        {
            "in_hours": in_hours,
            "comparison": comparison,
            "strip": rendering.strip(comparison),
            "sentence": rendering.sentence(comparison),
            "second_opinion": rendering.second_opinion(comparison),
        }
        for in_hours, comparison in found.strata.items()
    ]
    context = {"found": found, "team": found.team, "strata": strata, "confounders": rules.CONFOUNDERS}
    return render(request, "reviews/evidence.html", context)
