"""Choices without templates: a select of a hundred services costs as much in those as the rest of its page."""

import html
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe


class Select(forms.Select):
    """The same select, written at once; it takes no groups."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        chosen = {str(each) for each in self.format_value(value)}
        options = "".join(
            f'<option value="{_text(key)}"{" selected" if str(key) in chosen else ""}>{_text(label)}</option>'
            for key, label in self.choices
        )
        attributes = flatatt(self.build_attrs(self.attrs, attrs))
        return mark_safe(f'<select name="{_text(name)}"{attributes}>{options}</select>')  # noqa: S308 -- all is escaped


def _text(value: Any) -> str:
    """As templates write it: what is marked as safe stays as it is. Most are plain, and there are many."""
    return html.escape(value) if type(value) is str else conditional_escape(str(value))
