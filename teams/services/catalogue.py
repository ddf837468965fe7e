"""The organisation's lists: teams with their contacts, services, sites, and its own words. Administrators keep them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mim_portal.lib.refusals import Invalid, Missing, Refusal
from mim_portal.models import AuditEntry
from teams.choices import CallHours, ServiceTier
from teams.models import Contact, GlossaryTerm, Person, Service, Site, Team
from teams.queries import lists as queries
from teams.rules import catalogue_cells as cells
from teams.rules import fields
from teams.rules.fields import Unusable
from teams.services import cleaning

Cleaner = Callable[[Any], Any]


class Outdated(Refusal):
    """Somebody else has changed it since it was read."""

    code = "changed_meanwhile"
    status = 412


class Unknown(Missing):
    """There is none of this name."""


@dataclass(frozen=True, kw_only=True)
class _List:
    """One list: its model, the field that names a row in addresses, and how each field is cleaned."""

    model: type[Any]
    noun: str
    key: str
    fields: Mapping[str, Cleaner]
    links: frozenset[str] = frozenset()  # fields that hold many rows of another list


def _words(longest: int, *, is_needed: bool = False) -> Cleaner:
    def clean(value: Any) -> str:
        found = fields.words(str(value), longest=longest)
        if is_needed and not found:
            raise Unusable("This needs a few words.")
        return found

    return clean


def _tier(value: Any) -> str:
    if value not in ServiceTier.values:
        raise Unusable(f"Choose one of {', '.join(ServiceTier.values)}.")
    return str(value)


def _headcount(value: Any) -> int | None:
    return None if value is None else cells.number(str(value))


def _team(value: Any) -> Team | None:
    return _row(Team, str(value), _("There is no team %s.")) if value else None


def _many(model: type[Any], words: str) -> Cleaner:
    return lambda value: [_row(model, str(slug), words) for slug in dict.fromkeys(value)]


_PROSE: Cleaner = lambda value: fields.prose(str(value), longest=4000)  # noqa: E731
_LISTS: Mapping[str, _List] = {
    "teams": _List(
        model=Team,
        noun="team",
        key="slug",
        fields={
            "name": _words(120, is_needed=True),
            "description": _PROSE,
            "time_zone": fields.time_zone,
            "is_active": bool,
        },
    ),
    "sites": _List(
        model=Site,
        noun="site",
        key="slug",
        fields={
            "name": _words(120, is_needed=True),
            "country": fields.country,
            "time_zone": fields.time_zone,
            "headcount": _headcount,
            "is_active": bool,
        },
    ),
    "services": _List(
        model=Service,
        noun="service",
        key="slug",
        fields={
            "name": _words(120, is_needed=True),
            "description": _PROSE,
            "tier": _tier,
            "owner_team": _team,
            "sites": _many(Site, "There is no site %s."),
            "depends_on": _many(Service, "There is no service %s."),
            "is_active": bool,
        },
        links=frozenset({"sites", "depends_on"}),
    ),
    "words": _List(
        model=GlossaryTerm,
        noun="word",
        key="pk",
        fields={"term": _words(120, is_needed=True), "meaning": _words(300), "is_plain": bool},
    ),
}


@transaction.atomic
def add(*, of: str, by: Person, values: Mapping[str, Any]) -> Any:
    """A new row; its slug is its name in addresses and stays for good."""
    kind = _LISTS[of]
    given = dict(values)
    cleaned: dict[str, Any] = {}
    if kind.key == "slug":
        cleaned["slug"] = cleaning.cleaned("slug", fields.slug, given.pop("slug", ""))
        if kind.model.objects.filter(slug__iexact=cleaned["slug"]).exists():
            raise Invalid(_("%s is taken.") % cleaned["slug"], field="slug", code="slug_taken")
    for name in kind.fields:
        if name in given or name in ("name", "term"):
            cleaned[name] = cleaning.cleaned(name, kind.fields[name], given.pop(name, ""))
    _refuse_unknown(given)
    _refuse_taken_term(cleaned, own=None)
    links = {name: cleaned.pop(name) for name in kind.links if name in cleaned}
    row = kind.model(**cleaned)
    if of == "words":
        row.added_by = by
    row.save()
    _link(row, links)
    _audit(row, kind, "added", by, {})
    return queries.one(of, getattr(row, kind.key))


@transaction.atomic
def change(*, of: str, key: str, by: Person, changes: Mapping[str, Any], version: str | None = None) -> Any:
    """Change what is sent; with `version`, only if nobody else was faster."""
    kind = _LISTS[of]
    _locked(of, key)
    row = queries.one(of, key)
    if version is not None and version != queries.version(of, row):
        message = _(
            "Somebody else has changed %s in the meantime. Look at what stands there now, then change it again."
        )
        raise Outdated(message % row)
    _refuse_unknown({name: value for name, value in changes.items() if name not in kind.fields})
    before = queries.state(of, row)
    cleaned = {name: cleaning.cleaned(name, kind.fields[name], value) for name, value in changes.items()}
    _refuse_taken_term(cleaned, own=row.pk)
    if row in cleaned.get("depends_on", ()):
        raise Invalid(_("A service does not depend on itself."), field="depends_on")
    links = {name: cleaned.pop(name) for name in kind.links if name in cleaned}
    for name, value in cleaned.items():
        setattr(row, name, value)
    row.save()
    _link(row, links)
    row = queries.one(of, key)
    after = queries.state(of, row)
    changed = sorted(name for name in after if after[name] != before[name])
    if changed:
        _audit(row, kind, "changed", by, {"fields": changed})
    return row


@transaction.atomic
def remove_word(*, key: str, by: Person) -> None:
    """The language check does not know the word any more."""
    row = _locked("words", key)
    _audit(row, _LISTS["words"], "removed", by, {})
    row.delete()


@transaction.atomic
def save_contact(
    *,
    team: str,
    by: Person,
    kind: str,
    value: str,
    note: str = "",
    position: int = 0,
    hours: str = "",
    contact_id: int | None = None,
) -> Contact:
    """One way to reach a team: a new one, or this one changed."""
    found = _locked("teams", team)
    contact = Contact.objects.filter(pk=contact_id, team=found).first() if contact_id else Contact(team=found)
    if contact is None:
        raise Unknown(_("This way to reach the team is gone."))
    if kind not in Contact.Kind.values:
        raise Invalid(_("Choose one of %s.") % ", ".join(Contact.Kind.values), field="kind")
    if hours and hours not in CallHours.values:
        raise Invalid(_("Choose one of %s.") % ", ".join(CallHours.values), field="hours")
    contact.hours = hours or CallHours.ALWAYS
    contact.kind, contact.value = kind, cleaning.cleaned("value", _words(200, is_needed=True), value)
    contact.note, contact.position = cleaning.cleaned("note", _words(200), note), position
    same = Contact.objects.filter(team=found, kind=contact.kind, value=contact.value).exclude(pk=contact.pk or 0)
    if same.exists():
        raise Invalid(_("The team has this already."), field="value", code="taken")
    contact.save()
    _audit(found, _LISTS["teams"], "changed", by, {"fields": ["contacts"]})
    return contact


@transaction.atomic
def remove_contact(*, contact_id: int, by: Person) -> str:
    """The team is not reached like this any more; answers the team's slug."""
    contact = Contact.objects.select_related("team").filter(pk=contact_id).first()
    if contact is None:
        raise Unknown(_("This way to reach the team is gone."))
    contact.delete()
    _audit(contact.team, _LISTS["teams"], "changed", by, {"fields": ["contacts"]})
    return contact.team.slug


@transaction.atomic
def set_contacts(*, team: str, by: Person, contacts: Sequence[Mapping[str, Any]]) -> None:
    """Exactly these, in this order."""
    found = _locked("teams", team)
    Contact.objects.filter(team=found).delete()
    for position, given in enumerate(contacts):
        save_contact(team=team, by=by, position=position, **given)


def _locked(of: str, key: str) -> Any:
    kind = _LISTS[of]
    row = kind.model.objects.select_for_update(no_key=True, of=("self",)).filter(**{kind.key: key}).first()
    if row is None:
        raise Unknown(_("There is no %(noun)s %(key)s.") % {"noun": kind.noun, "key": key})
    return row


def _row(model: type[Any], slug: str, words: str) -> Any:
    row = model.objects.filter(slug=slug).first()
    if row is None:
        raise Unusable(words % slug)
    return row


def _refuse_unknown(left: Mapping[str, Any]) -> None:
    if left:
        name = sorted(left)[0]
        raise Invalid(_("There is no field %s.") % name, field=name)


def _refuse_taken_term(cleaned: Mapping[str, Any], *, own: int | None) -> None:
    term = cleaned.get("term")
    if term and GlossaryTerm.objects.filter(term__iexact=term).exclude(pk=own or 0).exists():
        raise Invalid(_("%s is in the list already.") % term, field="term", code="taken")


def _link(row: Any, links: Mapping[str, Sequence[Any]]) -> None:
    for name, rows in links.items():
        getattr(row, name).set(rows)


def _audit(row: Any, kind: _List, deed: str, by: Person, data: dict[str, Any]) -> None:
    AuditEntry.objects.create(
        actor=by, verb=f"{kind.noun}.{deed}", subject=f"{kind.noun} {getattr(row, kind.key)}"[:200], data=data
    )
