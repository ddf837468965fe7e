"""What the organisation decided once: its name, its zone, its numbers."""

from django.db import models


class OrganisationSetting(models.Model):
    """One named value; code names the default beside its use, so an empty table is a working portal."""

    name = models.CharField(max_length=60, primary_key=True)
    value = models.JSONField()

    def __str__(self) -> str:
        return self.name
