"""What a person says about notices."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comms.choices import WakeReason


def _time() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class NoticeForm(forms.Form):
    """Quiet hours, and for executives what wakes them."""

    wakes = forms.MultipleChoiceField(
        label=_("What wakes me"),
        choices=WakeReason.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("By mail, at once. Your page shows everything in any case."),
    )
    quiet_from = forms.TimeField(label=_("Quiet from"), required=False, widget=_time())
    quiet_until = forms.TimeField(label=_("Quiet until"), required=False, widget=_time())

    def __init__(self, *args: Any, is_executive: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_executive:
            del self.fields["wakes"]
