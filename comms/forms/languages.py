"""The language of updates."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class LanguageForm(forms.Form):
    """One of those that the checker can read."""

    language = forms.ChoiceField(
        label=_("Updates are written in"),
        help_text=_("For updates begun from now on. What was begun keeps its language, also when it is checked again."),
    )

    def __init__(self, *args: Any, offered: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = list(offered)  # type: ignore[attr-defined]
