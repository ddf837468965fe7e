"""What people fill in about a running incident's promises: who is owed, which times are agreed, what is awaited."""

import re
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from comms.rules.promises import cadence
from mim_portal.lib.fields import MomentField

_TIME = re.compile(r"(?<![\d:.])([01]?\d|2[0-3])[:.h]([0-5]\d)(?!\d|[:.]\d|\s*[ap]\.?m\b)", re.IGNORECASE)
_NOT_READ = re.compile(r"[^\s,;]*\d[^\s,;]*(?:\s*[ap]\.?m\b)?", re.IGNORECASE)


class TimesField(forms.CharField):
    """Times of the day as people list them: “07:00 and 19:00”. All that looks like one is one, or none is taken: a
    time that nobody meant would be promised.
    """

    def clean(self, value: Any) -> Any:
        words = super().clean(value)
        found = [time(int(hour), int(minute)) for hour, minute in _TIME.findall(words)]
        if other := _NOT_READ.search(_TIME.sub(" ", words)):
            said = _now("“%(words)s” is no time of the day. Give times such as 07:00 and 19:00.")
            raise ValidationError(said % {"words": other.group()}, code="invalid")
        if words and not found:
            raise ValidationError(_now("Give times of the day such as 07:00 and 19:00."), code="invalid")
        return sorted(set(found))


class AudiencesForm(forms.Form):
    """Some audiences, and why."""

    audiences = forms.MultipleChoiceField(label=_("Audiences"), widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(label=_("Why?"), max_length=300, help_text=_("It stands on the timeline."))

    def __init__(self, *args: Any, audiences: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audiences"].choices = audiences  # type: ignore[attr-defined]


class TimetableForm(AudiencesForm):
    """Agreed times of the day."""

    times = TimesField(
        label=_("Times of the day"), max_length=100, help_text=_("In your own zone, for example 07:00 and 19:00.")
    )
    from_day = forms.DateField(
        label=_("First day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    days = forms.IntegerField(label=_("For how many days?"), min_value=1, max_value=cadence.MOST_DAYS, initial=3)

    field_order = ("audiences", "times", "from_day", "days", "reason")

    def agreed(self) -> dict[str, Any]:
        """What the verb takes."""
        day: date | None = self.cleaned_data["from_day"]
        zone = ZoneInfo(timezone.get_current_timezone_name())
        return {
            "audiences": self.cleaned_data["audiences"],
            "local_times": self.cleaned_data["times"],
            "zone": zone,
            "from_day": day,
            "days": self.cleaned_data["days"],
            "reason": self.cleaned_data["reason"],
        }


class IntervalForm(AudiencesForm):
    """A longer interval."""

    minutes = forms.IntegerField(
        label=_("An update every so many minutes"), min_value=cadence.SHORTEST, max_value=cadence.LONGEST, initial=60
    )
    field_order = ("audiences", "minutes", "reason")


class WaitingForm(forms.Form):
    """What is waited for, and until when."""

    what = forms.CharField(
        label=_("Waiting for"),
        max_length=200,
        help_text=_("It stands in holding updates as “We are waiting for …”: plain words, no names."),
    )
    until_at = MomentField(label=_("Until"))
