"""Where messages go that are not mail: a chat channel, an SMS provider, another system's webhook."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from comms.choices import ENDPOINT_KINDS, ChannelKind, EndpointEvent, PagedFor, PagingKind
from teams.choices import CallHours
from teams.models import Service, Team

PER_MINUTE = 60


class Endpoint(models.Model):
    """A way out that recipients name by its code; SMS recipients leave by the one SMS endpoint that is switched on.

    Address and secret are sealed (mim_portal.lib.sealing) and never shown again. `fallback`, or the mailbox beside it,
    is used where a service of `depends_on_services` is the one that failed, or where this endpoint failed for good.
    """

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=ENDPOINT_KINDS)
    address_sealed = models.TextField()
    host = models.CharField(max_length=255)  # of the address, to tell it from others
    secret_sealed = models.TextField(blank=True, db_default="")
    old_secret_sealed = models.TextField(blank=True, db_default="")  # signs beside the new one while receivers change
    old_secret_until = models.DateTimeField(null=True, blank=True)
    depends_on_services = models.ManyToManyField(Service, related_name="+", blank=True)
    fallback = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    fallback_mail = models.EmailField(max_length=254, blank=True, db_default="")
    is_active = models.BooleanField(default=True)
    # Of subscribers of status pages: entered by them, listed for nobody, deleted with the last subscription to it. A
    # number is no way out of its own and never active: it leaves by the SMS endpoint in use.
    is_readers = models.BooleanField(default=False, db_default=False)
    # Of one team: paged when it is called for help, and nothing else (comms.services.paging).
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    key_sealed = models.TextField(blank=True, db_default="")  # of PagerDuty and Opsgenie, who know us by it
    inbound_sealed = models.TextField(blank=True, db_default="")  # the end of the address that takes answers
    number = models.CharField(max_length=40, blank=True, db_default="")  # of the phone that is paged
    hours = models.CharField(max_length=12, choices=CallHours.choices, default=CallHours.ALWAYS, db_default="always")
    lowest = models.CharField(max_length=2, choices=PagedFor.choices, blank=True, default="", db_default="")
    is_technical = models.BooleanField(default=False)  # events may name people
    events = ArrayField(models.CharField(max_length=40, choices=EndpointEvent.choices), default=list, blank=True)
    hears_private = models.BooleanField(default=False)
    hears_exercises = models.BooleanField(default=False)
    per_minute = models.PositiveSmallIntegerField(default=PER_MINUTE, db_default=PER_MINUTE)
    added_at = models.DateTimeField(db_default=Now())

    last_success_at = models.DateTimeField(null=True)
    last_failure_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True, db_default="")
    failures = models.PositiveSmallIntegerField(default=0, db_default=0)  # in a row: what the next pause grows with
    paused_until = models.DateTimeField(null=True)
    busy_until = models.DateTimeField(null=True)  # one run at a time, also when its process died
    tokens = models.FloatField(default=0, db_default=0)  # how many may leave at once, as of tokens_at
    tokens_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(team=None, kind__in=["webhook", "sms", "slack", "teams", "mattermost"])
                | Q(team__isnull=False, kind__in=["pagerduty", "opsgenie", "webhook", "sms", "voice"]),
                name="endpoint_kind_known",
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(kind="sms", is_active=True, team=None), name="one_sms_endpoint_in_use"
            ),
            models.CheckConstraint(
                condition=Q(team=None) | Q(is_readers=False, events=[], fallback_mail="", hears_private=False),
                name="teams_hear_calls",
            ),
            models.CheckConstraint(condition=Q(per_minute__gte=1), name="endpoint_sends_something"),
            models.CheckConstraint(condition=Q(fallback=None) | Q(fallback_mail=""), name="endpoint_falls_back_once"),
            models.CheckConstraint(condition=Q(kind="webhook") | Q(events=[]), name="webhooks_alone_hear_events"),
            models.CheckConstraint(
                condition=Q(is_readers=False)
                | (
                    (~Q(kind="sms") | Q(is_active=False))
                    & Q(events=[], fallback=None, fallback_mail="", hears_private=False)
                ),
                name="readers_hear_what_is_published",
            ),
        ]

    def __str__(self) -> str:
        return self.code


assert set(ChannelKind) - {ChannelKind.EMAIL} == {"webhook", "sms", "slack", "teams", "mattermost"}
assert set(PagingKind) == {"pagerduty", "opsgenie", "webhook", "sms", "voice"}
