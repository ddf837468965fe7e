"""How a page's form runs a verb."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import Form
from django.http import Http404

from mim_portal.lib.refusals import Refusal

CHANGED_MEANWHILE = "changed_meanwhile"  # the code of such a refusal


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
        error = ValidationError(refusal.message, code=refusal.code)
        form.add_error(refusal.field if refusal.field in form.fields else None, error)
        return False
    return True


def stand_over(form: Form, newest: str) -> None:
    """What `version` a form that is shown again was typed over: the one that it was opened with, so that what somebody
    else saves while an error is mended is never written over unseen; theirs, once it was said that they saved.
    """
    if form.is_bound and form.has_error(NON_FIELD_ERRORS, CHANGED_MEANWHILE):
        take_version(form, newest)


def take_version(form: Form, newest: str | int) -> None:
    """Sent again, the form replaces this version: it is shown with what stands there."""
    form.data = form.data.copy()  # type: ignore[attr-defined]
    form.data["version"] = str(newest)  # type: ignore[index]
