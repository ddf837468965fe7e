import pytest

from teams.rules import readers


@pytest.mark.parametrize(
    ("username", "is_active", "expected"),
    [
        (readers.username("0123456789abcdef"), False, True),
        (readers.username("0123456789abcdef"), True, False),
        ("reader-of-news", False, False),
        ("reader-0123456789abc", False, False),
        ("mia", False, False),
    ],
)
def test_who_reads_by_a_link_alone(username: str, is_active: bool, expected: bool) -> None:
    assert readers.reads_by_link(username=username, is_active=is_active) is expected
