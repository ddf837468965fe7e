"""Markdown that people type, as blocks of a document: the same Markdown that pages show."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from markdown_it.tree import SyntaxTreeNode

from mim_portal.lib import documents, markdown
from mim_portal.lib.documents import Block, Code, Heading, Items, Paragraph, Quote, Ruled, Span, Spans, Table

_SCHEMES = frozenset({"http", "https", "mailto"})
_LONGEST_CELL_ROW = 40  # columns; wider tables are no tables on paper
DEEPEST = 12  # lists in lists and quotes in quotes; what lies deeper is shown as it was typed


def blocks(text: str, *, below: int) -> tuple[Block, ...]:
    """The blocks of `text`; its headings follow one below the other from below the level `below` on."""
    tree = SyntaxTreeNode(markdown.tokens(documents.printable(text)))
    return tuple(_levelled(_blocks(tree.children, 0), below=below))


def _blocks(nodes: Iterable[SyntaxTreeNode], depth: int) -> Iterator[Block]:
    for node in nodes:
        block = _block(node, depth)
        if block is not None:
            yield block


def _block(node: SyntaxTreeNode, depth: int) -> Block | None:
    if node.type == "heading":
        return Heading(level=int(node.tag[1:]), spans=_inline(node))
    if node.type == "paragraph":
        return Paragraph(spans=_inline(node))
    if node.type in {"fence", "code_block"}:
        return Code(text=node.content.rstrip("\n"))
    if node.type == "hr":
        return Ruled()
    if node.type == "table":
        return _table(node)
    if depth >= DEEPEST:
        return documents.paragraph(_plain(node))
    if node.type == "blockquote":
        return Quote(blocks=tuple(_blocks(node.children, depth + 1)))
    if node.type in {"bullet_list", "ordered_list"}:
        return Items(
            ordered=node.type == "ordered_list",
            start=int(node.attrs.get("start", 1)),
            items=tuple(tuple(_blocks(item.children, depth + 1)) for item in node.children),
        )
    return None


def _table(node: SyntaxTreeNode) -> Table | None:
    rows = [
        tuple(_inline(cell) for cell in row.children[:_LONGEST_CELL_ROW])
        for part in node.children
        for row in part.children
    ]
    return Table(header=rows[0], rows=tuple(rows[1:])) if rows else None


def _levelled(found: Iterable[Block], *, below: int) -> Iterator[Block]:
    """Headings as deep as they were typed, but none deeper than one below the heading before it."""
    known: list[int] = []
    for block in found:
        if not isinstance(block, Heading):
            yield block
            continue
        while known and known[-1] >= block.level:
            known.pop()
        known.append(block.level)
        yield Heading(level=min(below + len(known), 6), spans=block.spans)


def _inline(node: SyntaxTreeNode) -> Spans:
    spans = [span for child in node.children for span in _spans(child.children if child.type == "inline" else [child])]
    return tuple(_joined(spans))


def _spans(nodes: Sequence[SyntaxTreeNode], **look: Any) -> Iterator[Span]:
    for node in nodes:
        if node.type == "strong":
            yield from _spans(node.children, **look | {"bold": True})
        elif node.type == "em":
            yield from _spans(node.children, **look | {"italic": True})
        elif node.type == "link":
            yield from _spans(node.children, **look | {"href": _address(str(node.attrs.get("href", "")))})
        elif node.type == "image":
            yield from documents.words(node.content, **look)
        elif node.type == "code_inline":
            yield from documents.words(node.content, **look | {"code": True})
        elif node.type in {"softbreak", "hardbreak"}:
            yield Span(text="\n", **look)
        else:
            yield from documents.words(node.content, **look)


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Neighbours of one look as one, so that a name is never cut in two by an escape."""
    last: Span | None = None
    for span in spans:
        if last is not None and _look(last) == _look(span):
            last = Span(text=last.text + span.text, **_look(last))
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def _look(span: Span) -> dict[str, Any]:
    return {"bold": span.bold, "italic": span.italic, "code": span.code, "href": span.href}


def _address(href: str) -> str:
    """Links open nothing but http, https and mailto, as on pages."""
    try:
        return href if urlsplit(href).scheme.lower() in _SCHEMES else ""
    except ValueError:
        return ""


def _plain(node: SyntaxTreeNode) -> str:
    return " ".join(part.content for part in node.walk() if part.type == "text")
