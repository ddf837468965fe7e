"""Where replies to updates go."""

from django import forms
from django.utils.translation import gettext_lazy as _

from comms.choices import RepliesGo


class RepliesForm(forms.Form):
    to = forms.ChoiceField(
        label=_("When a reader answers an update, the answer goes"),
        choices=RepliesGo.choices,
        help_text=_("For mails that leave from now on. A person's address is the one in their account."),
    )
    address = forms.EmailField(
        label=_("Address of the mailbox"),
        required=False,
        max_length=320,
        help_text=_("Needed where replies go to a mailbox. Updates of private incidents never name it."),
    )


class PlaceForm(forms.Form):
    incident = forms.CharField(label=_("Incident"), max_length=40, help_text=_("Its reference, such as MI-2026-0042."))
