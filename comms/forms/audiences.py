"""What administrators type about audiences and their addresses."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comms.choices import ChannelKind, UsedFor
from mim_portal.lib.widgets import Select
from teams.choices import Role
from teams.models import Service, Site
from teams.rules import table

TOO_LARGE = _("The file is larger than 10 MB. Split it.")


class AudienceForm(forms.Form):
    """Who they are, and in which words they are written to."""

    use_required_attribute = False

    version = forms.CharField(widget=forms.HiddenInput, required=False)
    code = forms.CharField(
        label=_("Code"), max_length=50, help_text=_("Small letters and hyphens, such as store-managers. It stays.")
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    position = forms.IntegerField(
        label=_("Order"), min_value=0, max_value=32767, initial=100, help_text=_("Copies leave in this order.")
    )
    is_plain = forms.BooleanField(
        label=_("Plain words only"), required=False, help_text=_("No hosts, components, internal links or names.")
    )
    is_technical = forms.BooleanField(label=_("Full technical words"), required=False)
    is_public = forms.BooleanField(
        label=_("Public"), required=False, help_text=_("Outside the organisation: no private incident ever goes there.")
    )
    roles = forms.MultipleChoiceField(
        label=_("Everybody with one of these roles"),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    includes_engaged_teams = forms.BooleanField(label=_("The teams that are called in"), required=False)
    is_active = forms.BooleanField(label=_("Can be chosen"), required=False, initial=True)

    def __init__(self, *args: Any, is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["code"]

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def _services() -> list[tuple[str, str]]:
    return [("", str(_("every service"))), *Service.objects.order_by("name").values_list("slug", "name")]


def _sites() -> list[tuple[str, str]]:
    return [("", str(_("every site"))), *Site.objects.order_by("name").values_list("slug", "name")]


class RecipientForm(forms.Form):
    """One way to reach somebody of the audience."""

    use_required_attribute = False

    channel = forms.ChoiceField(label=_("How"), choices=ChannelKind.choices)
    address = forms.CharField(label=_("Address or number"), max_length=320)
    service = forms.ChoiceField(label=_("For incidents of"), choices=_services, required=False, widget=Select)
    site = forms.ChoiceField(label=_("For services used at"), choices=_sites, required=False, widget=Select)
    used_for = forms.ChoiceField(label=_("Hears of"), choices=UsedFor.choices)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class RecipientFileForm(forms.Form):
    """A file of addresses; what it would do is shown first, and the text stays in the form."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("CSV file"),
        required=False,
        help_text=_("From a spreadsheet: “CSV UTF-8”. Columns: channel, address, service, site, used_for, active."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
    )
    text = forms.CharField(
        label=_("Or paste the rows"),
        required=False,
        max_length=2_000_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "source"}),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        file = given.get("file")
        if file is not None and file.size > table.MOST_BYTES:
            self.add_error("file", TOO_LARGE)
        elif file is None and not given.get("text", "").strip():
            self.add_error("file", _("Choose a file, or paste the rows."))
        else:
            given["raw"] = file.read() if file is not None else given["text"].encode()
        return given


class TryForm(forms.Form):
    """For which service, and at which of its sites."""

    service = forms.ChoiceField(label=_("Service"), choices=_services, required=False, widget=Select)
    site = forms.ChoiceField(label=_("Used at"), choices=_sites, required=False, widget=Select)
