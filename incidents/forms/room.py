"""What is typed in the room: states, impact, handover, engagements, notes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.models import Engagement
from teams.models import Team


class ReasonForm(forms.Form):
    """A reason, required."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        error_messages={"required": _("Give the reason in a few words.")},
    )


class AnswerOfferForm(forms.Form):
    """Why an offer is declined or withdrawn, where there is something to say."""

    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class EngageForm(forms.Form):
    """Which team, and what you need from it. It leaves at once."""

    team = forms.ChoiceField(label=_("Team"))
    note = forms.CharField(
        label=_("What do you need from them?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The rest is written from the record, in the order in which the team wants it."),
    )

    def __init__(self, *args: Any, teams: Sequence[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = self.fields["team"]
        assert isinstance(team, forms.ChoiceField)
        team.choices = [(one.slug, one.name) for one in teams]
        self._teams = {one.slug: one for one in teams}

    def chosen_team(self) -> Team:
        """The team behind the chosen name."""
        return self._teams[self.cleaned_data["team"]]


class NoteForm(forms.Form):
    """One line for the timeline."""

    text = forms.CharField(
        label=_("Note"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 1}),
        error_messages={"required": _("Type the note first.")},
    )


class FeedbackForm(forms.Form):
    """Three answers and two lines, for both sides (domain.md 5.3)."""

    SCALE = [(number, str(number)) for number in range(1, 6)]

    told_what_was_needed = forms.TypedChoiceField(
        label=_("The call for help told us what was affected and what was needed from us."),
        choices=SCALE,
        coerce=int,
        widget=forms.RadioSelect,
    )
    could_work = forms.TypedChoiceField(
        label=_("We could work without avoidable interruption and could say “we don't know yet”."),
        choices=SCALE,
        coerce=int,
        widget=forms.RadioSelect,
    )
    glad_to_work_again = forms.TypedChoiceField(
        label=_("We would be glad to work together like this again."),
        choices=SCALE,
        coerce=int,
        widget=forms.RadioSelect,
    )
    keep = forms.CharField(label=_("Keep"), max_length=1000, required=False)
    change = forms.CharField(label=_("Change one thing"), max_length=1000, required=False)

    def of(self, engagement: Engagement) -> dict[str, Any]:
        """The answers as the verb takes them."""
        return {"engagement_id": engagement.pk, **self.cleaned_data}
