"""Tokens for integrations, the session for our own pages."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from knox.auth import TokenAuthentication
from rest_framework.authentication import SessionAuthentication

from teams.models import ApiToken

LAST_USE_PRECISION = timedelta(minutes=1)


class BearerToken(TokenAuthentication):  # type: ignore[misc]
    """`Authorization: Bearer <token>`; the last use is remembered to the minute. One query a request."""

    def _cleanup_token(self, auth_token: ApiToken) -> bool:
        """Whether this token has expired. Only what is shown is looked at: a person's other tokens cost nothing."""
        return auth_token.expiry is not None and auth_token.expiry < timezone.now()

    def validate_user(self, auth_token: ApiToken) -> Any:
        user, token = super().validate_user(auth_token)
        now = timezone.now()
        if token.last_used_at is None or now - token.last_used_at > LAST_USE_PRECISION:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return user, token


class Session(SessionAuthentication):
    """The browser's own session, with CSRF enforced."""

    def authenticate_header(self, request: Any) -> str:
        return "Bearer"
