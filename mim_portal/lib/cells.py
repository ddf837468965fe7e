"""Cells of files that spreadsheets open: what starts like a formula is written as text."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def plain(value: str) -> str:
    """The value, behind an apostrophe where a spreadsheet would calculate it; a phone number begins with a plus too."""
    return f"'{value}" if value.lstrip(" ").startswith(_FORMULA) or value.startswith(_FORMULA) else value
