"""Markdown that people type, as safe HTML: parsed by markdown-it, cleaned by nh3 last."""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_parser = MarkdownIt("commonmark", {"breaks": True, "linkify": False}).enable("table")
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
    cleaned = nh3.clean(
        _parser.render(text),
        tags=_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
    )
    return Markup(cleaned)  # noqa: S704 -- cleaned by nh3 one line above
