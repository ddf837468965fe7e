"""Cells of files that spreadsheets open: what starts like a formula is written as text."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def plain(value: str) -> str:
    """The value, behind an apostrophe where a spreadsheet would calculate it; a phone number begins with a plus too."""
    return f"'{value}" if value.lstrip(" ").startswith(_FORMULA) or value.startswith(_FORMULA) else value


def quoted(value: str) -> str:
    """As `plain`, for files that come back: `unquoted` gives exactly the value again."""
    return f"'{value}" if _needs(value) else value


def unquoted(cell: str) -> str:
    """Without the apostrophe that `quoted`, or a careful person, put before what looks like a formula."""
    return cell[1:] if cell.startswith("'") and _needs(cell[1:]) else cell


def _needs(value: str) -> bool:
    bare = value.lstrip("'")
    return plain(bare) != bare
