"""The pages of a subscription and the letters to its reader speak the language of the status page that led there."""

import html
import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import signing
from django.db import OperationalError
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from comms.choices import SubscriptionState
from comms.models import Delivery, Message, StatusPage, Subscription
from comms.queries.subscriptions import scopes
from comms.services import snapshots
from comms.services.subscriptions import links
from mim_portal.lib import dbtime
from tests import factories, status_pages
from tests.comms import maintenance_kit
from tests.comms import subscription_kit as kit

pytestmark = pytest.mark.django_db
GIVEN = {"address": "sam@example.org", "what": "whole"}


@pytest.fixture(autouse=True)
def origin(settings: Settings) -> None:
    settings.BASE_URL = "https://portal.example"


@pytest.fixture
def shown(cast: SimpleNamespace) -> StatusPage:
    """English at its known address, German, French and Spanish below it."""
    found = status_pages.page()
    StatusPage.objects.filter(pk=found.pk).update(other_languages=["de", "fr", "es"])
    status_pages.component(of=found, service=factories.service(slug="payroll", name="Payroll"), group="Money")
    found.refresh_from_db()
    return found


def said(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_the_german_page_leads_to_german_pages_and_a_german_letter(client: Client, shown: StatusPage) -> None:
    snapshots.render_due()
    status_page = client.get("/status/public/de/").content.decode()
    assert '<a href="/subscribe/public/?language=de">Meldungen erhalten</a>' in status_page
    form = said(client.get("/subscribe/public/?language=de"))
    assert '<html lang="de"' in form
    assert "Worüber möchten Sie informiert werden?" in form
    assert '<a href="/status/public/de/">Zurück zur Statusseite</a>' in form
    asked = client.post("/subscribe/public/?language=de", GIVEN, follow=True)
    assert asked.redirect_chain == [("/subscribe/public/?asked&language=de", 302)]
    assert "Sehen Sie in Ihr Postfach" in said(asked)
    letter = kit.letters()[0]
    assert letter.subject == "Bitte bestätigen: Meldungen von Example status"
    assert "Gewünscht: alles auf dieser Seite" in letter.text
    assert "https://portal.example/status/public/de/" in letter.text
    assert '<html lang="de">' in letter.html
    assert translation.get_language() == "en-gb"


def test_the_spanish_form_and_letter(client: Client, shown: StatusPage) -> None:
    form = said(client.get("/subscribe/public/?language=es"))
    assert '<html lang="es"' in form
    assert "¿Sobre qué quiere recibir actualizaciones?" in form
    client.post("/subscribe/public/?language=es", GIVEN)
    letter = kit.letters()[0]
    assert letter.subject == "Confirme: actualizaciones de Example status"
    assert "Solicitado: todo lo de esta página" in letter.text
    confirmed = said(client.post(kit.link(letter), follow=True))
    assert "sam@example.org recibe actualizaciones de: todo lo de esta página." in confirmed


def test_what_was_asked_for_in_german_is_confirmed_changed_and_ended_in_german(
    client: Client, shown: StatusPage
) -> None:
    kit.ask(shown, language="de")
    link = kit.link(kit.letters()[0])
    assert "sam@example.org erhält Meldungen zu:" in said(client.get(link))
    confirmed = client.post(link, follow=True)
    assert confirmed.redirect_chain[0][0].endswith("/?language=de")
    assert "sam@example.org erhält Meldungen zu: alles auf dieser Seite." in said(confirmed)
    own = f"/subscription/{links.manage_token(Subscription.objects.get().pk, 'sam@example.org')}/"
    refused = client.post(f"{own}change/?language=de", {"deed": "change", "what": "chosen"})
    assert refused.status_code == 422
    assert "Kreuzen Sie mindestens eines an" in said(refused)
    assert "Noch nicht erledigt: Eine Angabe muss geprüft werden." in said(refused)
    assert f'<a href="{own}?language=fr" lang="fr" hreflang="fr">Français</a>' in said(refused)
    ended = client.post(f"{own}change/?language=de", {"deed": "end"}, follow=True)
    assert "sam@example.org erhält keine Meldungen von Example status mehr." in said(ended)


def test_nobody_reads_a_language_that_the_page_does_not_speak(client: Client, shown: StatusPage) -> None:
    StatusPage.objects.filter(pk=shown.pk).update(language="fr", other_languages=["de"])
    for asked in ("?language=en", "?language=tlh", ""):
        assert "De quoi voulez-vous être informé\u00a0?" in said(client.get(f"/subscribe/public/{asked}"))
    StatusPage.objects.filter(pk=shown.pk).update(language="en", other_languages=[])
    plain = said(client.get("/subscribe/public/?language=de"))
    assert '<html lang="en-GB"' in plain
    assert "hreflang" not in plain


def test_why_an_address_cannot_be_used_is_said_in_the_language(client: Client, shown: StatusPage) -> None:
    for address, words in (
        ("nobody", "Eine Adresse enthält ein @"),
        ("", "Dieses Feld ist zwingend erforderlich."),
    ):
        refused = client.post("/subscribe/public/?language=de", GIVEN | {"address": address})
        assert refused.status_code == 422
        assert words in said(refused)
    refused = client.post(
        "/subscribe/public/?language=fr", GIVEN | {"channel": "slack", "address": "https://example.org/"}
    )
    assert "Collez l’adresse d’un webhook entrant" in said(refused)


def test_one_incident_stays_chosen_in_every_language(client: Client, shown: StatusPage, cast: SimpleNamespace) -> None:
    incident = status_pages.incident(service=shown.components.get(service__slug="payroll").service)
    status_pages.update(of=incident, author=cast.mia)
    snapshots.want(pages=[shown.pk])
    snapshots.render_due()
    page = said(client.get("/status/public/de/"))
    found = re.search(r'<a href="(/subscribe/[^"]+)">Meldungen dazu erhalten', page)
    assert found is not None
    assert found[1] == f"/subscribe/public/?incident={incident.reference}&language=de"
    form = said(client.get(found[1]))
    assert f"Sie erhalten jede Meldung zu Payroll ({incident.reference})" in form
    assert f'href="/subscribe/public/?incident={incident.reference}&language=fr" lang="fr"' in form


def test_planned_maintenance_is_told_in_the_language_of_the_page(cast: SimpleNamespace) -> None:
    page = maintenance_kit.shown_page()
    StatusPage.objects.filter(pk=page.pk).update(language="de", other_languages=["en"])
    kit.subscriber(page=page)
    window = maintenance_kit.plan(by=cast.mia, start=dbtime.now() + timedelta(days=2))
    sent = Message.objects.get(pk=Delivery.objects.get().message_id)
    assert sent.subject.startswith(f"Geplante Wartung: {window.title}")
    assert "Von: " in sent.text
    assert "Ändern oder beenden:" in sent.text
    assert window.body in sent.text
    assert '<html lang="de">' in sent.html


def test_links_of_before_there_were_languages_still_confirm(client: Client, shown: StatusPage) -> None:
    kit.ask(shown)
    row = Subscription.objects.get()
    old = signing.TimestampSigner(salt="comms.subscriptions.confirm").sign_object(
        [row.pk, row.address, 1, [], [], []], compress=True
    )
    client.post(f"/subscription/confirm/{old}/")
    row.refresh_from_db()
    assert row.state == SubscriptionState.CONFIRMED


def test_what_belongs_to_no_page_is_in_the_language_asked_for(
    client: Client, shown: StatusPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Dieser Link führt ins Leere" in said(client.get("/subscription/x/?language=de"))

    def away(*_args: Any, **_kwargs: Any) -> Any:
        raise OperationalError("connection refused")

    monkeypatch.setattr(scopes, "components", away)
    closed = client.get("/subscribe/public/?language=de")
    assert closed.status_code == 503
    assert "Die Statusseite selbst kann die ganze Zeit gelesen werden" in said(closed)
