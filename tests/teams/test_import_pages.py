"""Handing a file in: templates, the dry run on a page, and the button that does exactly that."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from mim_portal.models import AuditEntry
from teams.models import CatalogueFile, Invitation, Person, Site
from teams.rules import table
from teams.rules.catalogue import COLUMNS, Kind
from teams.services.importing import files
from tests import factories

Browser = Callable[..., Client]
SITES = b"\xef\xbb\xbfSlug;Name;Fax\r\ndublin;Dublin;1\r\noslo;Oslo;2\r\n"


@pytest.fixture
def ada(cast: SimpleNamespace, signed_in: Browser) -> Client:
    return signed_in(cast.ada)


def hand_in(ada: Client, raw: bytes, *, kind: str = "sites", name: str = "sites.csv", **more: Any) -> Any:
    return ada.post("/settings/import/", {"kind": kind, "file": SimpleUploadedFile(name, raw), **more})


def shown(ada: Client, raw: bytes, **more: Any) -> tuple[str, str]:
    """Address and text of the dry run."""
    address = hand_in(ada, raw, **more)["Location"]
    return address, ada.get(address).content.decode()


def form_of(text: str) -> dict[str, str]:
    fields = dict(re.findall(r'<input type="hidden" name="(token|only_good)" value="([^"]*)"', text))
    assert fields["token"]
    return fields


def test_it_is_shown_first_and_then_done(ada: Client) -> None:
    address, text = shown(ada, SITES)
    assert "Nothing is written yet" in text
    assert "passed over: fax" in text
    assert not Site.objects.exists()
    done = ada.post(address, form_of(text), follow=True).content.decode()
    assert "2 created, 0 updated, 0 unchanged, 0 left out." in done
    assert "The file itself is not kept." in done
    assert Site.objects.count() == 2
    kept = CatalogueFile.objects.get()
    assert (bytes(kept.content), kept.counts["created"]) == (b"", 2)
    again = ada.post(address, form_of(text))
    assert again.status_code == 422
    assert "was applied" in again.content.decode()
    assert "2 created" in ada.get("/settings/import/").content.decode()


def test_what_is_wrong_stands_first_and_the_good_rows_can_go(ada: Client) -> None:
    address, text = shown(ada, b"slug,name\ndublin,Dublin\nx y,<script>alert(1)</script>\n")
    assert text.index("small letters") < text.index(">dublin<")
    assert "<script>alert" not in text
    plain = {"token": form_of(text)["token"]}
    refused = ada.post(address, plain)
    assert refused.status_code == 422
    assert "1 rows cannot be used" in refused.content.decode()
    assert "left out" in ada.post(address, form_of(text), follow=True).content.decode()
    assert Site.objects.get().slug == "dublin"


def test_what_changed_meanwhile_is_shown_again(ada: Client) -> None:
    factories.site(slug="dublin", name="Dublin")
    address, text = shown(ada, b"slug,headcount\ndublin,640\n")
    Site.objects.update(headcount=1)
    answer = ada.post(address, form_of(text))
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "Something was changed since this was shown" in body
    assert "1 → 640" in body
    assert (
        "640" in ada.post(address, form_of(body), follow=True).content.decode() or Site.objects.get().headcount == 640
    )
    assert Site.objects.get().headcount == 640


def test_people_are_invited_by_the_box(ada: Client) -> None:
    address, text = shown(ada, b"email,first_name\nniamh@example.org,Niamh\n", kind="people", invites="on")
    assert "Invited" in text
    assert "1 invitation is on its way." in ada.post(address, form_of(text), follow=True).content.decode()
    assert Invitation.objects.get().person.username == "niamh"


@pytest.mark.parametrize(
    ("raw", "words"),
    [(b"\xff", "not in UTF-8"), (b"name\nx\n", "lacks the column slug"), (b"\n\n", "empty")],
)
def test_a_file_that_cannot_be_read_says_why(ada: Client, raw: bytes, words: str) -> None:
    _address, text = shown(ada, raw)
    assert words in text
    assert "Nothing was written." in text
    assert 'name="token"' not in text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"kind": "sites"}, "required"),
        ({"kind": "emperors", "file": SimpleUploadedFile("x.csv", b"x")}, "valid choice"),
        ({"kind": "sites", "file": SimpleUploadedFile("x.csv", b"")}, "empty"),
        ({"kind": "sites", "file": SimpleUploadedFile("x.csv", b"x" * (table.MOST_BYTES + 1))}, "larger than 10 MB"),
    ],
)
def test_what_is_no_file_is_said(ada: Client, given: dict[str, Any], words: str) -> None:
    answer = ada.post("/settings/import/", given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not CatalogueFile.objects.exists()


def test_nothing_to_do_is_said(ada: Client) -> None:
    factories.site(slug="dublin", name="Dublin")
    _address, text = shown(ada, b"slug,name\ndublin,Dublin\n")
    assert "There is nothing to do." in text


def test_a_long_report_is_cut_and_whole_as_a_file(ada: Client) -> None:
    rows = "".join(f"s{number},=Site {number}\n" for number in range(250))
    address, text = shown(ada, f"slug,name\n{rows}x y,\n".encode())
    assert text.count("<tr>") == 201
    assert "51 more rows stand in the report." in text
    answer = ada.get(f"{address}report.csv")
    table_of = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert len(table_of) == 253
    assert table_of[0] == list(files.HEADINGS)
    assert [row[0] for row in table_of if row[2] == "refused"] == ["252", "252"]


def test_a_name_cannot_break_anything(ada: Client) -> None:
    address, text = shown(ada, SITES, name='"><script>alert(1)</script>\u202e.csv')
    assert "<script>alert" not in text
    assert "\u202e" not in CatalogueFile.objects.get().name
    assert ada.get(f"{address}report.csv")["Content-Disposition"] == 'attachment; filename="report-sites.csv"'


def test_a_file_is_forgotten_after_a_day(ada: Client, cast: SimpleNamespace) -> None:
    address, _text = shown(ada, SITES)
    CatalogueFile.objects.update(created_at=timezone.now() - timedelta(days=2))
    hand_in(ada, SITES)
    assert "Hand it in again" in ada.get(address).content.decode()
    assert ada.get(f"{address}report.csv").status_code == 404


@pytest.mark.parametrize("kind", list(Kind))
def test_templates_and_exports_are_files(ada: Client, kind: Kind) -> None:
    for address in (f"/settings/import/template/{kind}.csv", f"/settings/export/{kind}.csv"):
        answer = ada.get(address)
        body = b"".join(answer)
        assert body.startswith(b"\xef\xbb\xbf")
        assert answer["Cache-Control"] == "no-store"
        assert table.read(body).headings == tuple(column.name for column in COLUMNS[kind])
    assert AuditEntry.objects.get(verb="catalogue.exported").subject == kind.value


def test_a_kind_that_is_none_is_not_found(ada: Client) -> None:
    for address in ("/settings/export/emperors.csv", "/settings/import/template/x.csv", "/settings/import/999/"):
        assert ada.get(address).status_code == 404


@pytest.mark.parametrize("username", ["mia", "petra", "audra", "rosa", "olaf"])
def test_nobody_else_reads_or_writes_files(username: str, cast: SimpleNamespace, signed_in: Browser) -> None:
    browser = signed_in(getattr(cast, username))
    for address in ("/settings/import/", "/settings/export/people.csv", "/settings/export/contacts.csv"):
        assert browser.get(address).status_code == 403
    assert hand_in(browser, SITES).status_code == 403


def test_the_page_costs_the_same(ada: Client, django_assert_num_queries: Callable[..., Any]) -> None:
    for _ in range(12):
        hand_in(ada, SITES)
    with django_assert_num_queries(4):  # session, person, recent files, clock
        ada.get("/settings/import/")


# The command


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "people.csv"
    found.write_bytes(b"email,roles,hat\nniamh@example.org,responder,top\nx@example.org,emperor,\n")
    return found


def test_the_command_tries_first(db: None, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_catalogue", "people", str(path), "--dry-run")
    said = capsys.readouterr().out
    assert "row 3, roles: “emperor”: There is no role emperor" in said
    assert "passed over: hat" in said
    assert "2 rows: 1 created, 0 updated, 0 unchanged, 1 refused." in said
    assert said.endswith("Nothing was written.\n")
    assert not Person.objects.exists()


def test_the_command_imports_whole_or_good_rows(
    cast: SimpleNamespace, path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError, match="1 rows cannot be used"):
        call_command("import_catalogue", "people", str(path))
    report = tmp_path / "report.csv"
    call_command(
        "import_catalogue", "people", str(path), "--good-rows", "--invite", "--by", "ADA", "--report", str(report)
    )
    assert "1 invited." in capsys.readouterr().out
    assert Invitation.objects.get().invited_by == cast.ada
    assert "emperor" in report.read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["people", "nowhere.csv"], "cannot be read"),
        (["people", "{path}", "--by", "nobody"], "no active person nobody"),
        (["sites", "{path}"], "lacks the column slug. The file has: email, roles, hat. Nothing was imported"),
        (["people", "{path}", "--report", "/nowhere/x.csv"], "cannot be written"),
    ],
)
def test_the_command_says_what_is_wrong(db: None, path: Path, arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=re.escape(words) if "{" not in words else words):
        call_command("import_catalogue", *(one.format(path=path) for one in arguments))
    assert not Person.objects.exists()
