"""Factors that came back: offered, linked by people, shown both ways, counted over twelve months."""

import html
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from mim_portal.lib.refusals import Invalid
from mim_portal.models import AuditEntry
from reviews.models import ContributingFactor
from reviews.services import recurrence
from reviews.services.factors import UnknownFactor
from tests.reviews import rows

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]
EXPIRED = "The expiry of the gateway's certificate was watched by nobody."


def factor(cast: SimpleNamespace, *, days_ago: int = 10, statement: str = EXPIRED, **fields: Any) -> ContributingFactor:
    """One of a review of its own, of an incident of so many days ago."""
    judged = {name: fields.pop(name) for name in ("effect", "changeability", "kind") if name in fields}
    declared_at = timezone.now() - timedelta(days=days_ago)
    review = rows.review(of=rows.incident(manager=cast.mia, declared_at=declared_at, **fields))
    return rows.factor(of=review, statement=statement, **judged)


def at(one: ContributingFactor) -> str:
    return f"/reviews/{one.review.incident.reference}/factors/{one.pk}"


def link(one: ContributingFactor, other: ContributingFactor, person: Any) -> ContributingFactor:
    reference = one.review.incident.reference
    return recurrence.link(reference=reference, factor_id=one.pk, other_id=other.pk, person=person)


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_similar_ones_are_offered_when_one_is_written(cast: SimpleNamespace, signed_in: Browser) -> None:
    known = factor(cast)
    factor(cast, statement="The bridge had no number to call.")
    factor(cast, statement=EXPIRED, days_ago=400)
    hidden = factor(cast, is_private=True)
    exercise = factor(cast, is_exercise=True)
    review = rows.review(of=rows.incident(manager=cast.omar))
    given = {"statement": "Certificates expire unwatched: no expiry was watched.", "kind": "enabling"}
    client = signed_in(cast.omar)
    address = f"/reviews/{review.incident.reference}/factors/"
    answer = client.post(address, given | {"layer": "tool", "evidence": "log", "effect": "3", "changeability": "2"})
    made = ContributingFactor.objects.get(review=review)
    assert (made.effect, made.changeability) == (3, 2)
    assert answer["Location"] == f"{at(made)}/links/"
    page = text_of(client, answer["Location"])
    assert "is it the same condition?" in page
    assert page.count("The same: link them") == 1
    assert known.review.incident.reference in page
    for other in (hidden, exercise):
        assert other.review.incident.reference not in page
    alone = client.post(address, given | {"statement": "Rain.", "layer": "tool", "evidence": "log"})
    assert alone["Location"].endswith("#factors")


def test_linked_is_shown_both_ways(cast: SimpleNamespace, signed_in: Browser) -> None:
    old = factor(cast, days_ago=30, effect=3, changeability=2)
    new = factor(cast, days_ago=3)
    client = signed_in(cast.mia)
    assert client.post(f"{at(new)}/links/", {"factor": old.pk})["Location"] == f"{at(new)}/links/"
    for one, other in ((old, new), (new, old)):
        page = text_of(client, f"{at(one)}/links/")
        assert "It stood in 2 reviews. Priority: 12." in page
        assert other.review.incident.reference in page
        assert "The same: link them" not in page
        review = text_of(client, f"/reviews/{one.review.incident.reference}/")
        assert "2 times in twelve months, also in" in review
        assert other.review.incident.reference in review
        assert "priority 12" in review
    client.post(f"{at(old)}/unlink/")
    assert "linked to no factor" in text_of(client, f"{at(new)}/links/")
    assert "The same: link them" in text_of(client, f"{at(new)}/links/")
    verbs = AuditEntry.objects.filter(verb__startswith="factor_").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["factor_linked", "factor_unlinked"]


def test_what_either_was_linked_to_is_one(cast: SimpleNamespace) -> None:
    one, two, three, four = (factor(cast) for _ in range(4))
    link(one, two, cast.mia)
    link(three, four, cast.mia)
    link(two, three, cast.mia)
    assert len(set(ContributingFactor.objects.values_list("recurring", flat=True))) == 1
    link(two, three, cast.mia)  # safe to repeat
    assert ContributingFactor.objects.filter(recurring=one.recurring_id).count() == 0
    assert ContributingFactor.objects.filter(recurring__isnull=False).count() == 4


def test_links_that_are_refused(cast: SimpleNamespace, signed_in: Browser) -> None:
    mine, hidden = factor(cast), factor(cast, is_private=True)
    beside = rows.factor(of=mine.review)
    for other in (hidden.pk, mine.pk, beside.pk, 987_654):
        with pytest.raises(Invalid):
            recurrence.link(
                reference=mine.review.incident.reference, factor_id=mine.pk, other_id=other, person=cast.omar
            )
    with pytest.raises(UnknownFactor):
        link(hidden, mine, cast.omar)
    with pytest.raises(UnknownFactor):
        recurrence.unlink(reference=hidden.review.incident.reference, factor_id=hidden.pk, person=cast.omar)
    client = signed_in(cast.omar)
    assert "There is no factor 0." in client.post(f"{at(mine)}/links/", {"factor": "x"}, follow=True).content.decode()
    assert client.get(f"{at(hidden)}/links/").status_code == 404
    assert client.get(f"/reviews/{mine.review.incident.reference}/factors/987654/links/").status_code == 404
    assert signed_in(cast.audra).get(f"{at(mine)}/links/").status_code == 403
    assert not ContributingFactor.objects.filter(recurring__isnull=False).exists()


def test_the_list_of_what_came_back(cast: SimpleNamespace, signed_in: Browser, django_assert_num_queries: Any) -> None:
    client = signed_in(cast.omar)
    assert "Nothing has come back yet." in text_of(client, "/reviews/recurring/")
    for number in range(3):
        statement = f"Condition {number} came back."
        first = factor(cast, days_ago=50, statement=statement, effect=number + 1, changeability=3)
        link(factor(cast, statement=statement), first, cast.mia)
    hidden = factor(cast, is_private=True)
    link(hidden, factor(cast, statement="Seen once by others."), cast.mia)
    with django_assert_num_queries(4):  # session, person, factors, the clock
        page = text_of(client, "/reviews/recurring/")
    order = [page.index(f"Condition {number} came back.") for number in (2, 1, 0)]
    assert order == sorted(order)
    assert '<td class="number" data-label="Priority">18</td>' in page
    assert hidden.review.incident.reference not in page
    assert "Seen once by others." not in page
    assert hidden.review.incident.reference in text_of(signed_in(cast.mia), "/reviews/recurring/")


def test_over_the_api(cast: SimpleNamespace, api: Callable[..., APIClient]) -> None:
    old, new = factor(cast, days_ago=30), factor(cast, days_ago=3, effect=2, changeability=2)
    client, address = api(cast.omar), f"/api/v1{at(new)}/links/"
    before = client.get(address).json()
    assert (before["recurrence"], before["priority"], before["linked"]) == (1, 4, [])
    assert [row["factor"]["id"] for row in before["similar"]] == [old.pk]
    assert before["similar"][0]["why"].startswith("same words: ")
    made = client.post(address, {"factor": old.pk}, format="json")
    assert made.status_code == 201
    assert (made.json()["recurrence"], made.json()["priority"]) == (2, 8)
    assert made.json()["linked"][0]["incident"] == old.review.incident.reference
    (listed,) = client.get("/api/v1/recurring-factors/").json()["results"]
    assert [row["id"] for row in listed["factors"]] == [new.pk, old.pk]
    refused = client.post(address, {"factor": new.pk}, format="json")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "factor")
    assert client.delete(address).status_code == 204
    assert client.get("/api/v1/recurring-factors/").json() == {"results": []}
    assert client.get(f"/api/v1/reviews/{new.review.incident.reference}/factors/{old.pk}/links/").status_code == 404
    put = {"statement": "x", "kind": "trigger", "layer": "tool", "evidence": "log", "effect": 4}
    assert client.put(f"/api/v1{at(new)}/", put, format="json").status_code == 400
    assert client.put(f"/api/v1{at(new)}/", put | {"effect": 1}, format="json").json()["effect"] == 1
