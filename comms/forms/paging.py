"""What a team types about how it is paged."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comms.choices import COSTLY_PAGES, PagedFor, PagingKind
from comms.models import Endpoint
from comms.rules import paging as rules
from mim_portal.lib.widgets import Select
from teams.choices import CallHours

_FIELDS = {
    PagingKind.PAGERDUTY: ("key", "address", "secret"),
    PagingKind.OPSGENIE: ("key", "address"),
    PagingKind.WEBHOOK: ("address",),
    PagingKind.SMS: ("address", "number"),
    PagingKind.VOICE: ("address", "number"),
}
_ADDRESSES = {
    PagingKind.PAGERDUTY: _(
        "Leave it empty for %(usual)s. In the EU it is https://events.eu.pagerduty.com/v2/enqueue."
    ),
    PagingKind.OPSGENIE: _("Leave it empty for %(usual)s. In the EU it is https://api.eu.opsgenie.com."),
    PagingKind.WEBHOOK: _("The address that takes signed JSON by POST: https://…"),
    PagingKind.SMS: _("The provider as Apprise writes it, such as twilio://AccountSid:AuthToken@+441632960000"),
    PagingKind.VOICE: _("Twilio as Apprise writes it: twilio://AccountSid:AuthToken@+441632960000"),
}
_USUAL = {PagingKind.PAGERDUTY: rules.PAGERDUTY, PagingKind.OPSGENIE: rules.OPSGENIE}
_KEYS = {
    PagingKind.PAGERDUTY: _("The integration key of an Events API v2 integration: 32 letters and digits."),
    PagingKind.OPSGENIE: _("The API key of an API integration of the team."),
}
_SECRET_INPUT = {"autocomplete": "off", "spellcheck": "false"}


class TargetKindForm(forms.Form):
    """How the team is to be paged."""

    kind = forms.ChoiceField(choices=PagingKind.choices)


class TargetForm(forms.Form):
    """One target. Key, address and secret are typed in and never shown again."""

    use_required_attribute = False

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As the room calls it, such as “PagerDuty”."))
    key = forms.CharField(label=_("Key"), max_length=100, widget=forms.TextInput(attrs=_SECRET_INPUT))
    address = forms.CharField(label=_("Address"), max_length=2000, widget=forms.TextInput(attrs=_SECRET_INPUT))
    secret = forms.CharField(
        label=_("Secret of the webhook"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs=_SECRET_INPUT),
        help_text=_("PagerDuty shows it once, when the webhook that answers here is added. Answers need it."),
    )
    number = forms.CharField(label=_("Number"), max_length=40, widget=forms.TextInput(attrs={"type": "tel"}))
    other_way = forms.ChoiceField(
        label=_("Where it takes nothing"),
        required=False,
        widget=Select,
        help_text=_("That target is then paged, and only then."),
    )
    hours = forms.ChoiceField(
        label=_("At which hours?"), choices=CallHours.choices, initial=CallHours.ALWAYS, required=False, widget=Select
    )
    lowest = forms.ChoiceField(
        label=_("For which priorities?"),
        choices=[("", _("every priority")), *PagedFor.choices],
        required=False,
        widget=Select,
    )
    hears_exercises = forms.BooleanField(label=_("Also for exercises"), required=False)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(
        self, *args: Any, kind: str, others: list[Endpoint], own: Endpoint | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        known = PagingKind(kind)
        for name in ("key", "address", "secret", "number"):
            if name not in _FIELDS[known]:
                del self.fields[name]
        usual = _USUAL.get(known)
        self.fields["address"].help_text = str(_ADDRESSES[known]) % {"usual": usual} if usual else _ADDRESSES[known]
        self.fields["address"].required = usual is None and own is None
        if known in _KEYS:
            self.fields["key"].help_text = _KEYS[known]
        rest = [(one.code, one.name) for one in others if own is None or one.pk != own.pk]
        self.fields["other_way"].choices = [("", _("nobody else is paged")), *rest]  # type: ignore[attr-defined]
        if own is None:
            self.fields["name"].initial = known.label
            del self.fields["is_active"]
        else:
            self._keep_secrets()

    def _keep_secrets(self) -> None:
        for name in ("key", "address", "secret"):
            if name in self.fields:
                self.fields[name].required = False
                self.fields[name].help_text = _("The one in use is never shown. Leave this empty to keep it.")


def initial(target: Endpoint) -> dict[str, Any]:
    """What may be seen of it."""
    return {
        "name": target.name,
        "number": target.number,
        "other_way": target.fallback.code if target.fallback else "",
        "hours": target.hours,
        "lowest": target.lowest,
        "hears_exercises": target.hears_exercises,
        "is_active": target.is_active,
    }


assert set(_FIELDS) == set(PagingKind) >= COSTLY_PAGES
