"""What a reader of a status page asks for, and what a subscriber changes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comms.choices import READERS_CHANNELS, ChannelKind
from comms.rules import endpoints

WHOLE, CHOSEN = "whole", "chosen"
Choices = Sequence[tuple[str, str]]


class ScopeForm(forms.Form):
    """The whole page, or what is ticked of it. A list that the page does not have is not asked about."""

    use_required_attribute = False

    what = forms.ChoiceField(
        label=_("What do you want to hear of?"),
        choices=[(WHOLE, _("Everything on this page")), (CHOSEN, _("Only what I tick below"))],
        widget=forms.RadioSelect,
        initial=WHOLE,
    )
    incidents = forms.MultipleChoiceField(label=_("Incidents"), required=False, widget=forms.CheckboxSelectMultiple)
    groups = forms.MultipleChoiceField(label=_("Groups"), required=False, widget=forms.CheckboxSelectMultiple)
    services = forms.MultipleChoiceField(label=_("Services"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, *args: Any, incidents: Choices = (), groups: Choices = (), services: Choices = (), **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        for name, choices in (("incidents", incidents), ("groups", groups), ("services", services)):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = list(choices)
            if not choices:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        ticked = any(given.get(name) for name in ("incidents", "groups", "services"))
        if given.get("what") == CHOSEN and not ticked and not self.errors:
            self.add_error("what", _("Tick at least one thing, or choose everything."))
        return given

    def scope(self) -> dict[str, Any]:
        """As the verbs take it."""
        given = self.cleaned_data
        names = ("incidents", "groups", "services")
        return {"is_whole": given["what"] == WHOLE} | {name: given.get(name, []) for name in names}


_WITHOUT_SMS = _(
    "Your e-mail address; for a chat the address of an incoming webhook (Slack, Mattermost) or of a workflow"
    " that posts to a channel (Teams); for a webhook an https:// address of your own."
)


class SubscribeForm(ScopeForm):
    """The same, with the address that it goes to: a mailbox unless another channel is chosen."""

    channel = forms.ChoiceField(
        label=_("How do you want to hear of it?"),
        choices=[(kind.value, kind.label) for kind in READERS_CHANNELS],
        initial=ChannelKind.EMAIL,
        required=False,
        widget=forms.RadioSelect,
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=endpoints.LONGEST,
        help_text=_(
            "Your e-mail address; for SMS a mobile number with its country (+44 …); for a chat the address of an"
            " incoming webhook (Slack, Mattermost) or of a workflow that posts to a channel (Teams); for a webhook an"
            " https:// address of your own."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}),
    )

    def __init__(self, *args: Any, by_sms: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by_sms:
            channel = self.fields["channel"]
            assert isinstance(channel, forms.ChoiceField)
            channel.choices = [(kind.value, kind.label) for kind in READERS_CHANNELS if kind != ChannelKind.SMS]
            self.fields["address"].help_text = _WITHOUT_SMS

    field_order = ("channel", "address", "what", "incidents", "groups", "services")

    def clean_channel(self) -> str:
        return self.cleaned_data["channel"] or ChannelKind.EMAIL.value
