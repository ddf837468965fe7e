"""Names out, roles in: as they are written, across looks, and in the addresses of links."""

import pytest

from mim_portal.lib import documents
from mim_portal.lib.documents import Document, Paragraph, Span
from reviews.rendering import protection

PHRASES = {
    "Rosa Lindqvist": "an engineer",
    "Rosa": "an engineer",
    "@rosa": "an engineer",
    "rosa": "an engineer",
    "rosa@example.org": "an engineer",
    "Mark": "the deputy",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("Nobody is here.", "Nobody is here."),
        ("Then Rosa Lindqvist did. Rosa too", "Then an engineer did. An engineer too"),
        ("by ROSA  LINDQVIST's or Rosa\nLindqvist", "by an engineer's or an engineer"),
        ("mail ROSA@Example.org or @rosa, (rosa)", "mail an engineer or an engineer, (an engineer)"),
        ("Mark it: the mark of rosary and Rosalind", "The deputy it: the mark of rosary and Rosalind"),
        ("ROSA is a system", "ROSA is a system"),
    ],
)
def test_names_become_roles(text: str, expected: str) -> None:
    assert protection.as_roles(text, PHRASES) == expected


def document(*spans: Span) -> Document:
    return Document(
        title="By Rosa",
        subject="",
        author="",
        language="en",
        foot="",
        unseen="",
        page="",
        blocks=(Paragraph(spans=spans),),
    )


def protected(*spans: Span) -> tuple[Span, ...]:
    made = protection.without_names(document(*spans), PHRASES)
    assert made.title == "By an engineer"
    (block,) = made.blocks
    assert isinstance(block, Paragraph)
    return block.spans


def test_a_name_across_looks() -> None:
    found = protected(
        Span(text="So Rosa "), Span(text="Lindqvist", bold=True), Span(text=" restarted, rosa", code=True)
    )
    assert found == (Span(text="So an engineer"), Span(text=" restarted, an engineer", code=True))


def test_links_that_name_somebody_open_nothing() -> None:
    kept = Span(text="the page", href="https://example.org/wiki")
    for href in ("mailto:rosa@example.org", "mailto:rosa%40example.org", "https://example.org/people/rosa"):
        assert protected(Span(text="mail", href=href), kept) == (Span(text="mail"), kept), href


def test_only_what_the_texts_need_is_looked_for() -> None:
    assert protection.narrowed(PHRASES, ["About ROSA\nlindqvist"]).keys() == {"Rosa Lindqvist", "Rosa", "rosa"}
    assert documents.words("") == ()
