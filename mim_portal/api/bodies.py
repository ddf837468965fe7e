"""What a request carries, as the address reads it. Nothing that was sent is ever passed over in silence."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

MOST_NAMED = 20
_LONGEST_NAME = 60
_CODE = "unknown_field"

Detail = dict[str, Any]


def validated(given: serializers.Serializer[Any]) -> dict[str, Any]:
    """What was sent, if it can be used: 400 with every field that cannot, and every name that is no field of it."""
    given.is_valid()
    wrong = _together(_unknown(given, given.initial_data), given.errors)
    if wrong:
        raise ValidationError(wrong)
    return dict(given.validated_data)


def checked(shape: serializers.Serializer[Any], data: Any) -> dict[str, Any]:
    """The same by a shape that is made once for all requests, since making one costs more than reading by it."""
    wrong = _unknown(shape, data)
    try:
        found: Any = shape.run_validation(data)
    except ValidationError as error:
        raise ValidationError(_together(wrong, error.detail)) from error
    if wrong:
        raise ValidationError(wrong)
    return dict(found)


def nothing(request: Request) -> None:
    """For an address that takes no body: 400 where somebody sent one, which would otherwise count for nothing."""
    sent = request.data
    if sent:
        names = _said(sent) if isinstance(sent, Mapping) else ["non_field_errors"]
        words = _("This address takes no fields. Nothing was done.")
        raise ValidationError({name: [words] for name in names}, code=_CODE)


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
        wrong[name] = [serializers.ErrorDetail(_sentence(name, field.fields, taken), code=_CODE)]
    for name, one in taken.items():
        inside = _unknown(one, data[name]) if name in data else {}
        if inside:
            wrong[name] = inside
    return wrong


def _together(strange: Detail, wrong: Any) -> Any:
    """Names that are no fields beside what is wrong with those that are, inside each other alike."""
    if isinstance(wrong, list) and wrong and all(isinstance(one, dict) for one in wrong):
        wrong = {str(place): one for place, one in enumerate(wrong) if one}
    if not strange or not isinstance(wrong, dict):
        return wrong or strange
    both = {str(name): one for name, one in wrong.items()}
    return both | {name: _together(one, both.get(name)) for name, one in strange.items()}


def _sentence(name: str, shown: Iterable[str], taken: Iterable[str]) -> str:
    if name in shown:
        return _("%s is made by the portal and cannot be sent. Leave it out.") % name
    near = get_close_matches(name[:_LONGEST_NAME].casefold(), list(taken), n=1)
    if near:
        return _("There is no field %(name)s here. Do you mean %(near)s?") % {"name": name, "near": near[0]}
    return _("There is no field %(name)s here. Fields are: %(fields)s.") % {
        "name": name,
        "fields": ", ".join(sorted(taken)),
    }


def _said(names: Iterable[Any]) -> list[str]:
    """Names as an answer can carry them: a few, none of them longer than a line."""
    return [str(name)[:_LONGEST_NAME] for name, _place in zip(names, range(MOST_NAMED), strict=False)]
