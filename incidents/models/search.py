"""What incidents are found by: one document an incident, made from the record and made again at any time."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from incidents.models.incident import Incident


class IncidentSearch(models.Model):
    """The words of one incident, beside it so that what happens every minute does not rewrite them.

    `title_words` are those of title, reference and number elsewhere; `words` add the timeline's and the published
    updates', which not everybody reads. `body` is what snippets are cut from. Entries up to `last_seq` are in it.
    """

    incident = models.OneToOneField(Incident, models.CASCADE, primary_key=True, related_name="search")
    declared_at = models.DateTimeField()  # the incident's, which never changes: searches go back in time by it
    title_words = SearchVectorField()
    words = SearchVectorField()
    body = models.TextField(blank=True)
    last_seq = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            # Without a list of pending changes, which every search would have to read through.
            GinIndex(fields=["words"], name="search_words", fastupdate=False),
            GinIndex(fields=["title_words"], name="search_title_words", fastupdate=False),
            models.Index(fields=["-declared_at"], name="search_by_time"),
        ]

    def __str__(self) -> str:
        return f"words of {self.incident_id}"
