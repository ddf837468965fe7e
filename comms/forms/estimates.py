"""What the manager fills in for executives: a range with confidence, or when the next decision is made."""

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.choices import Certainty
from mim_portal.lib.fields import MomentField


class EstimateForm(forms.Form):
    """The range may stay empty: then line four says “no estimate” and when the next decision is made."""

    earliest_at = MomentField(label=_("Works again at the earliest"), required=False)
    latest_at = MomentField(label=_("At the latest"), required=False)
    confidence = forms.ChoiceField(
        label=_("How sure are you?"), required=False, choices=[("", _("no estimate")), *Certainty.choices]
    )
    next_decision_at = MomentField(
        label=_("Next decision at"), required=False, help_text=_("Enough by itself, where nobody can say when.")
    )
