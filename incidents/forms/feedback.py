"""How it went with a team: the same three questions both ways, in each side's own words (domain.md 5.3)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.models import EngagementFeedback
from incidents.services.work import feedback

# From no to yes, of whoever is asked how it went.
SCALE = [(1, _("1 no")), (2, "2"), (3, _("3 in part")), (4, "4"), (5, _("5 yes"))]
_WORDS = {
    EngagementFeedback.Side.TEAM: (
        _("The call for help told us what was affected and what you needed from us."),
        _("We could work without avoidable interruption, and could say “we don’t know yet”."),
        _("We would be glad to work with this major incident practice again."),
    ),
    EngagementFeedback.Side.MANAGER: (
        _("The team knew from our call what was affected and what we needed."),
        _("We left the team room to work, and took “we don’t know yet” for an answer."),
        _("We would be glad to work with this team like this again."),
    ),
}


class FeedbackForm(forms.Form):
    """Three answers and two lines; a minute."""

    keep = forms.CharField(label=_("What should stay as it was?"), max_length=2000, required=False)
    change = forms.CharField(label=_("What one thing should change?"), max_length=2000, required=False)

    def __init__(self, *args: Any, side: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        questions = {
            name: forms.TypedChoiceField(
                label=words,
                choices=SCALE,
                coerce=int,
                widget=forms.RadioSelect(attrs={"data-scale": True}),
                error_messages={"required": _("Choose 1 to 5.")},
            )
            for name, words in zip(feedback.QUESTIONS, _WORDS[EngagementFeedback.Side(side)], strict=True)
        }
        self.fields = {**questions, **self.fields}

    def answers(self) -> dict[str, int]:
        """The three answers."""
        return {name: self.cleaned_data[name] for name in feedback.QUESTIONS}

    def lines(self) -> dict[str, str]:
        """The two lines."""
        return {name: self.cleaned_data[name] for name in ("keep", "change")}
