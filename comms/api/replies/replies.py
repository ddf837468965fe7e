"""replies/: what readers answer comes in, is read, answered and placed; incidents/{ref}/replies/ lists one's."""

import base64
import binascii
from email.message import EmailMessage
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from comms.adapters import incoming
from comms.choices import MailKind, ReplyState
from comms.queries.replies import replies as queries
from comms.services.replies import intake, marking
from incidents.queries import incidents
from mim_portal.api.bodies import validated
from mim_portal.api.idempotency import IdempotentView
from mim_portal.api.paging import many, paged
from mim_portal.api.permissions import Access
from mim_portal.lib.refusals import Invalid
from teams.api.base import signed_in
from teams.rules import roles

TAGS = ["updates"]
_STATE = OpenApiParameter("state", str, enum=ReplyState.values)


class ReplyInput(serializers.Serializer[Any]):
    """A mail as it came in: `raw` (its text), `raw_base64` (its bytes), or its fields; `sender` is then needed."""

    raw = serializers.CharField(
        max_length=2_000_000, required=False, allow_blank=True, default="", trim_whitespace=False
    )
    raw_base64 = serializers.CharField(max_length=2_000_000, required=False, allow_blank=True, default="")
    sender = serializers.EmailField(max_length=320, required=False, allow_blank=True, default="")
    subject = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    text = serializers.CharField(max_length=500_000, required=False, allow_blank=True, default="")
    message_id = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")
    in_reply_to = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    references = serializers.CharField(max_length=20_000, required=False, allow_blank=True, default="")
    auto_submitted = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")


class ReplyShape(serializers.Serializer[Any]):
    """One reply with its new words alone. `files` are names: the files are not taken."""

    id = serializers.IntegerField(source="pk")
    incident = serializers.CharField(source="incident.reference", default=None, allow_null=True)
    update_id = serializers.IntegerField(allow_null=True)
    sender = serializers.CharField()
    sender_name = serializers.CharField()
    subject = serializers.CharField()
    text = serializers.CharField()
    is_cut = serializers.BooleanField()
    files = serializers.ListField(child=serializers.CharField())
    is_recipient = serializers.BooleanField(help_text="false where no update of the incident was sent to the address")
    state = serializers.ChoiceField(choices=ReplyState.choices)
    received_at = serializers.DateTimeField()
    marked_at = serializers.DateTimeField(allow_null=True)
    marked_by = serializers.CharField(source="marked_by.username", default=None, allow_null=True)


class TakenShape(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=MailKind.choices, help_text="only a `reply` is kept")
    is_new = serializers.BooleanField(help_text="false where it was handed in before, or says nothing new")
    id = serializers.IntegerField(allow_null=True, help_text="of the reply")
    has_incident = serializers.BooleanField(help_text="whether it found its incident")


class MarkInput(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=ReplyState.choices)


class PlaceInput(serializers.Serializer[Any]):
    incident = serializers.CharField(max_length=40)


class Replies(IdempotentView):
    """POST takes a mail in, once however often it is sent. GET lists those that belong to no incident yet."""

    access = {"GET": Access("comms", roles.REPLY_KEEPERS), "POST": Access("mail", roles.ADMINISTRATORS)}
    cursor_ordering = ("-pk",)

    @extend_schema(tags=TAGS, parameters=[_STATE], responses=ReplyShape(many=True))
    def get(self, request: Request) -> Response:
        found = queries.without_incident(state=_state(request))
        return paged(self, request, found, lambda page: many(ReplyShape, page))

    @extend_schema(tags=TAGS, request=ReplyInput, responses=TakenShape)
    def post(self, request: Request) -> Response:
        given = validated(ReplyInput(data=request.data))
        try:
            mail = incoming.parse(_raw(given))
        except incoming.NoMail as error:
            field = next((name for name in ("raw", "raw_base64") if given[name]), "sender")
            raise Invalid("This is no mail: it has no From with an address.", field=field, code="no_mail") from error
        taken = intake.take(mail=mail, by=signed_in(request), now=timezone.now())
        shown = {
            "kind": taken.kind,
            "is_new": taken.is_new,
            "id": taken.reply.pk if taken.reply is not None else None,
            "has_incident": taken.reply is not None and taken.reply.incident_id is not None,
        }
        return Response(TakenShape(shown).data)


class IncidentReplies(IdempotentView):
    """Replies to the updates of one incident, the last one first; those in one `state`."""

    access = {"GET": Access("comms", roles.REPLY_READERS)}
    cursor_ordering = ("-pk",)

    @extend_schema(tags=TAGS, parameters=[_STATE], responses=ReplyShape(many=True))
    def get(self, request: Request, reference: str) -> Response:
        incident = incidents.get(reference, signed_in(request))
        if incident is None:
            raise NotFound(f"There is no incident {reference}.")
        found = queries.of(incident, state=_state(request))
        return paged(self, request, found, lambda page: many(ReplyShape, page))


class MarkReply(IdempotentView):
    """Say that a reply was `read` or `answered`; `new` takes it back."""

    access = {"POST": Access("comms", roles.REPLY_READERS | roles.REPLY_KEEPERS)}

    @extend_schema(tags=TAGS, request=MarkInput, responses=ReplyShape)
    def post(self, request: Request, pk: int) -> Response:
        state = validated(MarkInput(data=request.data))["state"]
        reply = marking.mark(reply_id=pk, person=signed_in(request), state=state, now=timezone.now())
        return Response(ReplyShape(reply).data)


class PlaceReply(IdempotentView):
    """Put a reply without an incident into the room of one. 409 `placed` where it has one."""

    access = {"POST": Access("comms", roles.REPLY_KEEPERS)}

    @extend_schema(tags=TAGS, request=PlaceInput, responses=ReplyShape)
    def post(self, request: Request, pk: int) -> Response:
        reference = validated(PlaceInput(data=request.data))["incident"]
        reply = marking.place(reply_id=pk, person=signed_in(request), reference=reference)
        return Response(ReplyShape(reply).data)


def _state(request: Request) -> str:
    state = request.query_params.get("state", "")
    if state and state not in ReplyState.values:
        raise Invalid(f"state is one of {', '.join(ReplyState.values)}.", field="state")
    return state


def _raw(given: dict[str, Any]) -> bytes:
    """The mail's bytes; of its fields, the mail that they make."""
    if given["raw"]:
        return str(given["raw"]).encode()
    if given["raw_base64"]:
        try:
            return base64.b64decode(given["raw_base64"], validate=True)
        except binascii.Error as error:
            raise Invalid("This is not base64.", field="raw_base64") from error
    mail = EmailMessage()
    headers = {
        "From": given["sender"],
        "Subject": given["subject"],
        "Message-ID": given["message_id"],
        "In-Reply-To": given["in_reply_to"],
        "References": given["references"],
        "Auto-Submitted": given["auto_submitted"],
    }
    for name, value in headers.items():
        if value.strip():
            mail[name] = " ".join(value.split())
    mail.set_content(given["text"])
    return mail.as_bytes()
