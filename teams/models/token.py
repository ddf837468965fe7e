"""API tokens: shown once, stored hashed, scoped, expiring, with their last use."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from knox.models import AbstractAuthToken

from teams.choices import Scope


class ApiToken(AbstractAuthToken):  # type: ignore[misc]
    """A token of a person; what it may do is its scopes and, within them, the person's roles."""

    name = models.CharField(max_length=120, blank=True)
    scopes = ArrayField(models.CharField(max_length=12, choices=Scope.choices), default=list)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name or self.token_key
