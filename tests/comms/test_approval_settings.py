"""/settings/approval/ and its API: who reads what before it leaves, with every change in the audit."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from comms.choices import Reading
from comms.models import ApprovalPolicy, Audience
from comms.queries.writing import policies as policy_queries
from comms.services.writing import policies
from mim_portal.lib.refusals import Forbidden, Invalid
from mim_portal.models import AuditEntry
from teams.models import Person

pytestmark = pytest.mark.django_db

SignedIn = Callable[..., Client]
PAGE = "/settings/approval/"


def as_it_stands(**changes: str) -> dict[str, str]:
    """What a browser sends for the page; a keyword is a field with _ for -."""
    fields = {f"{cell.kind}-{cell.audience.code}": str(cell.reading) for cell in policy_queries.table()}
    return {**fields, "neutral_words": policy_queries.neutral_words(), **changes}


def readings(**changes: str) -> dict[tuple[str, str], str]:
    return {("update", code): reading for code, reading in changes.items()}


def test_without_rows_todays_rule_holds() -> None:
    by_code = {cell.audience.code: cell.reading for cell in policy_queries.table() if cell.kind == "update"}
    assert by_code == {
        "service_desk": Reading.ALONE,
        "technical": Reading.ALONE,
        "service_owners": Reading.ALONE,
        "executives": Reading.SECOND_READER,
        "end_users": Reading.GATE_WHEN_MARKED,
        "public": Reading.GATE_WHEN_MARKED,
    }
    assert {cell.kind for cell in policy_queries.table()}.isdisjoint({"initial", "holding"})


def test_a_change_is_written_once_and_audited(cast: SimpleNamespace) -> None:
    words = policy_queries.neutral_words()
    changed = policies.change(
        person=cast.petra,
        readings=readings(service_owners="second_reader", public="gate_when_marked"),
        neutral_words=words,
    )
    said = [{"kind": "update", "audience": "service_owners", "from": "alone", "to": "second_reader"}]
    assert changed == said
    entry = AuditEntry.objects.get(verb="approval.policy_changed")
    assert (entry.actor, entry.data) == (cast.petra, {"changed": said})
    assert ApprovalPolicy.objects.get().reading == Reading.SECOND_READER
    assert (
        policies.change(person=cast.ada, readings=readings(service_owners="second_reader"), neutral_words=words) == []
    )
    assert AuditEntry.objects.filter(verb__startswith="approval").count() == 1
    policies.change(person=cast.ada, readings=readings(service_owners="alone"), neutral_words=words)
    assert ApprovalPolicy.objects.get().reading == Reading.ALONE


def test_the_neutral_words_are_audited_too(cast: SimpleNamespace) -> None:
    policies.change(person=cast.ada, readings={}, neutral_words=" We know of it and are working on it. ")
    assert policy_queries.neutral_words() == "We know of it and are working on it."
    entry = AuditEntry.objects.get(verb="approval.neutral_words_changed")
    assert entry.data["to"] == "We know of it and are working on it."
    with pytest.raises(Invalid):
        policies.change(person=cast.ada, readings={}, neutral_words=" ")


@pytest.mark.parametrize(
    "given", [{("initial", "public"): "gate"}, {("update", "nobody"): "alone"}, {("update", "public"): "maybe"}]
)
def test_what_cannot_be_set(cast: SimpleNamespace, given: dict[tuple[str, str], str]) -> None:
    with pytest.raises(Invalid):
        policies.change(person=cast.ada, readings=given, neutral_words="Words.")
    assert not ApprovalPolicy.objects.exists()


def test_who_sets_it(cast: SimpleNamespace) -> None:
    with pytest.raises(Forbidden):
        policies.change(person=cast.mia, readings={}, neutral_words="Words.")


def test_the_page_says_what_nothing_can_change_and_saves_the_rest(signed_in: SignedIn, cast: SimpleNamespace) -> None:
    browser = signed_in(cast.petra)
    shown = browser.get(PAGE).content.decode()
    assert "Initial and holding updates leave alone, always" in shown
    assert "Leo Example" in shown
    response = browser.post(PAGE, as_it_stands(**{"closure-executives": "alone"}), follow=True)
    assert "Saved." in response.content.decode()
    executives = Audience.objects.get(code="executives")
    assert ApprovalPolicy.objects.get().audience == executives


def test_a_mistake_keeps_what_was_chosen(signed_in: SignedIn, cast: SimpleNamespace) -> None:
    typed = as_it_stands(neutral_words="", **{"closure-executives": "gate"})
    response = signed_in(cast.ada).post(PAGE, typed)
    assert response.status_code == 422
    assert "Give the neutral words" in response.content.decode()
    chosen = response.content.decode().partition('name="closure-executives"')[2].partition("</select>")[0]
    assert '<option value="gate" selected>' in chosen
    assert not ApprovalPolicy.objects.exists()


def test_the_page_says_that_nobody_keeps_the_gate(signed_in: SignedIn, cast: SimpleNamespace) -> None:
    Person.objects.filter(pk=cast.leo.pk).update(is_active=False)
    assert "nobody holds this role, so a second reader stands in" in signed_in(cast.ada).get(PAGE).content.decode()


def test_its_queries(signed_in: SignedIn, cast: SimpleNamespace, django_assert_num_queries: Any) -> None:
    browser = signed_in(cast.ada)
    browser.get(PAGE)
    with django_assert_num_queries(8):
        browser.get(PAGE)


def test_the_api_reads_it(api: Callable[..., APIClient], cast: SimpleNamespace) -> None:
    answer = api(cast.mia).get("/api/v1/approval-policies/").json()
    assert answer["neutral_words"] == policy_queries.neutral_words()
    assert {"kind": "update", "audience": "public", "reading": "gate_when_marked", "is_set": False} in answer[
        "policies"
    ]
    assert "initial" not in {row["kind"] for row in answer["policies"]}
