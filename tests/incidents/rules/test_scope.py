"""Whether more is affected than before."""

import pytest

from incidents.rules.impact import Impact
from incidents.rules.scope import widened


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (("about 1,200", ""), ("about 2,400", ""), True),
        (("about 1,200", ""), ("about 300", ""), False),
        (("20 to 40", ""), ("30 to 40", ""), False),
        (("about 40", "Ireland"), ("about 40", "Ireland and Wales"), True),
        (("about 40", "Ireland and Wales"), ("about 40", "Ireland"), False),
        (("", "Ireland"), ("", "Wales"), False),
        (("", "Ireland"), ("", "Ireland; not affected: Wales"), False),
        (("unknown", ""), ("about 40", ""), False),
        (("40", "Ireland"), ("30", "Ireland and Wales"), False),
    ],
)
def test_widened(before: tuple[str, str], after: tuple[str, str], expected: bool) -> None:
    one, two = (Impact(count=count, where=where) for count, where in (before, after))
    assert widened(before=one, after=two) is expected
