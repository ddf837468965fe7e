"""What the pages of reviews share."""

from django.http import Http404

from reviews.models import Review
from reviews.queries import reviews
from teams.models import Person
from teams.requests import PersonRequest
from teams.rules import roles


def review_or_404(request: PersonRequest, reference: str) -> Review:
    """The review where the person may see it; nobody learns whether a hidden one exists."""
    review = reviews.get(reference, request.user)
    if review is None:
        raise Http404
    return review


def owners() -> list[Person]:
    """People who can own an action or a plan, by name."""
    return sorted(Person.objects.with_role(*roles.REVIEWERS), key=lambda person: person.name.casefold())


def before(request: PersonRequest) -> int | None:
    """The key after which a list goes on."""
    value = request.GET.get("before", "")
    return int(value) if value.isdecimal() and len(value) < 19 else None
