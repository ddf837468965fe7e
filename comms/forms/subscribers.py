"""What whoever keeps the subscribers of a page types."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comms.forms.audiences import RecipientFileForm


class SubscriberFileForm(RecipientFileForm):
    """A file of subscribers, with how they agreed."""

    consent = forms.CharField(
        label=_("How did these readers agree?"),
        max_length=300,
        required=False,
        help_text=_("For rows without a consent of their own, such as “Confirmed at our former status page.”"),
    )
    field_order = ("consent", "file", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "From a spreadsheet: “CSV UTF-8”. Columns: address, groups, services (by their slugs), consent. Several of"
            " one kind are separated by semicolons; without any it is the whole page."
        )
