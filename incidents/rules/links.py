"""Addresses that people put into an incident and others press."""

from urllib.parse import urlsplit

SCHEMES = frozenset({"http", "https"})


def is_safe(address: str) -> bool:
    """Whether a link leads to a page of some host and to nothing else; empty is no link and harms nobody.

    No script, no file, no password in the address, and no name that only looks like the host (before an @).
    """
    if not address:
        return True
    if any(letter.isspace() or not letter.isprintable() or letter in '<>"\\' for letter in address):
        return False
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme.lower() in SCHEMES and bool(parts.hostname) and "@" not in parts.netloc and port != 0
