"""Whether two people look at the same state of a row: its values in few characters."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def of(values: Mapping[str, Any]) -> str:
    """Equal for equal values, whatever their order; anything else differs."""
    text = json.dumps(values, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]
