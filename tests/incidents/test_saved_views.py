"""Saved views: a question under a name, own or shared; it never shows what its reader may not see."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from rest_framework.test import APIClient

from incidents.models import SavedView
from incidents.services.finding import saved_views
from mim_portal.lib.refusals import Invalid
from mim_portal.models import AuditEntry
from teams.models import Person
from tests.incidents import kit

Browser = Callable[[Person], Client]
Api = Callable[..., APIClient]


def save(person: Person, name: str = "Payroll", query: str = "q=payroll", **flags: bool) -> SavedView:
    return saved_views.save(person=person, name=name, query=query, **flags)


def test_the_same_name_again_replaces_the_filters(cast: SimpleNamespace) -> None:
    first = save(cast.mia)
    again = save(cast.mia, name="  Payroll ", query="live=yes&before=3")
    assert (again.pk, again.query) == (first.pk, "live=yes")
    assert save(cast.omar).pk != first.pk


def test_one_default_a_person(cast: SimpleNamespace) -> None:
    first, second = save(cast.mia, is_default=True), save(cast.mia, name="Live", query="live=yes", is_default=True)
    other = save(cast.omar, is_default=True)
    defaults = SavedView.objects.filter(is_default=True)
    assert set(defaults) == {second, other}
    saved_views.change(view_id=first.pk, person=cast.mia, fields={"is_default": True})
    assert set(defaults.all()) == {first, other}


@pytest.mark.parametrize(
    ("name", "query", "field"), [(" ", "", "name"), ("x" * 61, "", "name"), ("Long", "q=" + "x" * 2_000, "query")]
)
def test_what_cannot_be_saved_says_why(cast: SimpleNamespace, name: str, query: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        save(cast.mia, name=name, query=query)
    assert refused.value.field == field


def test_fifty_are_enough(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_views, "MOST", 2)
    save(cast.mia, name="a")
    save(cast.mia, name="b")
    with pytest.raises(Invalid, match="Delete one"):
        save(cast.mia, name="c")
    save(cast.mia, name="a", query="live=no")


def test_only_the_owner_changes_or_deletes(cast: SimpleNamespace) -> None:
    view = save(cast.mia, is_shared=True)
    for deed in (
        lambda: saved_views.delete(view_id=view.pk, person=cast.omar),
        lambda: saved_views.change(view_id=view.pk, person=cast.omar, fields={"name": "Mine"}),
    ):
        with pytest.raises(saved_views.UnknownView):
            deed()


def test_two_views_of_one_name_are_refused(cast: SimpleNamespace) -> None:
    save(cast.mia, name="a")
    other = save(cast.mia, name="b")
    with pytest.raises(Invalid, match="another view"):
        saved_views.change(view_id=other.pk, person=cast.mia, fields={"name": " a "})


def test_sharing_is_written_down(cast: SimpleNamespace) -> None:
    view = save(cast.mia)
    assert not AuditEntry.objects.filter(verb__startswith="saved_view").exists()
    saved_views.change(view_id=view.pk, person=cast.mia, fields={"is_shared": True})
    saved_views.delete(view_id=view.pk, person=cast.mia)
    verbs = AuditEntry.objects.filter(actor=cast.mia).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["saved_view.shared", "saved_view.withdrawn"]


def test_views_stand_above_the_list_and_others_see_shared_ones(cast: SimpleNamespace, signed_in: Browser) -> None:
    save(cast.mia, name="My payroll")
    save(cast.mia, name="Everybody's payroll", query="service=payroll", is_shared=True)
    mine = signed_in(cast.mia).get("/incidents/?service=payroll").content.decode()
    assert "My payroll" in mine
    assert '<a href="?service=payroll" aria-current="page"' in mine
    others = signed_in(cast.omar).get("/incidents/").content.decode()
    assert "My payroll" not in others
    assert "Everybody&#39;s payroll" in others
    assert "Delete this view" in mine
    assert "Delete this view" not in signed_in(cast.omar).get("/incidents/?service=payroll").content.decode()


def test_a_shared_view_shows_each_reader_what_they_may_see(cast: SimpleNamespace, signed_in: Browser) -> None:
    private = kit.incident(manager=cast.mia, title="Payroll zebra", is_private=True)
    view = save(cast.mia, query="q=zebra", is_shared=True)
    assert private.reference in signed_in(cast.mia).get(f"/incidents/?{view.query}").content.decode()
    assert private.reference not in signed_in(cast.omar).get(f"/incidents/?{view.query}").content.decode()


def test_the_list_begins_with_the_default(cast: SimpleNamespace, signed_in: Browser) -> None:
    save(cast.mia, is_default=True)
    assert signed_in(cast.mia).get("/incidents/")["Location"] == "/incidents/?q=payroll"
    assert signed_in(cast.mia).get("/incidents/?all=yes").status_code == 200
    assert signed_in(cast.omar).get("/incidents/").status_code == 200


def test_saving_by_page(cast: SimpleNamespace, signed_in: Browser) -> None:
    browser = signed_in(cast.mia)
    assert "Save as a view" in browser.get("/incidents/?priority=P1").content.decode()
    saved = browser.post("/saved-views/", {"name": "Ones", "query": "priority=P1", "is_shared": "on"})
    assert saved["Location"] == "/incidents/?priority=P1"
    view = SavedView.objects.get()
    for step, expected in (("default", (True, True)), ("withdraw", (False, True)), ("usual", (False, False))):
        assert browser.post(f"/saved-views/{view.pk}/{step}/")["Location"] == "/incidents/?priority=P1"
        view.refresh_from_db()
        assert (view.is_shared, view.is_default) == expected
    assert browser.post(f"/saved-views/{view.pk}/nonsense/").status_code == 404
    assert signed_in(cast.omar).post(f"/saved-views/{view.pk}/delete/").status_code == 404
    assert browser.post(f"/saved-views/{view.pk}/delete/")["Location"] == "/incidents/?all=yes"
    assert not SavedView.objects.exists()


def test_somebody_elses_shared_view_is_not_deleted_by_page(cast: SimpleNamespace, signed_in: Browser) -> None:
    view = save(cast.mia, is_shared=True)
    assert signed_in(cast.omar).post(f"/saved-views/{view.pk}/delete/").status_code == 404


def test_an_error_stands_at_its_field_and_keeps_what_was_typed(cast: SimpleNamespace, signed_in: Browser) -> None:
    answer = signed_in(cast.mia).post("/saved-views/", {"name": "", "query": "priority=P1"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'name="query" value="priority=P1"' in text
    assert "This field is required." in text


def test_the_api(cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.mia)
    made = client.post("/api/v1/saved-views/", {"name": "Ones", "query": "?priority=P1&before=3", "is_shared": True})
    assert made.status_code == 201
    assert made.json() == {
        "id": made.json()["id"], "name": "Ones", "query": "priority=P1", "is_shared": True, "is_default": False,
        "owner": "mia",
    }  # fmt: skip
    address = f"/api/v1/saved-views/{made.json()['id']}/"
    assert api(cast.omar).get(address).json()["owner"] == "mia"
    assert [view["name"] for view in api(cast.omar).get("/api/v1/saved-views/").json()["results"]] == ["Ones"]
    assert api(cast.omar).patch(address, {"name": "Mine"}).status_code == 404
    assert client.patch(address, {"name": "First", "is_shared": False}).json()["name"] == "First"
    assert api(cast.omar).get(address).status_code == 404
    assert client.patch(address, {"name": ""}).status_code == 400
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404


def test_a_key_saves_once(cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.mia)
    for _ in range(2):
        answer = client.post("/api/v1/saved-views/", {"name": "Ones"}, headers={"Idempotency-Key": "k"})
        assert answer.status_code == 201
    assert SavedView.objects.count() == 1
