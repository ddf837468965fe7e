"""Every long list is walked from end to end without a row missed or met twice, while others write."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from rest_framework.test import APIClient

from comms.models import UpdateDeadline
from incidents.choices import CandidateState
from incidents.models import Candidate, Incident, TimelineEntry
from incidents.services.finding import search_documents
from teams.models import Service, Team
from tests import factories
from tests.factories import NOON
from tests.incidents import kit
from tests.reviews import rows

pytestmark = pytest.mark.usefixtures("alone")
Api = Callable[..., APIClient]
MANY = 120


def walk(client: APIClient, address: str, *, between: Callable[[int], object] = lambda _: None) -> list[dict[str, Any]]:
    """Every row of the list, page after page; `between` happens after each page."""
    found: list[dict[str, Any]] = []
    following: str | None = address
    pages = 0
    while following:
        answer = client.get(following)
        assert answer.status_code == 200
        body = answer.json()
        found += body["results"]
        following = body["next"]
        pages += 1
        assert pages <= MANY, "the walk does not end"
        between(pages)
    return found


def incidents_at(moments: list[Any], service: Service) -> None:
    """Rows alone: what happened in them is not what is paged here."""
    Incident.objects.bulk_create(
        Incident(
            reference=f"MI-2026-{number:04d}",
            title=f"Number {number}",
            service=service,
            impact=1,
            urgency=1,
            priority="P1",
            priority_computed="P1",
            declared_at=at,
        )
        for number, at in enumerate(moments, 1000)
    )


@pytest.mark.parametrize("together", [1, 6], ids=["one by one", "six at an instant"])
def test_incidents_while_others_are_declared(cast: SimpleNamespace, api: Api, together: int) -> None:
    service = factories.service(slug="payroll")
    incidents_at([NOON + timedelta(minutes=number // together) for number in range(MANY)], service)
    expected = [row.reference for row in Incident.objects.order_by("-declared_at", "-pk")]
    later = iter(range(1000))

    def declare(_: int) -> None:
        kit.incident(manager=cast.mia, service=service, now=NOON + timedelta(days=1, minutes=next(later)))

    found = [row["reference"] for row in walk(api(cast.mia), "/api/v1/incidents/?page_size=25", between=declare)]
    assert found == expected


def test_backwards_is_the_same_walk(cast: SimpleNamespace, api: Api) -> None:
    incidents_at([NOON + timedelta(minutes=number) for number in range(45)], factories.service())
    client = api(cast.mia)
    forwards: list[list[str]] = []
    body: dict[str, Any] = {"next": "/api/v1/incidents/?page_size=10"}
    while body["next"]:
        body = client.get(body["next"]).json()
        forwards.append([row["reference"] for row in body["results"]])
    backwards = [forwards[-1]]
    while body["previous"]:
        body = client.get(body["previous"]).json()
        backwards.append([row["reference"] for row in body["results"]])
    assert backwards == forwards[::-1]
    assert [len(page) for page in forwards] == [10, 10, 10, 10, 5]


def test_candidates_while_one_is_decided(cast: SimpleNamespace, api: Api) -> None:
    Candidate.objects.bulk_create(
        Candidate(reference=f"CA-2026-{number:04d}", raised_at=NOON, cannot_do="pay", contact="Niamh")
        for number in range(1000, 1000 + MANY)
    )

    def decide(page: int) -> None:
        waiting = Candidate.objects.filter(state=CandidateState.OPEN).order_by("pk")[0]
        Candidate.objects.filter(pk=waiting.pk).update(state="rejected", decision_reason="known")

    found = [row["reference"] for row in walk(api(cast.mia), "/api/v1/candidates/?page_size=30", between=decide)]
    assert found == [row.reference for row in Candidate.objects.order_by("-raised_at", "-pk")]
    assert len(set(found)) == MANY


def test_a_timeline_while_it_grows(cast: SimpleNamespace, api: Api) -> None:
    incident = rows.incident(manager=cast.mia)
    for _ in range(MANY):
        rows.entry(of=incident, kind="note", text="Seen.")
    address = f"/api/v1/incidents/{incident.reference}/timeline/?page_size=50"
    found = walk(api(cast.mia), address, between=lambda _: rows.entry(of=incident, kind="note", text="Later."))
    assert [row["seq"] for row in found] == list(range(MANY, 0, -1))
    assert TimelineEntry.objects.filter(incident=incident, text="Later.").count() == 3


def test_promises_of_six_audiences_that_share_a_beat(cast: SimpleNamespace, api: Api) -> None:
    incident = rows.incident(manager=cast.mia)
    dues = [NOON + timedelta(minutes=15 * (number // 6)) for number in range(60)]
    made = [rows.deadline(of=incident, ended_at=NOON, due_at=due_at).pk for due_at in dues]

    def promise(page: int) -> None:
        rows.deadline(of=incident, ended_at=NOON, due_at=NOON - timedelta(days=1))

    found = [row["id"] for row in walk(api(cast.mia), "/api/v1/deadlines/?page_size=20", between=promise)]
    assert found == made
    assert UpdateDeadline.objects.count() > 60


@pytest.mark.parametrize(("name", "kind"), [("teams", Team), ("services", Service)])
def test_names_in_their_order(cast: SimpleNamespace, api: Api, name: str, kind: type[Team] | type[Service]) -> None:
    make: Callable[..., object] = factories.team if kind is Team else factories.service
    for number in range(55):
        make(slug=f"thing-{number % 7}-{number}")
    found = [row["slug"] for row in walk(api(cast.mia), f"/api/v1/{name}/?page_size=10")]
    assert found == sorted(found)
    assert len(found) == len(set(found)) == 55


def test_handovers_newest_first(cast: SimpleNamespace, api: Api) -> None:
    incident = rows.incident(manager=cast.mia, state="investigating")
    for number in range(23):
        incident.handovers.create(
            offered_by=cast.mia,
            offered_to=cast.omar,
            state="declined",
            offered_at=NOON + timedelta(minutes=number // 5),
        )
    found = [row["id"] for row in walk(api(cast.mia), f"/api/v1/incidents/{incident.reference}/handovers/?page_size=4")]
    assert found == [row.pk for row in incident.handovers.order_by("-offered_at", "-pk")]


@pytest.mark.parametrize(
    ("asked", "given"), [("1", 1), ("0", 50), ("-5", 50), ("many", 50), ("201", 130), ("1000000", 130), ("", 50)]
)
def test_a_page_is_as_long_as_asked_within_bounds(cast: SimpleNamespace, api: Api, asked: str, given: int) -> None:
    incidents_at([NOON + timedelta(minutes=number) for number in range(130)], factories.service())
    answer = api(cast.mia).get(f"/api/v1/incidents/?page_size={asked}")
    assert len(answer.json()["results"]) == given


def test_the_filter_goes_along_to_the_next_page(cast: SimpleNamespace, api: Api) -> None:
    incidents_at([NOON + timedelta(minutes=number) for number in range(30)], factories.service(slug="payroll"))
    kit.incident(manager=cast.mia, service=factories.service(slug="mail"), now=NOON + timedelta(minutes=15, seconds=30))
    search_documents.follow(Incident.objects.values_list("pk", flat=True))  # a second later in the portal
    found = walk(api(cast.mia), "/api/v1/incidents/?service=payroll&priority=P1&q=Number&page_size=7")
    assert len(found) == 30
    assert {row["service"] for row in found} == {"payroll"}


@pytest.mark.django_db
def test_rows_of_one_instant_are_neither_lost_nor_repeated(cast: SimpleNamespace, api: Api) -> None:
    """Imported history has many rows at one time: forwards and backwards every row is met once."""
    service = factories.service()
    made = [
        kit.incident(manager=cast.mia, service=service, now=NOON + timedelta(minutes=number // 10))
        for number in range(45)
    ]
    client = api(cast.mia)
    forwards: list[str] = []
    address, last = "/api/v1/incidents/?page_size=10", ""
    while address:
        answer = client.get(address).json()
        forwards += [row["reference"] for row in answer["results"]]
        last, address = answer["previous"] or last, answer["next"]
    assert sorted(forwards) == sorted(incident.reference for incident in made)
    assert len(forwards) == 45
    backwards: list[str] = []
    address = last
    while address:
        answer = client.get(address).json()
        backwards = [row["reference"] for row in answer["results"]] + backwards
        address = answer["previous"]
    assert backwards == forwards[:40]
