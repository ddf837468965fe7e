"""What the language checker said of paragraphs, remembered: in this process, and in Redis for the others.

Only what was said is kept (places, rules, suggestions), never the paragraph. Without Redis each process remembers for
itself.
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Final

import redis

from comms.rules.checking.wording.language import LanguageMatch
from mim_portal.lib import nudge

Answer = tuple[LanguageMatch, ...]

PREFIX: Final = "mim:language:"
KEPT: Final = 5_000  # paragraphs in a process, some 10 MB
KEPT_SECONDS: Final = 24 * 3600

_kept: OrderedDict[str, Answer] = OrderedDict()
_lock = threading.Lock()


def recall(keys: Iterable[str]) -> dict[str, Answer]:
    """The answers that are known, by key."""
    wanted = set(keys)
    with _lock:
        found = {key: _kept[key] for key in wanted if key in _kept}
        for key in found:
            _kept.move_to_end(key)
    missing = sorted(wanted - set(found))
    shared = _shared(missing)
    _keep(shared)
    return found | shared


def remember(answers: Mapping[str, Answer]) -> None:
    """Keep answers for this process and for the others."""
    _keep(answers)
    if not answers or nudge.circuit.is_open():
        return
    try:
        with nudge.client().pipeline(transaction=False) as line:
            for key, answer in answers.items():
                line.set(PREFIX + key, json.dumps([asdict(match) for match in answer]), ex=KEPT_SECONDS)
            line.execute()
    except (redis.RedisError, OSError):
        nudge.circuit.failed()


def forget() -> None:
    """Forget what this process knows."""
    with _lock:
        _kept.clear()


def _shared(keys: list[str]) -> dict[str, Answer]:
    if not keys or nudge.circuit.is_open():
        return {}
    try:
        rows: Any = nudge.client().mget([PREFIX + key for key in keys])
        return {key: _answer(row) for key, row in zip(keys, rows, strict=True) if row is not None}
    except (redis.RedisError, OSError):
        nudge.circuit.failed()
    except (ValueError, TypeError, KeyError):  # another edition's, or somebody else's
        pass
    return {}


def _answer(row: bytes) -> Answer:
    return tuple(LanguageMatch(**{**each, "replacements": tuple(each["replacements"])}) for each in json.loads(row))


def _keep(answers: Mapping[str, Answer]) -> None:
    with _lock:
        _kept.update(answers)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
