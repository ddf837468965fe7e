"""Who asks: the session and its person, which every request reads first, by queries that are composed once."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from mim_portal.lib import prepared
from teams.models import Person


class SessionStore(db.SessionStore):
    """Django's sessions in the database (SESSION_ENGINE)."""

    def _get_session_from_db(self) -> Session | None:
        key: str | None = self.session_key
        found = _session.first(key=key, now=timezone.now()) if key else None
        if found is None:
            self._session_key = None
        return found


class _Known:
    """A person by the key in the session; one who was made inactive is nobody."""

    def get_user(self, user_id: Any) -> Person | None:
        person = _person.first(key=int(user_id))
        return person if person is not None and person.is_active else None


class Password(_Known, ModelBackend):
    """Sign-in by username and password."""


class Account(_Known, AuthenticationBackend):  # type: ignore[misc]
    """The account pages' sign-in."""


@prepared.query
def _session(*, key: str, now: Any) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


@prepared.query
def _person(*, key: int) -> QuerySet[Person]:
    return Person.objects.filter(pk=key)
