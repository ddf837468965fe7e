"""Teams, sites, services and contacts of a file, by slug; contacts by team, kind and value."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Model
from django.utils.translation import gettext as _

from teams.models import Contact, Person, Service, Site, Team
from teams.queries import catalogue_state
from teams.rules.catalogue import Kind
from teams.rules.import_rows import Parsed
from teams.services.importing.kinds import Deed, KindOfFile, audit, created, updated

_BATCH = 1000


class _BySlug(KindOfFile):
    """What has a slug: the slug stays, everything else may change."""

    kind: ClassVar[Kind]
    model: ClassVar[Any]
    fields: ClassVar[Mapping[str, str]]  # column and field
    noun: ClassVar[str]

    def match(self, rows: Sequence[Parsed], *, now: datetime) -> list[Deed]:
        self.found = catalogue_state.load(self.kind)
        return [self._matched(row) for row in rows]

    def check(self, deeds: Sequence[Deed], *, by: Person | None, now: datetime) -> None:
        """Nothing beyond the row itself."""

    def write(self, deeds: Sequence[Deed], *, by: Person | None, now: datetime) -> None:
        made = self.model.objects.bulk_create(
            [self.model(slug=one.values["slug"], **self._columns(one)) for one in created(deeds)], batch_size=_BATCH
        )
        changed = updated(deeds)
        rows = self.model.objects.select_for_update().in_bulk([one.found.pk for one in changed if one.found])
        for one in changed:
            assert one.found is not None
            for column, name in self.fields.items():
                if column in one.changed:  # what somebody changes at this moment elsewhere stays theirs
                    setattr(rows[one.found.pk], name, one.values[column])
        self.model.objects.bulk_update(rows.values(), [*self.fields.values()], batch_size=_BATCH)
        audit(deeds, noun=self.noun, by=by)
        self.relate(deeds, {row.slug.lower(): row for row in [*made, *rows.values()]})

    def relate(self, deeds: Sequence[Deed], rows: Mapping[str, Any]) -> None:
        """What needs the rows to be there."""

    def _columns(self, deed: Deed) -> dict[str, Any]:
        return {name: deed.values[column] for column, name in self.fields.items()}

    def _matched(self, row: Parsed) -> Deed:
        slug = str(row.values.get("slug", ""))
        return Deed(row=row, key=(slug,) if slug else None, label=slug, found=self.found.get((slug,)))


class Teams(_BySlug):
    """Members come with the people."""

    kind, model, noun = Kind.TEAMS, Team, "team"
    fields = {name: name for name in ("name", "description", "time_zone")} | {"active": "is_active"}


class Sites(_BySlug):
    """Places where people work."""

    kind, model, noun = Kind.SITES, Site, "site"
    fields = {name: name for name in ("name", "country", "time_zone", "headcount")} | {"active": "is_active"}


class Services(_BySlug):
    """With their owner, their sites and what they depend on; a service of the same file may be depended on."""

    kind, model, noun = Kind.SERVICES, Service, "service"
    fields = {name: name for name in ("name", "description", "tier")} | {"active": "is_active"}

    def check(self, deeds: Sequence[Deed], *, by: Person | None, now: datetime) -> None:
        self.teams = _ids(Team)
        self.sites = _ids(Site)
        good = {one.values["slug"] for one in deeds if not one.row.problems}
        known = {key[0] for key in self.found} | good
        for deed in deeds:
            values, row = deed.values, deed.row
            owner = values["owner_team"]
            if owner and owner not in self.teams:
                row.refuse("owner_team", _("There is no team %s. Import the teams first.") % owner)
            for slug in values["sites"]:
                if slug not in self.sites:
                    row.refuse("sites", _("There is no site %s. Import the sites first.") % slug)
            for slug in values["depends_on"]:
                if slug == values["slug"]:
                    row.refuse("depends_on", _("A service does not depend on itself."))
                elif slug not in known:
                    row.refuse("depends_on", _("There is no service %s, neither here nor in the file.") % slug)
        self._refuse_leaning(deeds)

    def relate(self, deeds: Sequence[Deed], rows: Mapping[str, Any]) -> None:
        every = _ids(Service)
        for one in updated(deeds) + created(deeds):
            row = rows[one.values["slug"]]
            owner = one.values["owner_team"]
            row.owner_team_id = self.teams[owner] if owner else None
        Service.objects.bulk_update(rows.values(), ["owner_team"], batch_size=_BATCH)
        _relink(
            Service.sites.through,
            "site_id",
            "service_id",
            {rows[one.values["slug"]].pk: [self.sites[slug] for slug in one.values["sites"]] for one in deeds},
        )
        _relink(
            Service.depends_on.through,
            "to_service_id",
            "from_service_id",
            {rows[one.values["slug"]].pk: [every[slug] for slug in one.values["depends_on"]] for one in deeds},
        )

    def _refuse_leaning(self, deeds: Sequence[Deed]) -> None:
        """A row that depends on a new service whose own row is refused is refused as well, and so on."""
        stored = {key[0] for key in self.found}
        while True:
            good = {one.values["slug"] for one in deeds if not one.row.problems} | stored
            leaning = [
                (one, slug)
                for one in deeds
                if not one.row.problems
                for slug in one.values["depends_on"]
                if slug not in good
            ]
            if not leaning:
                return
            for one, slug in leaning:
                one.row.refuse("depends_on", _("The row of %s cannot be used.") % slug)


class Contacts(KindOfFile):
    """How teams are reached. Whatever the file does not name stays."""

    def match(self, rows: Sequence[Parsed], *, now: datetime) -> list[Deed]:
        found = catalogue_state.contacts()
        deeds = []
        for row in rows:
            parts = tuple(str(row.values.get(name, "")) for name in ("team", "kind", "value"))
            key = parts if all(parts) else None
            deeds.append(Deed(row=row, key=key, label=" ".join(parts), found=found.get(parts)))
        return deeds

    def check(self, deeds: Sequence[Deed], *, by: Person | None, now: datetime) -> None:
        self.teams = _ids(Team)
        for deed in deeds:
            slug = deed.values["team"]
            if slug and slug not in self.teams:
                deed.row.refuse("team", _("There is no team %s. Import the teams first.") % slug)

    def write(self, deeds: Sequence[Deed], *, by: Person | None, now: datetime) -> None:
        Contact.objects.bulk_create(
            [
                Contact(
                    team_id=self.teams[one.values["team"]],
                    kind=one.values["kind"],
                    value=one.values["value"],
                    note=one.values["note"],
                    position=one.values["position"],
                    hours=one.values["hours"],
                )
                for one in created(deeds)
            ],
            batch_size=_BATCH,
        )
        changed = [
            Contact(
                pk=one.found.pk,
                note=one.values["note"],
                position=one.values["position"],
                hours=one.values["hours"],
            )
            for one in updated(deeds)
            if one.found
        ]
        Contact.objects.bulk_update(changed, ["note", "position", "hours"], batch_size=_BATCH)
        for one in deeds:
            one.label = one.values["team"]  # the log keeps no numbers
        audit(deeds, noun="contact", by=by)


def _ids(model: Any) -> dict[str, int]:
    return {slug.lower(): pk for slug, pk in model.objects.values_list("slug", "pk")}


def _relink(through: type[Model], target: str, source: str, wanted: Mapping[int, Sequence[int]]) -> None:
    """Exactly these links of each source."""
    through._default_manager.filter(**{f"{source}__in": list(wanted)}).delete()
    through._default_manager.bulk_create(
        [through(**{source: pk, target: one}) for pk, targets in wanted.items() for one in targets], batch_size=_BATCH
    )
