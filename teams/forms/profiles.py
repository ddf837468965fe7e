"""A team's declared preferences as a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

PROFILE_TEXTS = ("reach", "voice", "opening", "working", "avoid", "know", "care")


class ProfileForm(forms.Form):
    """Five fields to confirm first; the rest can grow later."""

    reach = forms.CharField(label=_("How do we reach you, by hour?"), max_length=2000, required=False)
    opening = forms.CharField(label=_("How should we open?"), max_length=2000, required=False)
    facts_wanted = forms.CharField(
        label=_("Which facts do you want first, in which order?"),
        max_length=1500,
        required=False,
        help_text=_("One a line. What nobody knows is listed as “not known, asked at hh:mm”; help is never delayed."),
    )
    voice = forms.CharField(label=_("Who speaks for you, and who may decide?"), max_length=2000, required=False)
    working = forms.CharField(label=_("How often may we ask?"), max_length=2000, required=False)
    avoid = forms.CharField(label=_("What should we avoid?"), max_length=2000, required=False)
    know = forms.CharField(label=_("What should we know about your services?"), max_length=2000, required=False)
    care = forms.CharField(label=_("Relief and thanks"), max_length=2000, required=False)
    ask_again_minutes = forms.IntegerField(
        label=_("After how many minutes may we ask again?"), min_value=1, max_value=240, initial=10
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (*PROFILE_TEXTS, "facts_wanted"):
            self.fields[name].widget = forms.Textarea(attrs={"rows": 2})

    def clean_facts_wanted(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["facts_wanted"].splitlines() if line.strip()]
        if any(len(line) > 120 for line in lines):
            raise forms.ValidationError(_("Keep each line under 120 characters."))
        return lines
