"""What a cadence may be."""

import pytest

from comms.rules.promises import policies


def minutes(first: int | None, every: int | None, later: int | None) -> dict[str, int | None]:
    return {"first_minutes": first, "every_minutes": every, "later_minutes": later}


@pytest.mark.parametrize("given", [(15, 30, 60), (1, 1, 1), (1440, 1440, 1440), (None, None, None), (30, 20, 10)])
def test_what_holds(given: tuple[int | None, int | None, int | None]) -> None:
    assert policies.fault(minutes(*given)) is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ((0, 30, 60), "first_minutes"), ((15, 1441, 60), "every_minutes"), ((15, 30, -1), "later_minutes"),
        ((None, 30, 60), "first_minutes"), ((15, None, None), "every_minutes"), ((15, 30, None), "later_minutes"),
    ],
)  # fmt: skip
def test_what_does_not(given: tuple[int | None, int | None, int | None], field: str) -> None:
    found = policies.fault(minutes(*given))
    assert found is not None
    assert found[0] == field


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((15, 30, 60), ""), ((15, 30, 30), ""), ((None, None, None), ""),
        ((15, 60, 30), "more often than before"), ((45, 30, 60), "first word comes later"),
    ],
)  # fmt: skip
def test_what_is_advised(given: tuple[int | None, int | None, int | None], words: str) -> None:
    assert (words in policies.advice(minutes(*given))) if words else policies.advice(minutes(*given)) == ""
