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
    """HTML of `text` with a small set of tags; links open nothing but http, https and mailto, and carry no referrer."""
    if _PLAIN.fullmatch(text):
        return Markup(f"<p>{text}</p>\n")  # noqa: S704 -- no sign in it that HTML could read
    cleaned = nh3.clean(
        _parser.render(text),
        tags=_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
    )
    return Markup(cleaned)  # noqa: S704 -- cleaned by nh3 one line above


def tokens(text: str) -> list[Token]:
    """What `text` says, for whatever is no page."""
    return _parser.parse(text)
