"""What readers find in their mailbox: subject, plain text and HTML of every kind and audience."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest

from comms.adapters import languagetool, memory
from comms.choices import UpdateKind
from comms.models import Audience, Message, StatusPage, Update
from comms.rendering import messages
from incidents.choices import IncidentState
from incidents.models import Incident
from mim_portal.lib import dbtime
from tests.comms import update_kit

pytestmark = pytest.mark.django_db

NEXT = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
NOW = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)


def stamped(incident: Incident, author: Any, *codes: str, **fields: Any) -> Update:
    """A draft as publishing stamps it, without the rest of publishing."""
    made = update_kit.drafted(incident, author, *codes, **fields)
    made.sequence, made.published_at, made.priority = 3, NOW, incident.priority
    if made.next_update_at is not None:
        made.next_update_at = NEXT
    return made


def rendered(update: Update) -> dict[str, Message]:
    return {message.audience.code: message for message in messages.of_update(update, now=NOW) if message.audience}


class Tags(HTMLParser):
    """Which tags a mail uses, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def of(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.seen if tag == name]


@pytest.mark.parametrize(
    ("kind", "minutes", "subject"),
    [
        (UpdateKind.INITIAL, 9, "[P1] [INITIAL] Payroll: staff cannot submit timesheets | next 14:30 (UTC+0) | "),
        (UpdateKind.HOLDING, 9, "[P1] [UPDATE 3] Payroll: staff cannot submit timesheets | next 14:30 (UTC+0) | "),
        (UpdateKind.WORKAROUND, 9, "[P1] [WORKAROUND 3] Payroll: staff cannot submit timesheets | next 14:30 (UTC+0)"),
        (UpdateKind.RESTORED, None, "[P1] [RESTORED 3] Payroll: staff cannot submit timesheets | final | "),
        (UpdateKind.CLOSURE, None, "[P1] [CLOSURE 3] Payroll: staff cannot submit timesheets | final | "),
        (UpdateKind.HANDOVER, 9, "[P1] [HANDOVER 3] Payroll: staff cannot submit timesheets | next 14:30 (UTC+0)"),
        (UpdateKind.DOWNGRADE, 9, "[P1] [DOWNGRADE 3] Payroll: staff cannot submit timesheets | next 14:30 (UTC+0)"),
    ],
)
def test_the_subject_says_it_all_on_a_locked_phone(
    cast: SimpleNamespace, incident: Incident, kind: UpdateKind, minutes: float | None, subject: str
) -> None:
    made = stamped(incident, cast.mia, "technical", kind=kind, minutes=minutes)
    (message,) = rendered(made).values()
    assert message.subject.startswith(subject)
    assert message.subject.endswith(f"| {incident.reference}")


def test_a_time_on_another_day_carries_its_date(cast: SimpleNamespace, incident: Incident) -> None:
    made = stamped(incident, cast.mia, "technical")
    made.next_update_at = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
    (message,) = rendered(made).values()
    assert "| next Wed 25 Nov, 07:00 (UTC+0) |" in message.subject
    assert "Next update by: Wed 25 Nov 2026, 07:00 (UTC+0)" in message.text


def test_the_tickets_number_elsewhere_follows_ours(cast: SimpleNamespace) -> None:
    incident = update_kit.declared(cast.mia, external_ref="INC0012345")
    (message,) = rendered(stamped(incident, cast.mia, "technical")).values()
    assert message.subject.endswith(f"| {incident.reference} | INC0012345")
    assert f"{incident.reference} (INC0012345)" in message.text
    assert f"{incident.reference}</span> (INC0012345)" in message.html


def test_an_exercise_says_so_first_in_every_part(cast: SimpleNamespace) -> None:
    incident = update_kit.declared(cast.mia, is_exercise=True)
    (message,) = rendered(stamped(incident, cast.mia, "technical")).values()
    assert message.subject.startswith("EXERCISE EXERCISE EXERCISE [P1]")
    assert message.text.startswith("EXERCISE EXERCISE EXERCISE.")
    assert message.html.index('class="mark"') < message.html.index("<h1>")


def test_a_message_of_a_private_incident_says_that_it_is_confidential(
    cast: SimpleNamespace, incident: Incident
) -> None:
    (message,) = rendered(stamped(incident, cast.mia, "technical")).values()
    assert "Confidential" not in message.text + message.html
    incident.is_private = True
    incident.save(update_fields=["is_private"])
    (message,) = rendered(stamped(incident, cast.mia, "technical")).values()
    assert message.text.startswith("Confidential. Please do not forward.")
    assert "Confidential. Please do not forward." in message.html.partition("<h1>")[0]


def test_a_subject_stays_on_one_line(cast: SimpleNamespace, incident: Incident) -> None:
    made = stamped(incident, cast.mia, "technical", subject="tills\r\nBcc: everybody@example.org")
    (message,) = rendered(made).values()
    assert "\n" not in message.subject
    assert "\r" not in message.subject


def test_every_audience_reads_its_own_text(cast: SimpleNamespace, incident: Incident) -> None:
    every = Audience.objects.values_list("code", flat=True)
    found = rendered(stamped(incident, cast.mia, *every))
    assert list(found) == ["service_desk", "technical", "service_owners", "executives", "end_users", "public"]
    for code, message in found.items():
        is_plain = code in ("executives", "end_users", "public")
        assert ("Impact on record" in message.text) is not is_plain
        assert (f"/incidents/{incident.reference}/" in message.text) is not is_plain
        assert (f"/incidents/{incident.reference}/" in message.html) is not is_plain
        assert f"on the list: {Audience.objects.get(code=code).name}" in message.text
        assert message.thread == incident.reference


def test_readers_are_shown_the_page_of_their_own(cast: SimpleNamespace, incident: Incident) -> None:
    StatusPage.objects.create(slug="shops", name="Shops", audience=Audience.objects.get(code="end_users"))
    found = rendered(stamped(incident, cast.mia, "end_users", "public"))
    assert "/status/shops/" in found["end_users"].text
    assert "/status/shops/" in found["end_users"].html
    assert "/status/" not in found["public"].text


def test_the_last_message_says_that_none_follows(cast: SimpleNamespace, incident: Incident) -> None:
    (message,) = rendered(stamped(incident, cast.mia, "technical", kind=UpdateKind.CLOSURE, minutes=None)).values()
    for part in (message.text, message.html):
        assert "This is the last update unless something changes." in part
        assert "Next update by" not in part


def test_the_record_is_told_in_the_past_once_restored(cast: SimpleNamespace, incident: Incident) -> None:
    incident.state, incident.service_restored_at = IncidentState.MONITORING, dbtime.now()
    incident.save(update_fields=["state", "service_restored_at"])
    made = stamped(incident, cast.mia, "technical", kind=UpdateKind.RESTORED)
    (message,) = rendered(Update.objects.select_related("incident__service").get(pk=made.pk)).values()
    assert "could not submit timesheets" in message.text


def test_the_html_part_reads_on_a_phone_and_in_the_dark(cast: SimpleNamespace, incident: Incident) -> None:
    body = "Tills are closed.\n\n- Use cash.\n- Keep the receipts.\n\nThank you."
    (message,) = rendered(stamped(incident, cast.mia, "technical", body=body)).values()
    tags = Tags(message.html)
    assert tags.of("html") == [{"lang": "en-GB"}]
    metas = {meta.get("name"): meta.get("content") for meta in tags.of("meta")}
    assert metas["color-scheme"] == "light dark"
    assert metas["viewport"] == "width=device-width, initial-scale=1"
    assert "prefers-color-scheme: dark" in message.html
    assert not any("style" in attributes for _, attributes in tags.seen)
    assert not tags.of("img")
    assert not tags.of("script")
    assert not re.search(r"(?:min-)?width:\s*\d{3,}px", message.html.replace("max-width", ""))
    assert len(tags.of("li")) == 2
    assert all(link["href"] for link in tags.of("a"))


def test_links_say_where_they_lead(cast: SimpleNamespace, incident: Incident) -> None:
    (message,) = rendered(stamped(incident, cast.mia, "technical")).values()
    words = re.findall(r"<a [^>]*>([^<]+)</a>", message.html)
    assert words == ["Open the incident room"]


def test_the_plain_part_is_what_was_written(cast: SimpleNamespace, incident: Incident) -> None:
    body = 'Tills & scales are closed <since 09:10 (UTC+0)>. Say "cash only" at the door.'
    (message,) = rendered(stamped(incident, cast.mia, "technical", body=body)).values()
    assert message.text.startswith(body + "\n")
    assert "&amp;" not in message.text
    assert "Tills &amp; scales" in message.html


def test_nothing_is_left_unfilled(cast: SimpleNamespace, incident: Incident) -> None:
    every = Audience.objects.values_list("code", flat=True)
    for message in rendered(stamped(incident, cast.mia, *every)).values():
        for part in (message.subject, message.text, message.html):
            assert "{{" not in part
            assert "{%" not in part
            assert "None" not in part
        assert "\n\n\n" not in message.text


def test_a_draft_shows_the_subject_that_it_would_have(cast: SimpleNamespace, incident: Incident) -> None:
    update_kit.published(update_kit.drafted(incident, cast.mia), cast.mia)
    made = update_kit.drafted(incident, cast.mia, "technical")
    assert messages.subject_of(made, now=dbtime.now()).startswith("[P1] [UPDATE 2] Payroll: ")
