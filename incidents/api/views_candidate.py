"""Candidates: raise, accept, reject, merge, ask."""

from django.db.models import Prefetch
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api import representation
from incidents.api import serializers_candidate as serializers
from incidents.api.serializers_incident import IncidentOut
from incidents.choices import CandidateState
from incidents.models import Candidate, ClarificationRequest
from incidents.queries import desk
from incidents.services.desk import candidates, clarifications
from incidents.services.states import declaration
from mim_portal.api import bodies
from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many, paged
from mim_portal.api.permissions import Access
from teams.api.base import signed_in
from teams.rules import roles

# Made once: a serializer copies all its fields whenever one is made, a fifth of what raising costs.
_GIVEN, _RAISED = serializers.CandidateIn(), serializers.CandidateRaised()


class CandidateList(IdempotentView):
    """What was proposed, the latest first; raising answers with the score and what would help next."""

    access = {
        "read": Access("read", roles.CANDIDATE_READERS),
        "POST": Access("raise", roles.RAISERS),
    }
    cursor_ordering = ("-raised_at", "-id")

    @extend_schema(
        parameters=[OpenApiParameter("state", str), OpenApiParameter("external_ref", str)],
        responses=serializers.CandidateOut(many=True),
    )
    def get(self, request: Request) -> Response:
        found = desk.visible_candidates(signed_in(request)).select_related("raised_by", "decided_by")
        found = found.prefetch_related(
            Prefetch(
                "clarifications",
                ClarificationRequest.objects.select_related("asked_by", "asked_of", "answered_by").order_by("asked_at"),
            )
        )
        state = request.query_params.get("state", "")
        if state and state not in CandidateState.values:
            raise exceptions.ValidationError({"state": f"There is no state {state}."})
        if state:
            found = found.filter(state=state)
        if external_ref := request.query_params.get("external_ref", ""):
            found = found.filter(external_ref=external_ref)
        return paged(self, request, found, lambda page: many(serializers.CandidateOut, page))

    @extend_schema(request=serializers.CandidateIn, responses={201: serializers.CandidateOut})
    def post(self, request: Request) -> Response:
        facts = _GIVEN.facts_of(request.data)
        raised = candidates.raise_candidate(person=signed_in(request), facts=facts, now=timezone.now())
        headers = {"Location": f"/api/v1/candidates/{raised.reference}/"}
        answer = {**_RAISED.to_representation(raised), "clarifications": []}
        return Response(answer, status=201, headers=headers)


class CandidateDetail(IdempotentView):
    """One candidate with its questions and answers."""

    access = {"read": Access("read", roles.CANDIDATE_READERS)}

    @extend_schema(responses=serializers.CandidateOut)
    def get(self, request: Request, reference: str) -> Response:
        return Response(serializers.CandidateOut(_visible(request, reference)).data)


class CandidateAccept(IdempotentView):
    """Declares: priority, manager, first impact version and first deadlines in one transaction."""

    access = {"POST": Access("command", roles.ACCEPTERS)}

    @extend_schema(request=serializers.AcceptIn, responses={201: IncidentOut})
    def post(self, request: Request, reference: str) -> Response:
        _visible(request, reference)
        fields = validated(serializers.AcceptIn(data=request.data))
        incident = declaration.accept(
            reference=reference,
            person=signed_in(request),
            impact=fields.get("impact"),
            urgency=fields.get("urgency"),
            manager=fields.get("manager"),
            service=fields.get("service"),
            title=fields.get("title", ""),
            audiences=fields.get("audiences"),
            now=timezone.now(),
        )
        return representation.answer(incident, status=201)


class CandidateReject(IdempotentView):
    """Not a major incident, with a reason that the desk reads."""

    access = {"POST": Access("command", roles.COMMANDERS)}

    @extend_schema(request=serializers.RejectIn, responses=serializers.CandidateOut)
    def post(self, request: Request, reference: str) -> Response:
        _visible(request, reference)
        fields = validated(serializers.RejectIn(data=request.data))
        rejected = candidates.reject(reference=reference, person=signed_in(request), now=timezone.now(), **fields)
        return Response(serializers.CandidateOut(rejected).data)


class CandidateMerge(IdempotentView):
    """One more report of an incident that already runs."""

    access = {"POST": Access("raise", roles.MERGERS)}

    @extend_schema(request=serializers.MergeIn, responses=serializers.CandidateOut)
    def post(self, request: Request, reference: str) -> Response:
        _visible(request, reference)
        into = validated(serializers.MergeIn(data=request.data))["into"]
        merged = candidates.merge(reference=reference, into=into, person=signed_in(request), now=timezone.now())
        return Response(serializers.CandidateOut(merged).data)


class ClarificationList(IdempotentView):
    """Questions back to the desk."""

    access = {
        "read": Access("read", roles.CANDIDATE_READERS),
        "POST": Access("command", roles.COMMANDERS),
    }

    @extend_schema(responses=serializers.ClarificationOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        asked = _visible(request, reference).clarifications.select_related("asked_by", "asked_of", "answered_by")
        return Response(many(serializers.ClarificationOut, asked.order_by("asked_at", "id")))

    @extend_schema(request=serializers.AskIn, responses={201: serializers.ClarificationOut})
    def post(self, request: Request, reference: str) -> Response:
        _visible(request, reference)
        fields = validated(serializers.AskIn(data=request.data))
        asked = clarifications.ask(reference=reference, person=signed_in(request), now=timezone.now(), **fields)
        return Response(serializers.ClarificationOut(asked).data, status=201)


class ClarificationAnswer(IdempotentView):
    """The desk's answer."""

    access = {"POST": Access("raise", roles.RAISERS)}

    @extend_schema(request=serializers.AnswerIn, responses=serializers.ClarificationOut)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        if not _visible(request, reference).clarifications.filter(pk=pk).exists():
            raise exceptions.NotFound
        fields = validated(serializers.AnswerIn(data=request.data))
        answered = clarifications.answer(
            request_id=pk,
            answer=fields["answer"],
            on_record=fields.get("on_record"),
            person=signed_in(request),
            now=timezone.now(),
        )
        return Response(serializers.ClarificationOut(answered).data)


class ClarificationChase(IdempotentView):
    """Ask again what nobody has answered for five minutes."""

    access = {"POST": Access("command", roles.CHASERS)}

    @extend_schema(request=None, responses=serializers.ClarificationOut)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        bodies.nothing(request)
        if not _visible(request, reference).clarifications.filter(pk=pk).exists():
            raise exceptions.NotFound
        chased = clarifications.chase(request_id=pk, person=signed_in(request), now=timezone.now())
        return Response(serializers.ClarificationOut(chased).data)


def _visible(request: Request, reference: str) -> Candidate:
    found = desk.get(person=signed_in(request), reference=reference)
    if found is None:
        raise exceptions.NotFound(f"There is no candidate {reference}.")
    return found
