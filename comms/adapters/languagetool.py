"""Spelling and grammar by a LanguageTool server, through language-tool-python.

Paragraphs that were read before are not read again; the others go to the server in one question. A few questions at
once leave a process, so that a slow server never holds its web threads.
"""

import contextlib
import logging
import math
import time
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

import requests
from django.conf import settings
from language_tool_python import LanguageTool
from language_tool_python.exceptions import LanguageToolError

from comms.adapters import language_memory
from comms.adapters.turns import NoTurn, Turns
from comms.rules.checking import paragraphs
from comms.rules.checking.wording.language import LanguageMatch

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 8
LIST_SECONDS = 2  # for the list of its languages, which a page waits for
KEPT_REPLACEMENTS = 8

_turns: defaultdict[str, Turns] = defaultdict(Turns)  # by the server's address
_warm_at: dict[tuple[str, str], float] = {}  # when an address is asked to load a language again, if ever
WARM_TEXT = "Payroll 09:10."
WARM_AGAIN_SECONDS = 60.0


class LanguageUnavailable(Exception):
    """The checker is down, or slower than a writer under pressure can wait for."""


class _Server(LanguageTool):
    """The library's client with our patience, one try, kept connections, and the answer as the server gave it.

    Its offsets count UTF-16 units. The library's own match objects convert them through class attributes, which two
    threads would mix up.
    """

    _TIMEOUT = PATIENCE_SECONDS  # type: ignore[assignment]

    def __init__(self, language: str, *, remote_server: str) -> None:
        super().__init__(language, remote_server=remote_server)
        self._session = requests.Session()

    def answer(self, text: str) -> Any:
        address = urljoin(self._url, "check")
        answer = self._session.post(address, data=self._create_params(text), timeout=self._TIMEOUT)
        answer.raise_for_status()
        return answer.json()


def check(text: str, *, language: str) -> list[LanguageMatch]:
    """What the server says about `text`, in its order; raises LanguageUnavailable."""
    if not settings.LANGUAGETOOL_URL:
        raise LanguageUnavailable("LANGUAGETOOL_URL is not set")
    pieces = paragraphs.split(text)
    keys = {piece.text: paragraphs.key(piece.text, language=language) for piece in pieces}
    known = language_memory.recall(keys.values())
    answers = {piece: known[key] for piece, key in keys.items() if key in known}
    missing = [piece for piece in keys if piece not in answers]
    if missing:
        read = dict(zip(missing, _read(missing, language=language), strict=True))
        language_memory.remember({keys[piece]: answer for piece, answer in read.items()})
        answers |= read
    return list(paragraphs.placed(pieces, answers))


def warm(language: str) -> None:
    """Have the server load a language before a writer waits for it: its first check takes many seconds.

    Once in a process; a server that does not answer in time goes on loading, and is asked again a minute later.
    """
    place = (settings.LANGUAGETOOL_URL, language)
    if not settings.LANGUAGETOOL_URL or time.monotonic() < _warm_at.get(place, 0.0):
        return
    _warm_at[place] = time.monotonic() + WARM_AGAIN_SECONDS
    with contextlib.suppress(LanguageUnavailable):
        _read([WARM_TEXT], language=language)
        _warm_at[place] = math.inf


def languages() -> frozenset[str]:
    """The tags of the languages that the server knows; raises LanguageUnavailable."""
    if not settings.LANGUAGETOOL_URL:
        raise LanguageUnavailable("LANGUAGETOOL_URL is not set")
    try:
        answer = requests.get(f"{settings.LANGUAGETOOL_URL}/v2/languages", timeout=LIST_SECONDS)
        answer.raise_for_status()
        return frozenset(one["longCode"] for one in answer.json())
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("language check failed: %s", error)
        raise LanguageUnavailable(str(error)) from error


def forget() -> None:
    """Forget what this process knows of servers and of paragraphs."""
    _server.cache_clear()
    _turns.clear()
    _warm_at.clear()
    language_memory.forget()


def _read(texts: Sequence[str], *, language: str) -> list[tuple[LanguageMatch, ...]]:
    """What the server says of each paragraph, in one question."""
    url = settings.LANGUAGETOOL_URL
    try:
        with _turns[url].turn(harmless=ValueError):  # a language that it does not know
            answer = _server(url, language).answer(paragraphs.joined(texts))
            matches = [_match(found) for found in answer["matches"]]
    except NoTurn as busy:
        raise LanguageUnavailable(str(busy)) from busy
    except (LanguageToolError, OSError, ValueError, KeyError, TypeError) as error:
        log.warning("language check failed: %s", error)
        raise LanguageUnavailable(str(error)) from error
    return paragraphs.shared_out(texts, matches)


@lru_cache(maxsize=8)
def _server(url: str, language: str) -> _Server:
    """One client an address and language: making one asks the server for its languages."""
    return _Server(language, remote_server=url)


def _match(found: dict[str, Any]) -> LanguageMatch:
    rule = found["rule"]
    return LanguageMatch(
        offset=found["offset"],
        length=found["length"],
        message=found["message"],
        rule_id=rule["id"],
        category=rule["category"]["id"],
        issue_type=rule.get("issueType", ""),
        replacements=tuple(item["value"] for item in found["replacements"][:KEPT_REPLACEMENTS]),
    )
