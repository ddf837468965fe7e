"""Settings of a status page: its subscribers, taken in and out as files, and the same by the API."""

import csv
import html
import io
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from comms.choices import MailTrouble
from comms.models import StatusPage, Subscription
from comms.services.sending import mail_reports
from comms.services.subscriptions import files
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Invalid
from mim_portal.models import AuditEntry
from teams.models import ApiToken, Person
from tests import factories, status_pages
from tests.comms import subscription_kit as kit

pytestmark = pytest.mark.django_db
AT = "/settings/status-pages/public/subscribers/"
CONSENT = "Confirmed at our former page."


@pytest.fixture
def shown(cast: SimpleNamespace) -> StatusPage:
    found = status_pages.page()
    for slug, group in (("payroll", "Money"), ("expenses", "Money"), ("mail", "")):
        service = factories.service(slug=slug, name=slug.title())
        status_pages.component(of=found, service=service, group=group)
    return found


@pytest.fixture
def keeper(cast: SimpleNamespace) -> Client:
    found = Client()
    found.force_login(cast.ada, backend="mim_portal.signed_in.Password")
    return found


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def outcomes(shown: StatusPage, raw: str, consent: str = CONSENT) -> list[tuple[int, str]]:
    return [(line.number, line.outcome) for line in files.dry_run(page=shown, raw=raw.encode(), consent=consent)]


class TestListing:
    def test_whoever_keeps_them_finds_them(self, shown: StatusPage, cast: SimpleNamespace) -> None:
        """From the page of updates over the list of pages; settings are the administrator's."""
        carla = Client()
        carla.force_login(cast.carla, backend="mim_portal.signed_in.Password")
        assert "/settings/status-pages/" in text_of(carla.get("/updates/"))
        listed = text_of(carla.get("/settings/status-pages/"))
        assert f'href="{AT}"' in listed
        assert 'href="/status/public/"' in listed
        assert '/settings/status-pages/public/"' not in listed
        assert "Add a status page" not in listed
        assert carla.get(AT).status_code == 200

    def test_who_and_to_what(self, keeper: Client, shown: StatusPage, cast: SimpleNamespace) -> None:
        incident = status_pages.incident(service=shown.components.get(service__slug="payroll").service)
        status_pages.update(of=incident, author=cast.mia)
        payroll = shown.components.get(service__slug="payroll").service_id
        kit.subscriber(page=shown, address="whole@example.org")
        kit.subscriber(page=shown, address="part@example.org", is_whole=False, services=[payroll], groups=["Money"])
        kit.subscriber(page=shown, address="one@example.org", is_whole=False, incidents=[incident.pk])
        kit.subscriber(page=shown, address="new@example.org", state="pending", confirmed_at=None)
        kit.subscriber(page=shown, address="held@example.org", state="suspended")
        kit.subscriber(page=shown, address="gone@example.org", state="ended", ended_at=dbtime.now())
        page = text_of(keeper.get(AT))
        assert "1 everything, 1 services or groups, 1 single incidents" in page
        assert "Money, payroll" in page
        assert incident.reference in page
        assert "gone@example.org" not in page
        assert "E-mail: 3" in page
        assert "gone@example.org" in text_of(keeper.get(f"{AT}?state=ended"))
        found = text_of(keeper.get(f"{AT}?q=part"))
        assert "part@example.org" in found
        assert "whole@example.org" not in found
        assert "Nobody is like that" in text_of(keeper.get(f"{AT}?q=nobody"))

    def test_without_any(self, keeper: Client, shown: StatusPage) -> None:
        assert "will stand here" in text_of(keeper.get(AT))
        assert 'href="/settings/status-pages/public/subscribers/"' in text_of(
            keeper.get("/settings/status-pages/public/")
        )

    def test_pages_behind_sign_in_have_none(self, keeper: Client, shown: StatusPage) -> None:
        status_pages.page(slug="staff", audience="end_users", is_public=False)
        assert keeper.get("/settings/status-pages/staff/subscribers/").status_code == 404

    def test_paged_by_key_with_the_same_queries(
        self, keeper: Client, shown: StatusPage, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(101):
            kit.subscriber(page=shown, address=f"a{number:03}@example.org")
        # session, person, the page, its subscribers, what it shows, the counts, the clock
        with django_assert_num_queries(7):
            first = keeper.get(AT)
        assert "a000@example.org" not in text_of(first)
        older = first.content.decode().partition("before=")[2].partition('"')[0]
        assert "a000@example.org" in text_of(keeper.get(f"{AT}?before={older}"))

    def test_somebody_asked_by_telephone_to_end_it(
        self, keeper: Client, shown: StatusPage, cast: SimpleNamespace
    ) -> None:
        row = kit.subscriber(page=shown)
        assert "Nothing more goes to sam@example.org" in text_of(keeper.post(f"{AT}{row.pk}/end/", follow=True))
        row.refresh_from_db()
        assert row.state == "ended"
        entry = AuditEntry.objects.get(verb="subscription.ended")
        assert (entry.actor, entry.data) == (cast.ada, {"subscription": row.pk})
        other = kit.subscriber(page=status_pages.page(slug="other"))
        assert keeper.post(f"{AT}{other.pk}/end/").status_code == 404


class TestFiles:
    def test_each_row_says_what_it_does(self, shown: StatusPage) -> None:
        kit.subscriber(page=shown, address="same@example.org")
        kit.subscriber(page=shown, address="changed@example.org")
        kit.subscriber(page=shown, address="ended@example.org", state="ended", ended_at=dbtime.now())
        mail_reports.report(kind=MailTrouble.HARD, by=None, address="bad@example.org")
        rows = [
            "address,groups,services",
            "new@example.org,Money,mail",
            "SAME@example.org,,",
            "changed@example.org,,payroll",
            "ended@example.org,,",
            "bad@example.org,,",
            "nobody,,",
            "x@example.org,Travel,",
            "new@example.org,,",
        ]
        assert outcomes(shown, "\n".join(rows)) == [
            (2, files.ADDED),
            (3, files.SAME),
            (4, files.CHANGED),
            (5, files.LEFT),
            (6, files.REFUSED),
            (7, files.REFUSED),
            (8, files.REFUSED),
            (9, files.REFUSED),
        ]
        assert outcomes(shown, "address\nnew@example.org", consent="") == [(2, files.REFUSED)]
        assert Subscription.objects.count() == 3

    @pytest.mark.parametrize(
        ("raw", "words"), [("", "empty"), ("mail\nx@example.org", "lacks"), ("address,name\nx@example.org,X", "name")]
    )
    def test_files_that_cannot_be_used(self, raw: str, words: str, shown: StatusPage) -> None:
        with pytest.raises(Invalid, match=words):
            outcomes(shown, raw)

    def test_shown_first_then_taken_in(self, keeper: Client, shown: StatusPage, cast: SimpleNamespace) -> None:
        kit.subscriber(page=shown, address="changed@example.org")
        kit.ask(shown, "asked@example.org")
        kit.subscriber(page=shown, address="ended@example.org", state="ended", ended_at=dbtime.now())
        typed = ["new@example.org,payroll", "changed@example.org,mail", "asked@example.org,", "ended@example.org,"]
        raw = "\n".join(["address,services", *typed])
        file = SimpleUploadedFile("list.csv", raw.encode())
        tried = keeper.post(f"{AT}import/", {"file": file, "consent": CONSENT, "deed": "try"})
        assert "2 added, 1 changed, 0 as they are, 1 left alone, 0 cannot be used." in text_of(tried)
        assert Subscription.objects.filter(address="new@example.org").count() == 0
        keeper.post(f"{AT}import/", {"text": raw, "consent": CONSENT, "deed": "import"})
        rows = {row.address: row for row in Subscription.objects.all()}
        assert {address: row.state for address, row in rows.items()} == {
            "new@example.org": "confirmed",
            "changed@example.org": "confirmed",
            "asked@example.org": "confirmed",
            "ended@example.org": "ended",
        }
        assert (rows["new@example.org"].consent, rows["new@example.org"].added_by) == (CONSENT, cast.ada)
        assert rows["changed@example.org"].consent == ""  # its reader confirmed it
        assert rows["changed@example.org"].is_whole is False
        entry = AuditEntry.objects.get(verb="subscriptions.imported")
        assert (entry.actor, entry.data) == (cast.ada, {"added": 2, "changed": 1, "left": 1})

    def test_one_bad_row_and_nothing_is_taken_in(self, keeper: Client, shown: StatusPage) -> None:
        given = {"text": "address\nnew@example.org\nnobody", "consent": CONSENT, "deed": "import"}
        answer = keeper.post(f"{AT}import/", given)
        assert answer.status_code == 422
        assert "1 rows cannot be used" in text_of(answer)
        assert "new@example.org" in text_of(answer)
        assert not Subscription.objects.exists()

    def test_out_and_in_again_changes_nothing(self, keeper: Client, shown: StatusPage, cast: SimpleNamespace) -> None:
        shown.components.filter(service__slug="payroll").update(group="=1+2")
        payroll = shown.components.get(service__slug="payroll").service_id
        kit.subscriber(page=shown, address="+cmd@example.org", is_whole=False, services=[payroll], groups=["=1+2"])
        kit.subscriber(page=shown, address="in@example.org", added_by=cast.ada, consent=CONSENT)
        kit.subscriber(page=shown, address="gone@example.org", state="ended", ended_at=dbtime.now())
        kit.subscriber(page=shown, address="asked@example.org", state="pending", confirmed_at=None)
        answer = keeper.get("/settings/status-pages/public/subscribers.csv")
        raw = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
        rows = list(csv.DictReader(io.StringIO(raw.lstrip("\ufeff"))))
        assert [row["address"] for row in rows] == ["in@example.org", "'+cmd@example.org"]
        assert (rows[1]["groups"], rows[1]["services"]) == ("'=1+2", "payroll")
        assert {outcome for _number, outcome in outcomes(shown, raw)} == {files.SAME}
        assert AuditEntry.objects.filter(verb="subscriptions.exported", actor=cast.ada).exists()


def rest(person: Person) -> APIClient:
    made: APIClient = APIClient()
    _row, token = ApiToken.objects.create(user=person, scopes=["read", "comms"])
    made.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return made


class TestApi:
    LIST = "/api/v1/status-pages/public/subscriptions/"

    def test_listed_taken_in_and_ended(self, shown: StatusPage, cast: SimpleNamespace) -> None:
        api = rest(cast.carla)
        made = api.post(self.LIST, {"address": "Ann@example.org", "services": ["payroll"], "consent": CONSENT}, "json")
        assert made.status_code == 201, made.data
        assert (made.data["address"], made.data["state"], made.data["services"], made.data["is_whole"]) == (
            "ann@example.org",
            "confirmed",
            ["payroll"],
            False,
        )
        again = api.post(self.LIST, {"address": "ann@example.org", "groups": ["Money"], "consent": CONSENT}, "json")
        assert (again.status_code, again.data["groups"], again.data["services"]) == (201, ["Money"], [])
        listed = api.get(f"{self.LIST}?q=ann&state=confirmed").data
        assert [row["id"] for row in listed["results"]] == [made.data["id"]]
        end = f"{self.LIST}{made.data['id']}/end/"
        assert [api.post(end).data["state"] for _ in range(2)] == ["ended", "ended"]
        assert api.get(self.LIST).data["results"] == []
        refused = api.post(self.LIST, {"address": "ann@example.org", "consent": CONSENT}, "json")
        assert (refused.status_code, "ended it" in str(refused.data)) == (400, True)

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"address": "nobody", "consent": CONSENT}, "address"),
            ({"address": "a@example.org"}, "consent"),
            ({"address": "a@example.org", "services": ["telephony"], "consent": CONSENT}, "address"),
        ],
    )
    def test_what_cannot_be_taken_in(
        self, given: dict[str, Any], field: str, shown: StatusPage, cast: SimpleNamespace
    ) -> None:
        answer = rest(cast.carla).post(self.LIST, given, "json")
        assert answer.status_code == 400
        assert field in str(answer.data)
        assert not Subscription.objects.exists()

    def test_what_is_not_there(self, shown: StatusPage, cast: SimpleNamespace) -> None:
        api = rest(cast.carla)
        assert api.get("/api/v1/status-pages/nowhere/subscriptions/").status_code == 404
        assert api.post(f"{self.LIST}999/end/").status_code == 404
        assert api.get(f"{self.LIST}?state=asleep").status_code == 400
