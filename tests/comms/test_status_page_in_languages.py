"""A status page around updates in another language: its own words, days and months follow; its API stays as it is."""

import re
from types import SimpleNamespace

import pytest
from django.utils import translation

from comms.models import StatusPage
from comms.queries.writing import languages as queries
from comms.services import snapshots
from comms.services.writing import languages
from mim_portal.models import OrganisationSetting
from tests import status_pages
from tests.status_pages import START, folder, payroll, tell, text

__all__ = ["folder", "payroll"]  # fixtures

pytestmark = pytest.mark.django_db


def spoken(language: str) -> None:
    OrganisationSetting.objects.update_or_create(name=queries.LANGUAGE, defaults={"value": language})


@pytest.mark.parametrize(
    ("language", "tag", "says"),
    [
        (
            "de-AT",
            "de",
            [
                "Payroll funktioniert nicht. Alles andere funktioniert.",
                "Letzte Meldung 12:00",
                "Nächste Meldung bis 12:30",
            ],
        ),
        (
            "fr",
            "fr",
            [
                "Payroll ne fonctionne pas. Tout le reste fonctionne.",
                "Dernier message 12:00",
                "Prochain message avant 12:30",
            ],
        ),
        ("es", "en-GB", ["Payroll does not work. Everything else works.", "Last update 12:00", "Next update by 12:30"]),
    ],
)
def test_what_the_page_says_itself_follows(payroll: SimpleNamespace, language: str, tag: str, says: list[str]) -> None:
    spoken(language)
    tell(payroll, body="Wir arbeiten daran.", next_in=30)
    html = status_pages.html(payroll.page, at=START)
    assert f'<html lang="{tag}">' in html
    assert re.search(r'<dd class="status-text" lang="en-GB">Wir arbeiten', html) or tag == "en-GB"
    assert [words for words in says if words not in text(html)] == []
    assert translation.get_language() == "en-gb"  # what is rendered after it is not touched


def test_no_word_of_another_language_is_left(payroll: SimpleNamespace) -> None:
    spoken("de-DE")
    tell(payroll, kind="workaround", body="Nutzen Sie das Formular.", next_in=20)
    tell(payroll, body="Es wird repariert.", minutes=5, next_in=30)
    snapshots.render_due(now=START)
    for path in ("", "history/", "feeds/", "embed/"):
        face = payroll.page.snapshots.filter(path=path).latest("valid_from")
        shown = text(bytes(face.body).decode())
        assert not re.search(r"\b(?:the|update|updates|since|what|last|works|history|now)\b", shown, re.I), shown


def test_days_and_months_too(payroll: SimpleNamespace) -> None:
    spoken("fr")
    tell(payroll, body="Rétabli.", kind="restored", next_in=None)
    snapshots.render_due(now=START)
    shown = text(bytes(payroll.page.snapshots.get(path="history/").body).decode())
    assert START.month == 11
    assert f"novembre {START.year}" in shown


def test_clients_of_the_api_read_what_they_always_read(payroll: SimpleNamespace) -> None:
    tell(payroll, next_in=30)
    snapshots.render_due(now=START)
    before = bytes(payroll.page.snapshots.get(path="api/v2/status.json").body)
    spoken("de-DE")
    StatusPage.objects.filter(pk=payroll.page.pk).update(wanted_version=99)
    snapshots.render_due(now=START)
    assert bytes(payroll.page.snapshots.get(path="api/v2/status.json").body) == before


def test_pages_are_rendered_anew_when_the_language_changes(payroll: SimpleNamespace, cast: SimpleNamespace) -> None:
    snapshots.render_due(now=START)
    languages.change(person=cast.ada, language="de-DE")
    assert snapshots.render_due(now=START)
    face = payroll.page.snapshots.get(path="")
    assert "Alles funktioniert." in text(bytes(face.body).decode())
