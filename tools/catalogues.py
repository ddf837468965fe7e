"""Compile locale/*/LC_MESSAGES/django.po to the .mo files that Django reads, without GNU gettext on the machine.

    python tools/catalogues.py

Entries are one line each: msgid, msgid_plural, msgstr, msgstr[n]. A test keeps the two kinds of file the same.
"""

import ast
import re
import struct
from collections.abc import Iterator
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"
_LINE = re.compile(r'(?P<key>msgid_plural|msgid|msgstr(?:\[\d\])?)?\s*(?P<text>".*")')
_MAGIC, _HEAD = 0x950412DE, 28


def entries(text: str) -> Iterator[dict[str, str]]:
    """The entries of a catalogue, each as its keys with their texts."""
    entry: dict[str, str] = {}
    key = ""
    for line in text.splitlines():
        hit = _LINE.fullmatch(line.strip())
        if hit is None:
            continue
        key = hit["key"] or key
        if hit["key"] == "msgid" and entry:
            yield entry
            entry = {}
        entry[key] = entry.get(key, "") + ast.literal_eval(hit["text"])
    if entry:
        yield entry


def compiled(text: str) -> bytes:
    """The bytes of the .mo file: two tables of lengths and places, then ids and texts in the order of their ids."""
    pairs = {}
    for entry in entries(text):
        forms = [entry[key] for key in sorted(entry) if key.startswith("msgstr")]
        ids = [entry["msgid"], *([entry["msgid_plural"]] if "msgid_plural" in entry else [])]
        pairs["\0".join(ids).encode()] = "\0".join(forms).encode()
    ordered = sorted(pairs.items())
    count, place = len(ordered), _HEAD + 16 * len(ordered)
    tables, strings = [], b""
    for column in (0, 1):
        for pair in ordered:
            tables.append(struct.pack("<II", len(pair[column]), place + len(strings)))
            strings += pair[column] + b"\0"
    head = struct.pack("<7I", _MAGIC, 0, count, _HEAD, _HEAD + 8 * count, 0, _HEAD + 16 * count)
    return head + b"".join(tables) + strings


def main() -> None:
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/django.po")):
        source.with_suffix(".mo").write_bytes(compiled(source.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
