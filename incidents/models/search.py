"""What incidents are found by: one document an incident, made from the record and made again at any time."""

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from incidents.models.incident import Incident

# The incident's row is held meanwhile: whoever makes it private at that moment waits, and finds the document then.
_FOLLOWS_PRIVACY = """
NEW.is_private = (SELECT is_private FROM incidents_incident WHERE id = NEW.incident_id FOR SHARE); RETURN NEW;
"""


class IncidentSearch(models.Model):
    """The words of one incident, beside it so that what happens every minute does not rewrite them.

    `title_words` are those of title, reference and number elsewhere; `words` add the timeline's and the published
    updates', which not everybody reads. `body` is what snippets are cut from. Entries up to `last_seq` are in it.
    """

    incident = models.OneToOneField(Incident, models.CASCADE, primary_key=True, related_name="search")
    declared_at = models.DateTimeField()  # the incident's, which never changes: searches go back in time by it
    is_private = models.BooleanField(default=False)  # the incident's, kept by triggers: each half has its own indexes
    title_words = SearchVectorField()
    words = SearchVectorField()
    body = models.TextField(blank=True)
    last_seq = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            # Without a list of pending changes, which every search would have to read through.
            GinIndex(fields=["words"], name="search_public", fastupdate=False, condition=Q(is_private=False)),
            GinIndex(fields=["words"], name="search_private", fastupdate=False, condition=Q(is_private=True)),
            GinIndex(fields=["title_words"], name="search_pub_titles", fastupdate=False, condition=Q(is_private=False)),
            GinIndex(fields=["title_words"], name="search_priv_titles", fastupdate=False, condition=Q(is_private=True)),
            models.Index(fields=["-declared_at"], name="search_public_by_time", condition=Q(is_private=False)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="follows_privacy",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_FOLLOWS_PRIVACY,
            ),
        ]

    def __str__(self) -> str:
        return f"words of {self.incident_id}"
