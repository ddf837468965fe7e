"""A team's working hours and holidays as forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.forms.rotas import DAYS, day_field, time_field
from teams.rules import holidays

TOO_LARGE = _("The file is too large for holidays: a year of them has a few KB.")


class HoursForm(forms.Form):
    """When the team is at work, by the clock where it is."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("On which days?"),
        choices=DAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day.")},
    )
    starts = time_field(_("From"))
    ends = time_field(_("To"), help_text=_("A time that is not after the start is on the next day."))


class HolidayForm(forms.Form):
    """One day."""

    on_date = day_field(_("Day"))
    name = forms.CharField(label=_("Name"), max_length=holidays.LONGEST_NAME)


class HolidayFileForm(forms.Form):
    """A calendar or a sheet of holidays."""

    is_too_large = False  # the request left the file out while it arrived (lib/uploads.py)

    file = forms.FileField(
        label=_("Calendar file or sheet"),
        help_text=_("An .ics file with whole days, or CSV with the columns date and name. Days you have stay."),
        widget=forms.ClearableFileInput(attrs={"accept": ".ics,.csv,text/calendar,text/csv"}),
    )

    def add_error(self, field: str | None, error: Any) -> None:
        """A file that was left out for its size is not “required”."""
        if field == "file" and self.is_too_large:
            error = TOO_LARGE
        super().add_error(field, error)

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > holidays.MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        content: bytes = file.read()
        return content
