"""No field of words of any form is left out: each takes every naughty string as it is, or says what is wrong."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from django import forms
from django.core.exceptions import ValidationError

from tests.naughty.texts import NUL, OWN, big_list

PACKAGES = ("teams.forms", "incidents.forms", "comms.forms", "reviews.forms")
# What is no text but an address or a key has tests of its own.
STRICT = (forms.EmailField, forms.URLField, forms.SlugField, forms.UUIDField, forms.GenericIPAddressField)


def form_classes() -> Iterator[type[forms.BaseForm]]:
    """Every form that a module of the four apps defines."""
    for package in PACKAGES:
        module = importlib.import_module(package)
        within = [one.name for one in pkgutil.iter_modules(getattr(module, "__path__", ()))]
        for name in [package, *(f"{package}.{inner}" for inner in within)]:
            for found in vars(importlib.import_module(name)).values():
                if isinstance(found, type) and issubclass(found, forms.BaseForm) and found.__module__ == name:
                    yield found


def fields() -> Iterator[tuple[str, forms.CharField]]:
    for form in form_classes():
        declared: dict[str, forms.Field] = vars(form)["base_fields"]
        for name, field in declared.items():
            if isinstance(field, forms.CharField) and not isinstance(field, STRICT):
                yield f"{form.__module__}.{form.__name__}.{name}", field


FIELDS = dict(fields())
TEXTS = [*OWN.values(), *big_list()]


def test_there_are_as_many_as_the_portal_has() -> None:
    """A package that moved would leave its fields out without a word."""
    assert {name.partition(".")[0] for name in FIELDS} == {"teams", "incidents", "comms", "reviews"}
    assert len(FIELDS) > 100


@pytest.mark.django_db  # for those that name a person
@pytest.mark.parametrize("name", FIELDS)
def test_each_keeps_what_it_takes_and_refuses_the_rest_in_words(name: str) -> None:
    field = FIELDS[name]
    for text in TEXTS:
        try:
            kept = field.clean(text)
        except ValidationError:
            continue
        # Some read a person or times out of the words; every other keeps them.
        assert not isinstance(kept, str) or kept in {text, text.strip()}, text


@pytest.mark.parametrize("name", FIELDS)
def test_none_takes_what_the_database_cannot_keep(name: str) -> None:
    with pytest.raises(ValidationError):
        FIELDS[name].clean(NUL)
