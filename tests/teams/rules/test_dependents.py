"""What hangs on somebody is good to know, unless it must be settled first."""

from teams.rules.dependents import Dependent


def test_nothing_blocks_unless_it_says_so() -> None:
    named = Dependent(text="leads a workstream of MI-2026-0001")
    assert (named.text, named.href, named.is_blocking) == ("leads a workstream of MI-2026-0001", "", False)
    assert Dependent(text="is the last administrator", is_blocking=True) != Dependent(text="is the last administrator")
