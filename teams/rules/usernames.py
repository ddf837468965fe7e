"""A name to sign in with, where nobody chose one."""

import re
import unicodedata
from collections.abc import Container

LONGEST = 40
PATTERN = re.compile(r"[a-z0-9][a-z0-9._-]*")


def plain(text: str) -> str:
    """Small plain letters, figures, dots and hyphens of the text: `Mía Tórres` is `mia.torres`."""
    flat = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_-]+", ".", flat).strip("._-")[:LONGEST].strip("._-")


def free(*, address: str, name: str, taken: Container[str]) -> str:
    """The local part of the address, else the name, else `person`; numbered where somebody has it."""
    base = plain(address.partition("@")[0].partition("+")[0]) or plain(name) or "person"
    if base not in taken:
        return base
    number = 2
    while f"{base}{number}" in taken:
        number += 1
    return f"{base}{number}"
