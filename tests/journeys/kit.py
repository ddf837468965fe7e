"""What a journey by REST needs: a house to happen in, people with tokens, a clock that can be moved, real mail."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.db.models import F
from rest_framework.test import APIClient

from comms.models import UpdateDeadline
from comms.models.deadline import OPEN
from comms.tasks import deadlines, deliver, snapshots
from incidents import tasks as incident_tasks
from incidents.models import CommandTenure, Incident
from tests import factories, status_pages
from tests.plugins.mail import MailSink

ROOT = "/api/v1/"
AUDIENCES = ["service_desk", "end_users", "executives", "public"]
SECOND_READER = "rita@example.org"
READERS = {"desmond@example.org", "dara@example.org", "staff@example.org", "eve@example.org", "reader@example.org"}


class Portal:
    """The portal as its integrations see it; each person has a token with the scopes of their work."""

    def __init__(self, cast: SimpleNamespace, api: Callable[..., APIClient], sink: MailSink) -> None:
        self.cast, self.sink = cast, sink
        self._clients: dict[str, APIClient] = {}
        self._api = api
        self.reference = ""
        team = factories.team(slug="payroll-team", name="Payroll team", members=(cast.rosa,))
        factories.profile(of=team)
        service = factories.service(slug="payroll", name="Payroll", owner_team=team)
        for slug, audience, is_public in (("public", "public", True), ("executive", "executives", False)):
            page = status_pages.page(slug=slug, audience=audience, is_public=is_public)
            status_pages.component(of=page, service=service)
        factories.recipient(audience="end_users", address="staff@example.org")
        factories.recipient(audience="public", address="reader@example.org")

    def client(self, who: str) -> APIClient:
        if who not in self._clients:
            self._clients[who] = self._api(getattr(self.cast, who))
        return self._clients[who]

    def get(self, who: str, path: str, *, status: int = 200) -> Any:
        answer = self.client(who).get(ROOT + path)
        assert answer.status_code == status, answer.content
        return answer.json()

    def post(self, who: str, path: str, body: Any = None, *, status: int = 201, key: str = "") -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        answer = self.client(who).post(ROOT + path, body or {}, headers=headers)
        assert answer.status_code == status, answer.content
        if status >= 400:
            problem(answer, status=status)
        return answer.json() if answer.content else None

    def patch(self, who: str, path: str, body: Any, *, etag: str, status: int = 200) -> Any:
        answer = self.client(who).patch(ROOT + path, body, headers={"If-Match": etag})
        assert answer.status_code == status, answer.content
        if status >= 400:
            problem(answer, status=status)
        return answer.json()

    @property
    def incident(self) -> str:
        return f"incidents/{self.reference}/"

    def row(self) -> Incident:
        return Incident.objects.get(reference=self.reference)

    def open_deadlines(self) -> dict[str, Any]:
        rows = self.get("mia", f"{self.incident}deadlines/?state=open")["results"]
        return {row["audience"]: row for row in rows}

    def mails(self) -> list[Any]:
        """What the worker sends now, as it arrives at a real SMTP server."""
        self.sink.clear()
        deliver.deliver()
        return self.sink.messages

    def pass_time(self, length: timedelta) -> None:
        """Everything that counts from a moment happened that much earlier: as if this long had gone by."""
        Incident.objects.filter(reference=self.reference).update(declared_at=F("declared_at") - length)
        first = CommandTenure.objects.filter(incident__reference=self.reference).earliest("started_at")
        CommandTenure.objects.filter(pk=first.pk).update(started_at=F("started_at") - length)
        UpdateDeadline.objects.filter(OPEN, incident__reference=self.reference).update(
            opened_at=F("opened_at") - length,
            due_at=F("due_at") - length,
            next_action_at=F("next_action_at") - length,
        )

    def tick(self) -> None:
        """What the clock's worker does twice a second."""
        assert not connection.in_atomic_block
        deadlines.sweep_deadlines()
        deadlines.sweep_missing_deadlines()
        incident_tasks.sweep_timeline()
        snapshots.sweep_snapshots()

    def kinds(self) -> list[str]:
        """The log, oldest first."""
        rows = self.get("mia", f"{self.incident}timeline/?page_size=200")["results"]
        return [row["kind"] for row in reversed(rows)]


def problem(answer: Any, *, status: int) -> None:
    """Every refusal has one shape (RFC 9457)."""
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["type"].startswith("urn:mim-portal:problem:")
    assert body["title"]
    assert body["detail"]
    assert all(set(error) == {"field", "code", "detail"} for error in body["errors"])


def parts(mail: Any) -> tuple[str, str]:
    """The plain text and the HTML of a message, which always has both."""
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    return str(plain.get_content()), str(html.get_content())
