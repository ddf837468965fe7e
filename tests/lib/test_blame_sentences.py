"""The blame lint on the sentences that docs/blame.md has figures of."""

from pathlib import Path

import pytest

from bench import honesty
from bench.honesty_data import (
    sentences,
    unseen,
    unseen_again,
    unseen_last,
    unseen_of_another,
    unseen_others,
    unseen_too,
)
from mim_portal.lib import blame_lint


def test_every_rule_has_sentences() -> None:
    for table in (
        sentences.PLANTED,
        unseen.PLANTED,
        unseen_too.PLANTED,
        unseen_again.PLANTED,
        unseen_last.PLANTED,
    ):
        assert set(table) == set(blame_lint.ALL_CODES)


def test_planted_blame_is_found_by_its_rule() -> None:
    assert honesty.planted(sentences.PLANTED)["missed"] == []
    for table in (
        unseen_too.PLANTED,
        unseen_again.PLANTED,
        unseen_last.PLANTED,
        unseen_others.PLANTED,
        unseen_of_another.PLANTED,
    ):
        assert honesty.planted(table)["found"] >= honesty.FOUND_GOAL


def test_a_sentence_that_no_rule_knows_is_told() -> None:
    found = honesty.planted({"B06": ("Naturally the cache filled again.", "Obviously it did.")})
    assert found["found"] == 0.5
    assert found["missed"] == [{"rule": "B06", "text": "Naturally the cache filled again."}]


@pytest.mark.parametrize(
    "text",
    [
        *sentences.CLEAN,
        *unseen.CLEAN,
        *unseen_too.CLEAN,
        *unseen_again.CLEAN,
        *unseen_others.CLEAN,
        *unseen_of_another.CLEAN,
        "The team found the file in the wrong folder.",
        "A user error page was shown to 2 percent of visitors.",
    ],
)
def test_sentences_without_blame_pass(text: str) -> None:
    assert honesty.clean((text,))["which"] == []


def test_a_report_counts_once_and_warnings_do_not(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("He ran it. Obviously.", encoding="utf-8")
    (tmp_path / "b.md").write_text("The root cause was a disk.", encoding="utf-8")
    found = honesty.reports(sorted(tmp_path.glob("*.md")))
    assert (found["reports"], found["flagged"], found["share"]) == (2, 1, 0.5)
    assert [place["marked"] for place in found["places"]] == ["He ran", "Obviously"]
