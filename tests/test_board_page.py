"""The board: what each role has to do next stands on it, and nothing that they may not see."""

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from comms.choices import UpdateKind, UpdateState
from comms.models import Audience, Update
from incidents.services.accountability import command
from incidents.services.desk import clarifications
from incidents.services.work import engagements, tasks
from teams.models import Person
from tests import factories
from tests.incidents import kit
from tests.reviews import rows

Browser = Callable[[Person], Client]


def text_of(browser: Client) -> str:
    page = browser.get("/")
    assert page.status_code == 200
    return page.content.decode()


def test_strangers_sign_in_first(client: Client, db: None) -> None:
    assert client.get("/")["Location"].startswith("/account/login/")


def test_somebody_without_a_role_is_told_what_to_do(cast: SimpleNamespace, signed_in: Browser) -> None:
    incident = kit.incident(manager=cast.mia)
    text = text_of(signed_in(cast.olaf))
    assert "nobody has given you a role yet" in text
    assert incident.reference not in text


def test_the_manager_sees_promises_candidates_and_the_incident(cast: SimpleNamespace, signed_in: Browser) -> None:
    incident = kit.incident(manager=cast.mia)
    candidate = kit.candidate(by=cast.desmond)
    text = text_of(signed_in(cast.mia))
    assert "Technical teams" in text
    assert str(candidate.reference) in text
    assert incident.reference in text
    assert "yours" in text


def test_what_to_ask_within_five_minutes_stands_on_the_board(cast: SimpleNamespace, signed_in: Browser) -> None:
    """Where the record has a gap that matters, the manager is told what to ask, and asks it from there."""
    thin = kit.candidate(by=cast.desmond, affected_count="many", basis="", where="", evidence="", checks_done="")
    client = signed_in(cast.mia)
    text = text_of(client)
    assert "Decide, and ask the desk:" in text
    assert "how many people?" in text
    asked = client.post(f"/candidates/{thin.reference}/ask-these/", {"wanted": ["affected_count", "where"]})
    assert asked.status_code == 302
    text = text_of(client)
    assert "Decide: accept, merge or reject" in text
    assert "2 questions are not answered yet" in text
    assert "ask the desk" not in text


def test_a_complete_report_is_only_decided(cast: SimpleNamespace, signed_in: Browser) -> None:
    kit.candidate(by=cast.desmond)
    text = text_of(signed_in(cast.mia))
    assert "Decide: accept, merge or reject" in text
    assert "ask-these" not in text


def test_promises_due_at_one_time_share_a_line(cast: SimpleNamespace, signed_in: Browser) -> None:
    kit.incident(manager=cast.mia)
    assert "Update to: Service owners, Executives, End users, Public" in text_of(signed_in(cast.mia))


def test_an_offered_handover_stands_on_top(cast: SimpleNamespace, signed_in: Browser) -> None:
    incident = kit.incident(manager=cast.mia)
    command.offer(reference=incident.reference, person=cast.mia, to=cast.omar, fields={}, now=factories.NOON)
    assert "Read the brief and accept" in text_of(signed_in(cast.omar))
    assert "Read the brief and accept" not in text_of(signed_in(cast.mia))


def test_the_desk_sees_its_own_and_the_questions_for_it(cast: SimpleNamespace, signed_in: Browser) -> None:
    candidate = kit.candidate(by=cast.desmond, affected_count="")
    clarifications.ask(
        reference=str(candidate.reference), field="affected_count", question="How many?", person=cast.mia,
        now=factories.NOON,
    )  # fmt: skip
    text = text_of(signed_in(cast.desmond))
    assert str(candidate.reference) in text
    assert "a question for you" in text
    assert str(candidate.reference) not in text_of(signed_in(cast.dara))


def test_a_responder_sees_where_the_team_is_asked(cast: SimpleNamespace, signed_in: Browser) -> None:
    team = factories.team(slug="database", members=(cast.rosa,))
    incident = kit.incident(manager=cast.mia)
    engagements.engage(reference=incident.reference, team=team, person=cast.mia, now=factories.NOON)
    assert "Database: asked" in text_of(signed_in(cast.rosa))
    assert "Nobody needs your teams right now." in text_of(signed_in(cast.nils))


def test_what_a_team_has_to_do_stands_with_each_of_its_members(cast: SimpleNamespace, signed_in: Browser) -> None:
    team = factories.team(slug="database", name="Database", members=(cast.rosa,))
    incident = kit.incident(manager=cast.mia)
    tasks.open_task(reference=incident.reference, title="Roll back", team=team, person=cast.mia, now=factories.NOON)
    assert "Do: Roll back" in text_of(signed_in(cast.rosa))
    assert f"{incident.reference}, Database" in text_of(signed_in(cast.rosa))
    assert "Roll back" not in text_of(signed_in(cast.nils))


def test_an_executive_reads_four_lines_and_no_timeline(cast: SimpleNamespace, signed_in: Browser) -> None:
    incident = kit.incident(manager=cast.mia)
    text = text_of(signed_in(cast.eve))
    assert re.findall(r'executive-term">([^<]+)<', text) == ["So what", "Size", "Being done", "Next"]
    assert "Next word from us:" in text
    assert f'href="/incidents/{incident.reference}/"' not in text
    assert "Mia Example leads" in text


def test_an_executive_reads_what_executives_were_sent_last(cast: SimpleNamespace, signed_in: Browser) -> None:
    incident = kit.incident(manager=cast.mia)
    for sequence, code, words in ((1, "executives", "The old version runs again."), (2, "technical", "Ask Rosa.")):
        update = Update.objects.create(
            incident=incident, kind=UpdateKind.UPDATE, sequence=sequence, subject="", body=words, author=cast.carla
        )
        update.audiences.set(Audience.objects.filter(code=code))
        update.state, update.published_at = UpdateState.PUBLISHED, incident.declared_at + timedelta(minutes=sequence)
        update.save()
    text = text_of(signed_in(cast.eve))
    assert "The old version runs again." in text
    assert "Ask Rosa." not in text


def test_what_the_ledger_asks_can_be_told_apart(cast: SimpleNamespace, signed_in: Browser) -> None:
    """Each with its sentence, its incident and what is asked; what is owned already is no secret any more."""
    incident = kit.incident(manager=cast.mia)
    rows.lapse(of=incident, addressee=cast.mia)
    rows.lapse(of=incident, addressee=cast.mia, state="owned", facts={"sentence": "The impact was wrong."}, code="L07")
    text = text_of(signed_in(cast.mia))
    panel = " ".join(re.sub(r"<[^>]+>", " ", text[text.index('id="lapses"') :]).split())
    assert "An update promised to end users was 6 min late." in panel
    assert f"{incident.reference} ·" in panel
    assert "Is this so?" in panel
    assert "The impact was wrong." in panel
    assert "Write down what prevents the next one. Owned" in panel
    assert 'id="lapses"' not in text_of(signed_in(cast.omar))


def test_the_administrator_sees_the_health_of_every_component(cast: SimpleNamespace, signed_in: Browser) -> None:
    text = text_of(signed_in(cast.ada))
    for component in ("database", "redis", "clock", "worker", "languagetool"):
        assert component in text


@pytest.mark.parametrize("username", ["mia", "desmond", "rosa", "audra", "ada"])
def test_private_incidents_stay_away(username: str, cast: SimpleNamespace, signed_in: Browser) -> None:
    incident = kit.incident(manager=cast.omar, is_private=True)
    assert incident.reference not in text_of(signed_in(getattr(cast, username)))


def test_it_costs_a_fixed_number_of_queries(
    cast: SimpleNamespace, signed_in: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Session, person; live incidents, promises, tasks, candidates, handovers, reading, lapses and clock together;
    managers, impacts, questions. The same for one as for six of each."""
    browser = signed_in(cast.mia)
    service = factories.service()
    for number in range(6):
        kit.incident(manager=cast.mia, title=f"Trouble {number}", service=service)
        kit.candidate(by=cast.desmond, service=service, affected_count="many", where="")
        browser.get("/")
        with django_assert_num_queries(6):
            browser.get("/")
