"""Duplicates and parts of incidents make trees that never lead back to where they started (domain.md 1.1)."""

from collections.abc import Mapping


def leads_back(parents: Mapping[int, int], *, start: int, to: int) -> bool:
    """Whether a link from `start` to `to` would close a circle: following the links from `to` arrives at `start`.

    `parents` says of each incident which one it is a duplicate or a part of; what is in a circle already ends the walk.
    """
    seen: set[int] = set()
    here: int | None = to
    while here is not None and here not in seen:
        if here == start:
            return True
        seen.add(here)
        here = parents.get(here)
    return False
