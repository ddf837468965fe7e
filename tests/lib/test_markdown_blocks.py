"""Markdown as blocks of a document: what pages show, and no more."""

import pytest

from mim_portal.lib import documents, markdown_blocks
from mim_portal.lib.documents import Block, Code, Heading, Items, Paragraph, Quote, Ruled, Span, Table


def blocks(text: str, below: int = 1) -> tuple[Block, ...]:
    return markdown_blocks.blocks(text, below=below)


def spans(text: str) -> tuple[Span, ...]:
    (found,) = blocks(text)
    assert isinstance(found, Paragraph)
    return found.spans


def test_looks_of_words() -> None:
    assert spans("a **b *c*** `d`") == (
        Span(text="a "),
        Span(text="b ", bold=True),
        Span(text="c", bold=True, italic=True),
        Span(text=" "),
        Span(text="d", code=True),
    )


def test_line_ends_stay() -> None:
    assert spans("one\ntwo") == (Span(text="one\ntwo"),)


def test_links_open_nothing_but_web_and_mail() -> None:
    assert spans("[x](https://example.org/?a=1)") == (Span(text="x", href="https://example.org/?a=1"),)
    assert spans("[x](mailto:a@example.org)") == (Span(text="x", href="mailto:a@example.org"),)
    for address in ("ftp://a", "/reviews/", "tel:1"):
        assert spans(f"[x]({address})") == (Span(text="x"),), address
    assert spans("[x](javascript:alert)") == (Span(text="[x](javascript:alert)"),)


def test_tags_are_words_and_pictures_their_text() -> None:
    assert spans("<b>x</b> ![a map](https://example.org/x.png)") == (Span(text="<b>x</b> a map"),)


def test_an_escape_cuts_no_name() -> None:
    assert spans(r"Rosa\_Example & Co") == (Span(text="Rosa_Example & Co"),)


def test_blocks_of_every_kind() -> None:
    found = blocks("- a\n- b\n\n3. c\n\n> q\n\n```\nx = 1\n```\n\n---\n\n| a | b |\n|-|-|\n| 1 |")
    a, b, c, q = (documents.paragraph(text) for text in "abcq")
    assert found == (
        Items(items=((a,), (b,))),
        Items(items=((c,),), ordered=True, start=3),
        Quote(blocks=(q,)),
        Code(text="x = 1"),
        Ruled(),
        Table(header=(documents.words("a"), documents.words("b")), rows=((documents.words("1"), ()),)),
    )


@pytest.mark.parametrize(
    ("typed", "levels"),
    [
        ("#### a", [2]),
        ("# a\n## b\n#### c\n## d\n# e", [2, 3, 4, 3, 2]),
        ("### a\n# b\n## c", [2, 2, 3]),
        ("# a\n## b\n### c\n#### d\n##### e\n###### f", [2, 3, 4, 5, 6, 6]),
    ],
)
def test_headings_leave_no_level_out(typed: str, levels: list[int]) -> None:
    assert [block.level for block in blocks(typed) if isinstance(block, Heading)] == levels


def test_what_lies_too_deep_is_flat() -> None:
    (found,) = blocks("> " * 15 + "down here")
    depth = 0
    while isinstance(found, Quote):
        depth, (found,) = depth + 1, found.blocks
    assert depth == markdown_blocks.DEEPEST
    assert found == documents.paragraph("down here")


def test_what_no_page_can_hold_is_left_out() -> None:
    assert documents.printable("a\x00\x0b\ud83d\ufffe\tb\r\nc\rd\u0308") == "a\tb\nc\nd\u0308"
    assert documents.printable("u\u0308") == "ü"
