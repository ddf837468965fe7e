"""The labelled updates of bench.gate, without the language checker: so that neither they nor the rules rot unseen."""

from bench import gate
from bench.gate_data import updates


def test_no_clean_update_is_stopped_and_every_mistake_is() -> None:
    found = gate.measure(updates.clean()[::5], with_language=False)
    assert found["clean_updates"] >= 20
    assert found["clean_blocked"]["all"]["stopped"] == 0
    for mistake, counts in found["recall"].items():
        assert counts["all"]["of"] >= 20, mistake
        assert counts["all"]["share"] == 1, mistake


def test_each_clean_update_is_another_one() -> None:
    good = updates.clean()
    assert len({one.draft.body for one in good}) == len(good) >= 200
    assert {one.half for one in good} == {"tuning", "held out"}
    assert {one.draft.kind for one in good} >= {"initial", "update", "holding", "workaround", "restored", "correction"}


def test_a_mistake_changes_the_update_and_says_which() -> None:
    good = updates.clean()[:32]
    for bad in updates.planted(good):
        assert bad.draft != bad.clean.draft
        assert bad.codes
    assert list(updates.planted(good)) == list(updates.planted(good))
