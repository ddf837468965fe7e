"""Tasks, decisions, hypotheses and workstreams: lists, and one address for each verb."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api import serializers_work as serializers
from incidents.api.fields import visible
from incidents.models import Decision, Hypothesis, Task, Workstream
from incidents.queries import work
from incidents.services.work import decisions, hypotheses, tasks, workstreams
from mim_portal.api import bodies
from mim_portal.api.bodies import validated
from mim_portal.api.etags import etag, expected_version
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many, paged
from mim_portal.api.permissions import Access
from teams.api.base import signed_in
from teams.rules import roles

_ROOM = {"read": Access("read", roles.ROOM_READERS), "POST": Access("command", roles.ROOM_WRITERS)}
_EDIT = {"read": Access("read", roles.ROOM_READERS), "PATCH": Access("command", roles.ROOM_WRITERS)}
_STEP = {"POST": Access("command", roles.ROOM_WRITERS)}
_LED = {"read": Access("read", roles.ROOM_READERS), "POST": Access("command", roles.COMMANDERS)}
_IF_MATCH = [OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)]


class TaskList(IdempotentView):
    """What is to be done in the incident, in the order in which it was opened."""

    access = _ROOM
    cursor_ordering = ("id",)

    @extend_schema(responses=serializers.TaskOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        return _list(self, request, work.tasks(visible(request, reference)), serializers.TaskOut)

    @extend_schema(request=serializers.TaskIn, responses={201: serializers.TaskOut})
    def post(self, request: Request, reference: str) -> Response:
        visible(request, reference)
        fields = validated(serializers.TaskIn(data=request.data))
        made = tasks.open_task(reference=reference, person=signed_in(request), now=timezone.now(), **fields)
        return _tagged(serializers.TaskOut, made, status=201)


class TaskDetail(IdempotentView):
    """One task; edits take If-Match."""

    access = _EDIT

    @extend_schema(responses=serializers.TaskOut)
    def get(self, request: Request, reference: str, pk: int) -> Response:
        return _tagged(serializers.TaskOut, _task(request, reference, pk))

    @extend_schema(request=serializers.TaskIn(partial=True), responses=serializers.TaskOut, parameters=_IF_MATCH)
    def patch(self, request: Request, reference: str, pk: int) -> Response:
        _task(request, reference, pk)
        changed = tasks.change(task_id=pk, **_edit(request, serializers.TaskIn))
        return _tagged(serializers.TaskOut, changed)


class TaskStep(IdempotentView):
    """Done, dropped, or open again; whoever comes second is told who was first (409)."""

    access = _STEP
    verb: Callable[..., Task] = tasks.done

    @extend_schema(request=serializers.OutcomeIn, responses=serializers.TaskOut)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        _task(request, reference, pk)
        more = validated(serializers.OutcomeIn(data=request.data))
        if self.verb is tasks.reopen and more.pop("outcome"):
            bodies.pass_over(["outcome"])  # a task that is open again has none
        moved = self.verb(task_id=pk, person=signed_in(request), now=timezone.now(), **more)
        return _tagged(serializers.TaskOut, moved)


class DecisionList(IdempotentView):
    """Decisions needed and made. Executives see what they are asked. `chosen` records one that was made already."""

    access = {"read": Access("read", roles.EVERY_ROLE), "POST": Access("command", roles.ROOM_WRITERS)}
    cursor_ordering = ("id",)

    @extend_schema(responses=serializers.DecisionOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        found = work.decisions(visible(request, reference), signed_in(request))
        return _list(self, request, found, serializers.DecisionOut)

    @extend_schema(request=serializers.DecisionIn, responses={201: serializers.DecisionOut})
    def post(self, request: Request, reference: str) -> Response:
        visible(request, reference)
        fields = validated(serializers.DecisionIn(data=request.data))
        who: dict[str, Any] = {"reference": reference, "person": signed_in(request), "now": timezone.now()}
        made = decisions.record(**fields, **who) if "chosen" in fields else decisions.ask(**fields, **who)
        return Response(serializers.DecisionOut(made).data, status=201)


class DecisionDecide(IdempotentView):
    """The answer; the first one stands."""

    access = {"POST": Access("command", roles.EVERY_ROLE)}

    @extend_schema(request=serializers.DecisionAnswerIn, responses=serializers.DecisionOut)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        _decision(request, reference, pk)
        fields = validated(serializers.DecisionAnswerIn(data=request.data))
        made = decisions.decide(decision_id=pk, person=signed_in(request), now=timezone.now(), **fields)
        return Response(serializers.DecisionOut(made).data)


class DecisionWithdraw(IdempotentView):
    """Nobody needs to decide it any more."""

    access = _STEP

    @extend_schema(request=serializers.WithdrawalIn, responses=serializers.DecisionOut)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        _decision(request, reference, pk)
        reason = validated(serializers.WithdrawalIn(data=request.data)).get("reason", "")
        gone = decisions.withdraw(decision_id=pk, person=signed_in(request), reason=reason, now=timezone.now())
        return Response(serializers.DecisionOut(gone).data)


class HypothesisList(IdempotentView):
    """What may be the cause."""

    access = _ROOM
    cursor_ordering = ("id",)

    @extend_schema(responses=serializers.HypothesisOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        return _list(self, request, work.hypotheses(visible(request, reference)), serializers.HypothesisOut)

    @extend_schema(request=serializers.HypothesisIn, responses={201: serializers.HypothesisOut})
    def post(self, request: Request, reference: str) -> Response:
        visible(request, reference)
        fields = validated(serializers.HypothesisIn(data=request.data))
        made = hypotheses.state(reference=reference, person=signed_in(request), now=timezone.now(), **fields)
        return _tagged(serializers.HypothesisOut, made, status=201)


class HypothesisDetail(IdempotentView):
    """One hypothesis; edits take If-Match."""

    access = _EDIT

    @extend_schema(responses=serializers.HypothesisOut)
    def get(self, request: Request, reference: str, pk: int) -> Response:
        return _tagged(serializers.HypothesisOut, _hypothesis(request, reference, pk))

    @extend_schema(
        request=serializers.HypothesisIn(partial=True), responses=serializers.HypothesisOut, parameters=_IF_MATCH
    )
    def patch(self, request: Request, reference: str, pk: int) -> Response:
        _hypothesis(request, reference, pk)
        changed = hypotheses.change(hypothesis_id=pk, **_edit(request, serializers.HypothesisIn))
        return _tagged(serializers.HypothesisOut, changed)


class HypothesisConfirm(IdempotentView):
    """It was so."""

    access = _STEP

    @extend_schema(request=serializers.ConfirmIn, responses=serializers.HypothesisOut)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        _hypothesis(request, reference, pk)
        fields = validated(serializers.ConfirmIn(data=request.data))
        found = hypotheses.confirm(hypothesis_id=pk, person=signed_in(request), now=timezone.now(), **fields)
        return _tagged(serializers.HypothesisOut, found)


class HypothesisRuleOut(IdempotentView):
    """It was not so."""

    access = _STEP

    @extend_schema(request=serializers.RuleOutIn, responses=serializers.HypothesisOut)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        _hypothesis(request, reference, pk)
        fields = validated(serializers.RuleOutIn(data=request.data))
        found = hypotheses.rule_out(hypothesis_id=pk, person=signed_in(request), now=timezone.now(), **fields)
        return _tagged(serializers.HypothesisOut, found)


class WorkstreamList(IdempotentView):
    """Groups with a lead."""

    access = _LED
    cursor_ordering = ("id",)

    @extend_schema(responses=serializers.WorkstreamOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        return _list(self, request, work.workstreams(visible(request, reference)), serializers.WorkstreamOut)

    @extend_schema(request=serializers.WorkstreamIn, responses={201: serializers.WorkstreamOut})
    def post(self, request: Request, reference: str) -> Response:
        visible(request, reference)
        fields = validated(serializers.WorkstreamIn(data=request.data))
        made = workstreams.open_workstream(reference=reference, person=signed_in(request), now=timezone.now(), **fields)
        return _tagged(serializers.WorkstreamOut, made, status=201)


class WorkstreamDetail(IdempotentView):
    """One workstream; edits take If-Match."""

    access = {"read": Access("read", roles.ROOM_READERS), "PATCH": Access("command", roles.COMMANDERS)}

    @extend_schema(responses=serializers.WorkstreamOut)
    def get(self, request: Request, reference: str, pk: int) -> Response:
        return _tagged(serializers.WorkstreamOut, _workstream(request, reference, pk))

    @extend_schema(
        request=serializers.WorkstreamIn(partial=True), responses=serializers.WorkstreamOut, parameters=_IF_MATCH
    )
    def patch(self, request: Request, reference: str, pk: int) -> Response:
        _workstream(request, reference, pk)
        changed = workstreams.change(workstream_id=pk, **_edit(request, serializers.WorkstreamIn))
        return _tagged(serializers.WorkstreamOut, changed)


class WorkstreamReport(IdempotentView):
    """The line that came back."""

    access = _STEP

    @extend_schema(request=serializers.ReportIn, responses=serializers.WorkstreamOut)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        _workstream(request, reference, pk)
        fields = validated(serializers.ReportIn(data=request.data))
        found = workstreams.report(workstream_id=pk, person=signed_in(request), now=timezone.now(), **fields)
        return _tagged(serializers.WorkstreamOut, found)


class WorkstreamEnd(IdempotentView):
    """The group has done its task, or is needed elsewhere."""

    access = {"POST": Access("command", roles.COMMANDERS)}

    @extend_schema(request=serializers.OutcomeIn, responses=serializers.WorkstreamOut)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        _workstream(request, reference, pk)
        fields = validated(serializers.OutcomeIn(data=request.data))
        found = workstreams.end(workstream_id=pk, person=signed_in(request), now=timezone.now(), **fields)
        return _tagged(serializers.WorkstreamOut, found)


def _list(view: IdempotentView, request: Request, found: QuerySet[Any], serializer: Any) -> Response:
    return paged(view, request, found, lambda page: many(serializer, page))


def _edit(request: Request, serializer: Any) -> dict[str, Any]:
    changes = validated(serializer(data=request.data, partial=True))
    return {
        "changes": changes,
        "person": signed_in(request),
        "version": expected_version(request),
        "now": timezone.now(),
    }


def _tagged(serializer: Any, row: Any, *, status: int = 200) -> Response:
    return Response(serializer(row).data, status=status, headers={"ETag": etag(row.version)})


def _one(found: Any) -> Any:
    if found is None:
        raise exceptions.NotFound("There is no such entry in this incident.")
    return found


def _task(request: Request, reference: str, pk: int) -> Task:
    row: Task = _one(work.tasks(visible(request, reference)).filter(pk=pk).first())
    return row


def _decision(request: Request, reference: str, pk: int) -> Decision:
    row: Decision = _one(work.decisions(visible(request, reference), signed_in(request)).filter(pk=pk).first())
    return row


def _hypothesis(request: Request, reference: str, pk: int) -> Hypothesis:
    row: Hypothesis = _one(work.hypotheses(visible(request, reference)).filter(pk=pk).first())
    return row


def _workstream(request: Request, reference: str, pk: int) -> Workstream:
    row: Workstream = _one(work.workstreams(visible(request, reference)).filter(pk=pk).first())
    return row
