"""The closing checklist of one incident."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api.fields import visible
from incidents.choices import ClosureAnswer
from incidents.models import Incident
from incidents.queries import closure
from incidents.services.states import closing
from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.permissions import Access
from teams.api.base import signed_in
from teams.rules import roles


class ItemOut(serializers.Serializer[Any]):
    """One line: what the record shows, what a person answered, and with what it can be answered."""

    code = serializers.CharField()
    question = serializers.CharField()
    is_open = serializers.BooleanField()
    met = serializers.BooleanField()
    detail = serializers.CharField()
    answers = serializers.ListField(child=serializers.ChoiceField(choices=ClosureAnswer.choices))
    answer = serializers.CharField()
    note = serializers.CharField()
    answered_by = serializers.CharField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)


class ChecklistOut(serializers.Serializer[Any]):
    """Every line in order, and the codes of those that are open."""

    items = ItemOut(many=True)
    open = serializers.ListField(child=serializers.CharField())


class ClosureAnswerIn(serializers.Serializer[Any]):
    """An answer with its note; an empty one takes the last answer back."""

    answer = serializers.ChoiceField(choices=ClosureAnswer.choices, allow_blank=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=closing.LONGEST_NOTE)


class AnswersIn(serializers.Serializer[Any]):
    """Answers by item, all taken or none."""

    answers = serializers.DictField(child=ClosureAnswerIn())


class Closure(IdempotentView):
    """What is asked before the record is closed; POST answers."""

    access = {
        "read": Access("read", roles.ROOM_READERS),
        "POST": Access("command", roles.CLOSERS),
    }

    @extend_schema(responses=ChecklistOut)
    def get(self, request: Request, reference: str) -> Response:
        return _answer(visible(request, reference))

    @extend_schema(request=AnswersIn, responses=ChecklistOut)
    def post(self, request: Request, reference: str) -> Response:
        visible(request, reference)
        given = validated(AnswersIn(data=request.data))
        answers: Mapping[str, Mapping[str, Any]] = given["answers"]
        incident = closing.answer(reference=reference, person=signed_in(request), answers=answers, now=timezone.now())
        return _answer(incident)


def _answer(incident: Incident) -> Response:
    checklist = closure.of(incident, now=timezone.now())
    items = [
        {
            "code": item.code,
            "question": item.question,
            "is_open": item.is_open,
            "met": item.met,
            "detail": item.detail,
            "answers": item.answers,
            "answer": item.given.answer if item.given else "",
            "note": item.given.note if item.given else "",
            "answered_by": checklist.people[item.given.by].username if item.given else None,
            "answered_at": item.given.at if item.given else None,
        }
        for item in checklist.items
    ]
    shown = {"items": items, "open": [item.code for item in checklist.open]}
    return Response(ChecklistOut(shown).data)
