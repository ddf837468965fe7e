"""What a view behind mim_portal.lib.access receives."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from teams.models import Person


class PersonRequest(HttpRequest):
    """A request whose user is a signed-in person: the access rule of the view has turned everybody else away."""

    user: Person
    htmx: HtmxDetails
