"""The language checker's adapter against the real server, and against servers that are not there or silent."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from pytest_django import Settings

from comms.adapters import languagetool, turns
from comms.adapters.memory import Language
from comms.rules.checking.wording.language import LanguageMatch, code_points
from mim_portal.embedded.ports import free_port

WRONG = "Staff canot pay at the tills."


def place(text: str, match: LanguageMatch) -> str:
    start, end = code_points(text, start=match.offset, length=match.length)
    return text[start:end]


@pytest.mark.usefixtures("language_tool")
@pytest.mark.parametrize("text", [WRONG, "🔴🔴 " + WRONG, "Zażółć — “quoted”. " + WRONG, "𝒳\n\n" + WRONG])
def test_places_are_right_after_any_character(text: str) -> None:
    found = [match for match in languagetool.check(text, language="en-GB") if place(text, match) == "canot"]
    assert len(found) == 1
    assert (found[0].category, found[0].issue_type) == ("TYPOS", "misspelling")
    assert "cannot" in found[0].replacements


@pytest.mark.usefixtures("language_tool")
def test_a_clean_text_and_an_empty_one_have_nothing() -> None:
    assert languagetool.check("Staff cannot pay at the tills.", language="en-GB") == []
    assert languagetool.check("  \n", language="en-GB") == []


@pytest.mark.usefixtures("language_tool")
@pytest.mark.parametrize(("language", "wrong"), [("en-GB", "color"), ("en-US", "colour")])
def test_the_organisations_variant_decides(language: str, wrong: str) -> None:
    text = f"The {wrong} of the screen is wrong."
    assert wrong in [place(text, match) for match in languagetool.check(text, language=language)]


@pytest.mark.usefixtures("language_tool")
def test_writers_at_once_do_not_mix_up_their_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "WAIT_SECONDS", 60)  # patience is not asked about here, and other tests use the checker
    monkeypatch.setattr(turns, "SLOW_SECONDS", 60)
    texts = ["🔴" * number + " " + WRONG for number in range(12)]
    with ThreadPoolExecutor(max_workers=6) as pool:
        answers = list(pool.map(lambda text: languagetool.check(text, language="en-GB"), texts))
    for text, matches in zip(texts, answers, strict=True):
        assert "canot" in [place(text, match) for match in matches]


@pytest.mark.usefixtures("language_tool")
def test_an_unknown_language_is_a_checker_that_cannot_be_asked() -> None:
    with pytest.raises(languagetool.LanguageUnavailable):
        languagetool.check(WRONG, language="xx-XX")


def test_nobody_listens(settings: Settings) -> None:
    settings.LANGUAGETOOL_URL = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(languagetool.LanguageUnavailable):
        languagetool.check(WRONG, language="en-GB")


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_silent_checker_is_left_alone_in_time(
    settings: Settings, silent_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languagetool._Server, "_TIMEOUT", 0.3)
    settings.LANGUAGETOOL_URL = f"http://127.0.0.1:{silent_port}"
    started = time.monotonic()
    with pytest.raises(languagetool.LanguageUnavailable):
        languagetool.check(WRONG, language="en-GB")
    assert time.monotonic() - started < 3


@pytest.mark.usefixtures("mail_sink")
def test_a_server_of_another_kind_is_no_checker(settings: Settings) -> None:
    settings.LANGUAGETOOL_URL = f"http://127.0.0.1:{settings.EMAIL_PORT}"
    with pytest.raises(languagetool.LanguageUnavailable):
        languagetool.check(WRONG, language="en-GB")


def test_patience_is_eight_seconds() -> None:
    assert languagetool._Server._TIMEOUT == languagetool.PATIENCE_SECONDS == 8


@pytest.mark.usefixtures("language_tool")
def test_the_twin_answers_as_the_real_one_does() -> None:
    text = "🔴 " + WRONG
    (real,) = [m for m in languagetool.check(text, language="en-GB") if place(text, m) == "canot"]
    (twin,) = Language(misspelt={"canot": "cannot"}).check(text, language="en-GB")
    assert (twin.offset, twin.length, twin.category, twin.issue_type) == (
        real.offset,
        real.length,
        real.category,
        real.issue_type,
    )
    with pytest.raises(languagetool.LanguageUnavailable):
        Language(down=True).check(text, language="en-GB")


def test_a_language_is_loaded_once_and_a_silent_server_is_asked_a_minute_later(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []

    def silent(texts: list[str], *, language: str) -> None:
        asked.append((language, *texts))
        raise languagetool.LanguageUnavailable("still loading")

    languagetool.forget()
    settings.LANGUAGETOOL_URL = ""
    languagetool.warm("de-DE")
    assert asked == []
    settings.LANGUAGETOOL_URL = "http://127.0.0.1:9"
    monkeypatch.setattr(languagetool, "_read", silent)
    languagetool.warm("de-DE")
    languagetool.warm("de-DE")
    assert asked == [("de-DE", languagetool.WARM_TEXT)]
    monkeypatch.setattr(languagetool, "WARM_AGAIN_SECONDS", 0.0)
    languagetool.forget()
    languagetool.warm("fr")
    monkeypatch.setattr(languagetool, "_read", lambda texts, *, language: asked.append((language, *texts)))
    languagetool.warm("fr")
    languagetool.warm("fr")
    assert [language for language, *_texts in asked] == ["de-DE", "fr", "fr"]
    languagetool.forget()
