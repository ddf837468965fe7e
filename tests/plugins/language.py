"""The one LanguageTool that serves all test processes."""

import time
import uuid
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from django.conf import settings

from comms.adapters import language_memory, languagetool

WARM_SECONDS = 150.0
PAUSE_SECONDS = 0.5


@pytest.fixture(scope="session")
def language_tool() -> str:
    """The server's address, once it has answered a first check; it warms while other tests run."""
    address: str = settings.LANGUAGETOOL_URL.rstrip("/")
    if not address:
        pytest.skip("LANGUAGETOOL_URL is not set")
    patience = time.monotonic() + WARM_SECONDS
    body = urlencode({"language": "en-GB", "text": "Teh service is back."}).encode()
    while True:
        try:
            with urlopen(f"{address}/v2/check", data=body, timeout=WARM_SECONDS) as answer:
                answer.read()
        except OSError as error:
            if time.monotonic() > patience:
                pytest.fail(f"LanguageTool at {address} does not answer: {error}")
            time.sleep(PAUSE_SECONDS)
        else:
            return address


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test starts with no paragraph read before, by itself or by another process of the tests."""
    monkeypatch.setattr(language_memory, "PREFIX", f"test:{uuid.uuid4().hex}:")
    languagetool.forget()
