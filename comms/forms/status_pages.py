"""What administrators type about status pages."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from comms.choices import PageKind, PageLanguage
from comms.models import Audience
from comms.queries.recipients import endpoints
from comms.rules import subscriptions
from comms.rules.page_looks import MOST_SERVICES, Listed
from comms.services.pages import links
from mim_portal.lib.widgets import Select
from teams.rules import fields


def _audiences() -> list[tuple[str, str]]:
    return list(Audience.objects.filter(is_active=True).order_by("position", "id").values_list("code", "name"))


def _zones() -> list[tuple[str, str]]:
    return [(name, name) for name in sorted(fields.time_zones())]


class PageForm(forms.Form):
    """For whom the page is, what it is called and how it looks."""

    use_required_attribute = False

    version = forms.CharField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Name"), max_length=120)
    slug = forms.CharField(
        label=_("Address"),
        max_length=50,
        help_text=_("Stands after /status/. When you change it, the former address leads to the new one."),
    )
    kind = forms.ChoiceField(label=_("For whom"), choices=PageKind.choices, widget=forms.RadioSelect)
    audience = forms.ChoiceField(
        label=_("Shows updates to"),
        choices=_audiences,
        widget=Select,
        help_text=_("Each page shows what one audience was told."),
    )
    intro = forms.CharField(label=_("A line below the headline"), max_length=300, required=False)
    accent = forms.CharField(
        label=_("Colour of links"),
        max_length=7,
        required=False,
        help_text=_("As #0b6170. It must be readable on light ground."),
    )
    accent_dark = forms.CharField(
        label=_("Colour of links on dark ground"),
        max_length=7,
        required=False,
        help_text=_("Left empty, the nearest one that can be read there."),
    )
    footer = forms.CharField(
        label=_("Footer"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text=_("Markdown: links, bold, lists. Tags are shown as they are typed."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=_zones,
        widget=Select,
        initial="UTC",
        help_text=_("Readers see their own beside it."),
    )

    language = forms.ChoiceField(
        label=_("Language"),
        choices=PageLanguage.choices,
        widget=Select,
        initial=PageLanguage.EN,
        required=False,
        help_text=_("Of headings, states and times. What people wrote stays as they wrote it."),
    )
    other_languages = forms.MultipleChoiceField(
        label=_("Readers may also choose"),
        choices=PageLanguage.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    takes_sms = forms.BooleanField(
        label=_("Readers may subscribe by SMS"),
        required=False,
        help_text=_(
            "Public pages only. Each number that somebody types is sent one SMS with a link, and each update is one"
            " SMS to each number that was confirmed: your provider bills you for them."
        ),
    )
    sms_a_day = forms.IntegerField(
        label=_("First SMS within a day"),
        min_value=1,
        max_value=subscriptions.MOST_SMS_A_DAY,
        initial=subscriptions.SMS_A_DAY,
        required=False,
        help_text=_("To so many numbers at most that somebody typed; you are told when it is reached."),
    )
    sms_countries = forms.CharField(
        label=_("Only to numbers of these countries"),
        max_length=300,
        required=False,
        help_text=_("Calling codes with commas between them, such as 44, 353. Empty means any country."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = self.initial.get("sms_countries", "")
        self.initial["sms_countries"] = codes if isinstance(codes, str) else ", ".join(codes)
        if endpoints.sms() is None:
            self.fields["takes_sms"].help_text = _(
                "Nothing can send SMS yet: add a channel of the kind SMS under Settings, Channels first."
            )

    def values(self) -> dict[str, Any]:
        """What was given; a language or a number that was not sent stays as it is."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        if given["sms_a_day"] is None:
            del given["sms_a_day"]
        return given if given["language"] else {name: given[name] for name in given if "language" not in name}


class LogoForm(forms.Form):
    """A picture for the head of the page."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("Picture"),
        allow_empty_file=True,  # the verb says it better
        help_text=_(
            "PNG, JPEG or WebP, at most 1 MB and 4 million pixels. It is drawn anew, at most 240 by 48 on the page."
        ),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        error_messages={"required": _("Choose a picture first.")},
    )


class PageLinkForm(forms.Form):
    """One reader of a customer's page."""

    use_required_attribute = False

    reader = forms.CharField(
        label=_("Who gets it"), max_length=100, help_text=_("Only for this list: whose link to take back.")
    )
    days = forms.IntegerField(
        label=_("Holds for how many days?"), min_value=1, max_value=links.LONGEST_DAYS, initial=links.USUAL_DAYS
    )


class ServicesForm(forms.Form):
    """A number for each service that the page shows; headings and other names where they help."""

    use_required_attribute = False

    def __init__(self, *args: Any, names: Mapping[str, str], listed: Sequence[Listed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = {row.service: (place, row) for place, row in enumerate(listed, start=1)}
        self._slugs = [*(row.service for row in listed), *(slug for slug in names if slug not in shown)]
        self._names = names
        for slug in self._slugs:
            place, row = shown.get(slug, (None, Listed(service=slug)))
            called = names.get(slug, slug)
            self.fields[f"order-{slug}"] = forms.IntegerField(
                label=_("Order of %s") % called,
                min_value=1,
                max_value=MOST_SERVICES * 10,
                required=False,
                initial=place,
            )
            self.fields[f"group-{slug}"] = forms.CharField(
                label=_("Heading of %s") % called, max_length=120, required=False, initial=row.group
            )
            self.fields[f"name-{slug}"] = forms.CharField(
                label=_("Name of %s on the page") % called, max_length=120, required=False, initial=row.name
            )

    def rows(self) -> list[tuple[str, BoundField, BoundField, BoundField]]:
        """Each service with its order, heading and name, those of the page first."""
        return [
            (self._names.get(slug, slug), self[f"order-{slug}"], self[f"group-{slug}"], self[f"name-{slug}"])
            for slug in self._slugs
        ]

    def listed(self) -> list[Listed]:
        given = self.cleaned_data
        numbered = [(given[f"order-{slug}"], place, slug) for place, slug in enumerate(self._slugs)]
        return [
            Listed(service=slug, name=given[f"name-{slug}"], group=given[f"group-{slug}"])
            for number, _place, slug in sorted((each for each in numbered if each[0]), key=lambda each: each[:2])
        ]
