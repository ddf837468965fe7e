from dataclasses import replace
from typing import Any

import pytest

from comms.rules import content_hash, texts
from comms.rules.checking import checks
from comms.rules.texts import Text
from tests.comms.rules.kit import NEXT, NOW, draft

CORE = Text(subject="staff cannot pay", body="Use the paper form.")
OWN = {"executives": {"subject": "", "body": "Four lines."}, "technical": {"subject": "tills refuse cards", "body": ""}}


@pytest.mark.parametrize(
    ("audience", "subject", "body"),
    [
        ("executives", "staff cannot pay", "Four lines."),
        ("technical", "tills refuse cards", "Use the paper form."),
        ("public", "staff cannot pay", "Use the paper form."),
    ],
)
def test_each_audience_reads_its_own_words_and_the_core_texts_where_it_has_none(
    audience: str, subject: str, body: str
) -> None:
    assert texts.read_by(CORE, OWN, audience=audience) == Text(subject=subject, body=body)


def test_only_texts_of_chosen_audiences_count() -> None:
    assert set(texts.adapted(CORE, OWN, audiences=["executives", "public"])) == {"executives"}
    assert texts.readers_of_core(OWN, audiences=["executives", "public", "end_users"]) == ("public", "end_users")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"public": {"subject": " a ", "body": " b\n"}}, {"public": {"subject": "a", "body": "b"}}),
        ({"public": {"subject": " ", "body": None}}, {}),
        ({"public": {}}, {}),
        ({"public": {"body": "b", "colour": "red"}}, {"public": {"subject": "", "body": "b"}}),
    ],
)
def test_what_is_stored_says_something(given: dict[str, Any], kept: dict[str, Any]) -> None:
    assert texts.cleaned(given) == kept


def test_every_adapted_word_is_in_the_fingerprint() -> None:
    def of(adapted: dict[str, Text] | None) -> str:
        return content_hash.of(
            kind="update",
            audiences=["public", "executives"],
            subject="s",
            body="b",
            next_update_at=NEXT,
            adapted=adapted,
        )

    prints = [
        of(given)
        for given in (
            {"executives": Text("s", "c")},
            {"executives": Text("t", "c")},
            {"public": Text("s", "c")},
            {"executives": Text("s", "c"), "public": Text("s", "c")},
        )
    ]
    assert len({of(None), *prints}) == 5
    assert of({}) == of(None)


def test_each_text_is_checked_for_its_own_readers() -> None:
    whole = draft(audiences=("technical", "public"), next_update_at=None)
    host = replace(whole, audiences=("technical",), body=whole.body + " It is db-prod-01.")
    found = checks.check_all(whole, {"": replace(whole, audiences=("public",)), "technical": host}, now=NOW)
    assert [(each.code, each.audience) for each in found] == [("C01", "")]
    leaked = replace(whole, audiences=("public",), body=host.body)
    found = checks.check_all(whole, {"": leaked, "technical": host}, now=NOW)
    assert ("C05", "") in {(each.code, each.audience) for each in found}
    assert not [each for each in found if each.audience == "technical"]


def test_one_text_is_checked_as_ever() -> None:
    whole = draft(body="[NAME] is on it.")
    assert checks.check_all(whole, {"": whole}, now=NOW) == checks.check(whole, now=NOW)


def test_the_same_mistake_in_two_texts_is_named_twice() -> None:
    whole = draft(audiences=("technical", "public"))
    wrong = replace(whole, body=whole.body + " [NAME] is on it.")
    found = checks.check_all(
        whole,
        {"": replace(wrong, audiences=("public",)), "technical": replace(wrong, audiences=("technical",))},
        now=NOW,
    )
    assert [each.audience for each in found if each.code == "C10"] == ["", "technical"]
