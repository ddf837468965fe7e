"""A review as PDF and DOCX: complete, accessible, data and never markup, nobody named."""

import io
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import docx
import pytest
from django.test import Client
from rest_framework.test import APIClient

from comms.queries.writing import languages
from incidents.choices import EntryKind
from mim_portal.models import AuditEntry, OrganisationSetting
from reviews.adapters import typesetting
from reviews.models import Review
from teams.models import Person
from tests import factories
from tests.factories import NOON
from tests.reviews import files, rows

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]
KINDS = ("pdf", "docx")


@pytest.fixture
def review(cast: SimpleNamespace) -> Review:
    """A full review: promises kept and late, teams, entries, a factor, an action."""
    incident = rows.incident(manager=cast.mia, title="Staff cannot submit timesheets")
    rows.kept(of=incident, author=cast.mia, due_at=NOON, at=NOON - timedelta(minutes=2))
    rows.kept(of=incident, author=cast.mia, due_at=NOON, at=NOON + timedelta(minutes=6))
    rows.entry(of=incident, kind=EntryKind.DECISION, text="Roll back to 4.1", actor=cast.rosa)
    made = rows.review(
        of=incident,
        sections={
            "summary": "Staff **could not** submit. Größe: 5 €.\n\n- first\n- second\n\n## More\n\n"
            "| a | b |\n|-|-|\n| 1 | 2 |",
            "detection": "Monitoring saw it at 09:20.",
        },
    )
    rows.factor(of=made, evidence_note="grafana/d/42")
    rows.action(of=made, owner=cast.rosa, measure="Alerts a month")
    return made


def test_the_pdf_says_everything(cast: SimpleNamespace, signed_in: Browser, review: Review) -> None:
    text = files.pdf_text(files.fetched(signed_in(cast.audra), review, "pdf"))
    for words in (
        "Review of " + review.incident.reference,
        "Not published: draft",
        "P1 critical",
        "Mon 23 Nov 2026, 09:00 (UTC+0)",
        "Staff could not submit. Größe: 5 €.",
        "store staff",
        "Roll back to 4.1",
        "Monitoring saw it",
        "The certificate’s expiry was watched by nobody.".replace("’", "'"),
        "Enabling condition",
        "Procedure",
        "Record: grafana/d/42",
        "Watch certificates from monitoring",
        "An engineer",
        "Wed 23 Dec 2026",
        "Intermediate",
        "1 promised update was late.",
        "1 of 2 on time",
    ):
        assert words in text, words


def test_the_pdf_is_accessible(cast: SimpleNamespace, signed_in: Browser, review: Review) -> None:
    """Tagged, with a title, a language, headings, header cells and a text for each chart."""
    read = files.pdf(files.fetched(signed_in(cast.mia), review, "pdf"))
    root: Any = read.root_object
    assert str(root["/MarkInfo"]["/Marked"]) == "True"
    assert root["/Lang"] == "en-GB"
    assert str(root["/ViewerPreferences"]["/DisplayDocTitle"]) == "True"
    assert read.metadata is not None
    assert read.metadata.title == f"Review of {review.incident.reference}: Staff cannot submit timesheets"
    found = list(elements(root["/StructTreeRoot"]))
    roles = [str(one.get("/S")) for one in found]
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/LI", "/Figure"} <= set(roles)
    alternatives = [str(one["/Alt"]) for one in found if one.get("/S") == "/Figure"]
    assert alternatives == [
        "How long each phase took. Impact started to detected: 5 min; Detected to declared: 5 min; "
        "Declared to service restored: 1 h; Service restored to resolved: 1 h.",
        "Promised updates by audience. End users: 1 of 2 on time.",
    ]


def test_the_file_is_in_the_organisations_language(cast: SimpleNamespace, signed_in: Browser, review: Review) -> None:
    """Else a German review is read aloud as if it were English, and every word of it is marked as wrong."""
    OrganisationSetting.objects.create(name=languages.LANGUAGE, value="de-DE")
    client = signed_in(cast.mia)
    root: Any = files.pdf(files.fetched(client, review, "pdf")).root_object
    assert root["/Lang"] == "de-DE"
    content = files.fetched(client, review, "docx")
    assert docx.Document(io.BytesIO(content)).core_properties.language == "de-DE"
    assert 'w:lang w:val="de-DE"' in files.parts(content)["word/styles.xml"]


def elements(node: Any) -> Any:
    """Every element of a PDF's structure."""
    children = node.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        child = child.get_object() if hasattr(child, "get_object") else child
        if isinstance(child, dict) and "/S" in child:
            yield child
            yield from elements(child)


def test_the_document_for_word_processors(cast: SimpleNamespace, signed_in: Browser, review: Review) -> None:
    content = files.fetched(signed_in(cast.mia), review, "docx")
    read = docx.Document(io.BytesIO(content))
    headings = [one.text for one in read.paragraphs if one.style is not None and one.style.name == "Heading 1"]
    assert headings == [
        *("At a glance", "Summary for everyone", "Timeline", "How it was detected", "Contributing factors"),
        *("Promises kept and missed", "Actions"),
    ]
    assert read.core_properties.title == f"Review of {review.incident.reference}: Staff cannot submit timesheets"
    assert read.core_properties.language == "en-GB"
    assert read.core_properties.author == "MIM Portal"
    xml = files.parts(content)["word/document.xml"]
    assert xml.count("<w:tblHeader/>") == len(read.tables) == 6
    factors = next(one for one in read.tables if one.cell(0, 0).text == "What contributed")
    assert factors.columns[0].width == pytest.approx(3 * factors.columns[1].width, rel=0.01)  # what is long has room
    assert factors.cell(1, 0).width == factors.columns[0].width
    assert 'descr="How long each phase took. Impact started to detected: 5 min;' in xml
    assert "List Bullet" in {one.style.name for one in read.paragraphs if one.style is not None}
    assert [one.text for one in read.paragraphs if "Größe" in one.text] == ["Staff could not submit. Größe: 5 €."]


NAUGHTY = (
    (
        '#read("/etc/passwd") #import "@preview/cetz:0.3.0" $x^2$ @label \\ #{panic()} <tag> `raw #x` '
        "[x](ftp://evil) "
        "\x00\x0b \ud83d"
    )
    .encode("utf-8", "replace")
    .decode()
)


@pytest.mark.parametrize("kind", KINDS)
def test_what_people_type_is_data(cast: SimpleNamespace, signed_in: Browser, review: Review, kind: str) -> None:
    """Signs of Typst, XML and JSON stand in the file as they were typed; nothing is read or run."""
    typed = NAUGHTY.replace("\x00", "")
    review.sections = {"summary": typed + '\n\n```\n#eval("1") $ \n```\n\n> #quote @x', "impact": "# [" * 40}
    review.save(update_fields=["sections"])
    rows.factor(of=review, statement='#include("x") $ @ref \\', evidence_note="#(")
    rows.action(of=review, owner=cast.rosa, title="#set page(width: 1pt)", done_means="$ #")
    review.incident.title = '#sys.inputs "quoted" \\" $'
    review.incident.save(update_fields=["title"])
    content = files.fetched(signed_in(cast.mia), review, kind)
    if kind == "docx":
        read = docx.Document(io.BytesIO(content))
        cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
        text = " ".join(" ".join([*(one.text for one in read.paragraphs), *cells]).split())
    else:
        text = files.pdf_text(content)
    for words in ('#read("/etc/passwd")', '#import "@preview/cetz:0.3.0"', "$x^2$ @label", '#eval("1") $', "#quote @x"):
        assert words in text, words
    for words in ('#include("x") $ @ref', "#set page(width: 1pt)", '#sys.inputs "quoted"', "raw #x", "<tag>"):
        assert words in text, words
    assert "root:" not in text
    assert "ftp:" not in files.everything(content, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_signs_of_other_scripts(cast: SimpleNamespace, signed_in: Browser, review: Review, kind: str) -> None:
    """Where no font has a sign, a picture is spelled and a letter is a box, and the reader is told; Word has them."""
    review.sections = {"summary": "Ærø Łódź Ελλάς Київ – “€” 🔥 障害 ✓ ≥ 3"}
    review.save(update_fields=["sections"])
    content = files.fetched(signed_in(cast.mia), review, kind)
    text = files.pdf_text(content) if kind == "pdf" else files.parts(content)["word/document.xml"]
    assert "Ærø Łódź Ελλάς Київ – “€”" in text
    if kind == "docx":
        assert "🔥 障害" in text
    else:
        assert "[fire]" in text or "🔥" in text  # a machine with more fonts shows more
        assert ("there is no font" in text) == ("□" in text or "[fire]" in text)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", ["draft", "published"])
def test_nobody_is_named(cast: SimpleNamespace, signed_in: Browser, review: Review, kind: str, state: str) -> None:
    """Planted everywhere: names, user names and addresses of everybody, in any case, across bold and in links."""
    people = list(Person.objects.all())
    full = ", ".join(f"{one.name} ({one.username}, @{one.username}, {one.email})" for one in people)
    marked = ". ".join(f"{one.first_name} **{one.last_name}**, [mail](mailto:{one.email})" for one in people)
    shouted = ". ".join(one.name.upper() for one in people)
    text = f"{full}\n\n{marked}\n\n- {shouted}\n\n`{full}`\n\n| a |\n|-|\n| {full} |\n\n```\n{full}\n```"
    review.sections = dict.fromkeys(("summary", "impact", "detection", "decisions", "response", "glossary"), text)
    review.facilitator, review.signed_off_by = cast.petra, cast.omar
    review.state, review.published_at = state, NOON
    review.save()
    rows.factor(of=review, statement=full, evidence_note=full[:500].rsplit(",", 1)[0])
    rows.action(of=review, owner=cast.rosa, title=full[:300].rsplit("(", 1)[0], done_means="Nils Example said so")
    for person in people:
        rows.entry(of=review.incident, kind=EntryKind.DECISION, text=f"{person.first_name} decides", actor=person)
        rows.entry(of=review.incident, kind=EntryKind.DECISION, text=f"as {person.name} and {person.email} agreed")
    review.incident.title = f"Timesheets, says {cast.rosa.name} <{cast.rosa.email}>"
    review.incident.save(update_fields=["title"])
    rows.engagement(of=review.incident, team=factories.team(name="Database", members=(cast.rosa,)), asked_by=cast.mia)
    content = files.fetched(signed_in(cast.mia), review, kind)
    found = files.everything(content, kind)
    for person in people:
        for planted in (person.name, person.name.upper(), person.email, f"@{person.username}"):
            assert planted not in found, planted
        if person.username not in {"eve"}:  # a first name that is a word too counts only with the surname
            words = files.pdf_text(content) if kind == "pdf" else files.parts(content)["word/document.xml"]
            assert f" {person.first_name} " not in words.replace(",", " ").replace(".", " "), person.first_name
            assert f"({person.username}" not in words, person.username
    assert "n engineer of Database" in found


def test_the_api_has_them_too(cast: SimpleNamespace, api: Callable[..., APIClient], review: Review) -> None:
    at = f"/api/v1/exports/reviews/{review.incident.reference}"
    for kind, start in (("pdf", b"%PDF-"), ("docx", b"PK")):
        answer = api(cast.audra).get(f"{at}.{kind}", HTTP_ACCEPT=typesetting.CONTENT_TYPES[kind])
        assert answer.status_code == 200
        assert answer["Content-Type"] == typesetting.CONTENT_TYPES[kind]
        assert answer["Content-Disposition"] == f'attachment; filename="{review.incident.reference}-review.{kind}"'
        assert answer["Cache-Control"] == "private, no-store"
        assert answer.content.startswith(start)
    assert api(cast.audra).get(f"{at}.odt").status_code == 404
    assert api(cast.audra).get("/api/v1/exports/reviews/MI-2026-9999.pdf").status_code == 404
    taken = AuditEntry.objects.filter(verb="review_exported", subject=review.incident.reference, actor=cast.audra)
    assert [row.data for row in taken.order_by("pk")] == [{"kind": "pdf"}, {"kind": "docx"}]


def test_who_may_not_see_the_incident(cast: SimpleNamespace, signed_in: Browser) -> None:
    hidden = rows.review(of=rows.incident(manager=cast.mia, is_private=True))
    address = f"/reviews/{hidden.incident.reference}/export/pdf/"
    assert signed_in(cast.omar).get(address).status_code == 404
    assert signed_in(cast.eve).get(address).status_code == 403
    assert signed_in(cast.mia).get(f"/reviews/{hidden.incident.reference}/export/odt/").status_code == 404
    text = files.pdf_text(files.fetched(signed_in(cast.mia), hidden, "pdf"))
    assert "Private: only for those who may see this incident." in text


def test_it_costs_a_fixed_number_of_queries(
    cast: SimpleNamespace, signed_in: Browser, review: Review, monkeypatch: Any, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(typesetting, "file", lambda document, *, kind: b"%PDF-")
    client, address = signed_in(cast.mia), f"/reviews/{review.incident.reference}/export/pdf/"
    for _ in range(3):
        rows.factor(of=review)
        rows.action(of=review, owner=cast.rosa)
        rows.entry(of=review.incident, kind=EntryKind.DECISION, text="Wait", actor=cast.mia)
        with django_assert_num_queries(QUERIES):
            assert client.get(address).status_code == 200


# session, person, review; the language; names: managers, members, log, review, people; record: versions, latest,
# promises, teams, messages, their audiences; factors, actions; entries with people and teams; the audit
QUERIES = 20


def test_too_long_for_a_file(cast: SimpleNamespace, signed_in: Browser, review: Review, monkeypatch: Any) -> None:
    monkeypatch.setattr(typesetting, "MOST_BYTES", 2000)
    answer = signed_in(cast.mia).get(f"/reviews/{review.incident.reference}/export/pdf/")
    assert answer.status_code == 409
    assert "too long for a file" in answer.content.decode()
    assert not AuditEntry.objects.filter(verb="review_exported").exists()


def test_a_press_that_hangs_or_fails(
    cast: SimpleNamespace, signed_in: Browser, api: Callable[..., APIClient], review: Review, monkeypatch: Any
) -> None:
    """The page comes back with the reason; the API answers 503."""
    monkeypatch.setattr(typesetting, "PATIENCE_SECONDS", 0.01)
    answer = signed_in(cast.mia).get(f"/reviews/{review.incident.reference}/export/pdf/")
    assert answer.status_code == 503
    assert "took too long to make" in answer.content.decode()
    monkeypatch.undo()
    monkeypatch.setattr(typesetting, "_PRESS", ("false",))
    client = api(cast.mia)
    client.raise_request_exception = False
    refused = client.get(f"/api/v1/exports/reviews/{review.incident.reference}.docx")
    assert (refused.status_code, refused.json()["code"]) == (503, "not_made")
