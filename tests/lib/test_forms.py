"""A page's form runs a verb: errors land at their field, and what is not there is not found."""

from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.http import Http404

from mim_portal.lib.forms import attempt
from mim_portal.lib.refusals import Forbidden, Invalid, Refusal, sentences


class Missing(Refusal):
    code = "unknown"
    status = 404


class Asked(forms.Form):
    reason = forms.CharField(max_length=20)
    note = forms.CharField(required=False)


@pytest.fixture
def form() -> Asked:
    return Asked({"reason": " late ", "note": ""})


def refusing(refusal: Exception) -> Callable[[], Any]:
    def verb() -> None:
        raise refusal

    return verb


def test_a_valid_form_runs_the_verb_once(form: Asked) -> None:
    done: list[str] = []
    assert attempt(form, lambda: done.append(form.cleaned_data["reason"]))
    assert done == ["late"]
    assert not form.errors


def test_the_verbs_answer_does_not_matter(form: Asked) -> None:
    assert attempt(form, lambda: None)
    assert attempt(form, lambda: False)


def test_an_invalid_form_runs_nothing() -> None:
    form = Asked({"reason": "x" * 21})
    assert not attempt(form, refusing(AssertionError("it ran")))
    assert list(form.errors) == ["reason"]


@pytest.mark.parametrize("kind", [Refusal, Invalid, Forbidden])
def test_a_refusal_is_an_error_of_its_field(form: Asked, kind: type[Refusal]) -> None:
    assert not attempt(form, refusing(kind("Say more.", field="note")))
    assert form.errors == {"note": ["Say more."]}
    assert form["reason"].value() == " late "  # as it was typed


@pytest.mark.parametrize("field", ["", "elsewhere", "__all__"])
def test_a_refusal_without_a_field_here_is_an_error_of_the_whole(form: Asked, field: str) -> None:
    assert not attempt(form, refusing(Refusal("Not now.", field=field)))
    assert form.non_field_errors() == ["Not now."]


def test_what_is_not_there_is_not_found(form: Asked) -> None:
    with pytest.raises(Http404) as caught:
        attempt(form, refusing(Missing("There is no such incident.")))
    assert isinstance(caught.value.__cause__, Missing)


def test_what_nobody_expected_is_not_swallowed(form: Asked) -> None:
    with pytest.raises(ZeroDivisionError):
        attempt(form, lambda: 1 / 0)


def test_a_refusal_says_what_machines_and_people_need() -> None:
    refusal = Refusal("Not now.", extra={"allowed": ["closed"]})
    assert (str(refusal), refusal.code, refusal.status, refusal.field) == ("Not now.", "refused", 409, "")
    assert refusal.extra == {"allowed": ["closed"]}
    assert (Invalid("x").status, Invalid("x").code, Invalid("x", code="required").code) == (400, "invalid", "required")
    assert (Forbidden("x").status, Forbidden("x").code) == (403, "forbidden")


def test_the_extras_of_two_refusals_are_their_own() -> None:
    given = {"allowed": ["closed"]}
    first, second = Refusal("a", extra=given), Refusal("b")
    first.extra["more"] = 1
    assert (second.extra, given) == ({}, {"allowed": ["closed"]})


def test_several_refusals_are_said_in_their_order() -> None:
    assert sentences([Refusal("First."), Invalid("Second.")]) == "First. Second."
    assert sentences([]) == ""
