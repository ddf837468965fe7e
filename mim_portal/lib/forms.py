"""How a page's form runs a verb."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import Http404

from mim_portal.lib.refusals import Refusal


def attempt(form: Form, verb: Callable[[], Any]) -> bool:
    """Run the verb where the form is valid; a refusal becomes an error of the form, at the field at fault if any.

    What does not exist for this person is a page that is not found, unless a field of the form named it.
    """
    if not form.is_valid():
        return False
    try:
        verb()
    except Refusal as refusal:
        if refusal.status == 404 and refusal.field not in form.fields:
            raise Http404 from refusal
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return False
    return True
