"""Tokens for integrations, the session for our own pages."""

from datetime import timedelta
from hmac import compare_digest
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.settings import CONSTANTS
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed

from teams.models import ApiToken
from teams.queries import tokens

LAST_USE_PRECISION = timedelta(minutes=1)


class BearerToken(TokenAuthentication):  # type: ignore[misc]
    """`Authorization: Bearer <token>`; the last use is remembered to the minute. One query a request."""

    def authenticate_credentials(self, token: bytes) -> Any:
        """The person and the token, or a refusal that says no more than that it is one."""
        try:
            text = token.decode()
            digest = hash_token(text)
        except (ValueError, TypeError):  # not text, or not the hexadecimal digits that every token is made of
            raise AuthenticationFailed(_("Invalid token."))
        for found in tokens.by_key(text[: CONSTANTS.TOKEN_KEY_LENGTH]):
            if compare_digest(digest, found.digest) and not self._has_expired(found):
                return self.validate_user(found)
        raise AuthenticationFailed(_("Invalid token."))

    def _has_expired(self, token: ApiToken) -> bool:
        return token.expiry is not None and token.expiry < timezone.now()

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
