"""Settings and API of audiences: registers, addresses, files, and whom a message would reach."""

import csv
import html
import io
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from comms.models import Audience, OptOut, Recipient, Suppression
from comms.queries.recipients import reach
from comms.services.recipients import audiences, recipient_files
from mim_portal.lib.refusals import Invalid, Refusal
from mim_portal.models import AuditEntry
from teams.models import Person
from tests import factories
from tests.comms import update_kit

pytestmark = pytest.mark.django_db
PAGE = "/settings/audiences/end_users/"


@pytest.fixture
def ada(cast: SimpleNamespace, signed_in: Callable[[Person], Client]) -> Client:
    return signed_in(cast.ada)


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def add(by: Person, address: str, **values: Any) -> Recipient:
    return audiences.add_recipient(audience="end_users", values={"address": address, **values}, by=by)


def test_an_audience_of_our_own(cast: SimpleNamespace, ada: Client) -> None:
    given = {"code": "Store-Managers", "name": "Store managers", "position": 35, "is_plain": "on", "is_active": "on"}
    assert ada.post("/settings/audiences/+new/", given)["Location"] == "/settings/audiences/store-managers/"
    made = Audience.objects.get(code="store-managers")
    assert (made.is_plain, made.position) == (True, 35)
    assert AuditEntry.objects.get(verb="audience.added").subject == "audience store-managers"
    again = ada.post("/settings/audiences/+new/", given)
    assert (again.status_code, "is taken" in text_of(again), "Store managers" in text_of(again)) == (422, True, True)
    assert "Store managers" in text_of(ada.get("/settings/audiences/"))


def test_its_register_is_changed_and_what_excludes_is_refused(cast: SimpleNamespace, ada: Client) -> None:
    given = {"name": "Everybody", "position": 5, "is_plain": "on", "roles": ["auditor"], "is_active": "on"}
    assert ada.post(PAGE, given).status_code == 302
    assert Audience.objects.get(code="end_users").roles == ["auditor"]
    entry = AuditEntry.objects.get(verb="audience.changed")
    assert set(entry.data["fields"]) <= {"name", "position", "roles", "is_plain"}
    wrong = ada.post(PAGE, given | {"is_technical": "on", "name": "Typed name"})
    assert wrong.status_code == 422
    assert "exclude each other" in text_of(wrong)
    assert "Typed name" in text_of(wrong)


def test_two_editors_do_not_overwrite_each_other(ada: Client) -> None:
    given = {"name": "Everybody", "position": 5, "is_active": "on", "version": "outdated"}
    answer = ada.post(PAGE, given)
    assert (answer.status_code, "Somebody else has changed" in text_of(answer)) == (422, True)


def test_an_audience_that_is_owed_updates_stays(cast: SimpleNamespace) -> None:
    update_kit.declared(cast.mia)
    with pytest.raises(Refusal, match="owe it updates: 1") as caught:
        audiences.change(code="end_users", changes={"is_active": False}, by=cast.ada)
    assert caught.value.code == "owed"
    Audience.objects.create(code="nobody", name="Nobody")
    assert not audiences.change(code="nobody", changes={"is_active": False}, by=cast.ada).is_active


def test_addresses_are_added_changed_and_switched_off(cast: SimpleNamespace, ada: Client) -> None:
    factories.service(slug="payroll", name="Payroll")
    new = f"{PAGE}recipients/+new/"
    given = {"channel": "email", "address": "All@Example.org", "service": "payroll", "used_for": "incidents"}
    assert ada.post(new, given | {"is_active": "on"}).status_code == 302
    row = Recipient.objects.get(address="all@example.org")
    assert row.service is not None
    twice = ada.post(new, given | {"is_active": "on"})
    assert (twice.status_code, "on the list already" in text_of(twice)) == (422, True)
    wrong = ada.post(new, given | {"address": "nobody at all"})
    assert (wrong.status_code, "nobody at all" in text_of(wrong)) == (422, True)
    assert ada.post(f"{PAGE}recipients/{row.pk}/", given | {"address": "some@example.org"}).status_code == 302
    row.refresh_from_db()
    assert (row.address, row.is_active) == ("some@example.org", False)
    assert "some@example.org" not in text_of(ada.get(PAGE))
    assert "some@example.org" in text_of(ada.get(f"{PAGE}?show=all"))
    assert ada.get(f"{PAGE}recipients/{row.pk + 1}/").status_code == 404
    assert "example.org" not in str(list(AuditEntry.objects.values_list("data", "subject")))


def test_addresses_are_searched_and_paged(cast: SimpleNamespace, ada: Client) -> None:
    end_users = Audience.objects.get(code="end_users")
    Recipient.objects.bulk_create(Recipient(audience=end_users, address=f"a{n:03}@example.org") for n in range(120))
    first = text_of(ada.get(PAGE))
    assert ("a049@example.org" in first, "a050@example.org" in first) == (True, False)
    after = Recipient.objects.get(address="a049@example.org").pk
    assert f"?after={after}#addresses" in first
    assert "a050@example.org" in text_of(ada.get(f"{PAGE}?after={after}"))
    found = text_of(ada.get(f"{PAGE}?q=a077"))
    assert ("a077@example.org" in found, "a078@example.org" in found) == (True, False)
    assert "No address is like that." in text_of(ada.get(f"{PAGE}?q=nothing"))
    with CaptureQueriesContext(connection) as queries:
        ada.get(PAGE)
    assert len(queries) == 10


def test_an_address_that_gets_no_updates_says_why(cast: SimpleNamespace, ada: Client) -> None:
    end_users = Audience.objects.get(code="end_users")
    for name in ("Gone@example.org", "said-no@example.org", "well@example.org"):
        Recipient.objects.create(audience=end_users, address=name)
    Suppression.objects.create(address="gone@example.org", reason="hard")
    OptOut.objects.create(audience=end_users, address="said-no@example.org")
    OptOut.objects.create(audience=Audience.objects.get(code="executives"), address="well@example.org")
    rows = {row.split("<")[0]: row.split("</tr>")[0] for row in text_of(ada.get(PAGE)).split('/">')[1:]}
    assert "gets no updates" in rows["Gone@example.org"]
    assert "opted out" in rows["said-no@example.org"]
    assert "opted out" not in rows["well@example.org"]
    assert "gets no updates" not in rows["well@example.org"]


def test_who_would_be_reached(cast: SimpleNamespace, ada: Client) -> None:
    dublin, cork = factories.site(slug="dublin"), factories.site(slug="cork")
    payroll = factories.service(slug="payroll", name="Payroll")
    payroll.sites.set([dublin, cork])
    factories.service(slug="till", name="Till")
    audiences.change(code="end_users", changes={"roles": ["auditor"]}, by=cast.ada)
    addresses: dict[str, dict[str, Any]] = {
        "everywhere@example.org": {},
        "payroll@example.org": {"service": "payroll"},
        "till@example.org": {"service": "till"},
        "dublin@example.org": {"site": "dublin"},
        "cork@example.org": {"site": "cork"},
        "drill@example.org": {"used_for": "exercises"},
        "gone@example.org": {"is_active": False},
    }
    for address, values in addresses.items():
        add(cast.ada, address, **values)
    usual = ["cork@example.org", "dublin@example.org", "everywhere@example.org", "payroll@example.org"]

    def reached(query: str) -> list[str]:
        tried = text_of(ada.get(f"{PAGE}?{query}")).partition('id="try"')[2]
        found = re.findall(r"<li>([^\s<]+@[^\s<]+)", tried)
        assert f"{len(found)} addresses would get a message about" in tried
        return sorted(found)

    assert reached("service=payroll") == sorted([*usual, cast.audra.email])
    assert reached("service=payroll&site=cork") == sorted([cast.audra.email, *(a for a in usual if "dublin" not in a)])
    assert reached("service=till") == sorted(["everywhere@example.org", "till@example.org", cast.audra.email])
    incident = update_kit.declared(cast.mia, service=payroll)
    assert reach.tally(incident=incident, audiences=[Audience.objects.get(code="end_users")]).reached == 5
    assert "would get a message" not in text_of(ada.get(f"{PAGE}?service=nothing"))


def test_a_file_is_shown_then_taken(cast: SimpleNamespace, ada: Client) -> None:
    factories.service(slug="payroll")
    add(cast.ada, "old@example.org")
    add(cast.ada, "same@example.org")
    rows = "address;service;active\nnew@example.org;payroll;yes\nOLD@example.org;;no\nsame@example.org;;yes\n"
    address = f"{PAGE}recipients/import/"
    shown = ada.post(address, {"deed": "try", "file": SimpleUploadedFile("a.csv", rows.encode())})
    assert shown.status_code == 200
    assert "1 added, 1 changed, 1 as they are, 0 cannot be used." in text_of(shown)
    assert Recipient.objects.filter(address="new@example.org").count() == 0
    assert "new@example.org;payroll;yes" in text_of(shown)
    assert ada.post(address, {"deed": "import", "text": rows}).status_code == 302
    stored = dict(Recipient.objects.filter(audience__code="end_users").values_list("address", "is_active"))
    assert stored == {"new@example.org": True, "old@example.org": False, "same@example.org": True}
    again = recipient_files.dry_run(audience=Audience.objects.get(code="end_users"), raw=rows.encode())
    assert {line.outcome for line in again} == {recipient_files.SAME}
    assert AuditEntry.objects.get(verb="recipients.imported").data == {"added": 1, "changed": 1, "same": 1}


def test_a_file_with_a_row_that_cannot_be_used_changes_nothing(cast: SimpleNamespace, ada: Client) -> None:
    rows = "address,service\na@example.org,\nnobody,\nb@example.org,cats\n"
    shown = ada.post(f"{PAGE}recipients/import/", {"deed": "try", "text": rows})
    assert "2 cannot be used" in text_of(shown)
    assert "There is no service cats." in text_of(shown)
    with pytest.raises(Invalid, match="2 rows cannot be used"):
        recipient_files.apply(code="end_users", raw=rows.encode(), by=cast.ada)
    assert not Recipient.objects.filter(audience__code="end_users").exists()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Choose a file, or paste the rows."),
        ({"text": "name\nx\n"}, "lacks the column address"),
        ({"text": "address,colour\na@example.org,red\n"}, "Nobody knows the column colour"),
        ({"text": 'address\n"a@example.org\n'}, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(ada: Client, given: dict[str, str], words: str) -> None:
    answer = ada.post(f"{PAGE}recipients/import/", given)
    assert (answer.status_code, words in text_of(answer)) == (422, True)


def test_an_export_comes_back_unchanged_and_calculates_nothing(cast: SimpleNamespace, ada: Client) -> None:
    add(cast.ada, "a@example.org", used_for="exercises")
    add(cast.ada, "+442079460000", channel="sms")
    factories.endpoint(kind="slack", code="-ops")
    add(cast.ada, "-ops", channel="slack", is_active=False)
    raw = b"".join(ada.get(f"{PAGE}recipients.csv"))
    cells = [cell for row in csv.reader(io.StringIO(raw.decode("utf-8-sig"))) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    lines = recipient_files.dry_run(audience=Audience.objects.get(code="end_users"), raw=raw)
    assert [line.outcome for line in lines] == [recipient_files.SAME] * 3
    assert AuditEntry.objects.filter(verb="recipients.exported").count() == 1


def test_the_api_keeps_them_too(cast: SimpleNamespace, api: Callable[..., APIClient]) -> None:
    client = api(cast.ada)
    made = client.post("/api/v1/audiences/", {"code": "stores", "name": "Stores", "roles": ["auditor"]}, format="json")
    assert (made.status_code, made.json()["roles"], made.json()["addresses"]) == (201, ["auditor"], 0)
    assert client.post("/api/v1/audiences/", {"code": "x!", "name": "X"}, format="json").status_code == 400
    address = "/api/v1/audiences/stores/"
    assert client.patch(address, {"name": "Shops"}, format="json", HTTP_IF_MATCH='"old"').status_code == 412
    changed = client.patch(address, {"name": "Shops"}, format="json", HTTP_IF_MATCH=made["ETag"])
    assert changed.json()["name"] == "Shops"
    wrong = client.patch(address, {"roles": ["king"]}, format="json")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "roles")
    recipients = f"{address}recipients/"
    one = client.post(recipients, {"address": "A@example.org"}, format="json")
    assert (one.status_code, one.json()["address"], one.json()["service"]) == (201, "a@example.org", "")
    assert client.post(recipients, {"address": "a@example.org"}, format="json").status_code == 400
    assert client.post(recipients, {"address": "b@example.org", "site": "mars"}, format="json").status_code == 400
    own = f"{recipients}{one.json()['id']}/"
    assert client.patch(own, {"is_active": False}, format="json").json()["is_active"] is False
    assert client.get(recipients).json()["results"] == []
    assert len(client.get(f"{recipients}?active=all").json()["results"]) == 1
    assert client.get(f"{recipients}{one.json()['id'] + 1}/").status_code == 404
    assert client.get("/api/v1/audiences/cats/").status_code == 404
    assert "stores" in [row["code"] for row in api(cast.mia).get("/api/v1/audiences/").json()["results"]]
    assert api(cast.mia).get(recipients).status_code == 403


def test_who_would_be_left_out_and_why(cast: SimpleNamespace, ada: Client) -> None:
    users = Audience.objects.get(code="end_users")
    factories.service(slug="till", name="Till")
    for name in ("Anna", "ben", "chloe", "dieter"):
        add(cast.ada, f"{name}@example.org")
    OptOut.objects.create(audience=users, address="anna@example.org")
    OptOut.objects.create(audience=Audience.objects.get(code="executives"), address="ben@example.org")
    Suppression.objects.create(address="chloe@example.org", reason="complaint")
    Suppression.objects.create(address="dieter@example.org", reason="hard")
    tried = text_of(ada.get(f"{PAGE}?service=till")).partition('id="try"')[2]
    assert re.findall(r"<li>([^\s<]+@[^\s<]+)", tried) == ["ben@example.org"]
    assert "1 address would get a message about Till." in tried
    assert (
        "3 addresses are left out. Opted out: 1. Mail to it came back: 1. Its reader called our mail unwanted: 1."
    ) in tried
    assert 'href="/settings/suppressions/"' in tried


def test_the_trial_names_the_way_that_is_taken(cast: SimpleNamespace, ada: Client) -> None:
    factories.service(slug="till", name="Till")
    factories.endpoint(kind="slack", code="room", is_active=False, fallback_mail="room@example.org")
    add(cast.ada, "room", channel="slack")
    add(cast.ada, "lost@example.org")
    tried = text_of(ada.get(f"{PAGE}?service=till")).partition('id="try"')[2]
    assert re.findall(r"<li>([^\s<]+)", tried) == ["lost@example.org", "room@example.org"]
    Suppression.objects.create(address="room@example.org", reason="hard")
    tried = text_of(ada.get(f"{PAGE}?service=till")).partition('id="try"')[2]
    assert re.findall(r"<li>([^\s<]+)", tried) == ["lost@example.org"]
