"""A token bucket for each key in this process: what runs wild is slowed down before it slows others."""

import threading
from dataclasses import dataclass, field
from typing import Final

_MOST: Final = 10_000


@dataclass
class Buckets:
    """`burst` at once, then `per_second`. Costs no query and no Redis; each process allows as much."""

    burst: float
    per_second: float
    levels: dict[str, tuple[float, float]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, key: str, *, now: float) -> float:
        """0 where there was one to take; else the seconds until there is. `now` is any clock that only goes forward."""
        with self.lock:
            level, at = self.levels.get(key, (self.burst, now))
            level = min(self.burst, level + (now - at) * self.per_second)
            allowed = level >= 1
            self.levels[key] = (level - 1 if allowed else level, now)
            if len(self.levels) > _MOST:
                self.levels.clear()
        return 0.0 if allowed else (1 - level) / self.per_second
