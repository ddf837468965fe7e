"""How many rooms are open: each live process writes its count to Redis, and forgets to when it dies.

Standard library and the client that is handed in: the live process knows no Django.
"""

from collections.abc import Iterable

KEY_PREFIX = "mim:live:viewers:"
EVERY_SECONDS = 5.0
FORGOTTEN_SECONDS = 20


def key(process: str) -> str:
    """Where the process called so writes its count."""
    return f"{KEY_PREFIX}{process}"


def total(counts: Iterable[bytes | str | None]) -> int:
    """The sum of what the processes wrote; one that has just been forgotten counts nothing."""
    return sum(int(count) for count in counts if count is not None)
