"""What the pages of reviews share."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest

from mim_portal.lib.refusals import Refusal
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


def attempt(form: Form, verb: Callable[[], Any]) -> bool:
    """Run the verb; a refusal becomes an error of the form, at the field at fault where there is one."""
    if not form.is_valid():
        return False
    try:
        verb()
    except Refusal as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return False
    return True


def owners() -> list[Person]:
    """People who can own an action or a plan, by name."""
    return sorted(Person.objects.with_role(*roles.REVIEWERS), key=lambda person: person.name.casefold())


def before(request: HttpRequest) -> int | None:
    """The key after which a list goes on."""
    value = request.GET.get("before", "")
    return int(value) if value.isdecimal() and len(value) < 19 else None
