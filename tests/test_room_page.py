"""The room: a whole incident on one page, each part also at its own address."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from comms.choices import UpdateKind
from incidents.choices import IncidentState
from incidents.models import Candidate, Engagement, Incident, TimelineEntry
from incidents.queries import command
from incidents.services.desk import clarifications
from incidents.services.record import notes
from incidents.services.work import engagements
from teams.models import Person
from tests import factories
from tests.comms import promise_kit
from tests.incidents import kit, work_kit

Browser = Callable[[Person], Client]
QUERIES = 13  # two fewer where no team was paged


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


@pytest.fixture
def manager(cast: SimpleNamespace, signed_in: Browser) -> Client:
    return signed_in(cast.mia)


def address(incident: Incident, rest: str = "") -> str:
    return f"/incidents/{incident.reference}/{rest}"


def test_everything_is_there_without_javascript(incident: Incident, manager: Client) -> None:
    text = manager.get(address(incident)).content.decode()
    for words in (
        incident.reference,
        "Mia Example",
        "P1",
        "Declared",
        "Technical teams",
        "submit timesheets",
        "No team has been asked yet",
        "Timeline",
        "Declared as P1",
    ):
        assert words in text


def test_what_is_always_in_sight(incident: Incident, manager: Client) -> None:
    """Reference, title, priority, state, manager, how long, and the next promise with its clock, in one sticky bar."""
    text = manager.get(address(incident)).content.decode()
    bar = text[text.index('class="room-bar"') : text.index('class="room-top"')]
    for words in (incident.reference, "Payroll: staff", "P1", "Declared", "Mia Example", 'class="elapsed"', "data-due"):
        assert words in bar
    assert "Next: Service desk" in bar
    line = manager.get(address(incident, "panels/next/?line=1")).content.decode()
    assert "Next: Service desk" in line
    assert "Write update" not in line
    acts = manager.get(address(incident, "panels/header/?part=acts")).content.decode()
    assert "Hand over" in acts
    assert "<h1" not in acts


@pytest.mark.parametrize("name", ["header", "impact", "teams", "roles", "timeline", "next", "updates"])
def test_every_panel_has_an_address(incident: Incident, manager: Client, name: str) -> None:
    page = manager.get(address(incident, f"panels/{name}/"))
    assert page.status_code == 200
    assert "<html" not in page.content.decode()


def test_an_unknown_panel_is_not_found(incident: Incident, manager: Client) -> None:
    assert manager.get(address(incident, "panels/secrets/")).status_code == 404


def test_it_costs_the_same_whatever_happened(
    cast: SimpleNamespace, manager: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """Session, person, incident; together what depends on nothing else (tenure, handover, impact, whether anything was
    said, desk reports, questions to the desk, engagements, roles, commitments, timeline and who acted, files, tasks,
    decisions, workstreams, hypotheses, promises, drafts, sent updates, maintenance, replies, clock); then what hangs on
    those: reports since the impact was stated, people and teams that entries name, audiences and deliveries of updates.
    """
    incident = kit.accepted(cast)
    team = factories.team(slug="database", members=(cast.rosa,))

    def everything_happens(start: int) -> None:
        for number in range(start, start + 6):
            notes.note(reference=incident.reference, person=cast.mia, text=f"Note {number} @rosa", now=factories.NOON)
            at = factories.NOON + timedelta(minutes=number)
            work_kit.task(incident, cast.mia, owner=cast.rosa, now=at)
            work_kit.decision(incident, cast.mia, now=at)
            work_kit.hypothesis(incident, cast.mia, now=at)
            work_kit.workstream(incident, cast.mia, name=f"Way {number}", lead=cast.rosa, now=at)
        if not start:
            engagements.engage(reference=incident.reference, team=team, person=cast.mia, now=factories.NOON)
        promise_kit.publish(incident, "end_users", author=cast.mia, kind=UpdateKind.INITIAL)

    everything_happens(0)
    for start in (1, 2):
        everything_happens(6 * start)
        manager.get(address(incident))
        with django_assert_max_num_queries(QUERIES):
            manager.get(address(incident))


def test_what_the_desk_was_asked_stands_beside_the_impact(cast: SimpleNamespace, signed_in: Browser) -> None:
    """Who was asked and since when, with a way to ask again after five minutes; gone when it is answered."""
    now = timezone.now()
    incident = kit.accepted(cast, now=now - timedelta(minutes=20))
    given = {"reference": str(Candidate.objects.get(incident=incident).reference), "person": cast.mia}
    old = clarifications.ask(**given, field="where", question="Which sites?", now=now - timedelta(minutes=9))
    clarifications.ask(**given, field="basis", question="Who counted?", now=now, asked_of_words="Dublin payroll")
    panel = address(incident, "panels/impact/")
    text = signed_in(cast.mia).get(panel).content.decode()
    assert text.count("asked the desk") == 2
    assert "Which sites?" in text
    assert "Desmond Example" in text
    assert "Dublin payroll" in text
    assert text.count("Chase") == 1
    assert f"/chase/{old.pk}/" in text
    assert "data-moves-at" in text  # the other one may be chased later, without anybody reloading
    assert "Chase" not in signed_in(cast.rosa).get(panel).content.decode()
    clarifications.answer(request_id=old.pk, answer="Dublin", person=cast.desmond, now=now)
    text = signed_in(cast.mia).get(panel).content.decode()
    assert "Which sites?" not in text
    room = signed_in(cast.mia).get(address(incident)).content.decode()
    assert 'data-panel="impact" data-panel-with="questions"' in room  # events of questions fetch it again


def test_a_note_goes_to_the_timeline_as_text(incident: Incident, manager: Client) -> None:
    manager.post(address(incident, "notes/"), {"text": "<script>alert(1)</script> rolled back"})
    text = manager.get(address(incident)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; rolled back" in text
    assert "<script>alert(1)" not in text


def test_an_empty_note_is_asked_for(incident: Incident, manager: Client) -> None:
    answer = manager.post(address(incident, "notes/"), {"text": "  "})
    assert answer.status_code == 422
    assert "Type the note first." in answer.content.decode()


def test_a_transition_moves_the_incident(incident: Incident, manager: Client) -> None:
    answer = manager.post(address(incident, "state/"), {"to": "investigating"})
    assert answer["Location"] == address(incident)
    incident.refresh_from_db()
    assert incident.state == IncidentState.INVESTIGATING


def test_restored_without_a_user_is_refused_and_kept_as_typed(incident: Incident, manager: Client) -> None:
    answer = manager.post(address(incident, "state/"), {"to": "monitoring", "reason": "Fix is in since ten"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Fix is in since ten" in text
    incident.refresh_from_db()
    assert incident.state == IncidentState.DECLARED


def test_a_time_that_cannot_be_read_says_how_to_write_it(incident: Incident, manager: Client) -> None:
    answer = manager.post(address(incident, "state/"), {"to": "investigating", "at": "half past ten"})
    assert "Give a date and time such as" in answer.content.decode()


def test_the_priority_is_changed_with_a_reason(incident: Incident, manager: Client) -> None:
    refused = manager.post(address(incident, "priority/"), {"impact": "1", "urgency": "1", "priority": "P2"})
    assert refused.status_code == 422
    manager.post(
        address(incident, "priority/"), {"impact": "1", "urgency": "1", "priority": "P2", "reason": "Workaround holds"}
    )
    incident.refresh_from_db()
    assert incident.priority == "P2"


def test_the_impact_gets_a_new_version(incident: Incident, manager: Client) -> None:
    manager.post(
        address(incident, "impact/"),
        {"version": "1", "activity": "see payslips", "count": "900", "revision_reason": "situation_changed"},
    )
    assert "See payslips" in (text := manager.get(address(incident)).content.decode()) or "see payslips" in text
    assert "version 2" in text


def test_two_editors_of_the_impact_see_each_other(incident: Incident, manager: Client) -> None:
    first = {"version": "1", "activity": "see payslips", "revision_reason": "situation_changed"}
    manager.post(address(incident, "impact/"), first)
    answer = manager.post(address(incident, "impact/"), {**first, "activity": "open the payroll page"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Two of you revised the impact" in text
    assert "open the payroll page" in text
    assert "see payslips" in text
    again = manager.post(address(incident, "impact/"), {**first, "activity": "open the payroll page", "version": "2"})
    assert again.status_code == 302


def test_a_team_is_engaged_from_its_card(incident: Incident, cast: SimpleNamespace, manager: Client) -> None:
    team = factories.team(slug="database", members=(cast.rosa,))
    factories.profile(of=team, opening="Start with the symptom.")
    assert "Start with the symptom." in manager.get(address(incident, "engage/")).content.decode()
    manager.post(address(incident, "engage/"), {"team": "database", "note": "Please look at the session store."})
    engagement = Engagement.objects.get()
    assert "symptom" in engagement.message
    manager.post(address(incident, f"engagements/{engagement.pk}/join/"))
    engagement.refresh_from_db()
    assert engagement.joined_at is not None
    assert "joined" in manager.get(address(incident, "panels/teams/")).content.decode()


def test_the_team_answers_for_itself(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    team = factories.team(slug="database", members=(cast.rosa,))
    signed_in(cast.mia).post(address(incident, "engage/"), {"team": team.slug})
    engagement = Engagement.objects.get()
    signed_in(cast.rosa).post(address(incident, f"engagements/{engagement.pk}/acknowledge/"))
    engagement.refresh_from_db()
    assert engagement.acknowledged_by == cast.rosa


def test_accountability_moves_by_offer_and_restatement(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    giver, receiver = signed_in(cast.mia), signed_in(cast.omar)
    page = giver.get(address(incident, "handover/")).content.decode()
    assert "What they will read" in page
    assert "Technical teams" in page
    giver.post(address(incident, "handover/"), {"to": "omar", "contingency": "If the rollback fails, fail over"})
    brief = receiver.get(address(incident, "handover/accept/")).content.decode()
    assert "If the rollback fails, fail over" in brief
    empty = receiver.post(address(incident, "handover/accept/"), {"restatement": "ok"})
    assert empty.status_code == 422
    assert command.current_manager(incident) == cast.mia
    receiver.post(
        address(incident, "handover/accept/"), {"restatement": "Technical update 12:05, desk 12:10, users 12:15"}
    )
    assert command.current_manager(incident) == cast.omar


def test_taking_over_needs_a_reason(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    other = signed_in(cast.omar)
    assert other.post(address(incident, "take-over/"), {"reason": ""}).status_code == 422
    other.post(address(incident, "take-over/"), {"reason": "Mia's line is dead"})
    assert command.current_manager(incident) == cast.omar
    assert TimelineEntry.objects.filter(kind="takeover").count() == 1


def test_the_room_of_a_private_incident_does_not_exist_for_others(cast: SimpleNamespace, signed_in: Browser) -> None:
    hidden = kit.incident(manager=cast.mia, is_private=True)
    assert signed_in(cast.omar).get(address(hidden)).status_code == 404
    assert signed_in(cast.omar).get(address(hidden, "panels/timeline/")).status_code == 404
    assert signed_in(cast.mia).get(address(hidden)).status_code == 200


def test_readers_get_no_buttons(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    text = signed_in(cast.audra).get(address(incident)).content.decode()
    for words in ("Change state", "Hand over", "Engage a team", "Revise"):
        assert words not in text


def test_nobody_is_told_to_be_accountable_for_what_has_ended(incident: Incident, manager: Client) -> None:
    runs = manager.get(address(incident)).content.decode()
    assert ("You are accountable end to end" in runs, "person-since" in runs) == (True, True)
    manager.post(address(incident, "state/"), {"to": "cancelled", "reason": "Declared in error."})
    ended = manager.get(address(incident)).content.decode()
    assert ("You are accountable end to end" in ended, "person-since" in ended) == (False, False)
    assert "Mia Example" in ended
