"""incidents/{ref}/updates/: write, check, approve, publish, correct and withdraw over REST."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from comms.api.writing import update_serializers as shapes
from comms.choices import SENT_UPDATES
from comms.models import Update
from comms.queries.recipients import audiences as audience_queries
from comms.queries.writing import updates as update_queries
from comms.rules.texts import Text
from comms.services.writing import approval, beginning, checking, publishing, updates
from incidents.queries import incidents
from incidents.services import locking
from mim_portal.api import bodies
from mim_portal.api.paging import CursorPaging
from mim_portal.api.permissions import Access
from teams.api.base import PersonView
from teams.models import Person
from teams.rules import roles

_READ = Access("read", roles.ROOM_READERS)
_WRITE = Access("comms", roles.WRITERS)
TAGS = ["updates"]


def readable(person: Person) -> QuerySet[Update]:
    """Drafts are for those who write and read them; everybody else in the room sees what was sent."""
    visible = update_queries.visible(person)
    if person.has_role(*(roles.WRITERS | roles.SECOND_READERS)):
        return visible
    return visible.filter(state__in=SENT_UPDATES)


class UpdateView(PersonView):
    """What the addresses below share: the caller, the update, the answer."""

    def update_of(self, reference: str, pk: int) -> Update:
        found = readable(self.person()).filter(incident__reference=reference, pk=pk).first()
        if found is None:
            raise updates.UnknownUpdate(f"{reference} has no update {pk}.")
        return found

    def answer(self, update: Update, *, status: int = 200) -> Response:
        shown = self.update_of(update.incident.reference, update.pk)
        content_hash = update_queries.content_hash(shown)
        context = {
            "deliveries": update_queries.deliveries([shown]),
            "findings": update_queries.findings(shown, content_hash=shown.published_hash or content_hash),
        }
        response = Response(shapes.UpdateWithFindingsShape(shown, context=context).data, status=status)
        response["ETag"] = f'"{shown.revision}"'
        return response


class UpdateList(UpdateView):
    """All updates of an incident, newest first; POST begins a draft."""

    access = {"read": _READ, "POST": _WRITE}
    pagination_class = CursorPaging

    @extend_schema(tags=TAGS, operation_id="updates_list", responses=shapes.UpdateShape(many=True))
    def get(self, request: Request, reference: str) -> Response:
        incident = incidents.get(reference, self.person())
        if incident is None:
            raise locking.UnknownIncident(f"There is no incident {reference}.")
        paginator = CursorPaging()
        page = paginator.paginate_queryset(readable(self.person()).filter(incident=incident), request, view=self)
        context = {"deliveries": update_queries.deliveries(page or [])}
        return paginator.get_paginated_response(shapes.UpdateShape(page or [], many=True, context=context).data)

    @extend_schema(tags=TAGS, request=shapes.DraftInput, responses={201: shapes.UpdateWithFindingsShape})
    def post(self, request: Request, reference: str) -> Response:
        taken = self.taken(shapes.DraftInput)
        begun = self._begun(reference, taken)
        made = updates.draft(
            reference=reference,
            person=self.person(),
            kind=taken["kind"],
            audiences=taken.get("audiences"),
            subject=taken.get("subject") or begun.subject,
            body=taken.get("body") or begun.body,
            next_update_at=taken.get("next_update_at"),
            texts=taken.get("texts"),
            component_state=taken.get("component_state", ""),
            no_further_updates=taken.get("no_further_updates", False),
            now=timezone.now(),
        )
        response = self.answer(made, status=201)
        response["Location"] = request.build_absolute_uri(f"{request.path}{made.pk}/")
        return response

    def _begun(self, reference: str, taken: dict[str, Any]) -> Text:
        """What the template of the kind and its readers begins with, where it is asked for."""
        incident = incidents.get(reference, self.person())
        if incident is None or not taken["from_template"]:
            return Text(subject="", body="")
        codes = taken.get("audiences")
        chosen = audience_queries.owed(incident) if codes is None else audience_queries.by_codes(codes)
        next_at = taken.get("next_update_at")
        return beginning.begin(
            incident=incident, kind=taken["kind"], audiences=chosen, next_update_at=next_at, now=timezone.now()
        )


class UpdateDetail(UpdateView):
    """One update. PATCH a draft with If-Match, so that two writers cannot overwrite each other (412)."""

    access = {"read": _READ, "PATCH": _WRITE, "DELETE": _WRITE}

    @extend_schema(tags=TAGS, responses=shapes.UpdateWithFindingsShape)
    def get(self, request: Request, reference: str, pk: int) -> Response:
        return self.answer(self.update_of(reference, pk))

    @extend_schema(tags=TAGS, request=shapes.EditInput, responses=shapes.UpdateWithFindingsShape)
    def patch(self, request: Request, reference: str, pk: int) -> Response:
        self.update_of(reference, pk)
        edited = updates.edit(
            update_id=pk,
            person=self.person(),
            revision=revision_of(request),
            fields=self.taken(shapes.EditInput, partial=True),
            now=timezone.now(),
        )
        return self.answer(edited)

    @extend_schema(tags=TAGS, responses={204: None})
    def delete(self, request: Request, reference: str, pk: int) -> Response:
        self.update_of(reference, pk)
        updates.discard(update_id=pk, person=self.person())
        return Response(status=204)


class CheckUpdate(UpdateView):
    """Check the text as it stands."""

    access = {"POST": Access("comms", roles.WRITERS | roles.SECOND_READERS)}

    @extend_schema(tags=TAGS, request=None, responses=shapes.CheckedShape)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        bodies.nothing(request)
        self.update_of(reference, pk)
        rows = checking.check(update_id=pk, person=self.person(), now=timezone.now())
        update = self.update_of(reference, pk)
        return Response(
            {
                "findings": shapes.FindingShape(rows, many=True).data,
                "blocking": len(publishing.open_findings(rows)),
                "language_checked": update.language_checked,
                "revision": update.revision,
            }
        )


class SubmitUpdate(UpdateView):
    """Ask for a second reader; the three minutes start."""

    access = {"POST": _WRITE}

    @extend_schema(tags=TAGS, request=None, responses=shapes.UpdateWithFindingsShape)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        bodies.nothing(request)
        self.update_of(reference, pk)
        return self.answer(approval.submit(update_id=pk, person=self.person(), now=timezone.now()))


class ApproveUpdate(UpdateView):
    """Stand for the text as its second reader."""

    access = {"POST": Access("comms", roles.SECOND_READERS)}

    @extend_schema(tags=TAGS, request=None, responses=shapes.UpdateWithFindingsShape)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        bodies.nothing(request)
        self.update_of(reference, pk)
        return self.answer(approval.approve(update_id=pk, person=self.person(), now=timezone.now()))


class PublishUpdate(UpdateView):
    """Send it. 409 `blocked` with `findings[]`, 409 `second_reader` with `release_at`."""

    access = {"POST": _WRITE}

    @extend_schema(tags=TAGS, request=shapes.PublishInput, responses=shapes.UpdateWithFindingsShape)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        self.update_of(reference, pk)
        taken = self.taken(shapes.PublishInput)
        sent = publishing.publish(
            update_id=pk,
            person=self.person(),
            send_now=taken["send_now"],
            overrides=taken["overrides"],
            now=timezone.now(),
        )
        return self.answer(sent)


class CorrectUpdate(UpdateView):
    """Begin the correction of a sent update: a draft, checked and published like any other."""

    access = {"POST": _WRITE}

    @extend_schema(tags=TAGS, request=shapes.CorrectInput, responses={201: shapes.UpdateWithFindingsShape})
    def post(self, request: Request, reference: str, pk: int) -> Response:
        self.update_of(reference, pk)
        made = publishing.correct(
            update_id=pk, person=self.person(), now=timezone.now(), **self.taken(shapes.CorrectInput)
        )
        return self.answer(made, status=201)


class WithdrawUpdate(UpdateView):
    """Take a sent update back; its readers are told."""

    access = {"POST": _WRITE}

    @extend_schema(tags=TAGS, request=shapes.WithdrawInput, responses=shapes.UpdateWithFindingsShape)
    def post(self, request: Request, reference: str, pk: int) -> Response:
        self.update_of(reference, pk)
        reason = self.taken(shapes.WithdrawInput)["reason"]
        return self.answer(publishing.withdraw(update_id=pk, person=self.person(), reason=reason, now=timezone.now()))


def revision_of(request: Request) -> int | None:
    """The revision that If-Match names; None where the caller does not say which one it read."""
    tag = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if tag in ("", "*"):
        return None
    return int(tag) if tag.isdecimal() else -1
