"""Words of choices, looked up once in a language: Django's own way hashes every label of a field for each row."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db.models import TextChoices
from django.utils import translation


def of(choices: type[TextChoices], value: str) -> str:
    """The word for a value, as `get_…_display` gives it: a value that is none of the choices stands for itself."""
    return _of(choices, value, translation.get_language() or "")


@lru_cache(maxsize=4096)
def _of(choices: type[TextChoices], value: str, _language: str) -> str:
    return str(dict(choices.choices).get(value, value))


def display(field: str, choices: type[TextChoices]) -> Callable[[Any], str]:
    """What a model of which pages show many rows names `get_…_display`."""

    def shown(row: Any) -> str:
        return of(choices, getattr(row, field))

    return shown
