"""The organisation's own words: as files, and by the API."""

import html
import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from mim_portal.models import AuditEntry
from teams.models import GlossaryTerm, Person
from teams.queries import lists
from teams.rules.catalogue import Kind
from tests.teams.import_kit import dry, problems, take

pytestmark = pytest.mark.django_db
FILE = "word,meaning,plain\nBACS,the bank transfer of wages,no\nPayslip Online,,yes\n"


def test_a_file_adds_and_changes_words_and_removes_none(cast: SimpleNamespace) -> None:
    GlossaryTerm.objects.create(term="Stays", added_by=cast.ada)
    assert take(Kind.WORDS, FILE).counts["created"] == 2
    assert dry(Kind.WORDS, FILE).counts["unchanged"] == 2
    report = take(Kind.WORDS, "term,plain\nbacs,yes\n")
    assert report.counts["updated"] == 1
    stored = dict(GlossaryTerm.objects.values_list("term", "is_plain"))
    assert stored == {"bacs": True, "Payslip Online": True, "Stays": False}
    assert GlossaryTerm.objects.get(term="bacs").meaning == "the bank transfer of wages"


def test_a_row_without_its_word_or_with_one_twice_is_refused() -> None:
    text = "term,plain\nBACS,no\nbacs,no\n,yes\nX,perhaps\n"
    assert sorted((number, column) for number, column, _words in problems(dry(Kind.WORDS, text))) == [
        (3, ""),
        (4, "term"),
        (5, "plain"),
    ]


def test_the_list_is_found_as_the_glossary_too(cast: SimpleNamespace, signed_in: Callable[[Person], Client]) -> None:
    ada = signed_in(cast.ada)
    assert ada.get("/settings/glossary/")["Location"] == "/settings/words/"
    page = ada.get("/settings/words/").content.decode()
    assert "/settings/export/words.csv" in page
    assert "?kind=words" in page


def test_the_api_keeps_words(cast: SimpleNamespace, api: Callable[..., APIClient]) -> None:
    client = api(cast.ada)
    made = client.post("/api/v1/glossary/", {"term": "BACS", "meaning": "wages"}, format="json")
    assert (made.status_code, made.json()["is_plain"]) == (201, False)
    address = f"/api/v1/glossary/{made.json()['id']}/"
    assert client.post("/api/v1/glossary/", {"term": "bacs"}, format="json").status_code == 400
    assert client.patch(address, {"is_plain": True}, format="json", HTTP_IF_MATCH='"old"').status_code == 412
    assert client.patch(address, {"is_plain": True}, format="json", HTTP_IF_MATCH=made["ETag"]).json()["is_plain"]
    found = api(cast.mia).get("/api/v1/glossary/?q=wages").json()["results"]
    assert [row["term"] for row in found] == ["BACS"]
    assert api(cast.mia).post("/api/v1/glossary/", {"term": "X"}, format="json").status_code == 403
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "word.added",
        "word.changed",
        "word.removed",
    ]


def test_capitals_make_no_difference_to_the_order(
    cast: SimpleNamespace,
    api: Callable[..., APIClient],
    signed_in: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ordered = ["apron", "back office", "BACS", "Zebra", "zone"]
    GlossaryTerm.objects.bulk_create([GlossaryTerm(term=term) for term in reversed(ordered)])
    monkeypatch.setattr("teams.views.catalogue.PAGE", 2)
    ada, seen, address = signed_in(cast.ada), list[str](), "/settings/words/"
    while address:
        page = ada.get(address).content.decode()
        seen += re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = "/settings/words/" + html.unescape(following[1]) if following else ""
    assert seen == ordered
    client, seen, following_page = api(cast.mia), [], "/api/v1/glossary/?page_size=2"
    while following_page:
        answer = client.get(following_page).json()
        seen, following_page, before = seen + [row["term"] for row in answer["results"]], answer["next"], answer
    assert seen == ordered
    assert [row["term"] for row in client.get(before["previous"]).json()["results"]] == ordered[2:4]
    file = ada.get("/settings/export/words.csv").getvalue().decode()
    assert [line.split(",")[0] for line in file.splitlines()[1:]] == ordered


def test_the_order_has_an_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off")
    assert "term_once_in_any_case" in lists.rows("words").filter(folded__gt="m")[:51].explain()
