"""Inputs that several addresses take: people by username, services by slug, confidence, references in the path."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.request import Request

from incidents.models import Incident
from incidents.queries import incidents
from incidents.rules import statement as statements
from teams.api.base import signed_in
from teams.models import Person, Service, Team
from teams.queries import catalogue

LONGEST_WORDS = 200  # of a service that is in no catalogue


@extend_schema_field(OpenApiTypes.STR)
class PersonField(serializers.SlugRelatedField[Person]):
    """An active person, by username."""

    default_error_messages = {"does_not_exist": "Nobody here has the username {value}."}

    def __init__(self, **options: Any) -> None:
        if not options.get("read_only"):
            options.setdefault("queryset", Person.objects.filter(is_active=True))
        super().__init__(slug_field="username", **options)


@extend_schema_field(OpenApiTypes.STR)
class ServiceField(serializers.SlugRelatedField[Service]):
    """A service of the catalogue, by slug."""

    default_error_messages = {"does_not_exist": "There is no service {value} in the catalogue."}

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="slug", queryset=Service.objects.filter(is_active=True), **options)


@extend_schema_field(OpenApiTypes.STR)
class TeamField(serializers.SlugRelatedField[Team]):
    """An active team, by slug."""

    default_error_messages = {"does_not_exist": "There is no team {value}."}

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="slug", queryset=Team.objects.filter(is_active=True), **options)


@extend_schema_field(OpenApiTypes.STR)
class ServiceOrWords(serializers.CharField):
    """A service by slug or name; words that are in no catalogue stay words, because nothing may block the desk."""

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        self.run_validators(text)  # before the catalogue is asked for what no database can hold
        if len(text) > LONGEST_WORDS:
            raise serializers.ValidationError(f"Use at most {LONGEST_WORDS} characters.")
        return catalogue.service_called(text) or text


@extend_schema_field(OpenApiTypes.ANY)
class ConfidenceField(serializers.Field[Any, Any, Any, Any]):
    """One of confirmed, estimated, unknown; or an object with one of them for each field."""

    def to_internal_value(self, data: Any) -> str | dict[str, str]:
        given = dict(data) if isinstance(data, Mapping) else str(data)
        wrong = statements.bad_confidence(given)
        if wrong:
            raise serializers.ValidationError(wrong)
        return given

    def to_representation(self, value: Any) -> Any:
        return statements.unpack_confidence(value)


class SourcesField(serializers.DictField):
    """Who or what says so: an object with a text for each field."""

    child = serializers.CharField(max_length=statements.LONGEST_SOURCE, allow_blank=True)

    def to_internal_value(self, data: Any) -> dict[str, str]:
        given: dict[str, str] = super().to_internal_value(data)
        wrong = statements.bad_sources(given)
        if wrong:
            raise serializers.ValidationError(wrong)
        return given


def visible(request: Request, reference: str) -> Incident:
    """The incident, or 404 where it does not exist for this person."""
    incident = incidents.get(reference, signed_in(request))
    if incident is None:
        raise exceptions.NotFound(f"There is no incident {reference}.")
    return incident
