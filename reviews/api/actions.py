"""actions/: what will be different, over all reviews."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from mim_portal.api import bodies
from mim_portal.api.permissions import Access
from reviews.api import review_shapes as shapes
from reviews.api.base import ReviewsView, answer
from reviews.choices import ActionState
from reviews.models import ImprovementAction
from reviews.queries import reviews as review_queries
from reviews.services import actions
from teams.rules import roles

READ = Access("read", roles.REVIEW_READERS)
WRITE = Access("reviews", roles.REVIEWERS)
TAGS = ["actions"]


class ActionsView(ReviewsView):
    """Answers with one action."""

    def shown(self, action: ImprovementAction, *, status: int = 200) -> Response:
        found = review_queries.visible_actions(self.person()).get(pk=action.pk)
        return answer(shapes.ActionShape(found).data, status=status)


class ActionList(ActionsView):
    """Actions, newest first; POST agrees on one for a review."""

    access = {"read": READ, "POST": WRITE}

    @extend_schema(
        tags=TAGS,
        operation_id="actions_list",
        parameters=[
            OpenApiParameter("state", str, enum=ActionState.values),
            OpenApiParameter("owner", str, description="Username"),
            OpenApiParameter("incident", str, description="Reference of the incident"),
            OpenApiParameter("overdue", bool, description="Open, and due before today"),
        ],
        responses=shapes.ActionShape(many=True),
    )
    def get(self, request: Request) -> Response:
        rows = review_queries.visible_actions(self.person())
        asked = request.query_params
        for name, field in (
            ("state", "state"),
            ("owner", "owner__username"),
            ("incident", "review__incident__reference"),
        ):
            if value := asked.get(name):
                rows = rows.filter(**{field: value})
        if asked.get("overdue", "").lower() in {"true", "1"}:
            rows = rows.filter(state=ActionState.OPEN, due_date__lt=timezone.now().date())
        paginator, page = self.page(rows, request)
        return paginator.get_paginated_response(shapes.ActionShape(page, many=True).data)

    @extend_schema(tags=TAGS, request=shapes.ActionOfReviewInput, responses={201: shapes.ActionShape})
    def post(self, request: Request) -> Response:
        taken = self.taken(shapes.ActionOfReviewInput)
        reference = taken.pop("incident")
        made = actions.add(reference=reference, person=self.person(), **taken, now=timezone.now())
        return self.shown(made, status=201)


class ReviewActionList(ActionsView):
    """POST agrees on an action of this review."""

    access = {"POST": WRITE}

    @extend_schema(tags=TAGS, request=shapes.ActionInput, responses={201: shapes.ActionShape})
    def post(self, request: Request, reference: str) -> Response:
        taken = self.taken(shapes.ActionInput)
        return self.shown(
            actions.add(reference=reference, person=self.person(), **taken, now=timezone.now()), status=201
        )


class ActionDetail(ActionsView):
    """One action; PATCH what changes, it must stay complete."""

    access = {"read": READ, "PATCH": WRITE}

    @extend_schema(tags=TAGS, responses=shapes.ActionShape)
    def get(self, request: Request, pk: int) -> Response:
        found = review_queries.visible_actions(self.person()).filter(pk=pk).first()
        if found is None:
            raise actions.UnknownAction(f"There is no action {pk}.")
        return answer(shapes.ActionShape(found).data)

    @extend_schema(tags=TAGS, request=shapes.ActionInput, responses=shapes.ActionShape)
    def patch(self, request: Request, pk: int) -> Response:
        fields = self.taken(shapes.ActionInput, partial=True)
        return self.shown(actions.change(action_id=pk, person=self.person(), fields=fields, now=timezone.now()))


class MoveAction(ActionsView):
    """Done, verified effective, cancelled, or open again: the last part of the address says which."""

    access = {"POST": WRITE}

    @extend_schema(
        tags=TAGS,
        operation_id="actions_move",
        request=None,
        responses=shapes.ActionShape,
        parameters=[OpenApiParameter("to", str, OpenApiParameter.PATH, enum=ActionState.values)],
    )
    def post(self, request: Request, pk: int, to: str) -> Response:
        bodies.nothing(request)
        return self.shown(actions.move(action_id=pk, person=self.person(), to=to, now=timezone.now()))
