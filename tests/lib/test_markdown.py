"""Markdown that people type becomes harmless HTML, and says what they meant."""

import re

import pytest

from mim_portal.lib import markdown
from tests.naughty.texts import OWN, big_list

ALLOWED = {
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
    "del",
}
ALLOWED |= {"table", "thead", "tbody", "tr", "th", "td"}


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("plain", "<p>plain</p>\n"),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("**bold** and *soft*", "<p><strong>bold</strong> and <em>soft</em></p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>\n"),
        ("`a < b`", "<p><code>a &lt; b</code></p>\n"),
        ("### Heading", "<h3>Heading</h3>\n"),
        ("# One\n#### Two\n# Three", "<h3>One</h3>\n<h4>Two</h4>\n<h3>Three</h3>\n"),
        ("#### Only one", "<h3>Only one</h3>\n"),
        ("5 > 3 & 2 < 4", "<p>5 &gt; 3 &amp; 2 &lt; 4</p>\n"),
        ("", ""),
    ],
)
def test_what_it_means(typed: str, html: str) -> None:
    assert markdown.to_html(typed) == html


def test_a_table() -> None:
    html = markdown.to_html("| time | what |\n| --- | --- |\n| 12:00 | seen |\n")
    assert "<th>time</th>" in html
    assert "<td>seen</td>" in html


@pytest.mark.parametrize(
    "address",
    ["https://example.org/a?b=c", "http://example.org", "mailto:desk@example.org", "/incidents/MI-2026-0001/"],
)
def test_honest_links_stay_and_tell_nobody_where_from(address: str) -> None:
    html = markdown.to_html(f"[link]({address})")
    assert f'href="{address}"' in html
    assert "noreferrer" in html


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html;base64,PHNjcmlwdD4=", "vbscript:x", "file:///etc"],
)
def test_other_schemes_are_no_links(address: str) -> None:
    for typed in (f"[link]({address})", f"<{address}>", f'<a href="{address}">link</a>'):
        assert re.search(r"<a\b[^>]*href=", markdown.to_html(typed)) is None


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![alt](https://tracker.example.org/pixel.gif)",
        "<iframe src='https://example.org'></iframe>",
        "<style>body { display: none }</style>",
        "<p onclick='alert(1)' style='position:fixed'>x</p>",
        "<form action='/'><input name=q></form>",
        "<svg/onload=alert(1)>",
        "<a href='https://example.org' target=_top onmouseover=alert(1)>x</a>",
        "<math><mi//xlink:href='data:x,<script>alert(4)</script>'>",
        "<!--><script>alert(1)</script>-->",
    ],
)
def test_what_runs_or_loads_is_dropped(typed: str) -> None:
    assert_harmless(markdown.to_html(typed))


def assert_harmless(html: str) -> None:
    """Only the allowed tags, and no attribute but those of links."""
    for tag, attributes in re.findall(r"<\s*/?\s*([a-zA-Z][^\s>/]*)([^>]*)>", html):
        assert tag in ALLOWED, html
        assert re.fullmatch(r'(\s+(href|title|rel)="[^"]*")*\s*/?', attributes), html
        scheme = re.search(r'href="[\x00-\x20]*([a-zA-Z][a-zA-Z0-9+.-]*):', attributes)
        assert scheme is None or scheme[1].lower() in {"http", "https", "mailto"}, html


def test_tags_are_shown_as_they_were_typed() -> None:
    assert markdown.to_html("set <b>x</b> & <script>y</script>") == (
        "<p>set &lt;b&gt;x&lt;/b&gt; &amp; &lt;script&gt;y&lt;/script&gt;</p>\n"
    )


def test_the_short_way_says_what_the_long_way_says(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [line for text in [*OWN.values(), *big_list()] for line in (text, text.strip())]
    lines += [
        "1. a",
        "1) a",
        "- a",
        "+ a",
        "=== ",
        "a  b",
        " a",
        "a ",
        "rollback at 80 %, “done” (10:40) 'q' \"r\" a/b: c; d?",
    ]
    short = [markdown.to_html(line) for line in lines]
    monkeypatch.setattr(markdown, "_PLAIN", re.compile(r"(?!)"))
    assert short == [markdown.to_html(line) for line in lines]


def test_every_naughty_text_is_harmless() -> None:
    texts = [*OWN.values(), *big_list()]
    for text in texts:
        assert_harmless(markdown.to_html(text))
    assert_harmless(markdown.to_html("\n\n".join(texts)))


def test_what_is_nested_without_end_is_still_answered() -> None:
    for typed in ("> " * 5000 + "x", "*" * 20_000, "[" * 20_000, "- " * 3000 + "x", "`" * 20_001):
        assert_harmless(markdown.to_html(typed))
