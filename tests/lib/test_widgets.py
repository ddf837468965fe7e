"""A select written at once says the same as Django's."""

import pytest
from django import forms
from django.test.html import parse_html

from mim_portal.lib import widgets

CHOICES = [("", "all"), ("payroll", "Payroll & <wages>"), (3, "Three")]


@pytest.mark.parametrize("value", [None, "", "payroll", "3", 3, "nothing <of> these"])
def test_it_is_djangos(value: object) -> None:
    attrs = {"id": "id_service", "class": "form-select", "required": True, "disabled": False}
    ours, theirs = (
        parse_html(kind(choices=CHOICES, attrs={"data-x": '"'}).render("ser<vice", value, attrs))
        for kind in (widgets.Select, forms.Select)
    )
    assert ours == theirs
