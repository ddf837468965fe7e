"""Words for formats that have no place for control characters."""

import pytest

from mim_portal.lib import printable


@pytest.mark.parametrize(
    ("text", "xml", "calendar"),
    [
        ("Payroll – “höher”\n\tagain", "Payroll – “höher”\n\tagain", "Payroll – “höher”\n\tagain"),
        ("a\x00\x08\x0b\x1fb", "ab", "ab"),
        ("a\x7fb", "a\x7fb", "ab"),
        ("a\r\nb\rc", "a\r\nb\rc", "a\nb\nc"),
        ("a\ufffe\uffffb", "ab", "a\ufffe\uffffb"),
    ],
)
def test_what_a_format_cannot_hold_is_left_out(text: str, xml: str, calendar: str) -> None:
    assert printable.in_xml(text) == xml
    assert printable.in_calendar(text) == calendar
