"""What the pages of reviews share."""

from django.http import Http404, HttpRequest

from reviews.models import Review
from reviews.queries import reviews
from teams.models import Person
from teams.rules import roles


def person_of(request: HttpRequest) -> Person:
    """Whoever is signed in; the access rule has let nobody else through."""
    person = request.user
    assert isinstance(person, Person)
    return person


def review_or_404(request: HttpRequest, reference: str) -> Review:
    """The review where the person may see it; nobody learns whether a hidden one exists."""
    review = reviews.get(reference, person_of(request))
    if review is None:
        raise Http404
    return review


def owners() -> list[Person]:
    """People who can own an action or a plan, by name."""
    return sorted(Person.objects.with_role(*roles.REVIEWERS), key=lambda person: person.name.casefold())


def before(request: HttpRequest) -> int | None:
    """The key after which a list goes on."""
    value = request.GET.get("before", "")
    return int(value) if value.isdecimal() and len(value) < 19 else None
