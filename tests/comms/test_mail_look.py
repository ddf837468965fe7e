"""Every mail: one frame, the same words in both parts, nothing that is loaded from elsewhere or reports back."""

import html
import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django import Settings

from comms.adapters import languagetool, memory
from comms.models import Message
from comms.rendering import accounts, calls, messages, notices
from comms.services.writing import publishing
from incidents.models import Incident
from mim_portal.lib import dbtime
from tests import routes_world
from tests.comms import update_kit

pytestmark = pytest.mark.django_db
FRAME = Path(__file__).resolve().parents[2] / "templates/messages/layout.html"


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)


class Words(HTMLParser):
    """The words of a mail that are read, by block, its links, and every tag."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = [""]
        self.links: list[str] = []
        self.tags: list[str] = []
        self.hidden = 0
        self.in_link = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        if tag in ("head", "style") or given.get("class") == "preheader":
            self.hidden += 1
        if tag == "a":
            self.links.append(given.get("href") or "")
            self.in_link = True
        if tag in ("p", "li", "h1", "blockquote", "td", "br"):
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("head", "style", "div") and self.hidden:
            self.hidden -= 1
        if tag == "a":
            self.in_link = False

    def handle_data(self, data: str) -> None:
        if not self.hidden and not self.in_link:
            self.blocks[-1] += data


def read(body: str) -> Words:
    words = Words()
    words.feed(body)
    return words


def flat(text: str) -> str:
    return " ".join(text.split())


def wrong_with(subject: str, text: str, body: str) -> list[str]:
    """What is wrong with one mail."""
    found = read(body)
    said = flat(subject + "\n" + text)
    parts = [flat(part) for block in found.blocks for part in re.split(r" · |(?<=[.?!:]) ", flat(block))]
    wrong = [f"only in the HTML: {part}" for part in parts if part.strip(" .:") and part.strip(" .:") not in said]
    wrong += [f"only in the HTML: {link}" for link in found.links if link not in text]
    wrong += [f"has {tag}" for tag in found.tags if tag in {"img", "script", "link", "iframe", "form", "video", "svg"}]
    if re.search(r"url\(|@import|https?://[^\"<\s]*\.(?:png|gif|jpg)", body):
        wrong.append("loads something")
    for needed in ('<html lang="en-GB">', "color-scheme", "width=device-width", 'class="preheader"'):
        if needed not in body:
            wrong.append(f"lacks {needed}")
    if found.tags.count("h1") != 1:
        wrong.append("needs one heading")
    if not re.search(r"<title>\s*\S[^<]*</title>", body):
        wrong.append("needs a title")
    return wrong


def test_every_mail_that_the_portal_writes(cast: SimpleNamespace, tmp_path: Path, settings: Settings) -> None:
    settings.MAIL_DIR = tmp_path
    world = routes_world.build(cast, mail_dir=tmp_path)
    sent = update_kit.published(update_kit.drafted(world.incident, cast.mia, "technical"), cast.mia)
    now = dbtime.now()
    publishing.correct(
        update_id=sent.pk, person=cast.mia, body="Staff in Cork can.", subject="", next_update_at=None, now=now
    )
    publishing.withdraw(update_id=sent.pk, person=cast.mia, reason="Wrong.", now=now)
    letters: list[Any] = [
        accounts.new_password(cast.mia, link="https://portal.example.org/account/x/"),
        accounts.password_changed(cast.mia),
        calls.for_receiver([world.incident], giver=cast.mia, shift=None),
        calls.for_takeover(world.incident, new=cast.omar, by=cast.dan, reason="No answer.", is_yours=True),
        calls.for_takeover(world.incident, new=cast.omar, by=cast.dan, reason="No answer.", is_yours=False),
        calls.for_manager(world.candidate),
    ]
    letters += [
        SimpleNamespace(subject=one.subject, text=one.text, html=notices.html_of(one)) for one in Message.objects.all()
    ]
    letters = [one for one in letters if one.html]
    assert len(letters) >= 12
    wrong = {one.subject: faults for one in letters if (faults := wrong_with(one.subject, one.text, one.html))}
    assert [f"{subject}: {fault}" for subject, faults in wrong.items() for fault in faults] == []


def test_an_exercise_says_so_first_in_every_part(cast: SimpleNamespace) -> None:
    incident = update_kit.declared(cast.mia)
    Incident.objects.filter(pk=incident.pk).update(is_exercise=True)
    incident.refresh_from_db()
    said = calls.for_takeover(incident, new=cast.omar, by=cast.dan, reason="No answer.", is_yours=True)
    assert said.subject.startswith("EXERCISE EXERCISE EXERCISE ")
    assert said.text.startswith("EXERCISE EXERCISE EXERCISE. Nothing is wrong with the service.\n\n")
    assert said.html.index("EXERCISE EXERCISE EXERCISE.") < said.html.index("<h1>")


def test_each_audience_has_its_mail_rendered_once(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    update = update_kit.drafted(update_kit.declared(cast.mia), cast.mia, "technical", "service_desk")
    rendered: list[str] = []
    render = messages._render

    def counted(folder: str, name: str, values: dict[str, object]) -> str:
        rendered.append(name)
        return render(folder, name, values)

    monkeypatch.setattr(messages, "_render", counted)
    update_kit.published(update, cast.mia)
    assert rendered.count("body.html") == 2


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def colours(css: str, selector: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for names, rules in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        if selector in [name.strip() for name in names.split(",")]:
            found |= dict(re.findall(r"(background|(?<![-\w])color):\s*(#[0-9a-f]{6})", rules))
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_colours_can_be_read(scheme: str) -> None:
    source = html.unescape(FRAME.read_text())
    light, dark = source.split("@media (prefers-color-scheme: dark) {")
    css = light[light.index("<style>") + 7 :] if scheme == "light" else dark[: dark.index("</style>")]
    page, link, boxed, act = (colours(css, name) for name in ("body", "a", ".next", ".act a"))
    muted = colours(css, ".label")["color"]
    for text in (page["color"], link["color"], muted):
        for ground in (page["background"], boxed["background"]):
            assert contrast(text, ground) >= 4.5, (text, ground)
    assert contrast(act["color"], act["background"]) >= 4.5
