"""The library of reviews: found by words, state, service and what contributed."""

import html
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from reviews.models import Review
from reviews.queries import library
from reviews.services import actions, factors, reviews, signoff, words
from tests import factories
from tests.factories import NOON
from tests.reviews import rows

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]


@pytest.fixture
def shelf(cast: SimpleNamespace) -> SimpleNamespace:
    """A published review about certificates, a draft about a queue, and a private one about both."""
    payroll, mail = factories.service(slug="payroll", name="Payroll"), factories.service(slug="mail", name="Mail")
    old = rows.review(
        of=rows.incident(manager=cast.mia, service=payroll, title="Timesheets down"),
        state="published",
        published_at=NOON,
        sections={"summary": "The certificate of the gateway had expired. Größe Überlauf."},
    )
    rows.factor(of=old, kind="trigger", layer="technology")
    rows.factor(of=old, kind="enabling", layer="procedure", statement="Nobody watched the expiry.")
    new = rows.review(
        of=rows.incident(manager=cast.mia, service=mail, title="Mail late"), sections={"summary": "A queue was full."}
    )
    rows.factor(of=new, kind="trigger", layer="supplier", statement="The queue has one consumer.")
    rows.action(of=new, owner=cast.rosa, title="Two consumers", done_means="Both are seen.")
    hidden = rows.review(
        of=rows.incident(manager=cast.mia, is_private=True, title="Certificate and queue"),
        sections={"summary": "certificate queue"},
    )
    for one in (old, new, hidden):
        words.follow(one)
    return SimpleNamespace(old=old, new=new, hidden=hidden)


def listed(client: Client, shelf: SimpleNamespace, query: str) -> set[str]:
    page = html.unescape(client.get(f"/reviews/{query}").content.decode())
    return {name for name in vars(shelf) if f'/reviews/{getattr(shelf, name).incident.reference}/"' in page}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=certificate", {"old"}),
        ("?q=CERTIF+gateway", {"old"}),
        ("?q=überlauf", {"old"}),
        ("?q=consumers", {"new"}),
        ("?q=queue", {"new"}),
        ("?q=timesheets", {"old"}),
        ("?q=certificate+queue", set()),
        ("?q=certificate&state=writing", set()),
        ("?q=certificate&state=published", {"old"}),
        ("?q=%27+%7C+%21+%3A%2A", set()),
        ("?q=ex%27pired", set()),
        ("?service=mail", {"new"}),
        ("?kind=trigger", {"old", "new"}),
        ("?kind=trigger&layer=procedure", set()),
        ("?kind=trigger&layer=supplier", {"new"}),
        ("?kind=trigger&service=payroll", {"old"}),
        ("?state=all", {"old", "new"}),
        ("", {"new"}),
        ("?state=published", {"old"}),
    ],
)
def test_what_is_found(
    cast: SimpleNamespace, signed_in: Browser, shelf: SimpleNamespace, query: str, expected: set[str]
) -> None:
    assert listed(signed_in(cast.omar), shelf, query) == expected


def test_by_reference_and_by_those_who_see_it(
    cast: SimpleNamespace, signed_in: Browser, shelf: SimpleNamespace
) -> None:
    assert listed(signed_in(cast.omar), shelf, f"?q={shelf.old.incident.reference.lower()}") == {"old"}
    assert listed(signed_in(cast.mia), shelf, "?q=certificate") == {"old", "hidden"}


def test_what_cannot_be_read_is_said_at_its_field(
    cast: SimpleNamespace, signed_in: Browser, shelf: SimpleNamespace
) -> None:
    answer = signed_in(cast.omar).get("/reviews/?kind=culprit&q=" + "x" * 201)
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 200
    assert "culprit is not one of the available choices" in page
    assert "at most 200 characters" in page


def test_nothing_fits(cast: SimpleNamespace, signed_in: Browser, shelf: SimpleNamespace) -> None:
    page = html.unescape(signed_in(cast.omar).get("/reviews/?q=zebra").content.decode())
    assert "No review fits." in page
    assert 'href="/reviews/?state=all"' in page


def test_a_narrowed_list_goes_on_narrowed(
    cast: SimpleNamespace, signed_in: Browser, django_assert_num_queries: Any
) -> None:
    service = factories.service(slug="mail")
    made = [rows.review(of=rows.incident(manager=cast.mia, service=service)) for _ in range(32)]
    for one in made:
        rows.factor(of=one)
        words.follow(one)
    client = signed_in(cast.mia)
    with django_assert_num_queries(6):  # session, person, services, reviews, own actions, the clock
        page = html.unescape(client.get("/reviews/?q=timesheets&kind=enabling").content.decode())
    assert f'href="?q=timesheets&kind=enabling&before={made[2].pk}"' in page
    second = client.get(f"/reviews/?q=timesheets&kind=enabling&before={made[2].pk}").content.decode()
    assert made[1].incident.reference in second
    assert made[2].incident.reference not in second


def test_words_follow_what_is_written(cast: SimpleNamespace) -> None:
    review = rows.review(of=rows.incident(manager=cast.mia))
    given: dict[str, Any] = {"reference": review.incident.reference, "person": cast.mia, "now": NOON}

    def has(word: str) -> bool:
        return library.found(Review.objects.all(), library.Asked(q=word)).exists()

    reviews.edit(**given, version=None, sections={"summary": "Rosa Example saw a heron."})
    assert has("heron")
    judged: dict[str, Any] = {"kind": "enabling", "layer": "tool", "evidence": "log"}
    factor = factors.add(**given, statement="An otter in the rack.", **judged)
    assert has("otter")
    factors.change(**given, factor_id=factor.pk, statement="A badger in the rack.", **judged)
    assert has("badger")
    assert not has("otter")
    signoff.submit(**given)
    assert has("example")
    signoff.sign_off(**given)
    assert not has("example")  # names became roles, and are not found either
    due = {"owner": cast.rosa, "due_date": NOON.date(), "strength": "strong", "done_means": "Seen", "title": "A gander"}
    actions.add(**given, **due)
    assert has("gander")


def test_words_are_looked_up_by_their_index(shelf: SimpleNamespace) -> None:
    found = library.found(Review.objects.all(), library.Asked(q="certificate"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "reviews_by_words" in found.explain()
    assert found.count() == 2


def test_the_api_narrows_alike(cast: SimpleNamespace, api: Callable[..., APIClient], shelf: SimpleNamespace) -> None:
    client = api(cast.omar)

    def found(query: str) -> list[str]:
        return [row["incident"] for row in client.get(f"/api/v1/reviews/?{query}").json()["results"]]

    assert found("q=certificate") == [shelf.old.incident.reference]
    assert found("factor_kind=trigger&factor_layer=supplier") == [shelf.new.incident.reference]
    assert found("service=mail&state=draft") == [shelf.new.incident.reference]
    assert found("q=%27%29%3B") == []
    for query, field in (("factor_kind=culprit", "factor_kind"), ("state=lost", "state"), (f"q={'x' * 201}", "q")):
        answer = client.get(f"/api/v1/reviews/?{query}")
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
