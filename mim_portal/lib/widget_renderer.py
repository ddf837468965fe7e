"""Inputs without templates: a list's ten filters cost as much in those as the rest of its page.

FORM_RENDERER. What Django's own templates of an input, an option and a text area say is written at once; every other
widget, and whatever a form itself is rendered with, goes through Django's templates as ever.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

_INPUT = re.compile(
    r"django/forms/widgets/"
    r"(?:input|text|number|email|url|password|hidden|date|datetime|time|color|search|tel|file|checkbox"
    r"|input_option|checkbox_option|radio_option)\.html"
)
_TEXT_AREA = "django/forms/widgets/textarea.html"


class WidgetRenderer(DjangoTemplates):
    """Django's renderer with a short way for plain inputs."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        widget: Mapping[str, Any] | None = context.get("widget")
        if widget is not None and not widget.get("wrap_label"):
            if _INPUT.fullmatch(template_name):
                return mark_safe(_input(widget))  # noqa: S308 -- every part of it is escaped
            if template_name == _TEXT_AREA:
                return mark_safe(_text_area(widget))  # noqa: S308
        return mark_safe(super().render(template_name, context, request))  # noqa: S308 -- rendered by Django


def _input(widget: Mapping[str, Any]) -> str:
    value = widget.get("value")
    said = "" if value is None else f' value="{_text(value)}"'
    return f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"{said}{_attributes(widget)}>'


def _text_area(widget: Mapping[str, Any]) -> str:
    value = widget.get("value")
    return f'<textarea name="{_text(widget["name"])}"{_attributes(widget)}>\n{_text(value) if value else ""}</textarea>'


def _attributes(widget: Mapping[str, Any]) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{_text(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _text(value: Any) -> str:
    """As templates write it: what is marked as safe stays as it is."""
    return conditional_escape(value if isinstance(value, str) else str(value))
