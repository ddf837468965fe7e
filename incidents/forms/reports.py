"""One more caller: how many, where, whom to call back, and what they said."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.rules.desk_reports import MOST_CALLERS
from incidents.rules.intake_questions import BY_CODE, QUESTIONS

# What the desk's form asks beside these becomes the note.
_NOTED = tuple(question.code for question in QUESTIONS if question.code not in {"service", "where", "contact"})


class DeskReportForm(forms.Form):
    """Nothing is required: a caller without a name is still a caller."""

    callers = forms.IntegerField(
        label=_("How many callers?"),
        min_value=1,
        max_value=MOST_CALLERS,
        initial=1,
        required=False,
        error_messages={
            "min_value": _("Say how many called: from 1 to 100,000."),
            "max_value": _("Say how many called: from 1 to 100,000."),
        },
    )
    where = forms.CharField(
        label=_("At which site?"),
        max_length=500,
        required=False,
        help_text=_("Several sites: put “;” between them."),
    )
    contact = forms.CharField(
        label=_("Whom can we call back?"),
        max_length=300,
        required=False,
        help_text=_("Somebody there who can say when it works again."),
    )
    note = forms.CharField(
        label=_("What is different from what we know?"),
        required=False,
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    external_ref = forms.CharField(
        label=_("Ticket number"), max_length=60, required=False, help_text=_("Its number in your own tool.")
    )

    def fields_of(self) -> dict[str, Any]:
        """The report as the verb takes it."""
        values = self.cleaned_data
        return {**values, "callers": values.get("callers") or 1}


def from_raise_form(data: dict[str, Any]) -> dict[str, Any]:
    """What was typed on the desk's form, as one more caller: place and contact, and every other answer as its note."""
    typed = {code: " ".join(str(data.get(code, "")).split()) for code in _NOTED}
    note = "\n".join(f"{BY_CODE[code].short.capitalize()} {text}" for code, text in typed.items() if text)
    names = ("where", "contact", "external_ref")
    return {"callers": 1, "note": note, **{name: data.get(name, "") for name in names}}
