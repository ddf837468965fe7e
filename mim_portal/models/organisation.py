"""What the organisation decided once: its name, its zone, its numbers."""

from django.db import models


class OrganisationSetting(models.Model):
    """One named value; code names the default beside its use, so an empty table is a working portal."""

    name = models.CharField(max_length=60, primary_key=True)
    value = models.JSONField()

    def __str__(self) -> str:
        return self.name

    @classmethod
    def pairs(cls, name: str) -> set[tuple[str, str]]:
        """A setting that is a set of pairs; empty where it was never set."""
        value = cls.objects.filter(name=name).values_list("value", flat=True).first()
        return {(one, other) for one, other in value or ()}

    @classmethod
    def change_pairs(cls, name: str, pair: tuple[str, str], *, is_held: bool) -> bool:
        """Put a pair into it, or take it out; whether that changed it. The caller holds a transaction."""
        cls.objects.get_or_create(name=name, defaults={"value": []})
        row = cls.objects.select_for_update(no_key=True).get(name=name)
        before = {(one, other) for one, other in row.value}
        after = before | {pair} if is_held else before - {pair}
        if after == before:
            return False
        row.value = sorted(after)
        row.save(update_fields=["value"])
        return True
