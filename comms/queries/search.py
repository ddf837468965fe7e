"""What was told to anybody, for those who look an incident up by it (settings.SEARCH_SOURCES)."""

from collections.abc import Sequence

from comms.models import Update
from comms.queries.writing import texts as update_texts
from incidents.choices import EntryKind
from incidents.models import TimelineEntry


def texts(entries: Sequence[TimelineEntry]) -> dict[int, str]:
    """The words of the updates whose publishing the entries note; drafts are nobody's to find."""
    published = {
        entry.pk: entry.data["update"]
        for entry in entries
        if entry.kind == EntryKind.UPDATE_PUBLISHED and entry.data.get("update")
    }
    rows = Update.objects.filter(pk__in=set(published.values()), published_at__isnull=False) if published else ()
    said = {row.pk: update_texts.searchable(row) for row in rows}
    return {entry: said[update] for entry, update in published.items() if update in said}
