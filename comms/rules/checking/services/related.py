"""Which services hang together: what fails with one of them may fail because of it."""

from collections import defaultdict
from collections.abc import Iterable


def services(needs: Iterable[tuple[str, str]], *, of: str) -> frozenset[str]:
    """All that need this service and all that it needs, through however many others; `needs` are (service, needed)."""
    upward: dict[str, set[str]] = defaultdict(set)
    downward: dict[str, set[str]] = defaultdict(set)
    for one, needed in needs:
        upward[needed].add(one)
        downward[one].add(needed)
    return (_reached(upward, of) | _reached(downward, of)) - {of}


def _reached(ways: dict[str, set[str]], begin: str) -> frozenset[str]:
    found, open_ends = {begin}, [begin]
    while open_ends:
        new = ways.get(open_ends.pop(), set()) - found
        found |= new
        open_ends += new
    return frozenset(found)
