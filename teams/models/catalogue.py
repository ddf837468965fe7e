"""What users know by name, and where they are."""

from django.db import models

from teams.choices import ServiceTier
from teams.models.team import Team


class Site(models.Model):
    """A place where people work."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    headcount = models.PositiveIntegerField(null=True, blank=True)
    is_active = models.BooleanField(default=True, db_default=True)  # a closed site stays in the record

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """A service as its users call it, owned by one team."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    tier = models.CharField(max_length=12, choices=ServiceTier.choices, default=ServiceTier.STANDARD)
    owner_team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="services")
    sites = models.ManyToManyField(Site, blank=True, related_name="services")
    depends_on = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="dependents")
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name
