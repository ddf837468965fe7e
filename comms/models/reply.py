"""What readers answer to updates by mail."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

from comms.choices import ReplyState
from comms.models.update import Update
from incidents.models import Incident


class Reply(models.Model):
    """One mail of one reader, with its new words alone; once, however often it is handed in.

    A reply whose incident is not known has none until somebody says which. One beyond what an address may send in an
    hour is folded: it is counted, its words are not kept.
    """

    message_id = models.CharField(max_length=400)  # its own; a digest of the mail where it has none
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="+", db_index=False)
    update = models.ForeignKey(Update, models.PROTECT, null=True, related_name="+", db_index=False)  # if it names one
    sender = models.CharField(max_length=320)  # in small letters
    sender_name = models.CharField(max_length=120, blank=True)
    subject = models.CharField(max_length=400, blank=True)
    text = models.TextField(blank=True)
    is_cut = models.BooleanField(default=False)
    files = models.JSONField(default=list)  # names of what hung on it; the files are not taken
    is_recipient = models.BooleanField(default=False)  # an update of the incident was sent to this address
    is_folded = models.BooleanField(default=False)
    received_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=10, choices=ReplyState.choices, default=ReplyState.NEW)
    marked_at = models.DateTimeField(null=True)
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        verbose_name_plural = "replies"
        constraints = [
            models.UniqueConstraint(fields=["message_id"], name="reply_once"),
            models.CheckConstraint(condition=Q(sender=Lower(F("sender"))), name="reply_sender_in_small_letters"),
            models.CheckConstraint(condition=Q(state__in=ReplyState.values), name="reply_state_known"),
            models.CheckConstraint(
                condition=Q(state="new", marked_at=None, marked_by=None)
                | (~Q(state="new") & Q(marked_at__isnull=False, marked_by__isnull=False)),
                name="reply_marked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(is_folded=False) | Q(text="", files=[]), name="folded_reply_keeps_nothing"
            ),
        ]
        indexes = [
            models.Index(fields=["incident", "received_at"], name="replies_of_incident"),  # pages, and the hour's limit
            models.Index(fields=["id"], name="replies_without_incident", condition=Q(incident=None)),
        ]

    def __str__(self) -> str:
        return f"{self.subject} from {self.sender}"
