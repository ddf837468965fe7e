"""What administrators type about ways out other than mail."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comms.choices import ChannelKind, EndpointEvent
from comms.queries.recipients import endpoints as queries
from comms.services.sending import endpoints
from mim_portal.lib.widgets import Select
from teams.models import Service

ADDRESSES = {
    ChannelKind.SLACK: _("The address of an incoming webhook: https://hooks.slack.com/services/…"),
    ChannelKind.TEAMS: _("The address of a workflow that posts to a channel: https://…/workflows/…"),
    ChannelKind.MATTERMOST: _("The address of an incoming webhook: https://chat.example.org/hooks/…"),
    ChannelKind.SMS: _("The provider as Apprise writes it, such as twilio://AccountSid:AuthToken@+441632960000"),
    ChannelKind.WEBHOOK: _("The address that takes signed JSON by POST: https://…"),
}


def _services() -> list[tuple[str, str]]:
    return list(Service.objects.order_by("name").values_list("slug", "name"))


class KindForm(forms.Form):
    """What kind of channel it will be."""

    kind = forms.ChoiceField(choices=[(kind.value, kind.label) for kind in endpoints.KINDS])


class EndpointForm(forms.Form):
    """One way out. The address is typed in and never shown again."""

    use_required_attribute = False

    version = forms.CharField(widget=forms.HiddenInput, required=False)
    code = forms.CharField(
        label=_("Code"), max_length=50, help_text=_("What recipients name it by, such as ops-chat. It stays.")
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    address = forms.CharField(
        label=_("Address"),
        max_length=2000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    events = forms.MultipleChoiceField(
        label=_("Is told when"),
        choices=EndpointEvent.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Besides the updates of audiences that have it among their addresses."),
    )
    is_technical = forms.BooleanField(
        label=_("Technical: events may name people"),
        required=False,
        help_text=_("Otherwise they carry roles, never names."),
    )
    hears_private = forms.BooleanField(label=_("Also of private incidents"), required=False)
    hears_exercises = forms.BooleanField(label=_("Also of exercises"), required=False)
    depends_on_services = forms.MultipleChoiceField(
        label=_("Does not work without"),
        choices=_services,
        widget=forms.SelectMultiple(attrs={"size": "6"}),
        required=False,
        help_text=_("When one of these services is the one that failed, the other way below is used."),
    )
    fallback = forms.ChoiceField(label=_("Other way: a channel"), required=False, widget=Select)
    fallback_mail = forms.CharField(
        label=_("Other way: a mailbox"),
        max_length=254,
        required=False,
        help_text=_("Where neither is given, people get it at their own mail address."),
    )
    per_minute = forms.IntegerField(
        label=_("Messages a minute, at most"), min_value=1, max_value=endpoints.MOST_PER_MINUTE, initial=60
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, kind: str, own: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].help_text = ADDRESSES[ChannelKind(kind)]
        self.fields["fallback"].choices = [("", _("none")), *queries.other_ways(own)]  # type: ignore[attr-defined]
        if kind != ChannelKind.WEBHOOK:
            for name in ("events", "is_technical", "hears_private", "hears_exercises"):
                del self.fields[name]
        if own:
            del self.fields["code"]
            self.fields["address"].required = False
            self.fields["address"].label = _("New address")
            self.fields["address"].help_text = _("The one in use is never shown. Leave this empty to keep it.")

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class TestForm(forms.Form):
    """To which number a test goes; other channels ask nothing."""

    use_required_attribute = False

    number = forms.CharField(
        label=_("Number for the test"), max_length=40, widget=forms.TextInput(attrs={"type": "tel"})
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind != ChannelKind.SMS:
            del self.fields["number"]
