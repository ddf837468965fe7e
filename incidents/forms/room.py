"""What is typed in the room: states, impact, handover, engagements, notes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.choices import AGAINST_ANY_TEAM, CallAgainst
from incidents.services.work import engagements
from teams.models import Team


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


class CallAgainstForm(forms.Form):
    """What a call for help went against, as the team that was called says it; its profile, where it had one."""

    against = forms.ChoiceField(label=_("What was not right?"), choices=CallAgainst.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, has_profile: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        against = self.fields["against"]
        assert isinstance(against, forms.ChoiceField)
        if not has_profile:
            against.choices = [(one.value, one.label) for one in CallAgainst if one in AGAINST_ANY_TEAM]


class CallAnswerForm(forms.Form):
    """What goes with the answer to a call for help; the answer itself is the button."""

    words = forms.CharField(max_length=engagements.WORDS_LIMIT, required=False)

    def __init__(self, *args: Any, is_personal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = _("A line for the room") if is_personal else _("Who is on it?")
