"""What is typed to put the record right: times, details, members, links."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.models import RecordedTime
from mim_portal.lib.fields import MomentField


class TimeForm(forms.Form):
    """One time, or the reason why nobody knows it."""

    at = MomentField(
        label=_("When?"),
        required=False,
        help_text=_("In your own time zone. To mean another one, add its offset: 2026-11-23 14:30 +05:30."),
    )
    precision = forms.ChoiceField(
        label=_("How exactly do we know it?"),
        choices=[
            (RecordedTime.Precision.EXACT, _("Exactly")),
            (RecordedTime.Precision.APPROXIMATE, _("Approximately")),
        ],
        initial=RecordedTime.Precision.EXACT,
        widget=forms.RadioSelect,
        required=False,
    )
    reason = forms.CharField(
        label=_("Nobody knows it, because"),
        max_length=300,
        required=False,
        help_text=_("Fill this in instead of a time. It answers the question for the closing of the record."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "at" in self.errors or "reason" in self.errors:
            return cleaned
        if cleaned.get("at") is None and not cleaned.get("reason"):
            self.add_error("at", _("Give the time, or say below why nobody knows it."))
        if cleaned.get("at") is not None and cleaned.get("reason"):
            self.add_error("reason", _("Give either the time or the reason why nobody knows it."))
        return cleaned


class UnknownTimesForm(forms.Form):
    """One reason for every time that is still missing."""

    reason = forms.CharField(
        label=_("Nobody knows them, because"),
        max_length=300,
        error_messages={"required": _("Say why these times are not known.")},
    )
