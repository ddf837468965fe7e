"""What desk and managers say to each other after the incident."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.feedback import SCALE
from incidents.queries.disputes import Reading
from incidents.rules.intake_trends import DEFICITS
from incidents.services.desk import desk_survey
from teams.choices import Role

GRADES = (("", _("stays as it is")), ("full", _("complete")), ("half", _("half of it")), ("none", _("missing")))


class FeedbackForm(forms.Form):
    """Two things that helped and one request, about the record and never about a person."""

    helped_first = forms.CharField(label=_("What helped most?"), max_length=300)
    helped_second = forms.CharField(label=_("What helped too?"), max_length=300)
    request = forms.CharField(
        label=_("What do you ask for next time?"),
        max_length=300,
        help_text=_("One thing, as you would like to be asked."),
    )
    as_it_is = forms.BooleanField(label=_("Send my words as they are"), required=False)


class RatingForm(forms.Form):
    """Did we tell you enough to answer callers?"""

    score = forms.TypedChoiceField(
        label=_("Did we tell you enough to answer callers?"),
        choices=SCALE,
        coerce=int,
        widget=forms.RadioSelect(attrs={"data-scale": True}),
    )
    line = forms.CharField(label=_("What was missing, or good?"), max_length=300, required=False)


class SurveyForm(forms.Form):
    """How it went for the desk: three answers and a line; a minute."""

    line = forms.CharField(label=_("What one thing should stay or change?"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = (
            _("What you told us said who was affected, and what you needed from us."),
            _("We had what we needed to answer callers."),
            _("We would be glad to work with this major incident practice again."),
        )
        questions = {
            name: forms.TypedChoiceField(
                label=said,
                choices=SCALE,
                coerce=int,
                widget=forms.RadioSelect(attrs={"data-scale": True}),
                error_messages={"required": _("Choose 1 to 5.")},
            )
            for name, said in zip(desk_survey.QUESTIONS, words, strict=True)
        }
        self.fields = {**questions, **self.fields}

    def answers(self) -> dict[str, int]:
        """The three answers."""
        return {name: self.cleaned_data[name] for name in desk_survey.QUESTIONS}


class DisputeForm(forms.Form):
    """The desk reads its record differently."""

    item = forms.ChoiceField(label=_("About"), required=False)
    reason = forms.CharField(
        label=_("What does the record say that was not seen?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say what the record says that was not seen.")},
    )

    def __init__(self, *args: Any, readings: Sequence[Reading], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item = self.fields["item"]
        assert isinstance(item, forms.ChoiceField)
        item.choices = [("", _("The whole record")), *((one.code, one.name) for one in readings)]


class DisputeAnswerForm(forms.Form):
    """Kept with a reason, or corrected fact by fact; the new score stands beside the old one."""

    answer = forms.CharField(
        label=_("Your answer"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Give the reason: the desk reads it.")},
    )

    def __init__(self, *args: Any, readings: Sequence[Reading], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in readings:
            self.fields[f"grade_{one.code}"] = forms.ChoiceField(label=one.name, choices=GRADES, required=False)

    def corrections(self) -> dict[str, str]:
        """The facts that are read differently."""
        found = {name.removeprefix("grade_"): value for name, value in self.cleaned_data.items() if value}
        found.pop("answer", None)
        return found


class FixForm(forms.Form):
    """The one fix of the month."""

    deficit = forms.ChoiceField(label=_("What is it for?"))
    text = forms.CharField(
        label=_("What changes in the form, or in what the desk knows?"),
        max_length=300,
        error_messages={"required": _("Say what changes.")},
    )
    owner_role = forms.ChoiceField(
        label=_("Who owns it?"),
        choices=[(role.value, role.label) for role in (Role.SERVICE_DESK_LEAD, Role.PRACTICE_LEAD)],
    )

    def __init__(self, *args: Any, first: Sequence[str] = (), **kwargs: Any) -> None:
        """`first` are the deficits to offer before the others."""
        super().__init__(*args, **kwargs)
        deficit = self.fields["deficit"]
        assert isinstance(deficit, forms.ChoiceField)
        ordered = [*first, *(code for code in DEFICITS if code not in first)]
        deficit.choices = [(code, DEFICITS[code]) for code in ordered if code in DEFICITS]


class MonthForm(forms.Form):
    """Which month: 2026-11."""

    month = forms.DateField(input_formats=["%Y-%m"], required=False)

    def chosen(self, *, today: date) -> date:
        """The month asked for; this one where nothing, nonsense or the future was asked for."""
        asked = self.cleaned_data.get("month") if self.is_valid() else None
        return asked if asked is not None and asked <= today else today.replace(day=1)
