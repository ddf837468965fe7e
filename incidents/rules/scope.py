"""Whether more is affected than before, as far as the words of two statements tell."""

import re

from incidents.rules.impact import Impact, known

_NUMBER = re.compile(r"\d+(?:[,.\u202f\u00a0 ]\d{3})*")


def widened(*, before: Impact, after: Impact) -> bool:
    """A larger number, or the same places and more. What cannot be compared is not called wider: it wakes people."""
    earlier, later = _largest(before.count), _largest(after.count)
    if earlier is not None and later is not None and earlier != later:
        return later > earlier
    return _places(before) < _places(after)


def _largest(count: str) -> int | None:
    numbers = [int(re.sub(r"\D", "", number)) for number in _NUMBER.findall(known(count))]
    return max(numbers, default=None)


def _places(impact: Impact) -> frozenset[str]:
    """The words of where, without what is not affected."""
    where = re.split(r"\bnot affected\b", known(impact.where).lower())[0]
    return frozenset(re.findall(r"\w{3,}", where)) - {"and", "the", "all"}
