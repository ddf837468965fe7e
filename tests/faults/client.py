"""Clients of the running portal: one that raises candidates and remembers every answer, one that reads a page."""

import threading
import time
import uuid
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import requests

from incidents.models import Candidate
from teams.choices import Scope
from teams.models import ApiToken, Person

PAUSE_SECONDS = 0.1
PATIENCE_SECONDS = 20.0


class _Thread:
    """Works in a thread of its own from entry to exit."""

    def __enter__(self) -> Self:
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._thread.join(60)

    def _run(self) -> None:
        raise NotImplementedError


@dataclass
class Raiser(_Thread):
    """Raises one candidate after another; what is not answered with 201 is asked again with the same key."""

    base_url: str
    person: Person
    service: str
    told: dict[str, str] = field(default_factory=dict)  # key: reference
    refused: int = 0  # answers other than 201, and none at all

    def __post_init__(self) -> None:
        _, token = ApiToken.objects.create(user=self.person, scopes=list(Scope.values))
        self._headers = {"Authorization": f"Bearer {token}"}

    def _run(self) -> None:
        while not self._stopped.wait(PAUSE_SECONDS):
            key = uuid.uuid4().hex
            asked = time.monotonic()
            while not self._raise(key) and time.monotonic() - asked < PATIENCE_SECONDS:
                time.sleep(PAUSE_SECONDS)

    def _raise(self, key: str) -> bool:
        facts = {"service": self.service, "cannot_do": f"Nobody can pay {key}", "contact": "Leeds shop, 0113 496 0000"}
        headers = {**self._headers, "Idempotency-Key": key}
        try:
            answer = requests.post(f"{self.base_url}/api/v1/candidates/", json=facts, headers=headers, timeout=10)
        except requests.RequestException:
            self.refused += 1
            return False
        if answer.status_code != 201:
            self.refused += 1
            return False
        self.told[key] = answer.json()["reference"]
        return True

    def check(self) -> dict[str, Any]:
        """Whatever was answered is there, exactly once, under the reference that was told."""
        for key, reference in self.told.items():
            rows = list(Candidate.objects.filter(cannot_do__endswith=key).values_list("reference", flat=True))
            assert rows == [reference], f"told {reference}, found {rows}"
        return {"told": len(self.told), "asked_again": self.refused}


@dataclass
class Reader(_Thread):
    """Reads one page over and over and notes what was not answered with it."""

    url: str
    words: str
    read: int = 0
    failed: list[str] = field(default_factory=list)

    def _run(self) -> None:
        with requests.Session() as session:
            while not self._stopped.wait(PAUSE_SECONDS / 2):
                try:
                    answer = session.get(self.url, timeout=5)
                except requests.RequestException as error:
                    self.failed.append(str(error))
                    continue
                if answer.status_code == 200 and self.words in answer.text:
                    self.read += 1
                else:
                    self.failed.append(f"{answer.status_code}: {answer.text[:80]}")
