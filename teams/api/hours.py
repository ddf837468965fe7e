"""teams/{slug}/hours/ and holidays/: when a team is at work."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from mim_portal.api.paging import many, paged
from mim_portal.api.permissions import Access
from teams.api.base import PersonView
from teams.models import Team, TeamHoliday
from teams.queries import hours as queries
from teams.rules import holidays, roles
from teams.services import hours

READ = Access("read", roles.ROOM_READERS)
KEEP = Access("teams", roles.EVERY_ROLE)  # members of the team, and administrators; the verb says so


class TeamHoursIn(serializers.Serializer[Any]):
    """By the team's clock; `weekdays` from 0 (Monday); an end that is not after the start is on the next day."""

    weekdays = serializers.ListField(child=serializers.IntegerField(min_value=0, max_value=6), min_length=1)
    starts = serializers.TimeField()
    ends = serializers.TimeField()


class TeamHoursOut(TeamHoursIn):
    """With what holds now: `until` is when it changes, null where not within a month."""

    time_zone = serializers.CharField()
    is_in = serializers.BooleanField()
    holiday = serializers.CharField(help_text="The team's holiday today, or empty.")
    until = serializers.DateTimeField(allow_null=True)


class HolidayIn(serializers.Serializer[Any]):
    """One day; a day that is there already gets the new name."""

    on_date = serializers.DateField()
    name = serializers.CharField(max_length=holidays.LONGEST_NAME)


class HolidayOut(serializers.Serializer[TeamHoliday]):
    """A day on which the team is reached as out of its hours."""

    id = serializers.IntegerField()
    on_date = serializers.DateField()
    name = serializers.CharField()


class HolidayFileIn(serializers.Serializer[Any]):
    """The text of an .ics file with whole days, or of CSV with the columns `date` and `name`."""

    text = serializers.CharField(max_length=holidays.MOST_BYTES)


class HolidayFileOut(serializers.Serializer[Any]):
    """What the file did; `left_out` says why, a sentence an entry."""

    added = serializers.IntegerField()
    renamed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    left_out = serializers.ListField(child=serializers.CharField())


class TeamHoursView(PersonView):
    """When the team is at work, and whether it is now."""

    access = {"read": READ, "PUT": KEEP}

    @extend_schema(responses=TeamHoursOut)
    def get(self, request: Request, slug: str) -> Response:
        return _hours(_team(slug))

    @extend_schema(request=TeamHoursIn, responses=TeamHoursOut)
    def put(self, request: Request, slug: str) -> Response:
        team = _team(slug)
        hours.set_hours(team=team, person=self.person(), **self.taken(TeamHoursIn))
        return _hours(team)


class HolidayList(PersonView):
    """The team's holidays in their order."""

    access = {"read": READ, "POST": KEEP}
    cursor_ordering = ("on_date", "id")

    @extend_schema(responses=HolidayOut(many=True))
    def get(self, request: Request, slug: str) -> Response:
        return paged(self, request, queries.holidays(_team(slug)), lambda page: many(HolidayOut, page))

    @extend_schema(request=HolidayIn, responses={201: HolidayOut})
    def post(self, request: Request, slug: str) -> Response:
        made = hours.add_holiday(team=_team(slug), person=self.person(), **self.taken(HolidayIn))
        return Response(HolidayOut(made).data, status=201)


class HolidayFile(PersonView):
    """Holidays of a file; what it does not name stays."""

    access = {"POST": KEEP}

    @extend_schema(request=HolidayFileIn, responses=HolidayFileOut)
    def post(self, request: Request, slug: str) -> Response:
        raw = self.taken(HolidayFileIn)["text"].encode()
        taken = hours.take_file(team=_team(slug), person=self.person(), raw=raw, today=timezone.now().date())
        return Response(HolidayFileOut(taken).data)


class HolidayDetail(PersonView):
    """A working day again."""

    access = {"DELETE": KEEP}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, pk: int) -> Response:
        hours.remove_holiday(team=_team(slug), person=self.person(), holiday_id=pk)
        return Response(status=204)


def _hours(team: Team) -> Response:
    now = timezone.now()
    found, state = queries.of_teams([team], at=now)[team.pk], queries.state(team, at=now)
    answer = {
        "weekdays": sorted(found.weekdays),
        "starts": found.starts,
        "ends": found.ends,
        "time_zone": found.zone,
        "is_in": state.is_in,
        "holiday": state.holiday,
        "until": state.until,
    }
    return Response(TeamHoursOut(answer).data)


def _team(slug: str) -> Team:
    team = Team.objects.filter(slug=slug, is_active=True).first()
    if team is None:
        raise exceptions.NotFound(f"There is no team {slug}.")
    return team
