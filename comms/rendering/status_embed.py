"""What other sites show of a status page: a badge, a frame without script, and a small script.

All three say the page's own sentence and lead to it; they are faces of the snapshot like everything else, so they are
as new as the page and stay up with it.
"""

import json
from typing import Final

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from comms.queries.status_facts import PageFacts
from comms.rendering import status_words
from mim_portal.lib import addresses
from mim_portal.lib.printable import in_xml

SVG: Final = "image/svg+xml; charset=utf-8"
SCRIPT: Final = "text/javascript; charset=utf-8"
# White words on these have a contrast of at least 4.5 (WCAG AA).
COLOURS: Final = {
    "good": "#1a6638",
    "maintenance": "#0b6170",
    "degraded": "#855100",
    "partial": "#855100",
    "major": "#b0201a",
}
_LETTER: Final = 6.6  # pixels of a letter at 11 px; the text is stretched to what is reserved for it
_PADDING: Final = 7


def badge(facts: PageFacts) -> bytes:
    """Two words side by side, "status | works", 20 px high, with the whole sentence for those who hear it."""
    tone, sentence = status_words.headline(facts)
    words = [_("status"), status_words.short(tone)]
    lengths = [round(len(word) * _LETTER) for word in words]
    widths = [length + 2 * _PADDING for length in lengths]
    context = {
        "sentence": in_xml(f"{facts.name}: {sentence}"),
        "colour": COLOURS[tone],
        "width": sum(widths),
        "left": widths[0],
        "parts": [
            {"text": words[0], "at": _PADDING, "length": lengths[0]},
            {"text": words[1], "at": widths[0] + _PADDING, "length": lengths[1]},
        ],
    }
    return render_to_string("status/badge.svg", context, using="jinja2").encode()


def script(facts: PageFacts) -> bytes:
    """A line with the page's sentence where the script stands on somebody's site; nothing while everything works.

    It sets text and properties only: no markup, no style sheet, nothing that a site's security policy forbids.
    """
    tone, sentence = status_words.headline(facts)
    said = {
        "tone": tone,
        "sentence": sentence,
        "colour": COLOURS[tone],
        "url": addresses.absolute(addresses.status_page(facts.slug)),
    }
    # "<" is escaped so that the text is harmless wherever somebody pastes it.
    text = json.dumps(said, ensure_ascii=True).replace("<", "\\u003c")
    return (_SCRIPT % text).encode()


_SCRIPT: Final = """(function () {
  var said = %s, here = document.currentScript;
  if (said.tone === "good" && !(here && here.hasAttribute("data-always"))) return;
  var line = document.createElement("a");
  line.href = said.url;
  line.textContent = said.sentence;
  line.setAttribute("data-mim-status", said.tone);
  line.style.display = "block";
  line.style.padding = "8px 12px";
  line.style.color = "#fff";
  line.style.background = said.colour;
  if (here && here.parentNode && here.parentNode !== document.head) here.parentNode.insertBefore(line, here);
  else document.addEventListener("DOMContentLoaded", function () {
    document.body.insertBefore(line, document.body.firstChild);
  });
})();
"""
