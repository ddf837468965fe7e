"""The filters of lists of incidents as the API takes them."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions, serializers
from rest_framework.request import Request

from incidents.choices import IncidentState, Priority
from incidents.queries.incidents import Filters

LONGEST = 200
FILTERS = [
    OpenApiParameter("state", str, many=True),
    OpenApiParameter("priority", str, many=True),
    OpenApiParameter("service", str, description="Slug of the service."),
    OpenApiParameter("manager", str, description="Username of who is or was accountable."),
    OpenApiParameter(
        "q",
        str,
        description="A reference, a ticket's number elsewhere, or words of the title, the timeline or an update.",
    ),
    OpenApiParameter("external_ref", str, description="A ticket's number elsewhere, exactly; several may have it."),
    OpenApiParameter("live", bool),
    OpenApiParameter("exercise", bool),
    OpenApiParameter("from", str, description="Declared at or after this time."),
    OpenApiParameter("to", str, description="Declared before this time."),
]


def filters(request: Request) -> Filters:
    """What the address asks for; 400 names what cannot be read."""
    query = request.query_params
    return Filters(
        state=_several(request, "state", IncidentState.values),
        priority=_several(request, "priority", Priority.values),
        service=query.get("service", ""),
        manager=query.get("manager", ""),
        q=_one(request, "q", serializers.CharField(max_length=LONGEST)) or "",
        external_ref=query.get("external_ref", ""),
        live=_one(request, "live", serializers.BooleanField()),
        exercise=_one(request, "exercise", serializers.BooleanField()),
        declared_from=_one(request, "from", serializers.DateTimeField()),
        declared_to=_one(request, "to", serializers.DateTimeField()),
    )


def _several(request: Request, name: str, known: list[str]) -> tuple[str, ...]:
    """`state=declared,resolved` or `state=declared&state=resolved`."""
    values = [value for text in request.query_params.getlist(name) for value in text.split(",") if value]
    unknown = [value for value in values if value not in known]
    if unknown:
        raise exceptions.ValidationError({name: f"There is no {name} {unknown[0]}. Use {', '.join(known)}."})
    return tuple(values)


def _one(request: Request, name: str, field: serializers.Field[Any, Any, Any, Any]) -> Any:
    text = request.query_params.get(name, "")
    if not text:
        return None
    if isinstance(field, serializers.DateTimeField):
        text = text.replace(" ", "+")  # a plus sign that was not encoded
        text = f"{text}T00:00:00Z" if len(text) == len("2026-11-23") else text
    try:
        return field.run_validation(text)
    except exceptions.ValidationError as error:
        raise exceptions.ValidationError({name: error.detail}) from error
