"""Teams, services, sites, contacts and words as forms."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.choices import CallHours, ServiceTier
from teams.models import Contact, Service, Site, Team
from teams.rules import fields

# More choices than this are a list to scroll in, not a page of boxes.
MOST_BOXES = 40


def _zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(fields.time_zones())]


class ListForm(forms.Form):
    """What every list has: a version, by which the second of two editors hears of the first."""

    version = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            self.fields.pop("slug", None)
        if "time_zone" in self.fields:
            self.choose("time_zone", _zones())

    def choose(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        if isinstance(field, forms.MultipleChoiceField):
            few = len(choices) <= MOST_BOXES
            field.widget = forms.CheckboxSelectMultiple() if few else forms.SelectMultiple(attrs={"size": 12})
        field.choices = choices

    def values(self) -> dict[str, Any]:
        """What was sent, for the verb."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def _slug(example: str) -> forms.CharField:
    words = _("Small letters, figures and hyphens, such as %s. It stands in addresses and cannot be changed.")
    return forms.CharField(label=_("Name in addresses"), max_length=50, help_text=words % example)


class TeamForm(ListForm):
    """A technical resolving group; members are set on the people's own pages."""

    name = forms.CharField(label=_("Name"), max_length=120)
    slug = _slug("card-payments")
    description = forms.CharField(
        label=_("What the team does"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), initial="UTC")


class SiteForm(ListForm):
    """A place where people work."""

    name = forms.CharField(label=_("Name"), max_length=120)
    slug = _slug("dublin")
    country = forms.CharField(label=_("Country"), max_length=2, required=False, help_text=_("Two letters, such as IE."))
    time_zone = forms.ChoiceField(label=_("Time zone"), initial="UTC")
    headcount = forms.IntegerField(
        label=_("How many people work there?"), min_value=0, max_value=999_999_999, required=False
    )


class ServiceForm(ListForm):
    """A service as its users call it."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As its users call it."))
    slug = _slug("payroll")
    description = forms.CharField(
        label=_("What people do with it"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    tier = forms.ChoiceField(label=_("How much depends on it"), choices=ServiceTier.choices, initial="standard")
    owner_team = forms.ChoiceField(label=_("Owned by"), required=False)
    sites = forms.MultipleChoiceField(label=_("Used at"), required=False)
    depends_on = forms.MultipleChoiceField(label=_("Depends on"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept: Mapping[str, Any] = self.initial
        self.choose("owner_team", [("", _("nobody yet")), *_of(Team, {kept.get("owner_team", "")})])
        self.choose("sites", _of(Site, set(kept.get("sites", ()))))
        others = [pair for pair in _of(Service, set(kept.get("depends_on", ()))) if pair[0] != kept.get("own_slug")]
        self.choose("depends_on", others)


class WordForm(ListForm):
    """A word that is right here although no general dictionary knows it."""

    term = forms.CharField(label=_("Word or phrase"), max_length=120)
    meaning = forms.CharField(label=_("What it means"), max_length=300, required=False)
    is_plain = forms.BooleanField(
        label=_("End users know it too"),
        required=False,
        help_text=_("Otherwise it is kept out of messages to end users."),
    )


class ContactForm(forms.Form):
    """One way to reach a team."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Contact.Kind.choices)
    value = forms.CharField(label=_("Address or number"), max_length=200)
    hours = forms.ChoiceField(
        label=_("At which hours?"),
        choices=CallHours.choices,
        initial=CallHours.ALWAYS,
        required=False,
        help_text=_("By the team’s working hours and holidays. A mail address is written to only then."),
    )
    note = forms.CharField(label=_("When to use it"), max_length=200, required=False)
    position = forms.IntegerField(
        label=_("Order"), min_value=0, max_value=32767, initial=0, help_text=_("0 is tried first.")
    )


FORMS: Mapping[str, type[ListForm]] = {
    "teams": TeamForm,
    "services": ServiceForm,
    "sites": SiteForm,
    "words": WordForm,
}


def _of(model: type[Any], kept: set[str]) -> list[tuple[str, str]]:
    """Active rows by name, and those that are chosen already."""
    return [
        (row.slug, row.name)
        for row in model.objects.order_by("name").only("slug", "name", "is_active")
        if row.is_active or row.slug in kept
    ]
