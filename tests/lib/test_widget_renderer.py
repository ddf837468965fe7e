"""Inputs written at once are Django's own, letter by letter."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString, mark_safe

from mim_portal.lib.widget_renderer import WidgetRenderer

WIDGETS: tuple[forms.Widget, ...] = (
    forms.TextInput(),
    forms.NumberInput(attrs={"min": 0}),
    forms.EmailInput(),
    forms.URLInput(),
    forms.PasswordInput(render_value=True),
    forms.HiddenInput(),
    forms.DateInput(attrs={"type": "date"}),
    forms.DateTimeInput(format="%Y-%m-%dT%H:%M"),
    forms.TimeInput(),
    forms.CheckboxInput(),
    forms.FileInput(),
    forms.ClearableFileInput(),
    forms.Textarea(attrs={"rows": 4}),
    forms.Select(choices=[("a", "A"), ("<b>", "B & C")]),
    forms.RadioSelect(choices=[("a", "A"), ("<b>", "B & C")]),
    forms.CheckboxSelectMultiple(choices=[("a", "A"), ("<b>", "B & C")]),
)
ATTRS: dict[str, Any] = {
    "id": "id_x",
    "class": 'a "b"',
    "required": True,
    "disabled": False,
    "data-n": 3,
    "title": None,
}


@pytest.mark.parametrize("value", [None, "", "a", "<b>", "it's “so” & more", 0, 3.5, True, mark_safe("<i>safe</i>")])
@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
def test_it_is_djangos(widget: forms.Widget, value: object) -> None:
    assert widget.render("n<ame", value, ATTRS, renderer=WidgetRenderer()) == widget.render(
        "n<ame", value, ATTRS, renderer=DjangoTemplates()
    )


def test_options_one_by_one_are_djangos() -> None:
    def tags(renderer: DjangoTemplates) -> list[str]:
        class Choices(forms.Form):
            state = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)

        return [option.tag() for option in Choices({"state": ["b"]}, renderer=renderer)["state"]]

    assert tags(WidgetRenderer()) == tags(DjangoTemplates())


def test_a_whole_form_is_djangos() -> None:
    class Everything(forms.Form):
        words = forms.CharField(help_text="Plain words.")
        when = forms.DateTimeField(required=False)

    def whole(renderer: DjangoTemplates) -> SafeString:
        return Everything({"when": "never"}, renderer=renderer).as_div()

    assert whole(WidgetRenderer()) == whole(DjangoTemplates())
