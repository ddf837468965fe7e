"""Links to a customer's page: made for somebody, taken back; they open that page and nothing else."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from rest_framework.test import APIClient

from comms.models import PageLink, StatusPage
from comms.services import snapshots
from comms.services.pages import links, pages
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Refusal
from mim_portal.models import AuditEntry, IdempotencyKey
from teams.models import Person
from tests import factories, status_pages
from tests.status_pages import folder

__all__ = ["folder"]  # a fixture
pytestmark = pytest.mark.django_db
Browser = Callable[[Person], Client]


@pytest.fixture
def contoso(cast: SimpleNamespace) -> SimpleNamespace:
    """A customer's page with an incident of its own, and a public page beside it."""
    service = factories.service(name="Contoso till")
    page = status_pages.page(
        slug="contoso", name="Contoso", audience="end_users", is_public=False, only_its_services=True
    )
    status_pages.component(of=page, service=service)
    status_pages.page()
    incident = status_pages.incident(service=service)
    status_pages.publish(of=incident, author=cast.mia, audiences=("end_users",), body="Tills are slow.")
    snapshots.render_due()
    return SimpleNamespace(page=page, incident=incident)


def make(by: Person, **fields: Any) -> PageLink:
    return links.make(**{"slug": "contoso", "reader": "Contoso's desk", "person": by, "now": dbtime.now()} | fields)


def path(made: PageLink) -> str:
    return f"/customer-page/{links.token(made)}/"


def test_a_reader_without_an_account_reads_the_page_and_all_below_it(
    contoso: SimpleNamespace, cast: SimpleNamespace, client: Client
) -> None:
    own = path(make(cast.ada))
    page = client.get(own)
    text = page.content.decode()
    assert page.status_code == 200
    assert "Tills are slow." in text
    assert "/status/contoso/" not in text
    assert f'href="{own}history/"' in text
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store", "same-origin")
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    for below in (f"incidents/{contoso.incident.reference}/", "history/", "feeds/", "maintenance.ics"):
        assert client.get(own + below).status_code == 200, below
    feed = client.get(f"{own}feed.atom").content.decode()
    assert f"{own}incidents/{contoso.incident.reference}/" in feed
    assert "/status/contoso/" not in feed
    assert client.get(f"{own}history")["Location"] == f"{own}history/"
    assert client.get(f"{own}nothing/").status_code == 404
    assert client.get("/status/contoso/").status_code == 302  # the page itself still asks to sign in
    assert client.post(own).status_code == 405


def test_it_opens_nothing_once_it_is_over_taken_back_or_forged(
    contoso: SimpleNamespace, cast: SimpleNamespace, client: Client
) -> None:
    made, other = make(cast.ada), make(cast.carla)
    assert client.get(f"{path(made)[:-2]}x/").status_code == 404
    assert client.get("/customer-page/nonsense/").status_code == 404
    links.revoke(slug="contoso", link_id=made.pk, person=cast.ada, now=dbtime.now())
    ended = client.get(path(made))
    assert ended.status_code == 410
    assert "This link has ended" in ended.content.decode()
    assert "Tills" not in ended.content.decode()
    assert client.get(path(made) + "api/v2/summary.json").status_code == 410
    assert client.get(path(other)).status_code == 200
    PageLink.objects.filter(pk=other.pk).update(expires_at=dbtime.now(), made_at=dbtime.now() - timedelta(days=1))
    assert client.get(path(other)).status_code == 410


@pytest.mark.parametrize("change", ["retired", "another kind"])
def test_a_page_that_is_no_customers_any_more_ends_its_links(
    contoso: SimpleNamespace, cast: SimpleNamespace, client: Client, change: str
) -> None:
    made = make(cast.ada)
    if change == "retired":
        pages.retire(slug="contoso", by=cast.ada, now=dbtime.now())
    else:
        pages.change(slug="contoso", changes={"kind": "internal"}, by=cast.ada, now=dbtime.now())
    assert client.get(path(made)).status_code == 410
    with pytest.raises(Refusal, match="customer's page"):
        make(cast.ada)


def test_a_renamed_page_keeps_its_links(contoso: SimpleNamespace, cast: SimpleNamespace, client: Client) -> None:
    made = make(cast.ada)
    pages.change(slug="contoso", changes={"slug": "contoso-tills"}, by=cast.ada, now=dbtime.now())
    snapshots.render_due()
    text = client.get(path(made)).content.decode()
    assert "Tills are slow." in text
    assert "/status/contoso" not in text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"slug": "public"}, "customer's page"),
        ({"days": 0}, "1 to 366"),
        ({"days": 367}, "1 to 366"),
        ({"reader": " "}, "who"),
    ],
)
def test_what_is_no_link(contoso: SimpleNamespace, cast: SimpleNamespace, fields: dict[str, Any], words: str) -> None:
    with pytest.raises(Refusal, match=words):
        make(cast.ada, **fields)
    with pytest.raises(Refusal, match="Communications"):
        make(cast.mia)
    assert not PageLink.objects.exists()


def test_links_are_kept_on_a_page_and_shown_once(
    contoso: SimpleNamespace, cast: SimpleNamespace, signed_in: Browser
) -> None:
    carla = signed_in(cast.carla)
    address = "/settings/status-pages/contoso/links/"
    assert "Nobody reads the page by a link." in carla.get(address).content.decode()
    shown = carla.post(address, {"reader": "Contoso <b>desk</b>", "days": "30"}).content.decode()
    made = PageLink.objects.get()
    assert links.token(made) in shown
    assert "Contoso &lt;b&gt;desk&lt;/b&gt;" in shown
    assert links.token(made) not in carla.get(address).content.decode()
    wrong = carla.post(address, {"reader": "", "days": "30"})
    assert wrong.status_code == 422
    assert carla.post(f"{address}{made.pk}/revoke/").status_code == 302
    assert carla.post(f"/settings/status-pages/public/links/{made.pk}/revoke/").status_code == 404
    assert carla.get("/settings/status-pages/public/links/").status_code == 404
    verbs = AuditEntry.objects.filter(verb__startswith="page_link").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["page_link.made", "page_link.revoked"]
    listed = carla.get("/settings/status-pages/").content.decode()
    assert "/settings/status-pages/contoso/links/" in listed


def test_links_by_the_api(contoso: SimpleNamespace, cast: SimpleNamespace, api: Callable[..., APIClient]) -> None:
    client = api(cast.carla)
    address = "/api/v1/status-pages/contoso/links/"
    answer = client.post(address, {"reader": "Contoso"}, format="json", headers={"Idempotency-Key": "one"})
    made = PageLink.objects.get()
    assert answer.status_code == 201
    assert urlsplit(answer.json()["url"]).path == path(made)
    assert made.expires_at - made.made_at == timedelta(days=90)
    assert links.token(made) not in str(IdempotencyKey.objects.values())
    [row] = client.get(address).json()["results"]
    assert (row["reader"], row["made_by"], "url" in row) == ("Contoso", "carla", False)
    assert client.post(f"{address}{made.pk}/revoke/").json()["revoked_at"]
    assert client.get(address).json()["results"] == []
    assert client.post("/api/v1/status-pages/public/links/", {"reader": "x"}, format="json").status_code == 409
    assert client.get("/api/v1/status-pages/none/links/").status_code == 404
    assert client.post(f"{address}999/revoke/").status_code == 404
    assert StatusPage.objects.get(slug="contoso").links.count() == 1
