"""Compile the catalogues in locale/ as gettext reads them: `python tools/catalogues.py`. No gettext tools needed.

Both files are in the repository, so that a portal speaks its languages as it was checked out; a test holds them equal.
"""

import ast
import re
import struct
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINE = re.compile(r'(?:(msgid|msgid_plural|msgstr|msgstr\[\d\])\s+)?(".*")')


def sources() -> list[Path]:
    return sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po"))


def entries(text: str) -> dict[str, str]:
    """Message to translation, plural forms joined as catalogues have them."""
    found: dict[str, str] = {}
    for block in re.split(r"\n\s*\n", text.strip()):
        said: dict[str, str] = {}
        keyword = ""
        for line in block.splitlines():
            if (read := LINE.fullmatch(line.strip())) is not None:
                keyword = read[1] or keyword
                said[keyword] = said.get(keyword, "") + ast.literal_eval(read[2])
        if "msgid" in said:
            plural = said.get("msgid_plural")
            message = said["msgid"] if plural is None else f"{said['msgid']}\0{plural}"
            found[message] = "\0".join(said[name] for name in sorted(said) if name.startswith("msgstr"))
    return found


def compiled(text: str) -> bytes:
    """The bytes of the binary catalogue, messages in order."""
    pairs = sorted((message.encode(), translation.encode()) for message, translation in entries(text).items())
    count, start = len(pairs), 28 + 16 * len(pairs)
    tables: list[tuple[int, int]] = []
    data = b""
    for column in (0, 1):
        for pair in pairs:
            tables.append((len(pair[column]), start + len(data)))
            data += pair[column] + b"\0"
    header = struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, start)
    return header + b"".join(struct.pack("<2I", *each) for each in tables) + data


if __name__ == "__main__":
    for source in sources():
        source.with_suffix(".mo").write_bytes(compiled(source.read_text(encoding="utf-8")))
        print(source.with_suffix(".mo").relative_to(ROOT))
