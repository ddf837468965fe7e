"""The organisation's language of updates: chosen in the settings, kept by each update, followed by checks and mails."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from comms.adapters import languagetool, memory
from comms.choices import Language, UpdateKind
from comms.models import Message, Update
from comms.queries.writing import facts
from comms.queries.writing import languages as queries
from comms.rules.checking.wording.language import LanguageMatch
from comms.services.writing import languages, publishing
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Forbidden, Invalid
from mim_portal.models import AuditEntry, OrganisationSetting
from tests.comms import update_kit

pytestmark = pytest.mark.django_db

PAGE, API = "/settings/language/", "/api/v1/language/"
REPORTED = frozenset({"en-GB", "en-US", "de-DE", "fr", "eo"})
GERMAN = (
    "Seit 09:10 (UTC+0) können Filialmitarbeiter in Irland keine Zeiten erfassen. Wir arbeiten daran. "
    "Bitte notieren Sie Ihre Zeiten auf Papier."
)


@pytest.fixture
def reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "languages", lambda: REPORTED)


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> None:
    def languages_of_nobody() -> frozenset[str]:
        raise languagetool.LanguageUnavailable("away in this test")

    monkeypatch.setattr(languagetool, "languages", languages_of_nobody)


class TestVerb:
    def test_without_a_choice_the_environment_decides(self, settings: Settings) -> None:
        settings.LANGUAGE = "en-AU"
        assert queries.current() == "en-AU"

    def test_a_change_is_written_once_and_audited(self, cast: SimpleNamespace) -> None:
        assert languages.change(person=cast.petra, language="de-DE")
        assert not languages.change(person=cast.petra, language="de-DE")
        assert queries.current() == "de-DE"
        entry = AuditEntry.objects.get(verb="language.changed")
        assert (entry.actor, entry.data) == (cast.petra, {"from": "en-GB", "to": "de-DE"})

    def test_others_may_not(self, cast: SimpleNamespace) -> None:
        with pytest.raises(Forbidden):
            languages.change(person=cast.mia, language="de-DE")

    def test_only_what_can_be_checked(self, cast: SimpleNamespace) -> None:
        with pytest.raises(Invalid) as refused:
            languages.change(person=cast.ada, language="eo")
        assert refused.value.field == "language"
        assert not OrganisationSetting.objects.exists()

    @pytest.mark.parametrize(
        ("known", "held", "offered"),
        [
            (REPORTED, "en-GB", ["en-GB", "en-US", "de-DE", "fr"]),
            (REPORTED, "it", ["en-GB", "en-US", "de-DE", "fr", "it"]),
            (REPORTED, "eo", ["en-GB", "en-US", "de-DE", "fr", "eo"]),
            (None, "en-GB", list(Language.values)),
        ],
    )
    def test_what_is_offered(self, known: frozenset[str] | None, held: str, offered: list[str]) -> None:
        assert [tag for tag, _name in queries.offered(known, held=held)] == offered


class TestUpdates:
    @pytest.fixture(autouse=True)
    def language(self, monkeypatch: pytest.MonkeyPatch) -> memory.Language:
        twin = memory.Language()
        monkeypatch.setattr(languagetool, "check", twin.check)
        return twin

    def test_a_text_keeps_the_language_it_was_begun_in(
        self, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[str] = []

        def check(_text: str, *, language: str) -> list[LanguageMatch]:
            asked.append(language)
            return []

        monkeypatch.setattr(languagetool, "check", check)
        incident = update_kit.declared(cast.mia)
        before = update_kit.drafted(incident, cast.mia)
        languages.change(person=cast.ada, language="de-DE")
        after = update_kit.drafted(incident, cast.mia, body=GERMAN)
        assert [before.language, after.language] == ["en-GB", "de-DE"]
        for update in (before, after):
            update_kit.checked(update, cast.mia)
        assert asked == ["en-GB", "de-DE"]
        assert not facts.draft_of(after, incident=incident, now=dbtime.now()).is_english

    def test_a_correction_is_in_the_language_of_what_it_corrects(self, cast: SimpleNamespace) -> None:
        wrong = update_kit.published(update_kit.drafted(update_kit.declared(cast.mia), cast.mia), cast.mia)
        languages.change(person=cast.ada, language="fr")
        right = publishing.correct(
            update_id=wrong.pk, person=cast.mia, subject="", body="Right.", next_update_at=None, now=dbtime.now()
        )
        assert right.language == "en-GB"

    def test_mails_and_pages_name_it(self, cast: SimpleNamespace, signed_in: Callable[..., Client]) -> None:
        languages.change(person=cast.ada, language="de-DE")
        made = update_kit.drafted(
            update_kit.declared(cast.mia), cast.mia, "end_users", kind=UpdateKind.INITIAL, body=GERMAN
        )
        sent = update_kit.published(made, cast.mia, send_now=True)
        html = Message.objects.get(update=sent).html
        assert '<div lang="de-DE"><p>Seit 09:10' in html
        assert '<html lang="de-DE">' in html, "and so is the frame"
        assert "Nächste Meldung bis:" in html
        assert "[ERSTE MELDUNG]" in Message.objects.get(update=sent).subject
        assert '<div lang="de-DE"><p>Seit 09:10' in signed_in(cast.mia).get(f"/updates/{sent.pk}/").content.decode()

    def test_what_was_sent_keeps_it_in_the_database(self, cast: SimpleNamespace) -> None:
        sent = update_kit.published(update_kit.drafted(update_kit.declared(cast.mia), cast.mia), cast.mia)
        with pytest.raises(IntegrityError, match="cannot be edited"), transaction.atomic():
            Update.objects.filter(pk=sent.pk).update(language="fr")


@pytest.mark.usefixtures("reported")
class TestPage:
    def test_it_offers_what_can_be_read_and_says_what_reads_only_english(
        self, cast: SimpleNamespace, signed_in: Callable[..., Client]
    ) -> None:
        page = signed_in(cast.ada).get(PAGE).content.decode()
        assert 'value="de-DE"' in page
        assert 'value="it"' not in page, "the checker does not know it"
        assert 'value="eo"' not in page, "our checks do not cover it"
        assert "read only English" in page
        assert "guesses: “we think”" in page

    def test_a_choice_is_saved(self, cast: SimpleNamespace, signed_in: Callable[..., Client]) -> None:
        answer = signed_in(cast.petra).post(PAGE, {"language": "en-US"})
        assert (answer.status_code, answer["Location"]) == (302, PAGE)
        assert queries.current() == "en-US"

    def test_what_is_not_offered_is_refused(self, cast: SimpleNamespace, signed_in: Callable[..., Client]) -> None:
        answer = signed_in(cast.ada).post(PAGE, {"language": "it"})
        assert answer.status_code == 422
        assert queries.current() == "en-GB"

    def test_a_language_that_the_checker_lost_is_named(
        self, cast: SimpleNamespace, signed_in: Callable[..., Client]
    ) -> None:
        OrganisationSetting.objects.create(name=queries.LANGUAGE, value="it")
        page = signed_in(cast.ada).get(PAGE).content.decode()
        assert "updates leave unread until you choose another" in page
        assert 'value="it" selected' in page


@pytest.mark.usefixtures("away")
def test_without_the_checker_the_page_says_so_and_still_saves(
    cast: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    browser = signed_in(cast.ada)
    assert "The language checker does not answer" in browser.get(PAGE).content.decode()
    assert browser.post(PAGE, {"language": "it"}).status_code == 302
    assert queries.current() == "it"


@pytest.mark.usefixtures("reported")
def test_over_rest(cast: SimpleNamespace, api: Callable[..., APIClient]) -> None:
    ada = api(cast.ada)
    shown = ada.get(API).json()
    assert (shown["language"], shown["offered"]) == ("en-GB", ["en-GB", "en-US", "de-DE", "fr"])
    assert "C03" in shown["reads_only_english"]
    assert ada.put(API, {"language": "fr"}).json()["language"] == "fr"
    refused = ada.put(API, {"language": "it"})
    assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")
    assert api(cast.mia).put(API, {"language": "fr"}).status_code == 403
    assert api(cast.ada, scopes=["read"]).put(API, {"language": "en-GB"}).status_code == 403
    assert queries.current() == "fr"


@pytest.mark.usefixtures("language_tool")
def test_the_real_checker_reports_every_language_of_ours() -> None:
    assert set(Language.values) <= languagetool.languages()


def test_a_checker_that_is_not_there_reports_none(settings: Settings) -> None:
    for address in ("", "http://127.0.0.1:1"):
        settings.LANGUAGETOOL_URL = address
        with pytest.raises(languagetool.LanguageUnavailable):
            languagetool.languages()
