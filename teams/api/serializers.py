"""People, teams, services and profiles as integrations read them."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from teams.choices import CallHours, Role, ServiceTier
from teams.models import Contact, Person, Service, Team


@extend_schema_field(OpenApiTypes.STR)
class SlugsField(serializers.SlugRelatedField[Any]):
    """What a row belongs to or has, each by its slug."""

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="slug", read_only=True, **options)


class ContactOut(serializers.Serializer[Contact]):
    """One way to reach a team, in the order to try."""

    kind = serializers.ChoiceField(choices=Contact.Kind.choices)
    value = serializers.CharField()
    note = serializers.CharField()
    hours = serializers.ChoiceField(choices=CallHours.choices, help_text="When it is used: `teams/{slug}/hours/`.")


class TeamOut(serializers.Serializer[Team]):
    """A technical resolving group."""

    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    time_zone = serializers.CharField()
    is_active = serializers.BooleanField()
    contacts = ContactOut(many=True)
    services = SlugsField(many=True)


class ServiceOut(serializers.Serializer[Service]):
    """A service as its users call it."""

    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    tier = serializers.ChoiceField(choices=ServiceTier.choices)
    is_active = serializers.BooleanField()
    owner_team = serializers.CharField(source="owner_team.slug", default=None)
    sites = SlugsField(many=True)
    depends_on = SlugsField(many=True)


class MeOut(serializers.Serializer[Person]):
    """Whoever holds the token."""

    username = serializers.CharField()
    name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    time_zone = serializers.CharField()
    locale = serializers.CharField()
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices))
    teams = SlugsField(many=True)
    scopes = serializers.SerializerMethodField()

    def get_scopes(self, person: Person) -> list[str] | None:
        """The token's scopes; null in a browser session, which has none."""
        scopes: list[str] | None = self.context.get("scopes")
        return scopes
