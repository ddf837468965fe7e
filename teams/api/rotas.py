"""Rotas by REST: the plan, what differs from it, and who is on."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many, paged
from mim_portal.api.permissions import Access
from teams.api import serializers_rota as serializers
from teams.api.base import signed_in
from teams.models import Rota, RotaAbsence, RotaLine, RotaShift
from teams.queries import calling, hours
from teams.queries import rotas as queries
from teams.rules import roles
from teams.services import overrides, rotas

_READ = Access("read", roles.ROOM_READERS)
_EDIT = Access("admin", roles.ROTA_EDITORS)
# People give their own shifts away; the verb says whose.
_OWN = Access("command", roles.ROTA_USERS)
LONGEST_LIST = timedelta(days=92)


class RotaList(IdempotentView):
    """Every rota with its recurring lines."""

    access = {"read": _READ, "POST": _EDIT}
    cursor_ordering = "name"

    @extend_schema(responses=serializers.RotaOut(many=True))
    def get(self, request: Request) -> Response:
        found = queries.all_rotas().prefetch_related("lines__person")
        return paged(self, request, found, lambda page: many(serializers.RotaOut, page))

    @extend_schema(request=serializers.RotaIn, responses={201: serializers.RotaOut})
    def post(self, request: Request) -> Response:
        fields = validated(serializers.RotaIn(data=request.data))
        rota = rotas.create(person=signed_in(request), now=timezone.now(), **fields)
        return Response(serializers.RotaOut(rota).data, status=201)


class RotaDetail(IdempotentView):
    """One rota."""

    access = {"read": _READ, "PATCH": _EDIT}

    @extend_schema(responses=serializers.RotaOut)
    def get(self, request: Request, pk: int) -> Response:
        return Response(serializers.RotaOut(_rota(pk)).data)

    @extend_schema(request=serializers.RotaChange, responses=serializers.RotaOut)
    def patch(self, request: Request, pk: int) -> Response:
        rota = _rota(pk)
        fields = validated(serializers.RotaChange(data=request.data))
        changed = rotas.edit(
            rota_id=pk,
            name=fields.get("name", rota.name),
            time_zone=fields.get("time_zone", rota.time_zone),
            person=signed_in(request),
            now=timezone.now(),
        )
        return Response(serializers.RotaOut(changed).data)


class LineList(IdempotentView):
    """A new recurring line; its turns of the next eight weeks are written at once."""

    access = {"POST": _EDIT}

    @extend_schema(request=serializers.LineIn, responses={201: serializers.LineOut})
    def post(self, request: Request, pk: int) -> Response:
        fields = validated(serializers.LineIn(data=request.data))
        line = rotas.add_line(rota_id=pk, person=signed_in(request), fields=fields, now=timezone.now())
        return Response(serializers.LineOut(line).data, status=201)


class LineDetail(IdempotentView):
    """Another pattern from now on, or none."""

    access = {"PUT": _EDIT, "DELETE": _EDIT}

    @extend_schema(request=serializers.LineIn, responses=serializers.LineOut)
    def put(self, request: Request, pk: int, line: int) -> Response:
        _of_rota(RotaLine, line, pk)
        fields = validated(serializers.LineIn(data=request.data))
        changed = rotas.change_line(line_id=line, person=signed_in(request), fields=fields, now=timezone.now())
        return Response(serializers.LineOut(changed).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int, line: int) -> Response:
        _of_rota(RotaLine, line, pk)
        rotas.remove_line(line_id=line, person=signed_in(request), now=timezone.now())
        return Response(status=204)


class ShiftList(IdempotentView):
    """The rota's shifts in a time (the coming week by default), and shifts by hand or in somebody's place."""

    access = {"read": _READ, "POST": _OWN}
    cursor_ordering = ("starts_at", "id")

    @extend_schema(parameters=[serializers.TimeIn], responses=serializers.ShiftOut(many=True))
    def get(self, request: Request, pk: int) -> Response:
        rota, now = _rota(pk), timezone.now()
        asked = validated(serializers.TimeIn(data=request.query_params))
        since = asked.get("since", now)
        until = asked.get("until", since + timedelta(days=7))
        if not since < until <= since + LONGEST_LIST:
            raise exceptions.ValidationError({"until": f"Ask for at most {LONGEST_LIST.days} days, from since on."})
        found = queries.shifts(rota, since=since, until=until)
        return paged(self, request, found, lambda page: many(serializers.ShiftOut, page))

    @extend_schema(request=serializers.ShiftIn, responses={201: serializers.ShiftOut})
    def post(self, request: Request, pk: int) -> Response:
        fields = validated(serializers.ShiftIn(data=request.data))
        given: dict[str, Any] = {
            "rota_id": pk,
            "who": fields["person"],
            "starts_at": fields["starts_at"],
            "ends_at": fields["ends_at"],
            "person": signed_in(request),
            "now": timezone.now(),
        }
        if fields["is_override"] or fields["instead_of"] is not None:
            shift = overrides.cover(instead_of=fields["instead_of"], **given)
        else:
            shift = overrides.plan(**given)
        return Response(serializers.ShiftOut(shift).data, status=201)


class ShiftDetail(IdempotentView):
    """Take an override or a shift by hand back."""

    access = {"DELETE": _OWN}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int, shift: int) -> Response:
        _of_rota(RotaShift, shift, pk)
        overrides.remove_shift(shift_id=shift, person=signed_in(request), now=timezone.now())
        return Response(status=204)


class Swap(IdempotentView):
    """Two people take each other's shift."""

    access = {"POST": _OWN}

    @extend_schema(request=serializers.SwapIn, responses={201: serializers.ShiftOut(many=True)})
    def post(self, request: Request, pk: int) -> Response:
        fields = validated(serializers.SwapIn(data=request.data))
        for shift in fields.values():
            _of_rota(RotaShift, shift, pk)
        made = overrides.swap(
            first_id=fields["first"], second_id=fields["second"], person=signed_in(request), now=timezone.now()
        )
        return Response(many(serializers.ShiftOut, made), status=201)


class AbsenceList(IdempotentView):
    """Who is away, from now on."""

    access = {"read": _READ, "POST": _OWN}
    cursor_ordering = ("starts_at", "id")

    @extend_schema(responses=serializers.AbsenceOut(many=True))
    def get(self, request: Request, pk: int) -> Response:
        found = queries.absences(_rota(pk), now=timezone.now())
        return paged(self, request, found, lambda page: many(serializers.AbsenceOut, page))

    @extend_schema(request=serializers.AbsenceIn, responses={201: serializers.AbsenceOut})
    def post(self, request: Request, pk: int) -> Response:
        fields = validated(serializers.AbsenceIn(data=request.data))
        who = fields.pop("person")
        made = overrides.away(rota_id=pk, who=who, person=signed_in(request), now=timezone.now(), **fields)
        return Response(serializers.AbsenceOut(made).data, status=201)


class AbsenceDetail(IdempotentView):
    """Back earlier."""

    access = {"DELETE": _OWN}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int, absence: int) -> Response:
        _of_rota(RotaAbsence, absence, pk)
        overrides.remove_absence(absence_id=absence, person=signed_in(request), now=timezone.now())
        return Response(status=204)


class WhoIsOn(IdempotentView):
    """Whom a message to a role or a call of a team reaches at a moment, until when, and who comes next."""

    access = {"read": _READ}

    @extend_schema(parameters=[serializers.WhoIsOnIn], responses=serializers.WhoIsOnOut)
    def get(self, request: Request) -> Response:
        asked = validated(serializers.WhoIsOnIn(data=request.query_params))
        role, team, at = asked.get("role", ""), asked.get("team"), asked.get("at", timezone.now())
        ahead = {"since": at, "until": at + queries.LOOK_AHEAD}
        cover = queries.on_now(queries.of_team(team, **ahead) if team else queries.of_role(role, **ahead))
        told = calling.call_card(team, at=at).people if team else calling.told(role, at=at)
        is_in = hours.state(team, at=at).is_in if team else None
        ways = hours.ways(team, is_in=bool(is_in)) if team else []
        answer = {
            "role": role or None,
            "team": team.slug if team else None,
            "is_in": is_in,
            "contacts": [contact for contact, is_now in ways if is_now],
            "at": at,
            "people": [person.username for person in told],
            "from_rota": bool(cover.people),
            "until": cover.until,
            "next": cover.next.username if cover.next else None,
            "next_at": cover.next_at,
        }
        return Response(serializers.WhoIsOnOut(answer).data)


def _rota(pk: int) -> Rota:
    rota = queries.all_rotas().prefetch_related("lines__person").filter(pk=pk).first()
    if rota is None:
        raise exceptions.NotFound("There is no such rota.")
    return rota


def _of_rota(model: type[RotaLine] | type[RotaShift] | type[RotaAbsence], pk: int, rota: int) -> None:
    if not model._default_manager.filter(pk=pk, rota=rota).exists():
        raise exceptions.NotFound("The rota has no such thing.")
