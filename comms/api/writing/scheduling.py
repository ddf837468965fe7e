"""incidents/{ref}/updates/{id}/: adapted to an audience, sent back by its reader, or left to leave at a time."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from comms.api.writing import update_serializers as shapes
from comms.api.writing.updates import TAGS, UpdateView
from comms.services.writing import adapting, approval, scheduling
from mim_portal.api.permissions import Access
from teams.rules import roles

_WRITE = Access("comms", roles.WRITERS)


class AdaptUpdate(UpdateView):
    """Begin words of its own for one audience, as the core text or as the template of those readers."""

    access = {"POST": _WRITE}

    @extend_schema(tags=TAGS, request=shapes.AdaptInput, responses=shapes.UpdateWithFindingsShape)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        self.update_of(reference, pk)
        taken = self.taken(shapes.AdaptInput)
        made = adapting.adapt(
            update_id=pk,
            person=self.person(),
            audience=taken["audience"],
            source=taken["begin_as"],
            now=timezone.now(),
        )
        return self.answer(made)


class ReturnUpdate(UpdateView):
    """Send the text back to its author with a comment. Nothing is sent, and no promise moves."""

    access = {"POST": Access("comms", roles.SECOND_READERS)}

    @extend_schema(tags=TAGS, request=shapes.ReturnInput, responses=shapes.UpdateWithFindingsShape)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        self.update_of(reference, pk)
        comment = self.taken(shapes.ReturnInput)["comment"]
        return self.answer(approval.send_back(update_id=pk, person=self.person(), comment=comment, now=timezone.now()))


class ScheduleUpdate(UpdateView):
    """Let an approved text leave at a time; it is checked again then, and held with a notice where facts changed."""

    access = {"POST": _WRITE, "DELETE": _WRITE}

    @extend_schema(tags=TAGS, request=shapes.ScheduleInput, responses=shapes.UpdateWithFindingsShape)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        self.update_of(reference, pk)
        made = scheduling.schedule(
            update_id=pk, person=self.person(), now=timezone.now(), **self.taken(shapes.ScheduleInput)
        )
        return self.answer(made)

    @extend_schema(tags=TAGS, responses=shapes.UpdateWithFindingsShape)
    def delete(self, request: Request, reference: str, pk: int) -> Response:
        self.update_of(reference, pk)
        return self.answer(scheduling.cancel(update_id=pk, person=self.person(), now=timezone.now()))
