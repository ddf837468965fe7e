"""Technical resolving groups and how to reach them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from teams.choices import CallHours


class Team(models.Model):
    """A technical resolving group."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        through="Membership",
        related_name="teams",
        blank=True,
    )
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person in a team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    is_lead = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "person"], name="one_membership_per_person_and_team")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.team_id}"


class Contact(models.Model):
    """One way to reach a team, in the order to try."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Phone")
        CHAT = "chat", _("Chat")
        PAGER = "pager", _("Pager")

    team = models.ForeignKey(Team, models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=200)
    note = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    hours = models.CharField(max_length=12, choices=CallHours.choices, default=CallHours.ALWAYS, db_default="always")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "kind", "value"], name="contact_once_per_team")]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
