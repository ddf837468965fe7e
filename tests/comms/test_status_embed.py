"""What other sites show of a page: badge, frame and script say its sentence and lead to it; links are previewed."""

import json
import re
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import pytest

from comms.models import StatusPage
from comms.rendering import status_embed, status_words
from tests import status_pages
from tests.status_pages import START, folder, payroll, tell

__all__ = ["folder", "payroll"]  # fixtures
pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"


def shown(payroll: SimpleNamespace, path: str) -> str:
    return status_pages.html(payroll.page, at=START, path=path)


def test_the_badge_says_the_state_in_a_word_and_the_whole_sentence_to_those_who_hear_it(
    payroll: SimpleNamespace,
) -> None:
    calm = ET.fromstring(shown(payroll, "badge.svg"))
    assert [part.text for part in calm.iter(f"{SVG}text")] == ["status", "works"]
    assert calm.get("aria-label") == "Example status: Everything works."
    tell(payroll)
    bad = ET.fromstring(shown(payroll, "badge.svg"))
    assert [part.text for part in bad.iter(f"{SVG}text")] == ["status", "does not work"]
    assert bad.get("aria-label") == "Example status: Payroll does not work. Everything else works."
    assert "#b0201a" in {part.get("fill") for part in bad.iter(f"{SVG}rect")}


def test_the_words_of_a_badge_fit_into_it(payroll: SimpleNamespace) -> None:
    tell(payroll)
    svg = ET.fromstring(shown(payroll, "badge.svg"))
    ends = [float(part.get("x", 0)) + float(part.get("textLength", 0)) for part in svg.iter(f"{SVG}text")]
    assert max(ends) < float(svg.get("width", 0))


@pytest.mark.parametrize("tone", sorted(status_embed.COLOURS))
def test_white_words_can_be_read_on_every_colour(tone: str) -> None:
    """WCAG AA: a contrast of 4.5."""
    channels = [int(status_embed.COLOURS[tone][at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert 1.05 / (light + 0.05) >= 4.5
    assert status_words.short(tone)


def test_the_frame_has_the_sentence_a_way_to_the_page_and_no_script(payroll: SimpleNamespace) -> None:
    tell(payroll)
    html = shown(payroll, "embed/")
    assert "Payroll does not work. Everything else works." in status_pages.text(html)
    assert '<a href="/status/public/" target="_top">' in html
    assert "<script" not in html


def test_the_script_is_small_and_carries_text_only(payroll: SimpleNamespace) -> None:
    payroll.incident.service.name = 'Pay</script><img src=x onerror=alert(1)>"'
    payroll.incident.service.save()
    tell(payroll)
    script = shown(payroll, "embed.js")
    assert len(script) < 2000
    assert "<" not in script.split("here =")[0]
    assert "innerHTML" not in script
    found = re.search(r"var said = (\{.*?\}), here", script)
    assert found is not None
    said = json.loads(found[1])
    assert said["sentence"].startswith('Pay</script><img src=x onerror=alert(1)>" does not work.')
    assert said["url"].endswith("/status/public/")


def test_links_to_a_public_page_are_previewed_and_a_private_one_says_nothing(payroll: SimpleNamespace) -> None:
    html = shown(payroll, "")
    assert '<meta property="og:title" content="Everything works.">' in html
    assert re.search(r'<meta property="og:url" content="[^"]*/status/public/">', html)
    assert re.search(r'<link rel="canonical" href="[^"]*/status/public/history/">', shown(payroll, "history/"))
    StatusPage.objects.filter(pk=payroll.page.pk).update(is_public=False, wanted_version=99)
    private = shown(payroll, "")
    assert "og:" not in private
    assert 'content="noindex"' in private
