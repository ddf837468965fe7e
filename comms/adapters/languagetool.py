"""Spelling and grammar by a LanguageTool server, through language-tool-python."""

import logging
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from language_tool_python import LanguageTool
from language_tool_python.exceptions import LanguageToolError

from comms.rules.language import LanguageMatch

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 8


class LanguageUnavailable(Exception):
    """The checker is down, or slower than a writer under pressure can wait for."""


class _Server(LanguageTool):
    """The library's client with our patience, one try, and the answer as the server gave it: offsets in UTF-16 units.

    The library's own match objects convert offsets through class attributes, which two threads would mix up.
    """

    _TIMEOUT = PATIENCE_SECONDS  # type: ignore[assignment]

    def answer(self, text: str) -> Any:
        return self._query_server(urljoin(self._url, "check"), self._create_params(text), num_tries=1, method="post")


def check(text: str, *, language: str) -> list[LanguageMatch]:
    """What the server says about `text`, in its order; raises LanguageUnavailable."""
    if not settings.LANGUAGETOOL_URL:
        raise LanguageUnavailable("LANGUAGETOOL_URL is not set")
    if not text.strip():
        return []
    try:
        answer = _server(settings.LANGUAGETOOL_URL, language).answer(text)
        return [_match(found) for found in answer["matches"]]
    except (LanguageToolError, OSError, ValueError, KeyError, TypeError) as error:
        log.warning("language check failed: %s", error)
        raise LanguageUnavailable(str(error)) from error


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
        replacements=tuple(item["value"] for item in found["replacements"]),
    )
