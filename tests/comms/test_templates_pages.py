"""Settings and the API of templates: preview, errors at their line, nothing typed lost."""

import html
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from comms.models import MessageTemplate, TemplateVersion
from comms.services.writing import templates
from incidents.models import Incident
from incidents.queries import impact
from mim_portal.lib import dbtime
from teams.models import Person
from tests.comms import update_kit

pytestmark = pytest.mark.django_db
PAGE = "/settings/templates/update/end_users/"


@pytest.fixture
def ada(cast: SimpleNamespace, signed_in: Callable[[Person], Client]) -> Client:
    return signed_in(cast.ada)


def posted(client: Client, deed: str, **fields: Any) -> tuple[int, str]:
    answer = client.post(PAGE, {"deed": deed, "version": 0, **fields})
    return answer.status_code, html.unescape(answer.content.decode())


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_the_list_shows_every_kind_for_every_audience(cast: SimpleNamespace, ada: Client) -> None:
    templates.save(kind="update", audience="end_users", parts={"body": "A."}, by=cast.ada, now=dbtime.now())
    text = text_of(ada, "/settings/templates/")
    assert text.count("/settings/templates/") >= 8 * 6
    assert text.count(">own<") == 1
    assert "/settings/templates/correction/" not in text


def test_a_fault_stands_on_top_of_the_settings(cast: SimpleNamespace, ada: Client) -> None:
    templates.save(kind="update", audience="end_users", parts={"body": "A."}, by=cast.ada, now=dbtime.now())
    assert "could not be used" not in text_of(ada, "/settings/")
    MessageTemplate.objects.update(fault="body, line 1: It is gone.")
    for address in ("/settings/", "/settings/templates/", PAGE):
        assert "could not be used" in text_of(ada, address)


def test_it_begins_with_the_built_in_text_and_lists_the_values(ada: Client) -> None:
    text = text_of(ada, PAGE)
    assert "[what is new since {{ last.sent_at|default('the start') }}]" in text
    assert "[what is new since 10:10 (UTC+0)]" in text
    assert "{{ impact.workaround }}" in text
    assert "use the paper form" in text


def test_the_preview_is_of_a_real_incident_that_the_person_may_see(cast: SimpleNamespace, ada: Client) -> None:
    incident = update_kit.declared(cast.mia)
    secret = update_kit.declared(cast.mia, slug="secret")
    Incident.objects.filter(pk=secret.pk).update(is_private=True, title="Nobody may know")
    text = text_of(ada, f"{PAGE}?incident={incident.reference}")
    assert impact.sentence(impact.current(incident)) in text
    hidden = text_of(ada, f"{PAGE}?incident={secret.reference}")
    assert "Nobody may know" not in hidden
    assert "1,200 store staff" in hidden
    status, text = posted(ada, "preview", incident=incident.reference, body="Ours: {{ reference }}.")
    assert (status, f"Ours: {incident.reference}." in text) == (200, True)
    assert not TemplateVersion.objects.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a" * 161, "Length as SMS: 161 (in parts: 2)"),
        ("We\u2019re on it\u2026", "Length as SMS: 14 (in parts: 1)"),
        ("\u0142" * 135, "The SMS would take 3 parts. Shorten it to two."),
    ],
)
def test_the_preview_says_how_long_the_sms_is(ada: Client, text: str, said: str) -> None:
    assert said in posted(ada, "preview", sms=text)[1]


def test_it_is_saved_and_both_texts_can_be_compared(cast: SimpleNamespace, ada: Client) -> None:
    assert posted(ada, "save", body="We are on it.")[0] == 302
    assert posted(ada, "save", body="We are at it.", version=1)[0] == 302
    text = text_of(ada, PAGE)
    assert "Your own, version 2" in text
    assert "removed:" in text
    assert ada.post(f"{PAGE}1/").status_code == 302
    assert TemplateVersion.objects.order_by("-number").values_list("body", "reverts_to")[0] == ("We are on it.", 1)
    assert ada.post(f"{PAGE}built-in/").status_code == 302
    assert "The built-in template is in use. Your versions are kept." in text_of(ada, PAGE)
    assert ada.post(f"{PAGE}9/").status_code == 404


@pytest.mark.parametrize("deed", ["save", "preview"])
def test_an_error_names_its_line_and_keeps_what_was_typed(ada: Client, deed: str) -> None:
    status, text = posted(ada, deed, subject="{{ activity }}", body="Typed.\n\n{{ impact.were }}", sms="{% if %}")
    assert status == 422
    assert "Line 3, “{{ impact.were }}”: “impact” has no “were”." in text
    assert "Line 1, “{% if %}”:" in text
    assert "Typed.\n\n{{ impact.were }}</textarea>" in text
    assert not TemplateVersion.objects.exists()


def test_a_second_editor_is_told_and_loses_nothing(cast: SimpleNamespace, ada: Client) -> None:
    templates.save(kind="update", audience="end_users", parts={"body": "Theirs."}, by=cast.ada, now=dbtime.now())
    status, text = posted(ada, "save", body="Mine.")
    assert (status, "Somebody else saved this template" in text, "Mine.</textarea>" in text) == (409, True, True)
    assert 'name="version" value="1"' in text


@pytest.mark.parametrize("address", ["correction/end_users/", "update/cats/", "nothing/public/"])
def test_there_is_no_page_for_what_there_is_not(ada: Client, address: str) -> None:
    assert ada.get(f"/settings/templates/{address}").status_code == 404


def test_the_pages_cost_a_fixed_number_of_queries(cast: SimpleNamespace, ada: Client) -> None:
    incident = update_kit.declared(cast.mia)
    for body in ("One.", "Two.", "Three."):
        templates.save(kind="update", audience="end_users", parts={"body": body}, by=cast.ada, now=dbtime.now())
    counts = []
    for address in ("/settings/templates/", f"{PAGE}?incident={incident.reference}"):
        text_of(ada, address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            text_of(ada, address)
        counts.append(len(queries))
    assert counts == [6, 21]


def test_the_api_reads_writes_and_gives_up(cast: SimpleNamespace, api: Callable[..., APIClient]) -> None:
    client = api(cast.ada)
    listed = client.get("/api/v1/templates/").json()["results"]
    assert len(listed) == 8 * 6
    assert {row["is_own"] for row in listed} == {False}
    address = "/api/v1/templates/update/end_users/"
    saved = client.put(address, {"body": "{{ doing }}"}, format="json", HTTP_IF_MATCH='"0"')
    assert (saved.status_code, saved.json()["body"], saved.json()["version"]) == (200, "{{ doing }}", 1)
    assert saved["ETag"] == '"1"'
    assert client.put(address, {"body": "x"}, format="json", HTTP_IF_MATCH='"0"').status_code == 412
    wrong = client.put(address, {"body": "a\n{{ gone }}"}, format="json")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "faulty")
    assert wrong.json()["faults"] == [{"part": "body", "line": 2, "message": "There is no value “gone”."}]
    assert client.delete(address).status_code == 204
    assert client.get(address).json()["is_own"] is False
    assert client.get("/api/v1/templates/update/cats/").status_code == 404
    assert client.put("/api/v1/templates/correction/public/", {}, format="json").status_code == 404
    assert api(cast.ada, scopes=["read"]).get(address).status_code == 403
