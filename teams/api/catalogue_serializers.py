"""People, sites, services and teams as administrators write them."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from teams.choices import CallHours, InvitationState, Role, ServiceTier
from teams.models import Contact, Person, Site
from teams.queries import people


class TextField(serializers.CharField):
    """Words that may be left empty; how long they may be is the verb's to say."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "allow_blank": True, "max_length": 4000} | options)


class PersonOut(serializers.Serializer[Person]):
    """A person as administrators see them."""

    username = serializers.CharField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    time_zone = serializers.CharField()
    locale = serializers.CharField()
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices))
    teams = serializers.SerializerMethodField()
    is_active = serializers.BooleanField()
    can_sign_in = serializers.SerializerMethodField()
    invitation = serializers.SerializerMethodField()

    def get_teams(self, person: Person) -> list[dict[str, Any]]:
        """Slugs of the person's teams, and whether they lead them."""
        return [{"team": one.team.slug, "is_lead": one.is_lead} for one in person.memberships.all()]

    def get_can_sign_in(self, person: Person) -> bool:
        """Whether there is a password to sign in with."""
        return people.can_sign_in(person)

    def get_invitation(self, person: Person) -> InvitationState | None:
        """What became of the newest invitation; null without one."""
        return people.invitation_state(person, now=timezone.now())


class TeamOfPersonIn(serializers.Serializer[Any]):
    """A team, and whether the person leads it."""

    team = serializers.CharField(max_length=50)
    is_lead = serializers.BooleanField(default=False)


class PersonChange(serializers.Serializer[Any]):
    """What is changed about a person; whatever is not sent stays."""

    first_name = TextField()
    last_name = TextField()
    email = TextField()
    phone = TextField()
    time_zone = serializers.CharField(required=False, max_length=64)
    locale = serializers.CharField(required=False, max_length=10)
    roles = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=20)
    teams = TeamOfPersonIn(many=True, required=False)
    is_active = serializers.BooleanField(required=False)

    def changes(self) -> dict[str, Any]:
        """For the verb: teams by slug."""
        values = dict(self.validated_data)
        if "teams" in values:
            values["teams"] = {one["team"]: one["is_lead"] for one in values["teams"]}
        return values


class InvitationIn(PersonChange):
    """A new person: they get one mail."""

    email = TextField(required=True, allow_blank=False, max_length=254)
    username = TextField()
    is_active = None  # type: ignore[assignment]


class SiteOut(serializers.Serializer[Site]):
    """A place where people work."""

    slug = serializers.CharField()
    name = serializers.CharField()
    country = serializers.CharField()
    time_zone = serializers.CharField()
    headcount = serializers.IntegerField(allow_null=True)
    is_active = serializers.BooleanField()


class SiteIn(serializers.Serializer[Any]):
    """Whatever is not sent stays; a new one needs `slug` and `name`."""

    name = TextField()
    country = TextField()
    time_zone = serializers.CharField(required=False, max_length=64)
    headcount = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=999_999_999)
    is_active = serializers.BooleanField(required=False)


class ServiceIn(serializers.Serializer[Any]):
    """Whatever is not sent stays; a new one needs `slug` and `name`."""

    name = TextField()
    description = TextField()
    tier = serializers.ChoiceField(choices=ServiceTier.choices, required=False)
    owner_team = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=50)
    sites = serializers.ListField(child=serializers.CharField(max_length=50), required=False)
    depends_on = serializers.ListField(child=serializers.CharField(max_length=50), required=False)
    is_active = serializers.BooleanField(required=False)


class ContactIn(serializers.Serializer[Any]):
    """One way to reach a team."""

    kind = serializers.ChoiceField(choices=Contact.Kind.choices)
    value = serializers.CharField(max_length=200)
    note = TextField(max_length=200)
    hours = serializers.ChoiceField(choices=CallHours.choices, required=False)


class TeamIn(serializers.Serializer[Any]):
    """Whatever is not sent stays; `contacts` are all of them, in the order to try."""

    name = TextField()
    description = TextField()
    time_zone = serializers.CharField(required=False, max_length=64)
    is_active = serializers.BooleanField(required=False)
    contacts = ContactIn(many=True, required=False)


class SiteNew(SiteIn):
    """A new site."""

    slug = serializers.CharField(max_length=50)
    name = TextField(required=True, allow_blank=False, max_length=120)


class ServiceNew(ServiceIn):
    """A new service."""

    slug = serializers.CharField(max_length=50)
    name = TextField(required=True, allow_blank=False, max_length=120)


class TeamNew(TeamIn):
    """A new team."""

    slug = serializers.CharField(max_length=50)
    name = TextField(required=True, allow_blank=False, max_length=120)
