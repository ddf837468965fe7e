"""The outbox: whatever leaves the system is first a row, written in the transaction that caused it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from comms.choices import ENDPOINT_KINDS, UNFINISHED_DELIVERIES, ChannelKind, DeliveryState, PageAction
from comms.models.audience import Audience
from comms.models.deadline import Notice
from comms.models.maintenance import Maintenance
from comms.models.subscription import Subscription
from comms.models.update import Update
from incidents.models import Engagement
from teams.models import Invitation


class NoticeHtml(models.Model):
    """The HTML part of all notices that say the same, with places for each incident's own words.

    The clock writes twenty thousand notices in a second or two, and their HTML would be nine tenths of what it writes:
    the words are put in when a notice leaves (comms.rendering.notices.html_of).
    """

    html = models.TextField()

    def __str__(self) -> str:
        return f"HTML of notices {self.pk}"


class Message(models.Model):
    """One text for many addresses: an update as one audience reads it, a notice, or a call for help. Rendered once."""

    update = models.ForeignKey(Update, models.PROTECT, null=True, related_name="messages", db_index=False)
    notice = models.ForeignKey(
        Notice, models.DO_NOTHING, null=True, related_name="messages", db_constraint=False, db_index=False
    )
    engagement = models.ForeignKey(  # a call for help
        Engagement, models.PROTECT, null=True, related_name="+", db_index=False
    )
    invitation = models.ForeignKey(Invitation, models.SET_NULL, null=True, related_name="+", db_index=False)
    subscription = models.ForeignKey(  # the letter that asks for a confirmation
        Subscription, models.CASCADE, null=True, related_name="+", db_index=False
    )
    maintenance = models.ForeignKey(  # what subscribers are told of a planned window
        Maintenance, models.CASCADE, null=True, related_name="+", db_index=False
    )
    audience = models.ForeignKey(Audience, models.PROTECT, null=True, related_name="+", db_index=False)
    subject = models.CharField(max_length=400)
    text = models.TextField()
    html = models.TextField(blank=True)
    notice_html = models.ForeignKey(  # instead of `html`, with the title that the reader may see
        NoticeHtml, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    notice_title = models.CharField(max_length=400, blank=True, db_default="")
    short = models.CharField(max_length=400, blank=True, db_default="")  # as a text message, where somebody wrote one
    event = models.CharField(max_length=40, blank=True, db_default="")  # text is the JSON of a webhook's event
    page = models.CharField(  # what a page says of its engagement; empty for mail
        max_length=12, choices=PageAction.choices, blank=True, db_default=""
    )
    thread = models.CharField(max_length=120)  # one thread for the whole incident
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [  # only the rows that have one: most messages of a busy second are notices
            models.Index(fields=["update"], name="messages_of_update", condition=Q(update__isnull=False)),
            models.Index(fields=["engagement"], name="messages_of_engagement", condition=Q(engagement__isnull=False)),
            models.Index(fields=["invitation"], name="messages_of_invitation", condition=Q(invitation__isnull=False)),
            models.Index(
                fields=["maintenance"], name="messages_of_maintenance", condition=Q(maintenance__isnull=False)
            ),
            models.Index(
                fields=["subscription"], name="messages_of_subscription", condition=Q(subscription__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Delivery(models.Model):
    """One message to one address, with its attempts. The stable Message-ID is made from the row's id.

    Claimed in chunks with a lease: a killed worker loses nothing and repeats at most what was in flight. The bulk
    columns carry no foreign-key constraint, for the speed of 100,000 inserts in the publishing transaction.
    """

    message = models.ForeignKey(  # one_delivery_per_address begins with it
        Message, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="deliveries"
    )
    person_id = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=12, choices=ENDPOINT_KINDS, default=ChannelKind.EMAIL)
    address = models.CharField(max_length=320)
    endpoint_id = models.BigIntegerField(null=True)  # of what is no mail: whose lane it leaves by
    other_way_id = models.BigIntegerField(null=True)  # the delivery of this message that goes instead of a lost one
    position = models.PositiveSmallIntegerField(default=0)  # the desk's copy leaves first
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    due_at = models.DateTimeField(db_default=Now())
    leased_until = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True, db_default="")

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["message", "channel", "address"], name="one_delivery_per_address"),
        ]
        indexes = [
            # comms.tasks.deliver claims by this.
            models.Index(
                fields=["position", "due_at"],
                name="due_deliveries",
                condition=Q(channel="email", state__in=["pending", "failed"]),
            ),
            # comms.tasks.deliver_channels claims one endpoint's by this.
            models.Index(
                fields=["endpoint_id", "position", "due_at"],
                name="due_by_endpoint",
                condition=Q(endpoint_id__isnull=False, state__in=["pending", "failed"]),
            ),
            # What an endpoint was sent, newest first; mail is not in it.
            models.Index(fields=["endpoint_id", "id"], name="sent_by_endpoint", condition=Q(endpoint_id__isnull=False)),
            # The few of a large update that did not arrive; rows that are on their way or sent are not in it.
            models.Index(
                fields=["message", "channel", "address"],
                name="undelivered_of_message",
                condition=Q(state__in=["failed", "bounced", "dead", "suppressed"]),
            ),
            models.Index(fields=["leased_until"], name="leased_deliveries", condition=Q(state="sending")),
            # What was given up lately, across updates.
            models.Index(fields=["id"], name="given_up_deliveries", condition=Q(state="dead")),
            # Whose place a copy has taken.
            models.Index(fields=["other_way_id"], name="lost_by_other_way", condition=Q(other_way_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} to {self.address}"


assert {"pending", "failed", "sending"} == set(UNFINISHED_DELIVERIES)  # the indexes above name them
