"""A document to be printed or opened in a word processor: what stands in it, never how it looks, as plain data.

Whatever people typed is text in here and nothing else; what sets the document takes it as data.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias

# Controls but for tab and line end, halves of surrogates, and code points that are no characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Words that look alike; a line end inside is a line end. `href` is http, https or mailto, or empty."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    href: str = ""


Spans: TypeAlias = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Level 1 is a section of the document; no level is left out on the way down."""

    level: int
    spans: Spans
    kind: str = field(default="heading", init=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    spans: Spans
    kind: str = field(default="paragraph", init=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list; each item is blocks of its own."""

    items: tuple[tuple["Block", ...], ...]
    ordered: bool = False
    start: int = 1
    kind: str = field(default="items", init=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    text: str
    kind: str = field(default="code", init=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    blocks: tuple["Block", ...]
    kind: str = field(default="quote", init=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows below a header row, all of one width; the first `narrow` columns take no more room than they need, the next
    takes `share` times as much as each of the others.
    """

    header: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]
    narrow: int = 0
    share: int = 1
    kind: str = field(default="table", init=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    kind: str = field(default="ruled", init=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Part of a bar: where it starts and how long it is, as shares of the whole; `late` has the other look."""

    start: float
    length: float
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One line of a chart: what it is about, its pieces, and the same in words."""

    label: str
    words: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars below each other; `alt` says in words all that they show."""

    alt: str
    bars: tuple[Bar, ...]
    legend: tuple[tuple[str, bool], ...] = ()  # words, and whether they are about late pieces
    kind: str = field(default="chart", init=False)


Block: TypeAlias = Heading | Paragraph | Items | Code | Quote | Table | Ruled | Chart


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """`unseen` is said at the end where characters stand for which there is no font."""

    title: str
    subject: str
    author: str
    language: str
    foot: str
    unseen: str
    page: str  # before the number of a page
    blocks: tuple[Block, ...]


def words(text: str, **look: Any) -> Spans:
    """A text as it is, in one look; nothing where it is empty."""
    shown = printable(text)
    return (Span(text=shown, **look),) if shown else ()


def paragraph(text: str, **look: Any) -> Paragraph:
    return Paragraph(spans=words(text, **look))


def heading(level: int, text: str) -> Heading:
    return Heading(level=level, spans=words(text))


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, narrow: int = 0, share: int = 1) -> Table:
    """A table of plain texts."""
    return Table(
        header=tuple(words(cell) for cell in header),
        rows=tuple(tuple(words(cell) for cell in row) for row in rows),
        narrow=narrow,
        share=share,
    )


def printable(text: str) -> str:
    """Without what no page and no file can hold; letters and their accents in one piece."""
    return unicodedata.normalize("NFC", _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def as_data(document: Document) -> dict[str, Any]:
    """For JSON."""
    return asdict(document)
