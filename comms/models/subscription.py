"""Who asked to hear of a status page, of what on it, and whether they have confirmed it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

from comms.choices import READERS_CHANNELS, ChannelKind, SubscriptionState
from comms.models.endpoint import Endpoint
from comms.models.status_page import StatusPage

# The channels whose address is an endpoint's, as the constraint names them.
_NO_MAIL = [kind.value for kind in ChannelKind if kind in READERS_CHANNELS and kind != ChannelKind.EMAIL]


class Subscription(models.Model):
    """One address at one page. It hears of the whole page, or of the groups, services and incidents that it chose.

    Only confirmed ones are reached. What was never confirmed and what has ended is deleted after a while
    (comms.services.subscriptions.forgetting).
    """

    page = models.ForeignKey(StatusPage, models.CASCADE, related_name="+", db_index=False)
    channel = models.CharField(max_length=12, choices=ChannelKind.choices, default=ChannelKind.EMAIL)
    address = models.CharField(max_length=320)  # in small letters; of what is no mail the code of its endpoint
    endpoint = models.ForeignKey(Endpoint, models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField(
        max_length=10, choices=SubscriptionState.choices, default=SubscriptionState.PENDING, db_index=False
    )
    is_whole = models.BooleanField(default=True)
    groups = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    services = ArrayField(models.BigIntegerField(), default=list, blank=True)
    incidents = ArrayField(models.BigIntegerField(), default=list, blank=True)
    consent = models.CharField(max_length=300, blank=True)  # of an import: how the reader agreed
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    asked_at = models.DateTimeField(db_default=Now())
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "channel", "address"], name="subscribed_once"),
            models.CheckConstraint(condition=Q(address=Lower(F("address"))), name="subscription_in_small_letters"),
            models.CheckConstraint(condition=Q(state__in=SubscriptionState.values), name="subscription_state_known"),
            models.CheckConstraint(
                condition=Q(channel="email", endpoint=None) | (Q(channel__in=_NO_MAIL) & Q(endpoint__isnull=False)),
                name="subscribed_by_mail_or_an_endpoint",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", confirmed_at=None) | (~Q(state="pending") & Q(confirmed_at__isnull=False)),
                name="subscription_confirmed_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) | (~Q(state="ended") & Q(ended_at=None)),
                name="subscription_ended_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(is_whole=True) | ~Q(groups=[]) | ~Q(services=[]) | ~Q(incidents=[]),
                name="subscription_to_something",
            ),
            models.CheckConstraint(
                condition=Q(added_by=None, consent="") | (Q(added_by__isnull=False) & ~Q(consent="")),
                name="imported_with_consent",
            ),
        ]
        indexes = [
            # comms.queries.recipients.reach finds whom a page's updates go to by this.
            models.Index(fields=["page"], name="confirmed_subscriptions", condition=Q(state="confirmed")),
            # What becomes of an address for every page at once: mail to it came back, its reader complained.
            models.Index(fields=["address"], name="subscriptions_of_address"),
            # What becomes of an endpoint: it is silent, or nobody subscribes with it any more.
            models.Index(fields=["endpoint"], name="subscriptions_of_endpoint", condition=Q(endpoint__isnull=False)),
            # comms.tasks.forget_subscriptions looks by these.
            models.Index(fields=["asked_at"], name="unconfirmed_subscriptions", condition=Q(state="pending")),
            models.Index(fields=["ended_at"], name="ended_subscriptions", condition=Q(state="ended")),
        ]

    def __str__(self) -> str:
        return f"{self.address} of {self.page_id}"

    @property
    def shown(self) -> str:
        """The address as people may see it: of what is no mail its kind and host, since the rest is a secret."""
        return self.address if self.endpoint is None else self.endpoint.name


class SubscriptionAttempt(models.Model):
    """That somebody asked, by a digest of the address or of the network: counted, and forgotten after a day."""

    digest = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["digest", "at"], name="attempts_of_digest"),
            models.Index(fields=["at"], name="old_attempts"),
        ]

    def __str__(self) -> str:
        return self.digest
