"""How a lower app is served from above without importing it: dotted paths in settings (DESIGN section 2)."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


@cache
def _loaded(paths: tuple[str, ...]) -> tuple[Callable[..., Any], ...]:
    return tuple(import_string(path) for path in paths)


def registered(setting: str) -> tuple[Callable[..., Any], ...]:
    """The callables that the setting lists, in its order, e.g. registered("TIMELINE_REACTIONS")."""
    return _loaded(tuple(getattr(settings, setting)))
