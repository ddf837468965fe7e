"""The form that asks something of messages of a kind."""

from django import forms
from django.utils.translation import gettext_lazy as _

from comms.queries.writing import required_parts


class RequiredPartForm(forms.Form):
    """Which messages say what."""

    part = forms.ChoiceField(label=_("Which messages have to say what?"), choices=required_parts.choices)

    def given(self) -> dict[str, str]:
        one = required_parts.read(self.cleaned_data["part"])
        assert one is not None
        return {"kind": one.kind, "part": one.part}
