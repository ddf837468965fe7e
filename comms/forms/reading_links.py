"""Who reads by a link, for how long, and of what."""

from django import forms
from django.utils.translation import gettext_lazy as _

from comms.services.reading_links import LONGEST_DAYS, USUAL_DAYS


class ReadingLinkForm(forms.Form):
    """One named reader."""

    name = forms.CharField(label=_("Reader"), max_length=100, help_text=_("What they decide is recorded by this name."))
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    days = forms.IntegerField(
        label=_("Holds for how many days?"), min_value=1, max_value=LONGEST_DAYS, initial=USUAL_DAYS
    )
    reference = forms.CharField(
        label=_("Only this incident"), max_length=20, required=False, help_text=_("Empty: every live incident.")
    )
