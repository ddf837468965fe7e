"""Whom an incident owes updates and what was agreed: incidents/{ref}/audiences/, timetable/, interval/, waiting/."""

from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comms.models import WaitingFor
from comms.queries.promises import owing as queries
from comms.rules.promises import cadence
from comms.services.promises import agreeing, owing, waiting
from incidents.models import Incident
from incidents.queries import incidents
from incidents.services import locking
from mim_portal.api import bodies
from mim_portal.api.permissions import Access
from teams.api.base import PersonView
from teams.rules import roles

TAGS = ["deadlines"]
_READ = Access("read", roles.EVERY_ROLE)
_WRITE = Access("comms", roles.WRITERS)


class ZoneField(serializers.CharField):
    """A name of the IANA time zone database."""

    def to_internal_value(self, data: Any) -> Any:
        name = super().to_internal_value(data)
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise serializers.ValidationError(f"There is no time zone {name}.", code="invalid") from error


class AudiencesIn(serializers.Serializer[Any]):
    """Which audiences, by code, and why."""

    audiences = serializers.ListField(child=serializers.SlugField(), allow_empty=False)
    reason = serializers.CharField(max_length=300)


class OwedIn(AudiencesIn):
    """Owe them updates from now on, or stop."""

    is_owed = serializers.BooleanField()


class OwedOut(serializers.Serializer[Any]):
    """One audience of an incident."""

    audience = serializers.SlugField()
    name = serializers.CharField()
    is_owed = serializers.BooleanField()
    first_minutes = serializers.IntegerField(allow_null=True)
    every_minutes = serializers.IntegerField(allow_null=True)
    later_minutes = serializers.IntegerField(allow_null=True)
    agreed_times = serializers.ListField(child=serializers.DateTimeField())
    owed_since = serializers.DateTimeField(allow_null=True)
    owed_until = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)


class TimetableIn(AudiencesIn):
    """Times of the day in a zone, for so many days from a day on (today by default)."""

    times = serializers.ListField(child=serializers.TimeField(), allow_empty=False, max_length=24)
    time_zone = ZoneField()
    days = serializers.IntegerField(min_value=1, max_value=cadence.MOST_DAYS)
    from_day = serializers.DateField(required=False)


class IntervalIn(AudiencesIn):
    """An update every so many minutes, from their next one on."""

    minutes = serializers.IntegerField(min_value=cadence.SHORTEST, max_value=cadence.LONGEST)


class WaitingIn(serializers.Serializer[Any]):
    """What is waited for, and until when."""

    what = serializers.CharField(max_length=200)
    until_at = serializers.DateTimeField()


class WaitingOut(WaitingIn):
    """`question` is what is asked before a third holding update in a row; empty where there is nothing to ask."""

    said_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class WaitingState(serializers.Serializer[Any]):
    """What is waited for now, and what is asked before a third holding update in a row ("" where nothing is)."""

    waiting_for = WaitingOut(allow_null=True)
    question = serializers.CharField(allow_blank=True)


class PromiseView(PersonView):
    """What the addresses below share."""

    def incident(self, reference: str) -> Incident:
        found = incidents.get(reference, self.person())
        if found is None:
            raise locking.UnknownIncident(f"There is no incident {reference}.")
        return found

    def who(self, reference: str) -> dict[str, Any]:
        return {"reference": reference, "person": self.person(), "now": timezone.now()}

    def answer(self, reference: str) -> Response:
        lines = queries.lines(self.incident(reference))
        return Response(OwedOut([queries.plain(line) for line in lines], many=True).data)

    def waiting(self, reference: str, *, status: int = 200) -> Response:
        incident = self.incident(reference)
        found: WaitingFor | None = queries.waiting(incident)
        state = {"waiting_for": found, "question": queries.question(incident, now=timezone.now())}
        return Response(WaitingState(state).data, status=status)


class OwedAudiences(PromiseView):
    """Every audience with what it is owed; POST owes updates to some from now on, or stops, with a reason."""

    access = {"read": _READ, "POST": _WRITE}

    @extend_schema(tags=TAGS, operation_id="owed_audiences", responses=OwedOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        return self.answer(reference)

    @extend_schema(tags=TAGS, operation_id="owe_audiences", request=OwedIn, responses=OwedOut(many=True))
    def post(self, request: Request, reference: str) -> Response:
        taken = self.taken(OwedIn)
        verb = owing.start if taken.pop("is_owed") else owing.stop
        verb(**taken, **self.who(reference))
        return self.answer(reference)


class Timetable(PromiseView):
    """Agreed times of the day replace the cadence of some audiences, an hour after declaration or later."""

    access = {"POST": _WRITE}

    @extend_schema(tags=TAGS, request=TimetableIn, responses=OwedOut(many=True))
    def post(self, request: Request, reference: str) -> Response:
        taken = self.taken(TimetableIn)
        zone, local = taken.pop("time_zone"), taken.pop("times")
        agreeing.timetable(zone=zone, local_times=local, **taken, **self.who(reference))
        return self.answer(reference)


class TimetableEnd(PromiseView):
    """The usual interval holds again."""

    access = {"POST": _WRITE}

    @extend_schema(tags=TAGS, request=AudiencesIn, responses=OwedOut(many=True))
    def post(self, request: Request, reference: str) -> Response:
        agreeing.end_timetable(**self.taken(AudiencesIn), **self.who(reference))
        return self.answer(reference)


class Interval(PromiseView):
    """Another interval, from the audiences' next update on."""

    access = {"POST": _WRITE}

    @extend_schema(tags=TAGS, request=IntervalIn, responses=OwedOut(many=True))
    def post(self, request: Request, reference: str) -> Response:
        agreeing.interval(**self.taken(IntervalIn), **self.who(reference))
        return self.answer(reference)


class Waiting(PromiseView):
    """What the incident waits for, and what is asked before a third holding update in a row."""

    access = {"read": _READ, "POST": _WRITE}

    @extend_schema(tags=TAGS, operation_id="waiting_for", responses=WaitingState)
    def get(self, request: Request, reference: str) -> Response:
        return self.waiting(reference)

    @extend_schema(tags=TAGS, operation_id="wait_for", request=WaitingIn, responses={201: WaitingState})
    def post(self, request: Request, reference: str) -> Response:
        waiting.wait(**self.taken(WaitingIn), **self.who(reference))
        return self.waiting(reference, status=201)


class WaitingEnd(PromiseView):
    """It came, or nobody waits any more."""

    access = {"POST": _WRITE}

    @extend_schema(tags=TAGS, request=None, responses=WaitingState)
    def post(self, request: Request, reference: str) -> Response:
        bodies.nothing(request)
        waiting.end(**self.who(reference))
        return self.waiting(reference)
