"""Whatever is typed into a page is kept as it was typed and shown as words, or refused at its field; never a 500."""

import html
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.forms.forms import BaseForm
from django.test import Client

from teams.models import Person
from tests.naughty import forms
from tests.naughty.cases import NO_LIMIT
from tests.naughty.test_every_field import FIELDS
from tests.naughty.texts import NUL, NUL_WORDS, OWN, big_list

Browser = Callable[[Person], Client]


def stored() -> str:
    """Every word that this test's transaction has left in the tables of the portal's own apps."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            " AND table_name ~ '^(teams|incidents|comms|reviews|mim_portal)_' AND table_name != 'comms_pagesnapshot'"
        )
        tables = [row[0] for row in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f'SELECT to_jsonb(t) FROM "{table}" AS t')
            found += [text for row in cursor.fetchall() for text in texts_of(json.loads(row[0]))]
    return "\n".join(found)


def texts_of(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for inner in value.values() for text in texts_of(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in texts_of(inner)]
    return []


def landed(client: Client, answer: Any) -> str:
    """The page that the person sees after sending the form."""
    if answer.status_code == 302:
        answer = client.get(answer["Location"])
    assert answer.status_code in {200, 409, 422}
    return str(answer.content.decode())


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside never happened: each form begins in the same world."""
    point = transaction.savepoint()
    yield
    transaction.savepoint_rollback(point)


@pytest.mark.parametrize("part", forms.PARTS)
def test_what_cannot_be_kept_is_refused_at_its_field_and_never_cut(
    part: str, world: SimpleNamespace, cast: SimpleNamespace, signed_in: Browser
) -> None:
    """A null character, which PostgreSQL has no place for; and one character more than the column holds."""
    for name, case in forms.pages(part, world, cast).items():
        client = signed_in(getattr(cast, case.by))
        with undone():
            forms.prepare(name, world, cast)
            for field, longest in case.longest().items():
                answer = client.post(case.url, case.filled(**{field: NUL}))
                assert (answer.status_code, NUL_WORDS in answer.content.decode()) == (422, True), (name, field)
                if longest == NO_LIMIT:
                    continue
                answer = client.post(case.url, case.filled(**{field: "é" * (longest + 1)}))
                assert answer.status_code == 422, (name, field)
                assert re.search(rf"at most {longest}|under {longest}", answer.content.decode()), (name, field)
    assert "ééé" not in stored()


# The largest text of every field: words of all kinds, then what fills it up.
NAUGHTY = f"{OWN['script']} {OWN['emoji']} " + " ".join(text for key, text in OWN.items() if key != "header")
HARM = re.compile(r"<script>alert\(1|<img src=x onerror|</select></p><img|<[a-z][^<>]*onmouseover=\"alert")


@pytest.mark.parametrize("part", forms.PARTS)
def test_naughty_words_are_kept_as_typed_and_shown_as_words(
    part: str, world: SimpleNamespace, cast: SimpleNamespace, signed_in: Browser
) -> None:
    for name, case in forms.pages(part, world, cast).items():
        if name in {"override", "task line"}:  # whose words name something else
            continue
        client = signed_in(getattr(cast, case.by))
        given = {
            field: NAUGHTY[:120].strip() if name == "profile" else f"{NAUGHTY} {'é' * 5000}"[: min(longest, 5000)]
            for field, longest in case.texts.items()
        }
        if name == "section":
            given["base"] = SECTION
        with undone():
            forms.prepare(name, world, cast)
            shown = landed(client, client.post(case.url, case.filled(**given)))
            kept = stored()
        if case.is_folded:
            given, kept = {field: folded(text) for field, text in given.items()}, folded(kept)
        assert [field for field, text in given.items() if text.strip() not in kept and field != "base"] == [], name
        assert HARM.search(shown) is None, name


def folded(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("part", forms.PARTS)
def test_no_name_of_something_else_breaks_a_page(
    part: str, world: SimpleNamespace, cast: SimpleNamespace, signed_in: Browser
) -> None:
    """An address, a code or an incident is taken or refused in words; what was typed is shown as words."""
    for name, case in forms.pages(part, world, cast).items():
        client = signed_in(getattr(cast, case.by))
        for field, (longest, _right) in case.named.items():
            for text in ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', NAUGHTY, "\u202e", "%", "=1"]:
                with undone():
                    forms.prepare(name, world, cast)
                    shown = landed(client, client.post(case.url, case.filled(**{field: text[:longest]})))
                assert HARM.search(shown) is None, (name, field)


# Whose words nobody posts by a page of this walk, and why.
NOT_POSTED = {
    "teams.forms.files.ApplyForm": "a token that the page before it made",
    "teams.forms.people.FirstPasswordForm": "passwords, which are shown nowhere",
    "teams.forms.people.PeopleFilterForm": "asked by an address",
    "incidents.forms.listing.FilterForm": "asked by an address",
    "reviews.forms.LibraryForm": "asked by an address",
}


def test_every_form_of_words_is_posted(
    world: SimpleNamespace, cast: SimpleNamespace, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A form that has no case here would be tried by nobody."""
    bound: set[type[BaseForm]] = set()
    clean = BaseForm.full_clean

    def noted(form: BaseForm) -> None:
        if form.is_bound:
            bound.update(type(form).__mro__)
        clean(form)

    monkeypatch.setattr(BaseForm, "full_clean", noted)
    for part in forms.PARTS:
        for name, case in forms.pages(part, world, cast).items():
            with undone():
                forms.prepare(name, world, cast)
                answer = signed_in(getattr(cast, case.by)).post(case.url, case.filled())
            assert answer.status_code in {200, 302, 409, 422}, name
    with_words = {name.rpartition(".")[0] for name in FIELDS}
    posted = {f"{form.__module__}.{form.__name__}" for form in bound}
    assert with_words - posted == set(NOT_POSTED)


SECTION = "Staff could not submit timesheets."  # what the world's review holds before it is written


@pytest.mark.skipif(not big_list(), reason="the shared list of naughty strings is not beside the repository")
def test_the_big_list_is_kept_and_shown(world: SimpleNamespace, cast: SimpleNamespace, signed_in: Browser) -> None:
    """In handfuls, to the fields that hold the most."""
    texts = [text for text in big_list() if text.strip() and len(text) <= 300]
    assert len(texts) > 450
    for part, name, field, size in FIELDS_OF_THE_BIG_LIST:
        case = forms.pages(part, world, cast)[name]
        client = signed_in(getattr(cast, case.by))
        handfuls = [" | ".join(texts[start : start + size]) for start in range(0, len(texts), size)]
        for handful in handfuls:
            answer = client.post(case.url, case.filled(**{field: handful}, **current(name, world)))
            assert answer.status_code == 302, (name, handful)
        kept = stored()
        assert [handful for handful in handfuls[-1:] if handful.strip() not in kept] == [], name
        shown = landed(client, answer)
        assert "<script>alert(" not in shown
        assert handfuls[-1][:12] in html.unescape(shown)


# Of which some keep the last handful only; all of them show it.
FIELDS_OF_THE_BIG_LIST = (
    ("room", "note", "text", 50),
    ("messages", "compose", "body", 300),
    ("desk", "raise", "cannot_do", 50),
    ("review", "section", "text", 300),
    ("review", "profile", "know", 25),
)


def current(name: str, world: SimpleNamespace) -> dict[str, Any]:
    """What a browser sends along that changes with every save."""
    if name == "compose":
        world.unsent.refresh_from_db()
        return {"revision": world.unsent.revision}
    if name == "section":
        review = type(world.factor.review).objects.get(pk=world.factor.review_id)
        return {"base": review.sections["summary"]}
    return {}
