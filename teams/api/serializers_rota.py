"""Rotas, their lines, shifts and absences, and who is on."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from teams.api.serializers import ContactOut
from teams.choices import ROTA_ROLES, Role
from teams.models import Person, Rota, RotaAbsence, RotaLine, RotaShift, Team
from teams.services import rotas

ROLE_CHOICES = [(role.value, role.label) for role in Role if role in ROTA_ROLES]


@extend_schema_field(OpenApiTypes.STR)
class Username(serializers.SlugRelatedField[Person]):
    """An active person, by username."""

    default_error_messages = {"does_not_exist": "Nobody here has the username {value}."}

    def __init__(self, **options: Any) -> None:
        if not options.get("read_only"):
            options.setdefault("queryset", Person.objects.filter(is_active=True))
        super().__init__(slug_field="username", **options)


class RotaIn(serializers.Serializer[Any]):
    """A rota for a role or for a team."""

    name = serializers.CharField(max_length=120)
    role = serializers.ChoiceField(choices=ROLE_CHOICES, required=False, allow_blank=True, default="")
    team = serializers.SlugRelatedField(
        slug_field="slug", queryset=Team.objects.filter(is_active=True), required=False, allow_null=True, default=None
    )
    time_zone = serializers.CharField(max_length=64, default="UTC")


class RotaChange(serializers.Serializer[Any]):
    """Another name or zone; what is not sent stays."""

    name = serializers.CharField(max_length=120, required=False)
    time_zone = serializers.CharField(max_length=64, required=False)


class LineIn(serializers.Serializer[Any]):
    """A recurring turn; `weekdays` from 0 (Monday) to 6, an end that is not after the start is on the next day."""

    person = Username()
    weekdays = serializers.ListField(child=serializers.IntegerField(min_value=0, max_value=6), min_length=1)
    starts = serializers.TimeField()
    ends = serializers.TimeField()
    time_zone = serializers.CharField(max_length=64, required=False)
    every_weeks = serializers.IntegerField(min_value=1, max_value=rotas.MOST_WEEKS, default=1)
    first_date = serializers.DateField()
    last_date = serializers.DateField(required=False, allow_null=True)


class LineOut(serializers.Serializer[RotaLine]):
    """A recurring turn."""

    id = serializers.IntegerField()
    person = Username(read_only=True)
    weekdays = serializers.ListField(child=serializers.IntegerField())
    starts = serializers.TimeField()
    ends = serializers.TimeField()
    time_zone = serializers.CharField()
    every_weeks = serializers.IntegerField()
    first_date = serializers.DateField()
    last_date = serializers.DateField()


class RotaOut(serializers.Serializer[Rota]):
    """A rota with its recurring lines."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    role = serializers.CharField()
    team = serializers.CharField(source="team.slug", default=None)
    time_zone = serializers.CharField()
    lines = LineOut(many=True)


class ShiftIn(serializers.Serializer[Any]):
    """A shift by hand; with `is_override` somebody stands in, for `instead_of` or for everybody who is planned."""

    person = Username()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    is_override = serializers.BooleanField(default=False)
    instead_of = Username(required=False, allow_null=True, default=None)


class ShiftOut(serializers.Serializer[RotaShift]):
    """One person from one instant to another."""

    id = serializers.IntegerField()
    person = Username(read_only=True)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    is_override = serializers.BooleanField()
    instead_of = Username(read_only=True)
    line = serializers.IntegerField(source="line_id")


class SwapIn(serializers.Serializer[Any]):
    """Two planned shifts of this rota, by id."""

    first = serializers.IntegerField()
    second = serializers.IntegerField()


class AbsenceIn(serializers.Serializer[Any]):
    """Who is away from when until when."""

    person = Username()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class AbsenceOut(serializers.Serializer[RotaAbsence]):
    """An absence."""

    id = serializers.IntegerField()
    person = Username(read_only=True)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class WhoIsOnIn(serializers.Serializer[Any]):
    """The role or the team, and the moment; without one, now."""

    role = serializers.ChoiceField(choices=ROLE_CHOICES, required=False)
    team = serializers.SlugRelatedField(
        slug_field="slug", queryset=Team.objects.filter(is_active=True), required=False,
        error_messages={"does_not_exist": "There is no team {value}."},
    )  # fmt: skip
    at = serializers.DateTimeField(required=False)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if ("role" in given) == ("team" in given):
            raise serializers.ValidationError({"role": "Ask for one role, or for one team."})
        return given


class TimeIn(serializers.Serializer[Any]):
    """From when until when; without them, the coming week."""

    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)


class WhoIsOnOut(serializers.Serializer[Any]):
    """Who is called: those on the rota, or with nobody on it every holder of the role or every member of the team.

    Of a team also whether it is at work at that moment, and the contacts that are for it, in the order to try.
    """

    role = serializers.CharField(allow_null=True)
    team = serializers.CharField(allow_null=True)
    is_in = serializers.BooleanField(allow_null=True)
    contacts = ContactOut(many=True)
    at = serializers.DateTimeField()
    people = serializers.ListField(child=serializers.CharField())
    from_rota = serializers.BooleanField()
    until = serializers.DateTimeField(allow_null=True)
    next = serializers.CharField(allow_null=True)
    next_at = serializers.DateTimeField(allow_null=True)
