"""Status pages as administrators keep them: made, renamed, arranged, given a look, retired; through page and API."""

import html
import zlib
from collections.abc import Callable
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image
from rest_framework.test import APIClient

from comms.models import Component, StatusPage
from comms.rules.page_looks import Listed
from comms.services import snapshots
from comms.services.pages import logos, pages
from mim_portal.lib.refusals import Invalid
from mim_portal.models import AuditEntry
from teams.models import Person
from tests import factories, status_pages
from tests.status_pages import START, folder, payroll, tell

__all__ = ["folder", "payroll"]  # fixtures
pytestmark = pytest.mark.django_db
LIST = "/settings/status-pages/"
API = "/api/v1/status-pages/"
NEW = {"name": "Contoso", "slug": "contoso", "kind": "customer", "audience": "end_users", "time_zone": "Europe/London"}


@pytest.fixture
def ada(cast: SimpleNamespace, signed_in: Callable[[Person], Client]) -> Client:
    return signed_in(cast.ada)


@pytest.fixture
def admin(cast: SimpleNamespace, api: Callable[..., APIClient]) -> APIClient:
    return api(cast.ada)


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def picture(size: tuple[int, int] = (600, 200), *, form: str = "PNG", **options: Any) -> bytes:
    out = BytesIO()
    Image.new("RGBA" if form == "PNG" else "RGB", size, "#0b6170").save(out, format=form, **options)
    return out.getvalue()


def bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """A picture of a few bytes that says of itself that it is huge: it must be refused before it is unpacked."""
    small = picture((8, 8))
    header = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + small[24:29]
    return small[:12] + header + zlib.crc32(header).to_bytes(4, "big") + small[33:]


def given_by(page: StatusPage) -> dict[str, Any]:
    return {
        "name": page.name,
        "slug": page.slug,
        "kind": "public" if page.is_public else "internal",
        "audience": page.audience.code,
        "time_zone": page.time_zone,
    }


def test_a_page_is_made_and_read_and_written_down(cast: SimpleNamespace, ada: Client) -> None:
    assert "No status page yet." in text_of(ada.get(LIST))
    assert ada.post(f"{LIST}+new/", NEW | {"slug": "Contoso"})["Location"] == f"{LIST}contoso/services/"
    made = StatusPage.objects.get(slug="contoso")
    assert (made.only_its_services, made.is_public, made.time_zone) == (True, False, "Europe/London")
    assert AuditEntry.objects.get(verb="status_page.added").subject == "status page contoso"
    assert snapshots.render_due(now=START) == 1
    assert "Customer: only their services" in text_of(ada.get(LIST))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"slug": "a b"}, "Use small letters, figures and hyphens"),
        ({"slug": "api"}, "is kept for the portal"),
        ({"kind": "public"}, "End users is not a public audience"),
        ({"accent": "#ffcc00"}, "#ffcc00 cannot be read well on the light page"),
        ({"accent_dark": "#0b6170"}, "cannot be read well on the dark page"),
        ({"accent": "red"}, "six digits"),
        ({"name": " "}, "This field is required"),
        ({"slug": "public"}, "public is taken by another page"),
    ],
)
def test_what_cannot_be_is_said_at_the_field_and_what_was_typed_stays(
    ada: Client, changed: dict[str, str], said: str
) -> None:
    status_pages.page()
    answer = ada.post(f"{LIST}+new/", NEW | {"intro": "Typed line"} | changed)
    assert (answer.status_code, said in text_of(answer), "Typed line" in text_of(answer)) == (422, True, True)
    assert StatusPage.objects.count() == 1


def test_a_renamed_page_is_found_at_both_addresses_and_its_old_one_is_nobody_elses(
    payroll: SimpleNamespace, cast: SimpleNamespace, ada: Client, client: Client
) -> None:
    snapshots.render_due(now=START)
    given = given_by(payroll.page) | {"slug": "Halden"}
    assert ada.post(f"{LIST}public/", given)["Location"] == f"{LIST}halden/"
    snapshots.render_due(now=START)
    assert client.get("/status/halden/").status_code == 200
    for path in ("", "history/", "api/v2/summary.json", "badge.svg"):
        moved = client.get(f"/status/public/{path}")
        assert (moved.status_code, moved["Location"]) == (301, f"/status/halden/{path}")
    assert client.get("/status/public/api/v2/summary.json")["Access-Control-Allow-Origin"] == "*"
    assert AuditEntry.objects.get(verb="status_page.changed").data == {"fields": ["slug"], "before": {"slug": "public"}}
    taken = ada.post(f"{LIST}+new/", NEW | {"slug": "public"})
    assert "was the address of another page" in text_of(taken)
    assert "Former addresses lead here: public." in text_of(ada.get(f"{LIST}halden/"))
    pages.change(slug="halden", changes={"slug": "public"}, by=cast.ada, now=START)
    assert client.get("/status/halden/")["Location"] == "/status/public/"
    assert client.get("/status/public/").status_code == 200


def test_the_former_address_of_a_private_page_tells_strangers_nothing(
    cast: SimpleNamespace, client: Client, signed_in: Callable[[Person], Client]
) -> None:
    status_pages.page(slug="contoso", audience="end_users", is_public=False, only_its_services=True)
    pages.change(slug="contoso", changes={"slug": "heron"}, by=cast.ada, now=START)
    asked = client.get("/status/contoso/")
    assert (asked.status_code, "heron" in asked["Location"]) == (302, False)
    assert signed_in(cast.rosa).get("/status/contoso/").status_code == 404
    assert signed_in(cast.ada).get("/status/contoso/")["Location"] == "/status/heron/"


def test_bytes_below_a_former_address_leave_the_public_store(
    payroll: SimpleNamespace, cast: SimpleNamespace, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        snapshots.render_due(now=START)
    kept = settings.SNAPSHOT_DIR / "public.snapshot"
    assert kept.is_file()
    with django_capture_on_commit_callbacks(execute=True):
        pages.change(slug="public", changes={"slug": "halden"}, by=cast.ada, now=START)
    assert not kept.exists()


def test_two_editors_do_not_overwrite_each_other(ada: Client) -> None:
    page = status_pages.page()
    answer = ada.post(f"{LIST}public/", given_by(page) | {"version": "outdated", "name": "Mine"})
    assert (answer.status_code, "Somebody else has changed this page" in text_of(answer)) == (422, True)
    assert "Mine" in text_of(answer)


def test_what_is_saved_unchanged_makes_no_news(cast: SimpleNamespace) -> None:
    page = status_pages.page()
    pages.change(slug="public", changes={"name": page.name}, by=cast.ada, now=START)
    page.refresh_from_db()
    assert (page.wanted_version, AuditEntry.objects.count()) == (1, 0)


def test_services_stand_in_the_managers_order_under_their_headings(
    payroll: SimpleNamespace, cast: SimpleNamespace, ada: Client
) -> None:
    tell(payroll)
    factories.service(name="Till", slug="till")
    payroll_slug, mail_slug = Component.objects.order_by("position").values_list("service__slug", flat=True)
    given = {
        f"order-{payroll_slug}": "9",
        f"group-{payroll_slug}": "Pay",
        f"name-{payroll_slug}": "Wages",
        f"order-{mail_slug}": "",
        "order-till": "2",
    }
    assert ada.post(f"{LIST}public/services/", given).status_code == 302
    rows = list(Component.objects.order_by("position").values_list("service__slug", "name", "group", "state"))
    assert rows == [("till", "", "", "operational"), (payroll_slug, "Wages", "Pay", "major_outage")]
    shown = status_pages.html(payroll.page, at=START)
    assert shown.index("<span>Till") < shown.index('<h3 class="status-group">Pay</h3>') < shown.index("<span>Wages")
    assert "Wages does not work. Everything else works." in status_pages.text(shown)
    assert "Payroll" not in shown
    assert AuditEntry.objects.get(verb="status_page.services").data == {"services": ["till", payroll_slug]}
    wrong = ada.post(f"{LIST}public/services/", given | {"order-till": "first", "group-till": "Typed"})
    assert (wrong.status_code, "Typed" in text_of(wrong)) == (422, True)


def test_a_service_that_returns_to_the_page_says_what_was_published(
    payroll: SimpleNamespace, cast: SimpleNamespace
) -> None:
    tell(payroll)
    slug = payroll.incident.service.slug
    pages.arrange(slug="public", services=[], by=cast.ada, now=START)
    assert not Component.objects.exists()
    pages.arrange(slug="public", services=[Listed(service=slug)], by=cast.ada, now=START)
    assert Component.objects.get().state == "major_outage"
    for services in ([Listed(service="nothing")], [Listed(service=slug), Listed(service=slug)]):
        with pytest.raises(Invalid):
            pages.arrange(slug="public", services=services, by=cast.ada, now=START)


def test_the_logo_is_drawn_anew_and_stands_in_the_snapshot(payroll: SimpleNamespace, ada: Client) -> None:
    hidden = picture(form="JPEG", comment=b"secret heron")
    assert b"secret heron" in hidden
    answer = ada.post(f"{LIST}public/logo/", {"file": SimpleUploadedFile("logo.jpg", hidden)})
    assert answer.status_code == 302
    shown = status_pages.html(payroll.page, at=START)
    assert 'src="/status/public/logo.webp" alt="" width="144" height="48"' in shown
    face = payroll.page.snapshots.get(path="logo.webp")
    body = bytes(face.body)
    assert (face.content_type, b"heron" in body, len(body) <= logos.KEPT_BYTES) == ("image/webp", False, True)
    assert Image.open(BytesIO(body)).size == (288, 96)
    ada.post(f"{LIST}public/logo/", {"remove": "yes"})
    assert "logo.webp" not in status_pages.html(payroll.page, at=START)
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["status_page.logo", "status_page.logo_removed"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no PNG, JPEG or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no PNG, JPEG or WebP"),
        (picture()[:400], "no PNG, JPEG or WebP"),
        (bomb(2100, 2000), "at most 1 MB and 4 million pixels"),
        (bomb(), "at most 1 MB and 4 million pixels"),
        (b"x" * 1_000_001, "at most 1 MB and 4 million pixels"),
    ],
    ids=["empty", "svg", "cut", "large", "bomb", "heavy"],
)
def test_what_is_no_logo_is_refused(ada: Client, content: bytes, said: str) -> None:
    page = status_pages.page()
    answer = ada.post(f"{LIST}public/logo/", {"file": SimpleUploadedFile("logo.png", content)})
    assert (answer.status_code, said in text_of(answer)) == (422, True)
    assert not hasattr(page, "logo")


def test_a_moving_picture_is_refused(cast: SimpleNamespace) -> None:
    status_pages.page()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    out = BytesIO()
    frames[0].save(out, format="WEBP", save_all=True, append_images=frames[1:])
    with pytest.raises(Invalid) as caught:
        logos.put(slug="public", content=out.getvalue(), by=cast.ada)
    assert caught.value.code == "logo_moves"


def test_the_colour_stands_in_a_sheet_of_its_own_for_both_themes(
    payroll: SimpleNamespace, cast: SimpleNamespace
) -> None:
    assert "look.css" not in status_pages.html(payroll.page, at=START)
    pages.change(slug="public", changes={"accent": "#8a1c5b"}, by=cast.ada, now=START)
    assert '<link rel="stylesheet" href="/status/public/look.css">' in status_pages.html(payroll.page, at=START)
    sheet = status_pages.html(payroll.page, at=START, path="look.css")
    assert sheet.startswith(":root{--accent:#8a1c5b}@media (prefers-color-scheme:dark){:root{--accent:#")
    pages.change(slug="public", changes={"accent_dark": "#f0b457"}, by=cast.ada, now=START)
    assert "{--accent:#f0b457}" in status_pages.html(payroll.page, at=START, path="look.css")


def test_the_footer_is_markdown_and_nothing_in_it_runs(payroll: SimpleNamespace, cast: SimpleNamespace) -> None:
    footer = (
        "**Call** [us](https://example.org) <script>alert(1)</script> [x](javascript:alert(2)) "
        '<img src=x onerror=alert(3)> [y](data:text/html,z "t")'
    )
    pages.change(slug="public", changes={"footer": footer}, by=cast.ada, now=START)
    shown = status_pages.html(payroll.page, at=START)
    own = shown.partition('<div class="status-own">')[2].partition("</div>")[0]
    assert "<strong>Call</strong>" in own
    assert 'href="https://example.org"' in own
    assert all(sign not in own for sign in ("<script", "<img", 'href="javascript', 'href="data'))
    assert "&lt;script&gt;" in own


def test_a_retired_page_is_gone_at_once_everywhere_and_can_come_back(
    payroll: SimpleNamespace, ada: Client, client: Client, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        snapshots.render_due(now=START)
    with django_capture_on_commit_callbacks(execute=True):
        assert ada.post(f"{LIST}public/retire/").status_code == 302
    answer = client.get("/status/public/")
    assert (answer.status_code, "was retired" in text_of(answer)) == (410, True)
    assert client.get("/status/public/api/v2/summary.json").status_code == 410
    assert not list(settings.SNAPSHOT_DIR.glob("*.snapshot"))
    tell(payroll)
    assert snapshots.render_due(now=START) == 0
    assert "retired" in text_of(ada.get(LIST))
    ada.post(f"{LIST}public/retire/", {"bring_back": "yes"})
    assert "Payroll does not work." in status_pages.html(payroll.page, at=START)
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["status_page.retired", "status_page.brought_back"]


def test_pages_of_settings_ask_a_fixed_number_of_questions(ada: Client) -> None:
    for number in range(4):
        page = status_pages.page(slug=f"p{number}")
        for _ in range(number):
            status_pages.component(of=page, service=factories.service())
    for address, asked in ((LIST, 4), (f"{LIST}p3/", 8), (f"{LIST}p3/services/", 6)):
        with CaptureQueriesContext(connection) as queries:
            ada.get(address)
        assert (address, len(queries)) == (address, asked)


def test_the_api_makes_changes_arranges_and_retires(admin: APIClient, cast: SimpleNamespace) -> None:
    factories.service(slug="till", name="Till")
    made = admin.post(API, NEW, format="json")
    assert (made.status_code, made.json()["kind"], made.json()["services"]) == (201, "customer", [])
    one = f"{API}contoso/"
    tag = admin.get(one)["ETag"]
    renamed = admin.patch(one, {"slug": "heron", "accent": "#8a1c5b"}, format="json", headers={"If-Match": tag})
    assert (renamed.status_code, renamed.json()["former_slugs"]) == (200, ["contoso"])
    late = admin.patch(f"{API}heron/", {"name": "X"}, format="json", headers={"If-Match": tag})
    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")
    rows = [{"service": "till", "name": "Tills", "group": "Shops"}]
    assert admin.put(f"{API}heron/services/", {"services": rows}, format="json").json()["services"] == rows
    file = SimpleUploadedFile("logo.png", picture(), content_type="image/png")
    assert admin.post(f"{API}heron/logo/", {"file": file}, format="multipart").json()["has_logo"] is True
    assert admin.delete(f"{API}heron/logo/").status_code == 204
    assert admin.post(f"{API}heron/retire/").json()["retired_at"] is not None
    assert admin.post(f"{API}heron/bring-back/").json()["retired_at"] is None
    assert [row["slug"] for row in admin.get(API).json()["results"]] == ["heron"]
    pale = admin.patch(f"{API}heron/", {"accent": "#ffffff"}, format="json")
    assert (pale.status_code, "accent" in str(pale.json())) == (400, True)
    assert admin.get(f"{API}contoso/").status_code == 404
    assert pages.retire(slug="heron", by=cast.ada, now=timezone.now()).retired_at is not None
