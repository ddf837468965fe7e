"""What stands in a file of a review."""

import io
import json
import zipfile
from typing import Any

import pypdf
from django.test import Client

from reviews.models import Review


def fetched(client: Client, review: Review, kind: str) -> bytes:
    """The file from its page."""
    answer = client.get(f"/reviews/{review.incident.reference}/export/{kind}/")
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return bytes(answer.content)


def pdf(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def pdf_text(content: bytes) -> str:
    """All words of all pages, in one line."""
    return " ".join(" ".join(page.extract_text() for page in pdf(content).pages).split())


def parts(content: bytes) -> dict[str, str]:
    """Every part of a DOCX that is text: the document, its footer, its properties, the addresses of its links."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))}


def everything(content: bytes, kind: str) -> str:
    """All that somebody could read out of the file, also beside its pages."""
    if kind == "docx":
        return "\n".join(parts(content).values())
    read = pdf(content)
    assert read.xmp_metadata is not None
    beside: list[Any] = [dict(read.metadata or {}), read.xmp_metadata.stream.get_data().decode()]
    links = [
        str(note.get_object()["/A"].get("/URI", ""))
        for page in read.pages
        for note in page.get("/Annots", [])
        if "/A" in note.get_object()
    ]
    return f"{pdf_text(content)}\n{json.dumps([*map(str, beside), *links])}"
