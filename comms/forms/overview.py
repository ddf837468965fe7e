"""Which promises the page of updates shows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comms.queries.recipients import audiences


def _audiences() -> list[tuple[str, Any]]:
    return [("", _("all")), *((one.code, one.name) for one in audiences.active())]


class PromiseFilterForm(forms.Form):
    """Late ones, those of one's own incidents, those to one audience."""

    late = forms.BooleanField(required=False)
    mine = forms.BooleanField(required=False)
    audience = forms.ChoiceField(choices=_audiences, required=False)

    def filters(self) -> dict[str, Any]:
        """What was understood; an address with nonsense in it shows everything."""
        self.is_valid()
        found = self.cleaned_data
        return {
            "late": bool(found.get("late")),
            "mine": bool(found.get("mine")),
            "audience": found.get("audience", ""),
        }
