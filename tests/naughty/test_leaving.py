"""What leaves the house stays readable whatever was written: pages, feeds, the status API and mail."""

import email
import email.policy
import html
import json
import re
from datetime import timedelta
from email.message import EmailMessage
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import icalendar
import pytest

from comms.adapters import smtp
from comms.choices import UpdateKind
from comms.models import Component, Update
from comms.rendering import messages
from comms.services import snapshots
from tests import factories, status_pages
from tests.comms import maintenance_kit, update_kit
from tests.naughty.texts import OWN, big_list
from tests.status_pages import START, folder, payroll, tell

__all__ = ["folder", "payroll"]

AT = START + timedelta(minutes=1)
EVERYTHING = "\n".join(OWN.values())
# What XML has no place for is left out of feeds, and only there.
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
FEEDS = ("feed.atom", "feed.rss")
API = ("status", "summary", "components", "incidents", "incidents/unresolved")


def shown(payroll: SimpleNamespace, path: str = "") -> str:
    return status_pages.html(payroll.page, at=AT, path=path)


def words(text: str) -> list[str]:
    return NOT_IN_XML.sub("", text).split()


@pytest.mark.parametrize("name", OWN)
def test_a_feed_can_always_be_read_and_says_what_was_said(payroll: SimpleNamespace, name: str) -> None:
    tell(payroll, kind=UpdateKind.INITIAL, subject=OWN[name], body=OWN[name])
    for feed in FEEDS:
        root = ET.fromstring(shown(payroll, feed))
        content = html.unescape(re.sub(r"<[^>]+>", " ", " ".join(root.itertext())))
        assert set(words(OWN[name])) <= set(words(content)), feed


def test_the_status_api_is_always_json_and_says_what_was_said(payroll: SimpleNamespace) -> None:
    tell(payroll, kind=UpdateKind.INITIAL, subject=OWN["script"], body=EVERYTHING)
    for name in API:
        assert json.loads(shown(payroll, f"api/v2/{name}.json"))["page"]["name"] == payroll.page.name
    (incident,) = json.loads(shown(payroll, "api/v2/incidents.json"))["incidents"]
    assert incident["incident_updates"][0]["body"] == EVERYTHING
    assert OWN["script"] in incident["name"]


def test_a_status_page_shows_words_as_words(payroll: SimpleNamespace) -> None:
    payroll.page.name = payroll.page.intro = f"{OWN['closing tags']} {OWN['jinja']}"
    payroll.page.save()
    tell(payroll, kind=UpdateKind.INITIAL, subject=OWN["attribute"], body=EVERYTHING, next_in=30)
    for path in ("", "history/"):
        page = shown(payroll, path)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert not re.search(r"<[a-z][^<>]*onmouseover=", page)
        assert "{{ 7*7 }}" in page  # written, not calculated
    assert html.escape(OWN["sql"], quote=True).replace("&#x27;", "&#39;") in shown(payroll)


@pytest.mark.skipif(not big_list(), reason="the shared list of naughty strings is not beside the repository")
def test_the_big_list_is_published(payroll: SimpleNamespace) -> None:
    texts = [text for text in big_list() if text.strip()]
    tell(payroll, kind=UpdateKind.INITIAL, body="\n".join(texts))
    for feed in FEEDS:
        assert ET.fromstring(shown(payroll, feed)) is not None
    (incident,) = json.loads(shown(payroll, "api/v2/incidents.json"))["incidents"]
    assert incident["incident_updates"][0]["body"].split("\n") == "\n".join(texts).split("\n")
    assert "<script>alert(" not in shown(payroll)


def mail_of(update: Update) -> EmailMessage:
    """The message as a mailbox gets it, read by a reader that knows nothing of us."""
    (made,) = messages.of_update(update, now=AT)
    text = smtp.Text(id=1, subject=made.subject, text=made.text, html=made.html, thread=made.thread, created_at=AT)
    raw = smtp.compose(text)
    assert max(len(line) for line in raw.splitlines()) <= 998
    assert raw.isascii()  # for servers that know nothing else
    read = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    return read


@pytest.mark.parametrize("name", OWN)
def test_mail_carries_the_words_and_no_header_of_theirs(cast: SimpleNamespace, name: str) -> None:
    service = factories.service(slug="payroll", name=f"Pay {OWN[name]}"[:120])
    incident = update_kit.declared(cast.mia, service=service)
    update = update_kit.drafted(incident, cast.mia, "service_desk", subject=OWN[name][:200], body=OWN[name] * 20)
    mail = mail_of(update)
    plain, rich = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert rich is not None
    assert [header for header in ("Bcc", "Cc", "Reply-To") if header in mail] == []
    assert len(mail.get_all("Subject") or []) == 1
    assert incident.reference in str(mail["Subject"]) or len(str(mail["Subject"])) >= 390
    assert set(OWN[name].split()) <= set(plain.get_content().split())
    assert "<script>alert" not in rich.get_content()
    assert "<img src=x" not in rich.get_content()


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\u0085", "\x0b", "\x0c", "\x1c"])
def test_a_line_end_in_a_subject_begins_no_header(cast: SimpleNamespace, end: str) -> None:
    incident = update_kit.declared(cast.mia)
    subject = f"staff{end}Bcc: all@example.org{end}{end}<p>body</p>"
    mail = mail_of(update_kit.drafted(incident, cast.mia, "service_desk", subject=subject))
    assert "Bcc" not in mail
    assert "Bcc: all@example.org" in str(mail["Subject"])
    assert "submit timesheets" not in str(mail["Subject"])
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Please keep your hours on paper" in body.get_content()


@pytest.mark.parametrize(
    "address",
    [
        "all@example.org\r\nBcc: x@example.org",
        "all@example.org, other@example.org",
        "all@example.org\x00",
        "@",
        "no address",
        "a" * 65 + "@example.org",
        "a@" + "b" * 300,
        '"quoted space"@example.org',
        "a b@example.org",
        "<script>@example.org>",
    ],
)
def test_what_is_no_address_is_refused_before_the_server_hears_of_it(address: str) -> None:
    with pytest.raises(smtp.Refused):
        smtp.envelope_address(address)


@pytest.mark.parametrize("address", ["all@example.org", "a.b+c@mail.example.org", "o'brien@example.org"])
def test_an_address_is_taken_as_it_is(address: str) -> None:
    assert smtp.envelope_address(address) == address


def test_names_and_windows_leave_calendar_badge_and_feeds_readable(
    payroll: SimpleNamespace, cast: SimpleNamespace
) -> None:
    hostile = 'A\x01\x0e\x7f"><script>alert(1)</script>]]>&amp;'
    payroll.page.name = payroll.page.intro = f"{hostile} page"
    payroll.page.save()
    Component.objects.update(name=f"{hostile} service", group=f"{hostile} group")
    body = "You cannot use it.\rATTENDEE:everybody\r\nX-EVIL:1\x0b]]> Use the form."
    maintenance_kit.plan(by=cast.mia, now=AT, title=f"{hostile} move", body=body)
    snapshots.want(pages=[payroll.page.pk])
    for path in (*FEEDS, "badge.svg"):
        assert ET.fromstring(shown(payroll, path)) is not None, path
    raw = shown(payroll, "maintenance.ics")
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", raw)
    assert not re.search(r"^(ATTENDEE|X-EVIL)", raw, re.MULTILINE)
    (event,) = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    assert str(event["summary"]) == 'A"><script>alert(1)</script>]]>&amp; move'
    assert "\nX-EVIL:1]]> Use the form." in str(event["description"])
