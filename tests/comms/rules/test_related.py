"""Services that hang together."""

from comms.rules.checking.services import related

NEEDS = (
    ("Web shop", "Sign-in"),
    ("Sign-in", "Directory"),
    ("MyHR", "Sign-in"),
    ("A", "B"),
    ("B", "A"),
)


def test_what_needs_it_and_what_it_needs_through_others() -> None:
    assert related.services(NEEDS, of="Sign-in") == {"Web shop", "MyHR", "Directory"}
    assert related.services(NEEDS, of="Directory") == {"Sign-in", "Web shop", "MyHR"}


def test_what_only_needs_the_same_is_not_related() -> None:
    assert related.services(NEEDS, of="MyHR") == {"Sign-in", "Directory"}


def test_a_circle_ends_and_what_is_alone_is_alone() -> None:
    assert related.services(NEEDS, of="A") == {"B"}
    assert related.services(NEEDS, of="Payroll") == frozenset()
