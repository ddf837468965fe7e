"""A file of rows as spreadsheets save it: commas, semicolons or tabs, with or without a byte order mark."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mim_portal.lib import cells

MOST_ROWS = 20_000
MOST_BYTES = 10 * 1024 * 1024
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DELIMITERS = (",", ";", "\t")


class Unreadable(ValueError):
    """The file as a whole cannot be used; the text says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row by the number that the spreadsheet shows. `surplus` are cells beyond the last heading."""

    number: int
    cells: Mapping[str, str]
    surplus: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Headings as `heading` writes them, in the file's order, and the rows that hold anything."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]


def read(raw: bytes) -> Table:
    """The table, or Unreadable. Empty rows are passed over, and still counted in the numbers."""
    if len(raw) > MOST_BYTES:
        raise Unreadable(f"The file has more than {MOST_BYTES // 1024 // 1024} MB. Split it.")
    text, delimiter = _split_off_separator(_text(raw))
    records = _records(text, delimiter)
    try:
        headings = next(record for _number, record in records if any(record))
    except StopIteration:
        raise Unreadable("The file is empty.") from None
    names = tuple(heading(cell) for cell in headings)
    _refuse_headings(names)
    rows: list[Row] = []
    for number, record in records:
        if not any(cell.strip() for cell in record):
            continue
        if len(rows) == MOST_ROWS:
            raise Unreadable(f"The file has more than {MOST_ROWS:,} rows. Split it.")
        padded = record + [""] * (len(names) - len(record))
        found = {name: cells.unquoted(cell.strip()) for name, cell in zip(names, padded, strict=False) if name}
        rows.append(Row(number=number, cells=found, surplus=sum(1 for cell in padded[len(names) :] if cell.strip())))
    return Table(headings=tuple(name for name in names if name), rows=tuple(rows))


def heading(cell: str) -> str:
    """A heading whatever its case: `Owner team`, `owner-team` and `OWNER_TEAM` are `owner_team`."""
    return "_".join(cell.strip().strip("\ufeff\"'").casefold().replace("-", " ").replace("_", " ").split())


def _text(raw: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), "utf-8")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Unreadable(
            f"The file is not in UTF-8 (first seen in line {line}). In Excel, save it as “CSV UTF-8”."
        ) from None
    if "\x00" in text:
        raise Unreadable("The file holds null characters: it is no text. Save the sheet as CSV.")
    return text


def _split_off_separator(text: str) -> tuple[str, str]:
    """The text and what separates its cells; Excel may say so in a first line of its own."""
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip("\r")) == 5:
        return rest, first[4]
    outside = "".join(first.split('"')[::2])
    return text, max(_DELIMITERS, key=outside.count)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from enumerate(reader, start=1)
    except csv.Error as error:
        raise Unreadable(
            f"Line {reader.line_num} cannot be read: {error}. Look for a quotation mark too many."
        ) from None


def _refuse_headings(names: tuple[str, ...]) -> None:
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise Unreadable(f"The column {', '.join(twice)} stands there twice. Keep one.")
