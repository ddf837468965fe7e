"""maintenances/: planned windows, announced and told about."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comms.choices import MaintenanceState, Repeat
from comms.models import Maintenance
from comms.queries import maintenance as queries
from comms.rules import maintenance as rules
from comms.services.maintenance import series, windows, wording
from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many, paged
from mim_portal.api.permissions import Access
from teams.api.base import signed_in
from teams.rules import roles

TAGS = ["maintenance"]
_READ = Access("read", roles.ROOM_READERS)
_PLAN = Access("comms", roles.MAINTENANCE_PLANNERS)


class ToldShape(serializers.Serializer[Any]):
    """What readers were told; `author` is empty where the clock showed words that were written before."""

    id = serializers.IntegerField(source="pk")
    state = serializers.ChoiceField(choices=MaintenanceState.choices)
    body = serializers.CharField()
    author = serializers.CharField(source="author.username", default="")
    published_at = serializers.DateTimeField()


class MaintenanceShape(serializers.Serializer[Maintenance]):
    """A window; `series` is the number that the windows of one series share."""

    id = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    body = serializers.CharField()
    begins_with = serializers.CharField()
    ends_with = serializers.CharField()
    services = serializers.SerializerMethodField()
    pages = serializers.SerializerMethodField()
    scheduled_for = serializers.DateTimeField()
    scheduled_until = serializers.DateTimeField()
    is_automatic = serializers.BooleanField()
    remind_before = serializers.ListField(child=serializers.IntegerField(), help_text="minutes before it begins")
    state = serializers.ChoiceField(choices=MaintenanceState.choices)
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    series = serializers.IntegerField(source="series_id", allow_null=True)
    repeat = serializers.CharField(source="series.repeat", default="")

    def get_services(self, row: Maintenance) -> list[str]:
        return sorted(service.slug for service in row.services.all())

    def get_pages(self, row: Maintenance) -> list[str]:
        return sorted(page.slug for page in row.pages.all())


class MaintenanceDetailShape(MaintenanceShape):
    """With what was told, oldest first."""

    updates = serializers.SerializerMethodField()

    @extend_schema(responses=ToldShape(many=True))
    def get_updates(self, row: Maintenance) -> Any:
        return ToldShape(queries.told(row), many=True).data


class WordsInput(serializers.Serializer[Any]):
    """Words that are read before they leave."""

    send_anyway = serializers.CharField(
        max_length=200,
        required=False,
        allow_blank=True,
        default="",
        help_text="why the words leave although a check stopped them: 409 `findings`",
    )


class MaintenanceInput(WordsInput):
    """What is changed; whatever is not sent stays. Services and status pages by slug."""

    title = serializers.CharField(max_length=windows.LONGEST_TITLE, required=False)
    body = serializers.CharField(max_length=windows.LONGEST_TEXT, required=False)
    begins_with = serializers.CharField(max_length=windows.LONGEST_TEXT, required=False, allow_blank=True)
    ends_with = serializers.CharField(max_length=windows.LONGEST_TEXT, required=False, allow_blank=True)
    services = serializers.ListField(child=serializers.CharField(max_length=50), required=False, max_length=200)
    pages = serializers.ListField(child=serializers.CharField(max_length=50), required=False, max_length=200)
    scheduled_for = serializers.DateTimeField(required=False)
    scheduled_until = serializers.DateTimeField(required=False)
    is_automatic = serializers.BooleanField(required=False)
    remind_before = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, max_length=rules.MOST_REMINDERS
    )


class MaintenanceNew(MaintenanceInput):
    """A window; with `repeat` a series of them, by the wall clock of `time_zone`, to a last day or for ever."""

    title = serializers.CharField(max_length=windows.LONGEST_TITLE)
    body = serializers.CharField(max_length=windows.LONGEST_TEXT)
    services = serializers.ListField(child=serializers.CharField(max_length=50), max_length=200)
    pages = serializers.ListField(child=serializers.CharField(max_length=50), max_length=200)
    scheduled_for = serializers.DateTimeField()
    scheduled_until = serializers.DateTimeField()
    repeat = serializers.ChoiceField(choices=Repeat.choices, required=False, allow_blank=True, default="")
    until = serializers.DateField(required=False, allow_null=True, default=None)
    time_zone = serializers.CharField(max_length=64, required=False, default="UTC")


class MoveInput(WordsInput):
    """The next state. Without `body`, beginning and ending show the words that were written for them."""

    to = serializers.ChoiceField(choices=MaintenanceState.choices)
    body = serializers.CharField(max_length=windows.LONGEST_TEXT, required=False, allow_blank=True, default="")


class SayInput(WordsInput):
    body = serializers.CharField(max_length=windows.LONGEST_TEXT)


class CancelledShape(serializers.Serializer[Any]):
    cancelled = serializers.IntegerField(help_text="how many windows will not take place")


class MaintenanceList(IdempotentView):
    """Every window, the latest to begin first; `state` is one of the states, or `open` for what is not over."""

    access = {"read": _READ, "POST": _PLAN}
    cursor_ordering = ("-scheduled_for", "-pk")

    @extend_schema(tags=TAGS, parameters=[OpenApiParameter("state", str)], responses=MaintenanceShape(many=True))
    def get(self, request: Request) -> Response:
        found = queries.windows()
        state = request.query_params.get("state", "")
        if state and state not in {"open", *MaintenanceState.values}:
            words = ", ".join(["open", *MaintenanceState.values])
            raise serializers.ValidationError({"state": f"Choose one of {words}."})
        found = queries.in_state(found, state) if state else found
        return paged(self, request, found, lambda page: many(MaintenanceShape, page))

    @extend_schema(tags=TAGS, request=MaintenanceNew, responses={201: MaintenanceDetailShape})
    def post(self, request: Request) -> Response:
        values = validated(MaintenanceNew(data=request.data))
        made = series.plan(
            words=wording.read(values, reason=values.pop("send_anyway")),
            repeat=values.pop("repeat"),
            until=values.pop("until"),
            time_zone=values.pop("time_zone"),
            values=values,
            person=signed_in(request),
            now=timezone.now(),
        )
        return _answer(made.pk, status=201)


class MaintenanceDetail(IdempotentView):
    """One window and what was told of it."""

    access = {"read": _READ, "PATCH": _PLAN}

    @extend_schema(tags=TAGS, responses=MaintenanceDetailShape)
    def get(self, request: Request, pk: int) -> Response:
        return _answer(pk)

    @extend_schema(tags=TAGS, request=MaintenanceInput, responses=MaintenanceDetailShape)
    def patch(self, request: Request, pk: int) -> Response:
        values = validated(MaintenanceInput(data=request.data))
        words = wording.read(values, reason=values.pop("send_anyway"))
        windows.change(pk=pk, values=values, person=signed_in(request), now=timezone.now(), words=words)
        return _answer(pk)


class MaintenanceTransitions(IdempotentView):
    """Begin, verify, end, cancel."""

    access = {"POST": _PLAN}

    @extend_schema(tags=TAGS, request=MoveInput, responses=MaintenanceDetailShape)
    def post(self, request: Request, pk: int) -> Response:
        given = validated(MoveInput(data=request.data))
        body, words = given["body"], _read(given)
        windows.move(pk=pk, to=given["to"], body=body, person=signed_in(request), now=timezone.now(), words=words)
        return _answer(pk)


class MaintenanceUpdates(IdempotentView):
    """Tell readers something without another state."""

    access = {"POST": _PLAN}

    @extend_schema(tags=TAGS, request=SayInput, responses={201: ToldShape})
    def post(self, request: Request, pk: int) -> Response:
        given = validated(SayInput(data=request.data))
        body, words = given["body"], _read(given)
        told = windows.say(pk=pk, body=body, person=signed_in(request), now=timezone.now(), words=words)
        return Response(ToldShape(told).data, status=201)


class EndSeries(IdempotentView):
    """Nothing of this series follows any more: what has not begun is cancelled with these words."""

    access = {"POST": _PLAN}

    @extend_schema(tags=TAGS, request=SayInput, responses=CancelledShape)
    def post(self, request: Request, pk: int) -> Response:
        given = validated(SayInput(data=request.data))
        body, words = given["body"], _read(given)
        cancelled = series.end(pk=pk, body=body, person=signed_in(request), now=timezone.now(), words=words)
        return Response({"cancelled": cancelled})


def _read(given: dict[str, Any]) -> wording.Read:
    return wording.read(given, reason=given["send_anyway"])


def _answer(pk: int, *, status: int = 200) -> Response:
    found = queries.one(pk)
    if found is None:
        raise windows.Unknown("There is no such maintenance.")
    return Response(MaintenanceDetailShape(found).data, status=status)
