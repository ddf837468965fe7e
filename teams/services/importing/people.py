"""People of a file, by user name or else by address."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from mim_portal.models import AuditEntry
from teams.choices import Role
from teams.models import Invitation, Membership, Person, Team
from teams.queries import catalogue_state, dependents
from teams.queries import people as queries
from teams.rules import usernames
from teams.rules.import_rows import Parsed
from teams.services import people as verbs
from teams.services.importing.kinds import Deed, KindOfFile, created, updated

_FIELDS = ("email", "first_name", "last_name", "phone", "time_zone", "locale")
_BATCH = 1000


class People(KindOfFile):
    """Memberships are set as the file says, where it has the column; nobody is invited by being in a file."""

    def match(self, rows: Sequence[Parsed], *, now: datetime) -> list[Deed]:
        self.found = catalogue_state.people()
        self.by_pk = {one.pk: one for one in self.found.values()}
        self.by_address = {one.values["email"]: one for one in self.found.values() if one.values["email"]}
        taken = {key[0] for key in self.found} | {str(row.values.get("username", "")).lower() for row in rows}
        deeds = [self._matched(row) for row in rows]
        for deed in deeds:
            if deed.found is None and not deed.row.values.get("username"):
                self._name(deed, taken)
        return deeds

    def check(self, deeds: Sequence[Deed], *, by: Person | None, now: datetime) -> None:
        self.teams = {team.slug.lower(): team for team in Team.objects.all()}
        self.administrators = {
            one.pk for one in self.found.values() if one.values["active"] and Role.ADMINISTRATOR in one.values["roles"]
        }
        languages = verbs.languages()
        addresses: dict[str, int] = {}
        for deed in deeds:
            values, row = deed.values, deed.row
            if "teams" in row.values and "leads" not in row.values:
                values["leads"] = tuple(slug for slug in values["leads"] if slug in values["teams"])
            values["teams"] = tuple(sorted({*values["teams"], *values["leads"]}))
            self._check_teams(deed)
            self._check_address(deed, addresses)
            if values["locale"] not in languages:
                row.refuse("locale", _("The portal speaks %s.") % ", ".join(sorted(languages)))
            if deed.found is None and not usernames.PATTERN.fullmatch(values["username"]):
                row.refuse("username", _("A new user name has small letters, figures, dots and hyphens."))
        self._check_needed(deeds, by=by, now=now)
        self._keep_an_administrator(deeds)

    def write(self, deeds: Sequence[Deed], *, by: Person | None, now: datetime) -> None:
        people = self._locked(deeds)
        new, changed = created(deeds), updated(deeds)
        made = Person.objects.bulk_create([self._made(one) for one in new], batch_size=_BATCH)
        for deed in changed:
            assert deed.found is not None
            _set(people[deed.found.pk], deed.changed)
        if self.administrators and not any(
            one.is_active and Role.ADMINISTRATOR in one.roles for one in people.values()
        ):
            raise verbs.LastAdministrator(_("The portal would be without an administrator. Nothing was imported."))
        fields = [*_FIELDS, "roles", "is_active", "is_staff", "is_superuser"]
        Person.objects.bulk_update([people[_pk(one)] for one in changed], fields, batch_size=_BATCH)
        whose = [(one, person.pk) for one, person in zip(new, made, strict=True)]
        whose += [(one, _pk(one)) for one in changed if {"teams", "leads"} & set(one.changed)]
        self._set_teams(whose)
        switched_off = [_pk(one) for one in changed if one.changed.get("active") is False]
        Invitation.objects.filter(person__in=switched_off, accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)
        _audit([*zip(new, (person.pk for person in made), strict=True), *((one, _pk(one)) for one in changed)], by=by)

    def invitable(self, deeds: Sequence[Deed]) -> list[Deed]:
        """With an address, active, without a password, and without an invitation that still waits for them."""
        ids = [one.found.pk for one in deeds if one.found]
        rows = Person.objects.filter(pk__in=ids).only("pk", "password")
        settled = {person.pk for person in rows if queries.can_sign_in(person)}
        waits = Invitation.objects.filter(person__in=ids, accepted_at=None, withdrawn_at=None)
        settled |= set(waits.values_list("person_id", flat=True))
        return [
            one
            for one in deeds
            if not one.row.problems
            and one.values["email"]
            and one.values["active"]
            and (one.found is None or one.found.pk not in settled)
        ]

    def _matched(self, row: Parsed) -> Deed:
        name, address = str(row.values.get("username", "")), str(row.values.get("email", ""))
        found = self.found.get((name.lower(),)) if name else self.by_address.get(address) if address else None
        if not (name or address) and not row.problems:
            row.refuse("username", _("A person needs a user name or an e-mail address."))
        if found is not None:
            row.values["username"] = found.values["username"]  # as it stands there, whatever its case here
        key = found.values["username"].lower() if found else name.lower() or address
        return Deed(row=row, key=(key,) if key else None, label=name or address, found=found)

    def _name(self, deed: Deed, taken: set[str]) -> None:
        values = deed.row.values
        name = f"{values.get('first_name', '')} {values.get('last_name', '')}"
        values["username"] = usernames.free(address=str(values.get("email", "")), name=name, taken=taken)
        taken.add(values["username"])

    def _check_teams(self, deed: Deed) -> None:
        before = set(deed.found.values["teams"]) if deed.found else set()
        for slug in deed.values["teams"]:
            team = self.teams.get(slug)
            if team is None or not (team.is_active or slug in before):
                deed.row.refuse("teams", _("There is no team %s. Import the teams first.") % slug)

    def _check_address(self, deed: Deed, addresses: dict[str, int]) -> None:
        address = deed.values["email"]
        if not address:
            return
        holder = self.by_address.get(address)
        if holder is not None and (deed.found is None or holder.pk != deed.found.pk):
            text = _("%(address)s is the address of %(username)s. One address belongs to one person.")
            deed.row.refuse("email", text % {"address": address, "username": holder.values["username"]})
        elif address in addresses:
            deed.row.refuse("email", _("Row %d has this address already.") % addresses[address])
        addresses.setdefault(address, deed.row.number)

    def _check_needed(self, deeds: Sequence[Deed], *, by: Person | None, now: datetime) -> None:
        ending = {_pk(one): one for one in deeds if one.found and one.changed.get("active") is False}
        people = list(Person.objects.filter(pk__in=ending))
        if not people:
            return
        for pk, found in dependents.of_many(people, viewer=by, now=now).items():
            blocking = [one.text for one in found if one.is_blocking]
            if blocking:
                text = _("%(name)s %(what)s. Hand it over first.")
                ending[pk].row.refuse("active", text % {"name": ending[pk].label, "what": "; ".join(blocking)})

    def _keep_an_administrator(self, deeds: Sequence[Deed]) -> None:
        """Where the file would leave nobody, every row that takes the role from somebody is refused."""

        def stays(deed: Deed) -> bool:
            return bool(deed.values["active"]) and Role.ADMINISTRATOR in deed.values["roles"]

        good = [one for one in deeds if not one.row.problems]
        ending = [one for one in good if one.found and one.found.pk in self.administrators and not stays(one)]
        left = self.administrators - {_pk(one) for one in ending}
        if ending and not left:
            for deed in ending:
                deed.row.refuse("roles", _("The portal would be without an administrator."))

    def _locked(self, deeds: Sequence[Deed]) -> Mapping[int, Person]:
        """In one order, with the strong lock: whoever is just being made accountable comes first or waits."""
        ids = {one.found.pk for one in deeds if one.found} | self.administrators
        return {person.pk: person for person in Person.objects.select_for_update().filter(pk__in=ids).order_by("pk")}

    def _made(self, deed: Deed) -> Person:
        person = Person(username=deed.values["username"], password=make_password(None))
        _set(person, deed.values)
        return person

    def _set_teams(self, whose: Sequence[tuple[Deed, int]]) -> None:
        Membership.objects.filter(person__in=[pk for _deed, pk in whose]).delete()
        Membership.objects.bulk_create(
            [
                Membership(person_id=pk, team=self.teams[slug], is_lead=slug in deed.values["leads"])
                for deed, pk in whose
                for slug in deed.values["teams"]
            ],
            batch_size=_BATCH,
        )


def _set(person: Person, values: Mapping[str, Any]) -> None:
    for name in _FIELDS:
        if name in values:
            setattr(person, name, values[name])
    person.roles = list(values.get("roles", person.roles))
    person.is_active = values.get("active", person.is_active)
    person.is_staff = person.is_superuser = Role.ADMINISTRATOR in person.roles


def _pk(deed: Deed) -> int:
    assert deed.found is not None
    return deed.found.pk


def _audit(whose: Sequence[tuple[Deed, int]], *, by: Person | None) -> None:
    """By reference, with what changed of rights: erasing a person leaves no name in the log."""
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(
                actor=by,
                verb="person.changed" if deed.found else "person.imported",
                subject=f"person {pk}",
                data=verbs.said(_comparable(deed.found.values), _comparable(deed.changed)) if deed.found else {},
            )
            for deed, pk in whose
        ],
        batch_size=_BATCH,
    )


def _comparable(values: Mapping[str, Any]) -> dict[str, Any]:
    """As the verbs of people say it: teams with whether the person leads them."""
    plain = {name: value for name, value in values.items() if name not in {"teams", "leads", "active", "username"}}
    if "active" in values:
        plain["is_active"] = values["active"]
    if "teams" in values:
        leads = values.get("leads", ())
        plain["teams"] = {slug: slug in leads for slug in values["teams"]}
    return plain
