"""lapses/: the ledger over REST. What is not confirmed exists only for its addressee's own token."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api.fields import PersonField
from mim_portal.api import bodies
from mim_portal.api.permissions import Access
from reviews.api.base import ReviewsView, answer
from reviews.choices import ActionStrength, LapseCause, LapseCode, LapseState, PlanChange
from reviews.models import Lapse
from reviews.queries import lapses as lapse_queries
from reviews.rendering import ledger
from reviews.services import lapses
from teams.rules import roles

# Reading is open to every role because the queryset decides what exists: for most of them nothing does.
READ = Access("read", roles.EVERY_ROLE)
KEEP = Access("reviews", roles.LEDGER_KEEPERS)
TAGS = ["lapses"]


class PlanShape(serializers.Serializer[Any]):
    """What prevents the next one, and how it has held since it was in place."""

    plan = serializers.CharField()
    strength = serializers.ChoiceField(choices=ActionStrength.choices)
    owner = serializers.CharField(source="owner.username")
    due_date = serializers.DateField()
    measure = serializers.CharField()
    sample_target = serializers.IntegerField()
    change = serializers.ChoiceField(
        choices=PlanChange.choices, allow_blank=True, help_text="Which change of the portal makes it hold; empty: none."
    )
    change_word = serializers.CharField(allow_blank=True)
    in_place_at = serializers.DateTimeField(allow_null=True)


class WatchShape(serializers.Serializer[Any]):
    """Chances since the plan was in place, repeats, and the highest true rate that still fits (95 %)."""

    chances = serializers.IntegerField()
    repeats = serializers.IntegerField()
    unclear = serializers.IntegerField(help_text="Later ones of the same code whose cause is not written down yet.")
    upper_bound = serializers.FloatField()


class LapseShape(serializers.Serializer[Any]):
    """One lapse of the practice. No person is named: `yours` says whether the caller is the one who is asked."""

    id = serializers.IntegerField(source="lapse.pk")
    code = serializers.ChoiceField(choices=LapseCode.choices, source="lapse.code")
    name = serializers.CharField(source="lapse.get_code_display")
    state = serializers.ChoiceField(choices=LapseState.choices, source="lapse.state")
    incident = serializers.CharField(source="lapse.incident.reference")
    sentence = serializers.CharField()
    needs = serializers.CharField(allow_blank=True)
    yours = serializers.SerializerMethodField()
    occurred_at = serializers.DateTimeField(source="lapse.occurred_at")
    discovered_at = serializers.DateTimeField(source="lapse.discovered_at")
    decided_at = serializers.DateTimeField(source="lapse.decided_at", allow_null=True)
    owned_at = serializers.DateTimeField(source="lapse.owned_at", allow_null=True)
    corrected_at = serializers.DateTimeField(source="lapse.corrected_at", allow_null=True)
    acknowledgement = serializers.CharField(source="lapse.acknowledgement")
    conditions = serializers.CharField(source="lapse.conditions")
    cause_category = serializers.ChoiceField(
        choices=LapseCause.choices, source="lapse.cause_category", allow_blank=True, help_text="Empty: not said."
    )
    correction = serializers.CharField(source="lapse.correction")
    dismissal_reason = serializers.CharField(source="lapse.dismissal_reason")
    plan = PlanShape(allow_null=True)
    watch = WatchShape(allow_null=True)

    def get_yours(self, row: ledger.Row) -> bool:
        return bool(row.lapse.addressee_id == self.context["person"].pk)


class SameLapseShape(serializers.Serializer[Any]):
    """Another entry of the same promise."""

    id = serializers.IntegerField(source="lapse.pk")
    incident = serializers.CharField(source="lapse.incident.reference")
    state = serializers.ChoiceField(choices=LapseState.choices, source="lapse.state")
    sentence = serializers.CharField()
    occurred_at = serializers.DateTimeField(source="lapse.occurred_at")


class WholeLapseShape(LapseShape):
    """With where it came back since its plan was in place, and what was planned against it before; five each."""

    came_back = serializers.SerializerMethodField()
    planned_before = serializers.SerializerMethodField()

    @extend_schema_field(SameLapseShape(many=True))
    def get_came_back(self, row: ledger.Row) -> Any:
        return SameLapseShape(self.context["linked"][0], many=True).data

    @extend_schema_field(SameLapseShape(many=True))
    def get_planned_before(self, row: ledger.Row) -> Any:
        return SameLapseShape(self.context["linked"][1], many=True).data


class DismissInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500)


class OwnInput(serializers.Serializer[Any]):
    """The manager's own words."""

    acknowledgement = serializers.CharField()
    conditions = serializers.CharField(required=False, allow_blank=True, default="", help_text="What made it likely.")
    cause_category = serializers.ChoiceField(
        choices=LapseCause.choices, required=False, allow_blank=True, default="", help_text="The same in one word."
    )


class CorrectLapseInput(serializers.Serializer[Any]):
    correction = serializers.CharField()


class PlanInput(serializers.Serializer[Any]):
    """The plan's owner is the caller unless somebody else is named."""

    plan = serializers.CharField()
    strength = serializers.ChoiceField(choices=ActionStrength.choices, default=ActionStrength.INTERMEDIATE)
    owner = PersonField(required=False)
    due_date = serializers.DateField()
    measure = serializers.CharField(max_length=500)
    sample_target = serializers.IntegerField(min_value=1, max_value=1000, default=20)
    change = serializers.ChoiceField(choices=PlanChange.choices, required=False, allow_blank=True, default="")
    change_word = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=120,
        help_text="Where `change` is `word`, `fact`, `part`: `update:data`.",
    )


class LapsesView(ReviewsView):
    """Answers with lapses as the ledger says them."""

    def shown(self, lapse_id: int) -> Response:
        lapse = lapse_queries.get(lapse_id, self.person())
        if lapse is None:
            raise lapses.UnknownLapse(f"There is no lapse {lapse_id}.")
        person, now = self.person(), timezone.now()
        (row,) = ledger.rows([lapse], person=person, now=now)
        context = {"person": person, "linked": ledger.linked(lapse, person=person, now=now)}
        return answer(WholeLapseShape(row, context=context).data)

    def shapes(self, found: list[Lapse]) -> list[dict[str, Any]]:
        rows = ledger.rows(found, person=self.person(), now=timezone.now())
        return list(LapseShape(rows, many=True, context={"person": self.person()}).data)


class LapseList(LapsesView):
    """Lapses that exist for the caller, newest first."""

    access = {"read": READ}

    @extend_schema(
        tags=TAGS,
        operation_id="lapses_list",
        parameters=[
            OpenApiParameter("incident", str, description="Reference of the incident"),
            OpenApiParameter("code", str, enum=LapseCode.values),
            OpenApiParameter("state", str, enum=LapseState.values),
        ],
        responses=LapseShape(many=True),
    )
    def get(self, request: Request) -> Response:
        rows = lapse_queries.visible_lapses(self.person())
        for name, field in (("incident", "incident__reference"), ("code", "code"), ("state", "state")):
            if value := request.query_params.get(name):
                rows = rows.filter(**{field: value})
        paginator, page = self.page(rows, request)
        return paginator.get_paginated_response(self.shapes(page))


class LapseDetail(LapsesView):
    """One lapse."""

    access = {"read": READ}

    @extend_schema(tags=TAGS, responses=WholeLapseShape)
    def get(self, request: Request, pk: int) -> Response:
        return self.shown(pk)


class ConfirmLapse(LapsesView):
    """Yes, this promise was not held."""

    access = {"POST": KEEP}

    @extend_schema(tags=TAGS, request=None, responses=WholeLapseShape)
    def post(self, request: Request, pk: int) -> Response:
        bodies.nothing(request)
        lapses.confirm(lapse_id=pk, person=self.person(), now=timezone.now())
        return self.shown(pk)


class DismissLapse(LapsesView):
    """No lapse, with the reason."""

    access = {"POST": KEEP}

    @extend_schema(tags=TAGS, request=DismissInput, responses=WholeLapseShape)
    def post(self, request: Request, pk: int) -> Response:
        lapses.dismiss(lapse_id=pk, person=self.person(), **self.taken(DismissInput), now=timezone.now())
        return self.shown(pk)


class OwnLapse(LapsesView):
    """Owned in the manager's own words; owning a suggestion confirms it."""

    access = {"POST": KEEP}

    @extend_schema(tags=TAGS, request=OwnInput, responses=WholeLapseShape)
    def post(self, request: Request, pk: int) -> Response:
        lapses.own(lapse_id=pk, person=self.person(), **self.taken(OwnInput), now=timezone.now())
        return self.shown(pk)


class CorrectLapse(LapsesView):
    """How this one was put right."""

    access = {"POST": KEEP}

    @extend_schema(tags=TAGS, request=CorrectLapseInput, responses=WholeLapseShape)
    def post(self, request: Request, pk: int) -> Response:
        lapses.correct(lapse_id=pk, person=self.person(), **self.taken(CorrectLapseInput), now=timezone.now())
        return self.shown(pk)


class PlanLapse(LapsesView):
    """What prevents the next one."""

    access = {"POST": KEEP}

    @extend_schema(tags=TAGS, request=PlanInput, responses=WholeLapseShape)
    def post(self, request: Request, pk: int) -> Response:
        taken = self.taken(PlanInput)
        lapses.plan(
            lapse_id=pk,
            person=self.person(),
            text=taken.pop("plan"),
            owner=taken.pop("owner", None) or self.person(),
            **taken,
            now=timezone.now(),
        )
        return self.shown(pk)


class PlanInPlace(LapsesView):
    """The plan is in place: from now on the lapse is watched."""

    access = {"POST": KEEP}

    @extend_schema(tags=TAGS, request=None, responses=WholeLapseShape)
    def post(self, request: Request, pk: int) -> Response:
        bodies.nothing(request)
        lapses.put_in_place(lapse_id=pk, person=self.person(), now=timezone.now())
        return self.shown(pk)
