"""A team's declared preferences as a form, and what others propose to it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.choices import ProfileField
from teams.rules import profiles as rules


class ProfileForm(forms.Form):
    """Five fields to confirm first; the rest can grow later."""

    reach = forms.CharField(label=_("How do we reach you, by hour?"), max_length=2000, required=False)
    voice = forms.CharField(label=_("Who speaks for you, and who may decide?"), max_length=2000, required=False)
    facts_wanted = forms.CharField(
        label=_("Which facts do you want first, in which order?"),
        max_length=1500,
        required=False,
        help_text=_("One a line. What nobody knows is listed as “not known, asked at hh:mm”; help is never delayed."),
    )
    working = forms.CharField(label=_("How often may we ask?"), max_length=2000, required=False)
    avoid = forms.CharField(label=_("What should we avoid?"), max_length=2000, required=False)
    opening = forms.CharField(label=_("How should we open?"), max_length=2000, required=False)
    know = forms.CharField(label=_("What should we know about your services?"), max_length=2000, required=False)
    care = forms.CharField(label=_("Relief and thanks"), max_length=2000, required=False)
    ask_again_minutes = forms.IntegerField(
        label=_("After how many minutes may we ask again?"), min_value=1, max_value=240, initial=10
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (*rules.TEXTS, ProfileField.FACTS_WANTED):
            self.fields[name].widget = forms.Textarea(attrs={"rows": 2})

    def to_confirm(self) -> list[forms.BoundField]:
        """The five."""
        return [self[name] for name in rules.TO_CONFIRM]

    def growing(self) -> list[forms.BoundField]:
        """What may wait."""
        return [self[name] for name in rules.GROWING]

    def clean_facts_wanted(self) -> list[str]:
        lines = rules.lines(self.cleaned_data["facts_wanted"])
        if any(len(line) > 120 for line in lines):
            raise forms.ValidationError(_("Keep each line under 120 characters."))
        return lines


class ProposalForm(forms.Form):
    """Other words for one field, and why."""

    field = forms.ChoiceField(label=_("What should read differently?"), choices=ProfileField.choices)
    text = forms.CharField(
        label=_("What should it say?"),
        max_length=2000,
        required=False,
        help_text=_("The whole text of this line of the profile. Facts one a line, in the team's order."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason = forms.CharField(
        label=_("Why?"),
        max_length=2000,
        help_text=_("What happened and what would have helped. About the team's work, never about a person."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AnswerForm(forms.Form):
    """What the team says to a proposal, and the version that it read."""

    deed = forms.ChoiceField(choices=[("accept", ""), ("reject", "")])
    answer = forms.CharField(max_length=2000, required=False)
    version = forms.IntegerField(min_value=0, required=False)
