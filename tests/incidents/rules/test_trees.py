import pytest

from incidents.rules import trees


@pytest.mark.parametrize(
    ("parents", "start", "to", "expected"),
    [
        ({}, 1, 2, False),
        ({2: 1}, 1, 2, True),
        ({2: 3, 3: 1}, 1, 2, True),
        ({2: 3, 3: 4}, 1, 2, False),
        ({2: 3, 3: 2}, 1, 2, False),  # a circle that was there before ends the walk
        ({}, 1, 1, True),
    ],
)
def test_a_link_never_leads_back_to_its_start(parents: dict[int, int], start: int, to: int, expected: bool) -> None:
    assert trees.leads_back(parents, start=start, to=to) is expected
