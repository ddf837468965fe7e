"""What every address shares: who asks, and what they sent."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from rest_framework import exceptions, serializers
from rest_framework.request import Request

from mim_portal.api import bodies
from mim_portal.api.idempotency import IdempotentView
from teams.models import Person


def signed_in(request: Request) -> Person:
    """The person behind the token or the session; ScopeAndRole has let nobody else through."""
    user: Person | AnonymousUser = request.user
    if not isinstance(user, Person):
        raise exceptions.NotAuthenticated
    return user


class PersonView(IdempotentView):
    """An address whose rows depend on who asks."""

    def person(self) -> Person:
        return signed_in(self.request)

    def taken(self, kind: type[serializers.Serializer[Any]], *, partial: bool = False) -> dict[str, Any]:
        """The input as the shape reads it; 400 with the fields where it cannot be used."""
        return bodies.validated(kind(data=self.request.data, partial=partial))
