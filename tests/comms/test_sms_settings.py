"""An administrator lets readers of a page subscribe by SMS: where something can send them, how many, to where."""

import html
from types import SimpleNamespace
from typing import Any

import pytest

from comms.models import Endpoint, StatusPage
from mim_portal.models import AuditEntry
from tests import factories, status_pages

pytestmark = pytest.mark.django_db
PAGE = "/settings/status-pages/public/"
API = "/api/v1/status-pages/public/"


def given(**fields: Any) -> dict[str, Any]:
    usual = {"name": "Example status", "slug": "public", "kind": "public", "audience": "public", "time_zone": "UTC"}
    return usual | {"takes_sms": "on", "sms_a_day": "20", "sms_countries": "+44, 353"} | fields


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_it_is_off_until_it_is_switched_on_and_written_down(cast: SimpleNamespace, signed_in: Any) -> None:
    found = status_pages.page()
    assert (found.takes_sms, found.sms_a_day, found.sms_countries) == (False, 50, [])
    factories.endpoint(kind="sms")
    admin = signed_in(cast.ada)
    assert admin.post(PAGE, given()).status_code == 302
    found.refresh_from_db()
    assert (found.takes_sms, found.sms_a_day, found.sms_countries) == (True, 20, ["353", "44"])
    fields = AuditEntry.objects.get(verb="status_page.changed").data["fields"]
    assert {"takes_sms", "sms_a_day", "sms_countries"} <= set(fields)
    page = text_of(admin.get(PAGE))
    assert "First SMS to numbers within a day: 0 of 20." in page
    assert 'value="353, 44"' in page


def test_without_a_channel_that_sends_sms_the_switch_says_so(cast: SimpleNamespace, signed_in: Any) -> None:
    status_pages.page()
    admin = signed_in(cast.ada)
    assert "Nothing can send SMS yet" in text_of(admin.get(PAGE))
    answer = admin.post(PAGE, given(intro="Typed line"))
    assert answer.status_code == 422
    assert "then switch it on" in text_of(answer)
    assert "Typed line" in text_of(answer)
    assert not StatusPage.objects.get().takes_sms


def test_a_channel_that_went_away_is_told_and_keeps_nobody_from_other_changes(
    cast: SimpleNamespace, signed_in: Any
) -> None:
    status_pages.page(takes_sms=True)
    factories.endpoint(kind="sms")
    Endpoint.objects.update(is_active=False)
    admin = signed_in(cast.ada)
    assert "Nothing can send SMS any more" in text_of(admin.get(PAGE))
    assert admin.post(PAGE, given(intro="Another line")).status_code == 302
    assert StatusPage.objects.get().intro == "Another line"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"sms_countries": "UK"}, "such as 44, 353"),
        ({"sms_a_day": "0"}, "greater than or equal to 1"),
        ({"sms_a_day": "many"}, "whole number"),
    ],
)
def test_what_cannot_be_is_said_at_the_field(
    cast: SimpleNamespace, signed_in: Any, changed: dict[str, str], words: str
) -> None:
    status_pages.page()
    factories.endpoint(kind="sms")
    answer = signed_in(cast.ada).post(PAGE, given(**changed))
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not StatusPage.objects.get().takes_sms


def test_by_the_api(cast: SimpleNamespace, signed_in: Any) -> None:
    status_pages.page()
    admin = signed_in(cast.ada)
    send: Any = {"content_type": "application/json"}
    refused = admin.patch(API, {"takes_sms": True}, **send)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "takes_sms")
    factories.endpoint(kind="sms")
    said = admin.patch(API, {"takes_sms": True, "sms_a_day": 5, "sms_countries": ["+44"]}, **send).json()
    assert (said["takes_sms"], said["sms_a_day"], said["sms_countries"]) == (True, 5, ["44"])
    assert admin.patch(API, {"sms_countries": ["UK"]}, **send).status_code == 400
    assert admin.patch(API, {"takes_sms": False}, **send).json()["takes_sms"] is False
