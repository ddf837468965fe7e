"""What an administrator says when updates go to an address again."""

from django import forms
from django.utils.translation import gettext_lazy as _


class LiftForm(forms.Form):
    reason = forms.CharField(
        label=_("Why will it work now?"), max_length=300, help_text=_("For the record: the mailbox exists again.")
    )


class OptOutLiftForm(forms.Form):
    reason = forms.CharField(
        label=_("Who asked for it, and how?"), max_length=300, help_text=_("For the record: she asked for it by phone.")
    )
