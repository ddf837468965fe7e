"""The closing checklist as one form: an answer and a note for each line that a person answers."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.choices import ClosureAnswer
from incidents.rules.closure import Item


class ClosingForm(forms.Form):
    """Fields are called by the item's code, its note by `note-` before it.

    Each carries along what stood there when the page was read: what this person did not touch is left as it is, so
    that nobody takes back what somebody else answered meanwhile.
    """

    def __init__(self, *args: Any, items: Sequence[Item], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(ClosureAnswer.choices)
        self._codes = [item.code for item in items if item.answers and not item.met]
        for item in items:
            if item.code not in self._codes:
                continue
            self.fields[item.code] = forms.ChoiceField(
                label=item.question,
                choices=[("", _("Not answered")), *((answer.value, labels[answer]) for answer in item.answers)],
                initial=item.given.answer if item.given else "",
                required=False,
                show_hidden_initial=True,
            )
            self.fields[f"note-{item.code}"] = forms.CharField(
                label=_("Note"),
                initial=item.given.note if item.given else "",
                max_length=500,
                required=False,
                show_hidden_initial=True,
            )

    def answers(self) -> dict[str, dict[str, str]]:
        """What this person answered, by item."""
        touched = set(self.changed_data)
        return {
            code: {"answer": self.cleaned_data[code], "note": self.cleaned_data[f"note-{code}"]}
            for code in self._codes
            if {code, f"note-{code}"} & touched
        }
