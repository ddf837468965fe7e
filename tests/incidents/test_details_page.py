"""Details of an incident on a page: edited with the version that was read, members let in, links made and ended."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from incidents.models import Incident, IncidentLink
from incidents.services.record import details, links
from mim_portal.lib import dbtime
from teams.models import Person
from tests import factories
from tests.incidents import kit

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], Client]


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia, service=factories.service(slug="payroll", name="Payroll"))


@pytest.fixture
def manager(cast: SimpleNamespace, signed_in: Browser) -> Client:
    return signed_in(cast.mia)


def address(incident: Incident, rest: str = "details/") -> str:
    return f"/incidents/{incident.reference}/{rest}"


def typed(**changes: str) -> dict[str, str]:
    return {"version": "1", "title": "Payroll: no timesheets", "service": "payroll", "external_ref": "INC1"} | changes


def test_what_is_changed_is_saved_and_told(incident: Incident, manager: Client) -> None:
    factories.service(slug="tills", name="Tills")
    page = manager.get(address(incident)).content.decode()
    assert 'value="Payroll: staff cannot submit timesheets"' in page
    answer = manager.post(
        address(incident), typed(service="tills", detection_source="supplier", bridge_url="https://meet.example.org/1")
    )
    assert answer["Location"] == address(incident)
    incident.refresh_from_db()
    assert (incident.service.slug, incident.external_ref, incident.detection_source) == ("tills", "INC1", "supplier")
    assert incident.timeline.latest("seq").data["changed"]["detection_source"] == ["", "supplier"]


def test_two_editors_see_each_other_and_nothing_is_lost(
    incident: Incident, cast: SimpleNamespace, manager: Client
) -> None:
    details.edit(
        reference=incident.reference,
        person=cast.omar,
        changes={"title": "The title of Omar"},
        now=dbtime.now(),
        version=1,
    )
    answer = manager.post(address(incident), typed(title="The title of Mia"))
    text = answer.content.decode()
    assert answer.status_code == 422
    kept = ("The title of Omar", "The title of Mia")
    for words in ("Somebody else changed this meanwhile", "As it stands now", *kept):
        assert words in text
    assert 'name="version" value="2"' in text
    assert manager.post(address(incident), typed(title="The title of Mia", version="2")).status_code == 302
    incident.refresh_from_db()
    assert incident.title == "The title of Mia"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": " "}, "An incident needs a title."),
        ({"service": "nothing"}, "Select a valid choice"),
        ({"bridge_url": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"bridge_url": "https://mia:secret@meet.example.org/"}, "as it stands in the invitation"),
    ],
)
def test_what_cannot_be_is_asked_again(
    incident: Incident, manager: Client, changes: dict[str, str], words: str
) -> None:
    answer = manager.post(address(incident), typed(**changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    incident.refresh_from_db()
    assert incident.version == 1


def test_a_private_incident_is_opened_to_one_more_person(
    cast: SimpleNamespace, manager: Client, signed_in: Browser
) -> None:
    private = kit.incident(manager=cast.mia, is_private=True)
    unknown = manager.post(address(private, "details/members/"), {"username": "nobody"})
    assert (unknown.status_code, "Nobody here is called that." in unknown.content.decode()) == (422, True)
    assert signed_in(cast.rosa).get(address(private)).status_code == 404
    manager.post(address(private, "details/members/"), {"username": "ROSA@example.org"})
    assert "Rosa Example" in manager.get(address(private)).content.decode()
    assert signed_in(cast.rosa).get(address(private)).status_code == 200


def test_links_are_made_and_ended(incident: Incident, cast: SimpleNamespace, manager: Client) -> None:
    other = kit.incident(manager=cast.mia, title="The database is full")
    assert "will stand here" in manager.get(address(incident)).content.decode()
    refused = manager.post(address(incident, "links/"), {"how": "caused_by", "to": "MI-2026-9999"})
    assert (refused.status_code, "There is no incident MI-2026-9999" in refused.content.decode()) == (422, True)
    manager.post(address(incident, "links/"), {"how": "caused_by", "to": other.reference.lower()})
    text = manager.get(address(incident)).content.decode()
    assert "Caused by" in text
    assert "The database is full" in text
    assert "Caused <a" in manager.get(address(other)).content.decode()
    made = IncidentLink.objects.get()
    for _ in range(2):  # the second time says that it was ended already
        assert manager.post(address(incident, f"links/{made.pk}/end/"))["Location"] == address(incident)
    assert "will stand here" in manager.get(address(incident)).content.decode()
    assert manager.post(address(incident, "links/987654/end/")).status_code == 404


def test_a_duplicate_is_cancelled_from_the_page(incident: Incident, cast: SimpleNamespace, manager: Client) -> None:
    other = kit.incident(manager=cast.mia)
    manager.post(address(incident, "links/"), {"how": "duplicate-here", "to": other.reference, "cancel": "on"})
    other.refresh_from_db()
    assert other.state == "cancelled"
    assert "declare the recurrence" in manager.get(address(other)).content.decode()


def test_readers_read(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    text = signed_in(cast.audra).get(address(incident)).content.decode()
    assert "What it belongs to" in text
    assert "<input" not in text.split("<main", 1)[1].split("</main>", 1)[0]


def test_it_costs_a_fixed_number_of_queries(
    incident: Incident, cast: SimpleNamespace, manager: Client, django_assert_num_queries: Any
) -> None:
    """Session, person, incident, what a private one would add, links, services of the list, clock of the frame."""
    manager.get(address(incident))
    with django_assert_num_queries(QUERIES):
        manager.get(address(incident))
    for number in range(5):
        other = kit.incident(manager=cast.mia, service=factories.service(slug=f"service{number}"))
        links.link(
            reference=incident.reference, kind="caused_by", to=other.reference, person=cast.mia, now=dbtime.now()
        )
    with django_assert_num_queries(QUERIES):
        manager.get(address(incident))


QUERIES = 6
