"""Saving, changing and forgetting views of the list; what is shared with everybody is written down."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.models import SavedView
from incidents.rules import view_query
from mim_portal.lib.refusals import Invalid, Missing
from mim_portal.models import AuditEntry
from teams.models import Person

LONGEST_NAME = 60
MOST = 50  # of one person


class UnknownView(Missing):
    """No view of this person has this number; somebody else's cannot be changed."""


@transaction.atomic
def save(*, person: Person, name: str, query: str, is_shared: bool = False, is_default: bool = False) -> SavedView:
    """Keep the filters under a name; the same name again replaces them, as when one saves a file."""
    _lock(person)
    name, query = _name(name), _query(query)
    known = SavedView.objects.filter(owner=person, name=name).first()
    if known is None and SavedView.objects.filter(owner=person).count() >= MOST:
        raise Invalid(_("You have %d views. Delete one that you no longer need first.") % MOST, field="name")
    view = known or SavedView(owner=person, name=name)
    return _store(view, {"query": query, "is_shared": is_shared, "is_default": is_default})


@transaction.atomic
def change(*, view_id: int, person: Person, fields: dict[str, Any]) -> SavedView:
    """Give one's own view another name or other filters, share it, or begin the list with it."""
    _lock(person)
    view = _own(view_id, person)
    if "name" in fields:
        fields["name"] = _name(fields["name"])
        if SavedView.objects.filter(owner=person, name=fields["name"]).exclude(pk=view.pk).exists():
            raise Invalid(_("You have another view of this name."), code="unique", field="name")
    if "query" in fields:
        fields["query"] = _query(fields["query"])
    return _store(view, fields)


@transaction.atomic
def delete(*, view_id: int, person: Person) -> None:
    """Forget one's own view."""
    _lock(person)
    view = _own(view_id, person)
    if view.is_shared:
        _note(view, "saved_view.withdrawn")
    view.delete()


def _lock(person: Person) -> None:
    """One change at a time of one person's views: their names and their default are unique."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)


def _own(view_id: int, person: Person) -> SavedView:
    view = SavedView.objects.filter(pk=view_id, owner=person).first()
    if view is None:
        raise UnknownView(_("You have no such view."))
    return view


def _store(view: SavedView, fields: dict[str, Any]) -> SavedView:
    was_shared = view.is_shared  # a new one is not
    for name, value in fields.items():
        setattr(view, name, value)
    if view.is_default:
        SavedView.objects.filter(owner=view.owner_id, is_default=True).exclude(pk=view.pk).update(is_default=False)
    view.save()
    if view.is_shared or was_shared:
        _note(view, "saved_view.shared" if view.is_shared else "saved_view.withdrawn")
    return view


def _note(view: SavedView, verb: str) -> None:
    AuditEntry.objects.create(actor_id=view.owner_id, verb=verb, subject=f"saved-view {view.pk}", data={})


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid(_("Give the view a name."), code="required", field="name")
    if len(name) > LONGEST_NAME:
        raise Invalid(_("Use at most %d characters.") % LONGEST_NAME, field="name")
    return name


def _query(query: str) -> str:
    try:
        return view_query.canonical(query)
    except view_query.NotFilters as error:
        raise Invalid(_("These are no filters of the list. Save what stands in its address."), field="query") from error
