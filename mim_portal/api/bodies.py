"""What a request carries, as the address reads it. Nothing that was sent is ever passed over in silence.

A name that is nearly one of an address's fields is a slip, and 400 names the field that was meant: else a fact is lost.
What resembles no field is passed over, as is what the portal makes itself, so that an answer can be sent back whole and
a client with more to say is served; the answer names it in the header Ignored-Fields. In an incident, a call that
works matters more than a call that is tidy.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from difflib import get_close_matches
from typing import Any, Final
from urllib.parse import quote

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

MOST_NAMED = 20
_LONGEST_NAME = 60
_CODE = "unknown_field"
HEADER: Final = "Ignored-Fields"
# How alike a name must be to one of the fields to be a slip of it: titel and title, confirmd_by and confirmed_by.
_ALIKE: Final = 0.8

Detail = dict[str, Any]
_passed_over: ContextVar[tuple[str, ...]] = ContextVar("passed_over", default=())


def begin() -> None:
    """A new request: nothing was passed over yet."""
    _passed_over.set(())


def pass_over(names: Iterable[str]) -> None:
    """These were sent and count for nothing; the answer says so."""
    _passed_over.set((*_passed_over.get(), *names)[:MOST_NAMED])


def ignored() -> str:
    """What was passed over, as a header can carry it; empty where everything counted."""
    return ", ".join(quote(name[:_LONGEST_NAME], safe="._-[]") for name in dict.fromkeys(_passed_over.get()))


def validated(given: serializers.Serializer[Any]) -> dict[str, Any]:
    """What was sent, if it can be used: 400 with every field that cannot, and every name that is no field of it."""
    given.is_valid()
    wrong = _together(_unknown(given, given.initial_data), given.errors)
    if wrong:
        raise ValidationError(wrong)
    return dict(given.validated_data)


def checked(shape: serializers.Serializer[Any], data: Any) -> dict[str, Any]:
    """By a shape that is made once for all requests, since making one costs more than reading by it. Nothing unknown
    stops what is read so: it is how a candidate is raised.
    """
    pass_over(_names(_unknown(shape, data)))
    return dict(shape.run_validation(data))


def nothing(request: Request) -> None:
    """For an address that takes no body: what was sent counts for nothing."""
    sent = request.data
    if sent:
        pass_over(_said(sent) if isinstance(sent, Mapping) else ["body"])


def _unknown(field: Any, data: Any) -> Detail:
    """By name, what a serializer and those inside it would pass over."""
    if isinstance(field, serializers.Serializer):
        return _unknown_of(field, data) if isinstance(data, Mapping) else {}
    inside = getattr(field, "child", None)
    if inside is None:
        return {}
    if isinstance(data, Mapping):
        parts: Iterator[tuple[Any, Any]] = iter(data.items())
    else:
        parts = enumerate(data) if isinstance(data, list) else iter(())
    found = {str(key): _unknown(inside, one) for key, one in parts}
    return {key: wrong for key, wrong in found.items() if wrong}


def _unknown_of(field: serializers.Serializer[Any], data: Mapping[str, Any]) -> Detail:
    taken = {name: one for name, one in field.fields.items() if not one.read_only}
    wrong: Detail = {}
    for name in _said(name for name in data if name not in taken):
        near = [] if name in field.fields else _near(name, taken)
        if near:
            wrong[name] = [serializers.ErrorDetail(_sentence(name, near[0]), code=_CODE)]
        else:
            pass_over([name])
    for name, one in taken.items():
        inside = _unknown(one, data[name]) if name in data else {}
        if inside:
            wrong[name] = inside
    return wrong


def _names(wrong: Detail, before: str = "") -> Iterator[str]:
    """Each name with the way to it, such as impact_statement.whoo."""
    for name, one in wrong.items():
        if isinstance(one, dict):
            yield from _names(one, f"{before}{name}.")
        else:
            yield f"{before}{name}"


def _together(strange: Detail, wrong: Any) -> Any:
    """Names that are no fields beside what is wrong with those that are, inside each other alike."""
    if isinstance(wrong, list) and wrong and all(isinstance(one, dict) for one in wrong):
        wrong = {str(place): one for place, one in enumerate(wrong) if one}
    if not strange or not isinstance(wrong, dict):
        return wrong or strange
    both = {str(name): one for name, one in wrong.items()}
    return both | {name: _together(one, both.get(name)) for name, one in strange.items()}


def _near(name: str, taken: Iterable[str]) -> list[str]:
    return get_close_matches(name[:_LONGEST_NAME].casefold(), list(taken), n=1, cutoff=_ALIKE)


def _sentence(name: str, near: str) -> str:
    return _("There is no field %(name)s here. Do you mean %(near)s?") % {"name": name, "near": near}


def _said(names: Iterable[Any]) -> list[str]:
    """Names as an answer can carry them: a few, none of them longer than a line."""
    return [str(name)[:_LONGEST_NAME] for name, _place in zip(names, range(MOST_NAMED), strict=False)]
