"""What is typed when the priority changes."""

from typing import Any

from django import forms
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from incidents.choices import DowngradeAnswer, Level
from incidents.rules.priority import DOWNGRADE_QUESTIONS, Answered


class PriorityForm(forms.Form):
    """Impact and urgency; a priority other than the computed one needs a reason, one that goes down four answers."""

    impact = forms.TypedChoiceField(label=_("Impact"), choices=Level.choices, coerce=int)
    urgency = forms.TypedChoiceField(label=_("Urgency"), choices=Level.choices, coerce=int)
    priority = forms.ChoiceField(
        label=_("Priority"),
        choices=[("", _("As computed")), *((f"P{number}", f"P{number}") for number in range(1, 6))],
        required=False,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("It also stands for every question below that is not answered with yes."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, question in DOWNGRADE_QUESTIONS.items():
            self.fields[code] = forms.ChoiceField(
                label=translated(question), choices=[("", _("Not answered")), *DowngradeAnswer.choices], required=False
            )
            self.fields[f"why-{code}"] = forms.CharField(label=_("Why all the same?"), max_length=300, required=False)

    def downgrade(self) -> dict[str, Answered]:
        """The questions that were answered."""
        return {
            code: Answered(answer=self.cleaned_data[code], reason=self.cleaned_data[f"why-{code}"])
            for code in DOWNGRADE_QUESTIONS
            if self.cleaned_data[code]
        }
