"""A decision answered from the message that asks for it: by its reader, once, and by nobody else."""

import logging
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from comms.models import Delivery
from comms.services.telling import answers
from incidents.models import Decision, Incident, TimelineEntry
from incidents.queries import timeline
from incidents.services.record import details
from incidents.services.work import decisions
from mim_portal.lib import dbtime, rates, signed_links
from mim_portal.lib.buckets import Buckets
from teams.models import Person
from tests import factories
from tests.factories import NOON
from tests.incidents import kit, work_kit

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


@pytest.fixture
def asked(incident: Incident, cast: SimpleNamespace) -> Decision:
    return work_kit.for_executives(incident, cast.mia)


def path(decision: Decision, person: Person) -> str:
    return f"/answer/{answers.token(decision, person)}/"


def test_each_executive_gets_a_link_of_their_own(asked: Decision, cast: SimpleNamespace) -> None:
    ella = factories.person(username="ella", roles=("executive",))
    decisions.ask(
        reference=asked.incident.reference, person=cast.mia, question="Close the shops?", options=["Yes", "No"],
        asked_of="executives", now=NOON,
    )  # fmt: skip
    rows = Delivery.objects.filter(message__subject__contains="Close the shops?").select_related("message")
    links = {row.address: next(word for word in row.message.text.split() if "/answer/" in word) for row in rows}
    assert set(links) == {cast.eve.email, ella.email}
    for person in (cast.eve, ella):
        found = answers.asked(links[person.email].split("/")[-2])
        assert found is not None
        assert (found.person, found.decision.question) == (person, "Close the shops?")


def test_one_tap_answers_and_the_record_says_who_when_and_which(
    asked: Decision, cast: SimpleNamespace, client: Client
) -> None:
    page = client.get(path(asked, cast.eve))
    text = page.content.decode()
    assert "Roll the payroll release back?" in text
    assert text.count('name="chosen"') == 2
    assert "You answer as Eve Example." in text
    asked.refresh_from_db()
    assert asked.state == "needed"  # reading answers nothing: scanners of mail open every link

    answer = client.post(path(asked, cast.eve), {"chosen": "Roll back"})
    assert answer.status_code == 200
    assert "Eve Example decided at" in answer.content.decode()
    assert 'name="chosen"' not in answer.content.decode()
    asked.refresh_from_db()
    assert (asked.chosen, asked.decided_by) == ("Roll back", cast.eve)
    entry = TimelineEntry.objects.filter(incident=asked.incident, kind="decision").get()
    assert entry.actor == cast.eve
    assert "Roll back" in timeline.words(entry)
    assert Delivery.objects.filter(message__subject__contains="Decided:", address=cast.mia.email).count() == 1


def test_the_second_sees_who_was_first(asked: Decision, cast: SimpleNamespace, client: Client) -> None:
    ella = factories.person(username="ella", roles=("executive",))
    client.post(path(asked, cast.eve), {"chosen": "Roll back"})
    second = client.post(path(asked, ella), {"chosen": "Wait until 12:00"})
    assert second.status_code == 409
    assert "Eve Example decided at" in second.content.decode()
    asked.refresh_from_db()
    assert (asked.chosen, asked.decided_by) == ("Roll back", cast.eve)
    assert TimelineEntry.objects.filter(incident=asked.incident, kind="decision").count() == 1


def test_what_is_no_option_changes_nothing(asked: Decision, cast: SimpleNamespace, client: Client) -> None:
    answer = client.post(path(asked, cast.eve), {"chosen": "Something else"})
    assert answer.status_code == 400
    assert "Choose one of the options." in answer.content.decode()
    assert answer.content.decode().count('name="chosen"') == 2
    asked.refresh_from_db()
    assert asked.state == "needed"


def test_what_was_taken_back_says_so(asked: Decision, cast: SimpleNamespace, client: Client) -> None:
    decisions.withdraw(decision_id=asked.pk, person=cast.mia, now=NOON)
    assert "This decision is not needed any more." in client.get(path(asked, cast.eve)).content.decode()


@pytest.mark.parametrize("change", ["left", "another role", "private", "old", "forged", "of somebody else"])
def test_whoever_may_not_answer_finds_nothing(
    change: str, asked: Decision, cast: SimpleNamespace, client: Client, time_machine: Any
) -> None:
    link = path(asked, cast.eve)
    if change == "left":
        Person.objects.filter(pk=cast.eve.pk).update(is_active=False)
    elif change == "another role":
        Person.objects.filter(pk=cast.eve.pk).update(roles=["responder"])
    elif change == "private":
        details.edit(reference=asked.incident.reference, person=cast.mia, changes={"is_private": True}, now=NOON)
    elif change == "old":
        time_machine.move_to(dbtime.now() + answers.HOLDS_FOR + timedelta(minutes=1))
    elif change == "forged":
        link = link[:-5] + "xxxx/"
    else:
        link = path(asked, cast.rosa)
    assert client.get(link).status_code == client.post(link, {"chosen": "Roll back"}).status_code == 404
    asked.refresh_from_db()
    assert asked.state == "needed"


def test_nobody_keeps_or_finds_the_page(asked: Decision, cast: SimpleNamespace, client: Client) -> None:
    page = client.get(path(asked, cast.eve))
    assert page["Cache-Control"] == "no-store"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Referrer-Policy"] == "same-origin"


def test_a_form_of_another_site_answers_nothing(asked: Decision, cast: SimpleNamespace) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path(asked, cast.eve), {"chosen": "Roll back"}).status_code == 403
    asked.refresh_from_db()
    assert asked.state == "needed"


def test_no_log_holds_a_link(asked: Decision, cast: SimpleNamespace) -> None:
    """Django writes the address of whatever it did not find."""
    secret = answers.token(asked, cast.eve)
    line = logging.LogRecord("django.request", logging.WARNING, "", 0, "Not Found: %s", (f"/answer/{secret}/",), None)
    assert signed_links.WithoutSignatures().filter(line)
    assert line.getMessage() == "Not Found: /answer/…/"
    other = logging.LogRecord("django.request", logging.WARNING, "", 0, "Not Found: %s", ("/incidents/x/",), None)
    assert signed_links.WithoutSignatures().filter(other)
    assert other.getMessage() == "Not Found: /incidents/x/"


def test_one_network_cannot_try_links_without_end(
    asked: Decision, cast: SimpleNamespace, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates, "SIGNED_LINKS", Buckets(burst=2, per_second=0.1))
    found = [client.get("/answer/none/").status_code for _ in range(3)]
    assert found == [404, 404, 429]
    refused = client.get(path(asked, cast.eve))
    assert (refused.status_code, refused["Cache-Control"]) == (429, "no-store")
    assert 1 <= int(refused["Retry-After"]) <= 10
    assert client.get(path(asked, cast.eve), REMOTE_ADDR="192.0.2.9").status_code == 200


def test_it_costs_the_same_every_time(
    asked: Decision, cast: SimpleNamespace, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The question, its reader, what they may see."""
    client.get(path(asked, cast.eve))
    with django_assert_num_queries(4):
        client.get(path(asked, cast.eve))
