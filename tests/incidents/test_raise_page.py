"""The desk's form: three answers raise a candidate, and nothing typed is lost."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.choices import CandidateState
from incidents.models import Candidate
from teams.models import Person
from tests import factories
from tests.incidents import kit

Browser = Callable[[Person], Client]


@pytest.fixture
def desk(cast: SimpleNamespace, signed_in: Browser) -> Client:
    factories.service(slug="payroll", name="Payroll")
    return signed_in(cast.desmond)


def answers(**changes: str) -> dict[str, str]:
    return {
        "service": "payroll",
        "cannot_do": "Store staff cannot submit timesheets",
        "contact": "Niamh Walsh, +353 1 555 0199",
        **changes,
    }


def test_the_form_asks_every_fact_with_its_reason(desk: Client) -> None:
    page = desk.get("/raise/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "How many people are affected?" in text
    assert "What helps most" in text or "Live incidents that look the same" in text


def test_the_form_costs_a_fixed_number_of_queries(
    desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        factories.service(slug=f"more-{number}")
    desk.get("/raise/")
    # session, person, services, draft, clock; similar incidents are looked for once something is typed
    with django_assert_num_queries(5):
        desk.get("/raise/")


def test_three_answers_raise(desk: Client, cast: SimpleNamespace) -> None:
    answer = desk.post("/raise/", answers())
    candidate = Candidate.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/candidates/{candidate.reference}/"
    assert candidate.state == CandidateState.OPEN
    assert candidate.raised_by == cast.desmond
    assert candidate.intake_score is not None


def test_what_is_missing_is_said_and_what_was_typed_is_kept(desk: Client) -> None:
    answer = desk.post("/raise/", answers(contact="", where="Dublin <b>only</b>"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "This one is needed: whom can we call?" in text
    assert "Dublin &lt;b&gt;only&lt;/b&gt;" in text
    assert Candidate.objects.count() == 0


def test_a_service_that_is_not_listed_is_raised_in_the_desks_words(desk: Client) -> None:
    desk.post("/raise/", answers(service="-", service_text="Badge printers"))
    assert Candidate.objects.get().service_text == "Badge printers"
    answer = desk.post("/raise/", answers(service="-"))
    assert "Say in your own words which service it is." in answer.content.decode()


def test_a_draft_survives_a_reload_and_is_used_up_by_raising(desk: Client) -> None:
    first = desk.post("/raise/drafts/", {"service": "payroll", "cannot_do": "submit time"})
    address = first.json()["autosave_url"]
    desk.post(address, {"service": "payroll", "cannot_do": "enter hours in Zurich"})
    draft = Candidate.objects.get()
    assert draft.state == CandidateState.DRAFT
    page = desk.get("/raise/").content.decode()
    assert "enter hours in Zurich" in page
    assert f'name="draft" value="{draft.pk}"' in page
    desk.post("/raise/", answers(draft=str(draft.pk), cannot_do="Staff cannot enter hours in Zurich"))
    assert Candidate.objects.get().state == CandidateState.OPEN
    assert "enter hours in Zurich" not in desk.get("/raise/").content.decode()


def test_a_draft_belongs_to_its_author(desk: Client, cast: SimpleNamespace, signed_in: Browser) -> None:
    desk.post("/raise/drafts/", {"cannot_do": "secret of Desmond"})
    other = signed_in(cast.dara)
    assert "secret of Desmond" not in other.get("/raise/").content.decode()


def test_advice_names_what_helps_next_in_words_never_in_numbers(desk: Client) -> None:
    text = desk.post("/raise/advice/", answers()).content.decode()
    assert "how many people" in text.lower()
    assert "/100" not in text
    assert "of 100" not in text


def test_live_incidents_that_look_the_same_stand_beside_the_form(desk: Client, cast: SimpleNamespace) -> None:
    incident = kit.incident(manager=cast.mia, title="Timesheets cannot be submitted")
    text = desk.post("/raise/advice/", answers()).content.decode()
    assert incident.reference in text


def test_similar_incidents_keep_private_ones_to_themselves(desk: Client, cast: SimpleNamespace) -> None:
    incident = kit.incident(manager=cast.mia, title="Timesheets cannot be submitted", is_private=True)
    assert incident.reference not in desk.post("/raise/advice/", answers()).content.decode()


@pytest.mark.parametrize("username", ["eve", "olaf", "audra", "ada"])
def test_others_may_not_raise(username: str, cast: SimpleNamespace, signed_in: Browser) -> None:
    assert signed_in(getattr(cast, username)).get("/raise/").status_code == 403


@pytest.mark.django_db
def test_strangers_are_asked_to_sign_in(client: Client) -> None:
    answer = client.get("/raise/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")
