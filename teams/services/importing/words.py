"""The organisation's own words of a file, by term in any case. Whatever the file does not name stays."""

from collections.abc import Sequence
from datetime import datetime

from teams.models import GlossaryTerm, Person
from teams.queries import catalogue_state
from teams.rules.import_rows import Parsed
from teams.services.importing.kinds import Deed, KindOfFile, audit, created, updated

_BATCH = 1000


class Words(KindOfFile):
    """What the language check accepts, and which of it end users know too."""

    def match(self, rows: Sequence[Parsed], *, now: datetime) -> list[Deed]:
        found = catalogue_state.words()
        deeds = []
        for row in rows:
            term = str(row.values.get("term", ""))
            key = (term.lower(),)
            deeds.append(Deed(row=row, key=key if term else None, label=term, found=found.get(key)))
        return deeds

    def check(self, deeds: Sequence[Deed], *, by: Person | None, now: datetime) -> None:
        """Nothing beyond the row itself."""

    def write(self, deeds: Sequence[Deed], *, by: Person | None, now: datetime) -> None:
        GlossaryTerm.objects.bulk_create([_term(one, by=by) for one in created(deeds)], batch_size=_BATCH)
        changed = [GlossaryTerm(pk=one.found.pk, **_fields(one)) for one in updated(deeds) if one.found]
        GlossaryTerm.objects.bulk_update(changed, ["term", "meaning", "is_plain"], batch_size=_BATCH)
        audit(deeds, noun="word", by=by)


def _term(deed: Deed, *, by: Person | None) -> GlossaryTerm:
    return GlossaryTerm(added_by=by, **_fields(deed))


def _fields(deed: Deed) -> dict[str, str | bool]:
    values = deed.values
    return {"term": values["term"], "meaning": values["meaning"], "is_plain": values["plain"]}
