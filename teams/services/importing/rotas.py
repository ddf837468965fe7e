"""Turns of a file, by rota, person and start; a rota that is not there is made."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from mim_portal.lib import times
from teams.models import Person, Rota, RotaShift, Team
from teams.queries import catalogue_state
from teams.rules import catalogue_cells as cells
from teams.rules.fields import Unusable
from teams.rules.import_rows import Parsed
from teams.services.importing.kinds import Deed, KindOfFile, audit, created, updated

LONGEST = timedelta(days=31)
_BATCH = 1000


class Rotas(KindOfFile):
    """A turn that a pattern of the rota writes is changed at the pattern, not here."""

    def match(self, rows: Sequence[Parsed], *, now: datetime) -> list[Deed]:
        self.rotas = {rota.name: rota for rota in Rota.objects.select_related("team")}
        named = frozenset(str(row.values.get("rota", "")) for row in rows)
        self.found = catalogue_state.rotas(rotas=named)
        return [self._matched(row) for row in rows]

    def check(self, deeds: Sequence[Deed], *, by: Person | None, now: datetime) -> None:
        self.people = {one.username.lower(): one for one in Person.objects.only("pk", "username", "is_active")}
        self.teams = {team.slug.lower(): team for team in Team.objects.all()}
        ids = [one.found.pk for one in deeds if one.found]
        lined = set(RotaShift.objects.filter(pk__in=ids, line__isnull=False).values_list("pk", flat=True))
        new: dict[str, tuple[str, str, str]] = {}
        for deed in deeds:
            if not deed.row.problems:
                self._check_rota(deed, new)
                self._check_turn(deed)
                if deed.found and deed.found.pk in lined and deed.changed:
                    deed.row.refuse("", _("A pattern of the rota writes this turn. Change it on the rota's page."))

    def write(self, deeds: Sequence[Deed], *, by: Person | None, now: datetime) -> None:
        for one in deeds:
            if one.values["rota"] not in self.rotas:
                self.rotas[one.values["rota"]] = self._made(one)
        RotaShift.objects.bulk_create([self._shift(one) for one in created(deeds)], batch_size=_BATCH)
        changed = []
        for one in updated(deeds):
            assert one.found is not None
            shift = self._shift(one)
            shift.pk = one.found.pk
            changed.append(shift)
        RotaShift.objects.bulk_update(changed, ["ends_at", "is_override", "instead_of"], batch_size=_BATCH)
        for one in deeds:
            one.label = one.values["rota"]
        audit(deeds, noun="rota", by=by)

    def _matched(self, row: Parsed) -> Deed:
        values = row.values
        rota, person = str(values.get("rota", "")), str(values.get("person", ""))
        there = self.rotas.get(rota)
        zone = str(values.get("time_zone", "") or (there.time_zone if there else "UTC"))
        for name in ("starts_at", "ends_at"):
            if name in values:
                try:
                    at = cells.instant(values[name], zone=zone)
                    values[name] = at.astimezone(times.zone(there.time_zone if there else zone))
                except Unusable as error:
                    row.refuse(name, str(error))
        key = None
        if rota and person and "starts_at" in values and not row.problems:
            key = catalogue_state.shift_key(rota, person, values["starts_at"])
        label = f"{rota} {person} {values['starts_at']:%Y-%m-%d %H:%M}" if key else rota
        found = self.found.get(key) if key else None
        if found is not None:
            values["person"] = found.values["person"]
        return Deed(row=row, key=key, label=label, found=found)

    def _check_rota(self, deed: Deed, new: dict[str, tuple[str, str, str]]) -> None:
        """A rota is for a role or for a team; what the file says of one that is there must be what stands there."""
        values, row = deed.values, deed.row
        there = self.rotas.get(values["rota"])
        if there is not None:
            stands = {"role": there.role, "team": there.team.slug.lower() if there.team else ""}
            for name, value in stands.items():
                if values[name] and values[name] != value:
                    row.refuse(name, _("This rota is for %s. Change that on its page.") % (value or _("none")))
                values[name] = value
            values["time_zone"] = there.time_zone
            return
        if bool(values["role"]) == bool(values["team"]):
            row.refuse("rota", _("There is no rota of this name. To make it, name a role or a team, and not both."))
        if values["team"] and values["team"] not in self.teams:
            row.refuse("team", _("There is no team %s. Import the teams first.") % values["team"])
        values["time_zone"] = values["time_zone"] or "UTC"
        said = (values["role"], values["team"], values["time_zone"])
        if new.setdefault(values["rota"], said) != said:
            row.refuse("rota", _("Another row makes this rota for another role, team or zone."))

    def _check_turn(self, deed: Deed) -> None:
        values, row = deed.values, deed.row
        for name in ("person", "instead_of"):
            username = values[name]
            there = self.people.get(username.lower()) if username else None
            if username and (there is None or not there.is_active):
                row.refuse(name, _("There is no active person %s.") % username)
        if values["ends_at"] <= values["starts_at"]:
            row.refuse("ends_at", _("The turn ends before it starts."))
        elif values["ends_at"] - values["starts_at"] > LONGEST:
            row.refuse("ends_at", _("A turn lasts at most %d days. Is the year right?") % LONGEST.days)
        if values["instead_of"] and not values["override"]:
            row.refuse("instead_of", _("Only an override stands in for somebody: write yes under override."))

    def _made(self, deed: Deed) -> Rota:
        values = deed.values
        return Rota.objects.create(
            name=values["rota"],
            role=values["role"],
            team=self.teams[values["team"]] if values["team"] else None,
            time_zone=values["time_zone"],
        )

    def _shift(self, deed: Deed) -> RotaShift:
        values = deed.values
        return RotaShift(
            rota=self.rotas[values["rota"]],
            person_id=self.people[values["person"].lower()].pk,
            starts_at=values["starts_at"].astimezone(UTC),
            ends_at=values["ends_at"].astimezone(UTC),
            is_override=values["override"],
            instead_of_id=self.people[values["instead_of"].lower()].pk if values["instead_of"] else None,
        )
