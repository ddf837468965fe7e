"""A slow or silent checker holds few callers, and those not for long; read paragraphs need no checker at all."""

import threading
import time

import pytest
from pytest_django import Settings

from comms.adapters import language_memory, languagetool, turns
from mim_portal.embedded.ports import free_port


def test_few_at_once_and_nobody_queues_for_a_slow_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "SLOW_SECONDS", 0.05)
    line, leave = turns.Turns(), threading.Event()

    def hold() -> None:
        with line.turn():
            leave.wait(5)

    held = [threading.Thread(target=hold) for _ in range(turns.AT_ONCE)]
    for thread in held:
        thread.start()
    time.sleep(0.2)
    started = time.monotonic()
    with pytest.raises(turns.NoTurn), line.turn():
        pass
    assert time.monotonic() - started < 0.5
    leave.set()
    for thread in held:
        thread.join()
    with line.turn():
        pass


def test_after_a_failure_nobody_asks_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    line = turns.Turns()
    with pytest.raises(OSError, match="gone"), line.turn():
        raise OSError("gone")
    with pytest.raises(turns.NoTurn), line.turn():
        pass
    monkeypatch.setattr(line, "_asks_again_at", 0.0)
    with line.turn():
        pass


def test_a_harmless_refusal_is_no_failure() -> None:
    line = turns.Turns()
    with pytest.raises(ValueError, match="no such language"), line.turn(harmless=ValueError):
        raise ValueError("no such language")
    with line.turn():
        pass


@pytest.mark.usefixtures("language_tool")
def test_a_paragraph_that_was_read_needs_no_checker_here_nor_in_another_process(settings: Settings) -> None:
    text = "Staff canot pay.\n\n🔴 Teh tills."
    read = languagetool.check(text, language="en-GB")
    assert len(read) == 2
    settings.LANGUAGETOOL_URL = f"http://127.0.0.1:{free_port()}"
    started = time.monotonic()
    assert languagetool.check(text, language="en-GB") == read
    assert time.monotonic() - started < 0.05
    language_memory.forget()
    assert languagetool.check(text, language="en-GB") == read
    with pytest.raises(languagetool.LanguageUnavailable):
        languagetool.check(text + "\n\nOne more.", language="en-GB")
