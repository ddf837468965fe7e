"""Status pages as published snapshots: rendered once a change, read from memory."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from comms.choices import ComponentState, PageLanguage
from comms.models.audience import Audience
from comms.rules.subscriptions import SMS_A_DAY
from teams.models import Service


class StatusPage(models.Model):
    """One page for one audience at /status/{slug}/.

    A publish raises `wanted_version` in its transaction; the sweep renders the page and sets `rendered_version`, so
    an older render never replaces a newer one.
    """

    slug = models.SlugField(unique=True)
    # The address that it had before it was ever renamed: ids of its feeds are made from it and stay.
    first_slug = models.SlugField(blank=True, default="", db_default="", db_index=False)
    name = models.CharField(max_length=120)
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+")
    is_public = models.BooleanField(default=False)
    is_executive = models.BooleanField(default=False)  # four lines an incident
    # A customer's page: it knows its own services and whatever touched them, and nothing else.
    only_its_services = models.BooleanField(db_default=False, default=False)
    intro = models.CharField(max_length=300, blank=True)
    footer = models.CharField(max_length=1000, blank=True, default="", db_default="")  # Markdown
    accent = models.CharField(max_length=7, blank=True, default="", db_default="")  # #rrggbb on light ground
    accent_dark = models.CharField(max_length=7, blank=True, default="", db_default="")  # and on dark ground
    time_zone = models.CharField(max_length=64, default="UTC")
    # Of the frame around the words of people: at the known address, and below it in others for those who choose them.
    language = models.CharField(max_length=5, choices=PageLanguage.choices, default=PageLanguage.EN, db_default="en")
    other_languages = ArrayField(
        models.CharField(max_length=5, choices=PageLanguage.choices), default=list, db_default=[], blank=True
    )
    takes_sms = models.BooleanField(default=False, db_default=False)  # readers may subscribe by SMS, which costs
    sms_a_day = models.PositiveSmallIntegerField(default=SMS_A_DAY, db_default=SMS_A_DAY)  # first messages to numbers
    # Whose numbers it takes, by calling code; none means any.
    sms_countries = ArrayField(models.CharField(max_length=3), default=list, db_default=[], blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    wanted_version = models.PositiveBigIntegerField(default=1)
    rendered_version = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField(db_default=Now())  # when a reader could last see something new
    render_after = models.DateTimeField(null=True)  # when time alone makes a new render due
    # A version that could not be rendered is tried again ever less often; a newer one at once.
    failed_version = models.PositiveBigIntegerField(default=0, db_default=0)
    failures = models.PositiveSmallIntegerField(default=0, db_default=0)
    tries_again_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="customer_page_is_private",
                condition=models.Q(only_its_services=False) | models.Q(is_public=False, is_executive=False),
            ),
        ]
        indexes = [
            # comms.tasks.sweep_snapshots claims by this.
            models.Index(
                fields=["id"],
                name="sweep_snapshots",
                condition=models.Q(wanted_version__gt=models.F("rendered_version")),
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class PageLogo(models.Model):
    """The picture in the head of a page, as it was drawn anew from what was uploaded."""

    page = models.OneToOneField(StatusPage, models.CASCADE, related_name="logo")
    content_type = models.CharField(max_length=40)
    content = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"logo of {self.page_id}"


class FormerAddress(models.Model):
    """An address that a page had before it was renamed: it leads to the page and is nobody else's."""

    slug = models.SlugField(unique=True)
    page = models.ForeignKey(StatusPage, models.CASCADE, related_name="former_addresses")
    left_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "former addresses"

    def __str__(self) -> str:
        return self.slug


class Component(models.Model):
    """What a page says about one service. A public page's component changes only when a person publishes."""

    page = models.ForeignKey(StatusPage, models.CASCADE, related_name="components")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120, blank=True)
    group = models.CharField(max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=20, choices=ComponentState.choices, default=ComponentState.OPERATIONAL)
    created_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "service"], name="service_once_per_page")]

    def __str__(self) -> str:
        return f"{self.page_id} {self.service_id}"


class PageSnapshot(models.Model):
    """The bytes of one address of a page from `valid_from` on, until a later one of the same version holds."""

    page = models.ForeignKey(StatusPage, models.CASCADE, related_name="snapshots")
    path = models.CharField(max_length=120)  # below /status/{slug}/, "" for the page itself
    version = models.PositiveBigIntegerField()
    valid_from = models.DateTimeField()
    content_type = models.CharField(max_length=60)
    body = models.BinaryField()
    etag = models.CharField(max_length=64)
    modified_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "path", "version", "valid_from"], name="snapshot_boundary_once"),
        ]

    def __str__(self) -> str:
        return f"{self.page_id}/{self.path} v{self.version}"
