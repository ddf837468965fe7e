"""A status page speaks several languages around the words of people: its own at the known address, others below it."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from rest_framework.test import APIClient

from comms.models import StatusPage
from comms.services import snapshots
from teams.models import Person
from tests import status_pages
from tests.status_pages import START, folder, payroll, tell

__all__ = ["folder", "payroll"]  # fixtures
pytestmark = pytest.mark.django_db


@pytest.fixture
def spoken(payroll: SimpleNamespace) -> SimpleNamespace:
    """English at the known address, three others beside it; one update that is late, in the words of a person."""
    StatusPage.objects.filter(pk=payroll.page.pk).update(other_languages=["de", "fr", "es"])
    tell(payroll, kind="initial", body="We are working on it.", next_in=30, language="en-GB")
    snapshots.render_due(now=START)
    payroll.page.refresh_from_db()
    return payroll


def html(spoken: SimpleNamespace, path: str, **later: float) -> str:
    return status_pages.html(spoken.page, at=START + timedelta(**later), path=path)


def test_the_frame_is_in_the_language_and_the_words_of_people_as_they_wrote_them(spoken: SimpleNamespace) -> None:
    english, german, french, spanish = (html(spoken, path) for path in ("", "de/", "fr/", "es/"))
    assert '<html lang="en-GB">' in english
    assert '<html lang="de">' in german
    assert "Funktioniert nicht: Payroll. Alles andere funktioniert." in german
    assert "Nächste Meldung bis" in german
    assert "Ne fonctionne pas\u00a0: Payroll." in french  # no line begins with a sign
    assert "Mo 23. Nov. 2026" in german
    assert "lun. 23 nov. 2026" in french
    assert '<html lang="es">' in spanish
    assert "No funciona: Payroll. Todo lo demás funciona." in spanish
    assert "Próxima actualización, a más tardar:" in spanish
    assert "lun 23 nov 2026" in spanish
    for page in (german, french, spanish):
        assert 'lang="en-GB">We are working on it.' in page
        assert "Next update" not in page
    assert 'lang="en-GB">We are working on it.' not in english


def test_each_language_says_by_itself_that_an_update_is_late(spoken: SimpleNamespace) -> None:
    assert "Diese Meldung ist seit" in html(spoken, "de/", minutes=31)
    assert "Ce message est en retard depuis" in html(spoken, "fr/", minutes=31)
    assert "Esta actualización lleva retraso" in html(spoken, "es/", minutes=31)
    assert "This update is late since" in html(spoken, "", minutes=31)


def test_readers_choose_and_stay_in_what_they_chose(spoken: SimpleNamespace) -> None:
    german = html(spoken, "de/")
    assert '<a href="/status/public/fr/" lang="fr" hreflang="fr">Français</a>' in german
    assert '<a href="/status/public/de/" lang="de" hreflang="de" aria-current="true">Deutsch</a>' in german
    assert f'href="/status/public/de/incidents/{spoken.incident.reference}/"' in german
    assert 'href="/status/public/de/history/"' in german
    assert 'href="/status/public/feed.atom"' in german
    incident = html(spoken, f"de/incidents/{spoken.incident.reference}/")
    assert f'<a href="/status/public/incidents/{spoken.incident.reference}/" lang="en-GB"' in incident
    assert 'rel="canonical" href="http' in incident
    assert re.search(r'rel="canonical" href="[^"]*/status/public/de/incidents/', incident)


def test_a_version_has_every_language_and_programs_read_one(spoken: SimpleNamespace) -> None:
    rows = spoken.page.snapshots
    assert rows.values_list("version", flat=True).distinct().count() == 1
    below = {path.removeprefix("de/") for path in rows.filter(path__startswith="de/").values_list("path", flat=True)}
    english = {path for path in rows.values_list("path", flat=True) if not path.startswith(("de/", "fr/", "es/"))}
    assert below == {path for path in english if path == "" or path.startswith(("incidents/", "history/", "feeds/"))}
    assert not [path for path in below if path.endswith((".json", ".atom", ".rss", ".ics", ".svg", ".js"))]


def test_another_language_of_its_own_leaves_what_programs_compare(spoken: SimpleNamespace) -> None:
    before = json.loads(html(spoken, "api/v2/summary.json"))
    StatusPage.objects.filter(pk=spoken.page.pk).update(language="de", other_languages=["en"])
    snapshots.want(pages=[spoken.page.pk])
    snapshots.render_due(now=START)
    after = json.loads(html(spoken, "api/v2/summary.json"))
    assert before["status"] == after["status"]
    assert before["components"] == after["components"]
    assert "Funktioniert nicht: Payroll" in html(spoken, "")
    assert "Payroll does not work" in html(spoken, "en/")
    assert not spoken.page.snapshots.filter(path__startswith="de/").exists()
    assert ">Status</text>" in html(spoken, "badge.svg")
    assert translation.get_language() == "en-gb"


def test_without_other_languages_nothing_is_offered(payroll: SimpleNamespace) -> None:
    tell(payroll, kind="initial")
    page = html(payroll, "")
    assert "status-languages" not in page
    assert "hreflang" not in page


def test_old_incidents_and_months_are_answered_in_the_language(spoken: SimpleNamespace, client: Client) -> None:
    reference = spoken.incident.reference
    spoken.page.snapshots.filter(path__contains="incidents/").delete()
    spoken.page.snapshots.filter(path__contains="history/").delete()
    assert '<html lang="de">' in client.get(f"/status/public/de/incidents/{reference}/").content.decode()
    assert "<h1>novembre 2026</h1>" in client.get("/status/public/fr/history/2026-11/").content.decode()
    assert "<h1>noviembre de 2026</h1>" in client.get("/status/public/es/history/2026-11/").content.decode()
    for nothing in (f"it/incidents/{reference}/", "it/", "it/history/2026-11/", "en/"):
        assert client.get(f"/status/public/{nothing}").status_code == 404


def test_the_setting_by_page_and_api(
    payroll: SimpleNamespace,
    cast: SimpleNamespace,
    signed_in: Callable[[Person], Client],
    api: Callable[..., APIClient],
) -> None:
    given: dict[str, Any] = {
        "name": "Example status",
        "slug": "public",
        "kind": "public",
        "audience": "public",
        "time_zone": "UTC",
        "language": "de",
        "other_languages": ["fr", "en", "de"],
    }
    answer = signed_in(cast.ada).post("/settings/status-pages/public/", given)
    assert answer.status_code == 302
    page = StatusPage.objects.get(pk=payroll.page.pk)
    assert (page.language, page.other_languages) == ("de", ["en", "fr"])
    refused = signed_in(cast.ada).post("/settings/status-pages/public/", given | {"other_languages": ["tlh"]})
    assert refused.status_code == 422
    client = api(cast.ada)
    changed = client.patch("/api/v1/status-pages/public/", {"other_languages": ["fr"]}, format="json").json()
    assert (changed["language"], changed["other_languages"]) == ("de", ["fr"])
    wrong = client.patch("/api/v1/status-pages/public/", {"language": "tlh"}, format="json")
    assert wrong.status_code == 400


@pytest.mark.parametrize(("written", "spoken"), [("de-AT", "de"), ("es", "es"), ("it", "en"), ("en-GB", "en")])
def test_a_new_page_begins_in_the_language_of_updates(
    cast: SimpleNamespace, signed_in: Callable[..., Client], settings: Any, written: str, spoken: str
) -> None:
    settings.LANGUAGE = written
    page = signed_in(cast.ada).get("/settings/status-pages/+new/").content.decode()
    assert f'<option value="{spoken}" selected>' in page
