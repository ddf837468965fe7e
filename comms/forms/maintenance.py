"""What planners type about maintenance."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comms.choices import Repeat
from comms.forms.writing import OVERRIDE_REASONS
from comms.models import StatusPage
from comms.rules import maintenance as rules
from comms.services.maintenance import windows
from mim_portal.lib.fields import MomentField
from mim_portal.lib.widgets import Select
from teams.models import Service

BEGINS = _("The maintenance has begun.")
ENDS = _("The maintenance is done. Everything works as before.")


def _services() -> list[tuple[str, str]]:
    return list(Service.objects.filter(is_active=True).order_by("name").values_list("slug", "name"))


def _pages() -> list[tuple[str, str]]:
    return list(StatusPage.objects.filter(retired_at=None).order_by("name").values_list("slug", "name"))


# Minutes, in the words of planners.
REMINDERS = [
    (7 * 24 * 60, _("a week before")),
    (3 * 24 * 60, _("three days before")),
    (24 * 60, _("a day before")),
    (4 * 60, _("four hours before")),
    (60, _("an hour before")),
    (15, _("a quarter of an hour before")),
]


class _Words(forms.Textarea):
    def __init__(self, rows: int) -> None:
        super().__init__(attrs={"rows": str(rows)})


class AnywayForm(forms.Form):
    """Words that the checks stopped leave for a reason; it is asked for only then."""

    send_anyway = forms.CharField(
        label=_("Announce it as it stands, because"), max_length=200, required=False, widget=forms.HiddenInput
    )

    def ask_why(self) -> None:
        """Show the list of reasons, below the words."""
        reasons = [("", _("no: it is mended")), *OVERRIDE_REASONS[1:]]
        self.fields["send_anyway"].widget = Select({"data-autosave-skip": ""}, choices=reasons)
        self.order_fields([*(name for name in self.fields if name != "send_anyway"), "send_anyway"])


class WindowForm(AnywayForm):
    """One window as it is announced."""

    use_required_attribute = False

    title = forms.CharField(label=_("Title"), max_length=windows.LONGEST_TITLE)
    services = forms.MultipleChoiceField(
        label=_("Services that are worked on"), choices=_services, widget=forms.SelectMultiple(attrs={"size": "6"})
    )
    scheduled_for = MomentField(label=_("Begins"))
    scheduled_until = MomentField(label=_("Ends"))
    body = forms.CharField(
        label=_("What readers will notice, and what they can do"), max_length=windows.LONGEST_TEXT, widget=_Words(4)
    )
    pages = forms.MultipleChoiceField(
        label=_("Announced on"), choices=_pages, widget=forms.CheckboxSelectMultiple, required=True
    )
    is_automatic = forms.BooleanField(
        label=_("Begins and ends by the clock"),
        required=False,
        initial=True,
        help_text=_("With the words below. Otherwise somebody begins and ends it here."),
    )
    remind_before = forms.TypedMultipleChoiceField(
        label=_("Subscribers are reminded"),
        choices=REMINDERS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        initial=list(rules.REMINDED),
    )
    begins_with = forms.CharField(
        label=_("What the page says when it begins"),
        max_length=windows.LONGEST_TEXT,
        widget=_Words(2),
        required=False,
        initial=BEGINS,
    )
    ends_with = forms.CharField(
        label=_("What the page says when it ends"),
        max_length=windows.LONGEST_TEXT,
        widget=_Words(2),
        required=False,
        initial=ENDS,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = {minutes for minutes, _words in REMINDERS}
        kept = [each for each in self.initial.get("remind_before") or [] if each not in offered]
        if kept:  # chosen by the API: it stays on offer, so that saving does not lose it
            more = [(each, _("%d minutes before") % each) for each in kept]
            self.fields["remind_before"].choices = [*REMINDERS, *more]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in WindowForm.base_fields if name != "send_anyway"}


class NewWindowForm(WindowForm):
    """With how it comes back."""

    repeat = forms.ChoiceField(
        label=_("Comes back"), choices=[("", _("once only")), *Repeat.choices], required=False, widget=Select
    )
    until = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave it empty where it has no end."),
    )

    @property
    def time_zone(self) -> str:
        """The wall clock that the hours are meant by: the planner's own."""
        return timezone.get_current_timezone_name()


class TellForm(AnywayForm):
    """Words for readers; the button says what the window becomes."""

    use_required_attribute = False

    body = forms.CharField(
        label=_("What readers should know"),
        max_length=windows.LONGEST_TEXT,
        widget=_Words(3),
        required=False,
        help_text=_("Left empty, beginning and ending show the words that were written for them."),
    )
    to = forms.CharField(required=False, widget=forms.HiddenInput)
