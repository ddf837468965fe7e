"""Markdown that people type, as safe HTML: parsed by markdown-it, cleaned by nh3 last."""

import re

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

# Tags that somebody types are words like any other: shown, never dropped in silence.
_parser = MarkdownIt("commonmark", {"breaks": True, "linkify": False, "html": False}).enable("table")
# One line in which no sign means anything: most notes of an incident, and a hundred of them stand on a page.
_PLAIN = re.compile(r"(?![-+=\d\s])[^*_`#<>\[\]|\\~&!\n\r\x00\t]+(?<!\s)")
_PANEL, _DEEPEST = 2, 6
_TAGS = {
    "p",
    "br",
    "strong",
    "em",
    "code",
    "pre",
    "ul",
    "ol",
    "li",
    "blockquote",
    "a",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "del",
}


def to_html(text: str) -> Markup:
    """HTML of `text` with a small set of tags; links open nothing but http, https and mailto, and carry no referrer.

    Its headings stand below those of a panel, one below the other, however many signs were typed before them.
    """
    if _PLAIN.fullmatch(text):
        return Markup(f"<p>{text}</p>\n")  # noqa: S704 -- no sign in it that HTML could read
    cleaned = nh3.clean(
        _parser.renderer.render(_levelled(_parser.parse(text)), _parser.options, {}),
        tags=_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
    )
    return Markup(cleaned)  # noqa: S704 -- cleaned by nh3 one line above


def _levelled(found: list[Token]) -> list[Token]:
    above: list[int] = []
    for token in found:
        if token.type == "heading_open":
            typed = int(token.tag[1:])
            above = [*(level for level in above if level < typed), typed]
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(_PANEL + len(above), _DEEPEST)}"
    return found


def tokens(text: str) -> list[Token]:
    """What `text` says, for whatever is no page."""
    return _parser.parse(text)
