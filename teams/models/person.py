"""People: sign-in, zone and roles."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from teams.choices import Role


class PersonManager(UserManager["Person"]):
    """People by what they may do."""

    def with_role(self, *roles: str) -> models.QuerySet["Person"]:
        """Active holders of any of the roles, by username."""
        return self.filter(is_active=True, roles__overlap=list(roles)).order_by("username")


class Person(AbstractUser):  # type: ignore[django-manager-missing]
    """The user model. Roles are an array, so that deciding what a person may do costs no query."""

    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    locale = models.CharField(_("language"), max_length=10, default="en-gb")
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    roles = ArrayField(models.CharField(max_length=24, choices=Role.choices), default=list, blank=True)

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        swappable = "AUTH_USER_MODEL"
        indexes = [GinIndex(fields=["roles"], name="person_roles")]
        constraints = [
            models.UniqueConstraint(Lower("username"), name="username_once_in_any_case"),
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="email_once_in_any_case"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What colleagues call the person."""
        return self.get_full_name() or self.username

    def has_role(self, *roles: str) -> bool:
        """Whether the person holds any of the roles."""
        return any(role in self.roles for role in roles)

    def is_member(self, team_id: int | None) -> bool:
        """Whether the person belongs to the team; one query."""
        return bool(self.memberships.filter(team=team_id).exists())

    def natural_key(self) -> Any:
        return (self.username,)
