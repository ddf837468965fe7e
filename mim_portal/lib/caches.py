"""Where what costs much to make is kept, and can always be made again: the account's cache folder."""

import os
from pathlib import Path


def folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "mim-portal"
