"""The form that requires a fact of the impact."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.rules import impact
from teams.models import Service


class NamedField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Shown by its name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class RequiredFactForm(forms.Form):
    """Which fact, and of which service."""

    fact = forms.ChoiceField(label=_("What has to be on record?"), choices=impact.GATES)
    service = NamedField(
        label=_("In incidents of"),
        queryset=Service.objects.filter(is_active=True).order_by("name"),
        to_field_name="slug",
        required=False,
        empty_label=_("Every service"),
    )
