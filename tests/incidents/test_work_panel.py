"""The panel of tasks and decisions, and its forms: by keyboard, without JavaScript, with what was typed kept."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.models import Decision, Hypothesis, Incident, RoleAssignment, Task, Workstream
from incidents.services.work import tasks
from mim_portal.lib import dbtime
from teams.models import Person
from tests import factories
from tests.incidents import kit, work_kit

Browser = Callable[[Person], Client]


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


@pytest.fixture
def manager(cast: SimpleNamespace, signed_in: Browser) -> Client:
    return signed_in(cast.mia)


def at(incident: Incident, rest: str = "") -> str:
    return f"/incidents/{incident.reference}/{rest}"


def panel(client: Client, incident: Incident) -> str:
    return client.get(at(incident, "panels/work/")).content.decode()


def test_empty_it_says_what_will_stand_there(incident: Incident, manager: Client) -> None:
    text = panel(manager, incident)
    for words in ("No task yet.", "Nothing decided yet.", "No hypothesis yet."):
        assert words in text


def test_a_task_in_one_line_is_ticked_and_opened_again(
    incident: Incident, cast: SimpleNamespace, manager: Client
) -> None:
    assert manager.post(at(incident, "tasks/"), {"line": "Call Dublin @desmond +15"})["Location"] == at(
        incident, "#work"
    )
    made = Task.objects.get()
    assert made.owner == cast.desmond
    text = panel(manager, incident)
    assert "Desmond Example" in text
    assert "Done: Call Dublin" in text
    manager.post(at(incident, f"tasks/{made.pk}/done/"))
    assert "Open again: Call Dublin" in panel(manager, incident)
    manager.post(at(incident, f"tasks/{made.pk}/reopen/"))
    made.refresh_from_db()
    assert made.state == "open"


def test_a_time_is_the_writers_own(incident: Incident, cast: SimpleNamespace, manager: Client) -> None:
    Person.objects.filter(pk=cast.mia.pk).update(time_zone="Asia/Kolkata")
    local = (dbtime.now() + timedelta(hours=5, minutes=30)).replace(second=0, microsecond=0)
    wanted = local + timedelta(minutes=20)
    manager.post(at(incident, "tasks/"), {"line": f"Call Dublin {wanted:%H:%M}"})
    due_at = Task.objects.get().due_at
    assert due_at is not None
    assert due_at == wanted - timedelta(hours=5, minutes=30)


def test_an_unknown_owner_is_said_and_the_line_kept(incident: Incident, manager: Client) -> None:
    answer = manager.post(at(incident, "tasks/"), {"line": "Call Dublin @nobody"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Nobody and no team here is called “@nobody”" in text
    assert 'value="Call Dublin @nobody"' in text


def test_a_late_time_box_is_said_in_words_and_shape(incident: Incident, cast: SimpleNamespace, manager: Client) -> None:
    now = dbtime.now()
    work_kit.task(incident, cast.mia, due_at=now - timedelta(minutes=1), now=now)
    work_kit.task(incident, cast.mia, title="Later", due_at=now + timedelta(minutes=9), now=now)
    text = panel(manager, incident)
    assert text.count('<span class="shape" aria-hidden="true">▲</span> since') == 1
    assert "nobody yet" in text


def test_the_second_to_tick_is_told_who_did(incident: Incident, cast: SimpleNamespace, manager: Client) -> None:
    made = work_kit.task(incident, cast.mia)
    tasks.done(task_id=made.pk, person=cast.rosa, now=factories.NOON)
    manager.post(at(incident, f"tasks/{made.pk}/done/"))
    assert "Rosa Example did this at 12:00 (UTC+0)." in manager.get(at(incident)).content.decode()


def test_a_task_changed_by_two_shows_what_the_other_wrote(
    incident: Incident, cast: SimpleNamespace, manager: Client
) -> None:
    made = work_kit.task(incident, cast.mia)
    page = manager.get(at(incident, f"tasks/{made.pk}/")).content.decode()
    assert 'name="version" value="1"' in page
    tasks.change(task_id=made.pk, person=cast.rosa, changes={"title": "Call Niamh"}, now=factories.NOON)
    typed = {"version": "1", "title": "Call Sean", "owner": "rosa", "team": "", "workstream": ""}
    answer = manager.post(at(incident, f"tasks/{made.pk}/"), typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "says now: “Call Niamh”" in text
    assert 'value="Call Sean"' in text
    assert manager.post(at(incident, f"tasks/{made.pk}/"), typed | {"version": "2"}).status_code == 302
    made.refresh_from_db()
    assert (made.title, made.owner) == ("Call Sean", cast.rosa)


def test_a_task_goes_to_a_team_and_a_workstream(incident: Incident, cast: SimpleNamespace, manager: Client) -> None:
    team, stream = factories.team(slug="database"), work_kit.workstream(incident, cast.mia)
    made = work_kit.task(incident, cast.mia)
    manager.post(
        at(incident, f"tasks/{made.pk}/"),
        {"version": "1", "title": "Fail over", "team": "database", "workstream": str(stream.pk)},
    )
    made.refresh_from_db()
    assert (made.team, made.workstream) == (team, stream)
    assert "1 open task" in panel(manager, incident)


def test_a_decision_is_asked_answered_with_one_tap_or_recorded(
    incident: Incident, cast: SimpleNamespace, manager: Client, signed_in: Browser
) -> None:
    responder = signed_in(cast.rosa)
    asked = {"question": "Roll back?", "options": "Roll back\nWait", "asked_of": "manager"}
    assert responder.post(at(incident, "decisions/"), asked).status_code == 302
    made = Decision.objects.get()
    assert 'value="Wait"' not in panel(responder, incident)
    assert 'value="Wait"' in panel(manager, incident)
    manager.post(at(incident, f"decisions/{made.pk}/answer/"), {"chosen": "Wait"})
    made.refresh_from_db()
    assert (made.chosen, made.decided_by) == ("Wait", cast.mia)
    manager.post(at(incident, "decisions/"), asked | {"question": "Freeze?", "chosen": "Yes", "objections": "Nils"})
    text = panel(manager, incident)
    assert "Freeze? <b>Yes</b>" in text
    assert "objections: Nils" in text


def test_an_answer_is_written_down_with_objections(incident: Incident, cast: SimpleNamespace, manager: Client) -> None:
    made = work_kit.for_executives(incident, cast.mia)
    assert 'type="radio"' in manager.get(at(incident, f"decisions/{made.pk}/")).content.decode()
    assert manager.post(at(incident, f"decisions/{made.pk}/"), {"chosen": "x"}).status_code == 422
    manager.post(at(incident, f"decisions/{made.pk}/"), {"chosen": "Roll back", "objections": "none of weight"})
    made.refresh_from_db()
    assert made.objections == "none of weight"
    other = work_kit.decision(incident, cast.mia)
    manager.post(at(incident, f"decisions/{other.pk}/withdraw/"))
    other.refresh_from_db()
    assert other.state == "withdrawn"


def test_executives_are_never_asked_without_options(incident: Incident, manager: Client) -> None:
    answer = manager.post(at(incident, "decisions/"), {"question": "Roll back?", "asked_of": "executives"})
    assert answer.status_code == 422
    assert "Give at least two options" in answer.content.decode()


def test_a_hypothesis_is_stated_and_confirmed_as_the_cause(
    incident: Incident, cast: SimpleNamespace, manager: Client, signed_in: Browser
) -> None:
    responder = signed_in(cast.rosa)
    given = {"statement": "The certificate expired", "certainty": "medium", "evidence": ""}
    responder.post(at(incident, "hypotheses/"), given)
    made = Hypothesis.objects.get()
    assert "confidence medium" in panel(manager, incident)
    assert 'value="cause"' not in responder.get(at(incident, f"hypotheses/{made.pk}/")).content.decode()
    typed = given | {"version": "1", "certainty": "high", "step": "cause"}
    answer = manager.post(at(incident, f"hypotheses/{made.pk}/"), typed)
    assert answer.status_code == 422
    assert "Say on what evidence." in answer.content.decode()
    made.refresh_from_db()
    assert made.certainty == "medium"
    manager.post(at(incident, f"hypotheses/{made.pk}/"), typed | {"evidence": "openssl shows it"})
    incident.refresh_from_db()
    assert incident.cause_confirmed_at is not None
    assert "confirmed" in panel(manager, incident)


def test_a_hypothesis_is_ruled_out(incident: Incident, cast: SimpleNamespace, manager: Client) -> None:
    made = work_kit.hypothesis(incident, cast.mia)
    given = {"version": "1", "statement": made.statement, "certainty": "low", "evidence": "valid", "step": "rule_out"}
    manager.post(at(incident, f"hypotheses/{made.pk}/"), given)
    assert "ruled out" in panel(manager, incident)


def test_a_workstream_is_formed_reports_and_ends(incident: Incident, cast: SimpleNamespace, manager: Client) -> None:
    refused = manager.post(at(incident, "workstreams/"), {"name": "Rollback", "task": "Bring it back"})
    assert "Name the person or the team that leads it." in refused.content.decode()
    manager.post(at(incident, "workstreams/"), {"name": "Rollback", "task": "Bring it back", "lead": "rosa"})
    made = Workstream.objects.get()
    manager.post(at(incident, f"workstreams/{made.pk}/report/"), {"report": "80 %, needs 10 min"})
    assert "80 %, needs 10 min" in panel(manager, incident)
    given = {"version": "1", "name": "Rollback", "task": "Bring it back now", "lead": "nils"}
    manager.post(at(incident, f"workstreams/{made.pk}/"), given)
    made.refresh_from_db()
    assert made.lead == cast.nils
    manager.post(at(incident, f"workstreams/{made.pk}/end/"))
    assert "80 %, needs 10 min" not in panel(manager, incident)


def test_the_bridge_is_set_changed_and_safe(incident: Incident, manager: Client, signed_in: Browser) -> None:
    assert "Set the bridge" in manager.get(at(incident)).content.decode()
    answer = manager.post(at(incident, "bridge/"), {"bridge_url": "javascript:alert(1)"})
    assert answer.status_code == 422
    assert "beginning with https://" in answer.content.decode()
    manager.post(at(incident, "bridge/"), {"bridge_url": "https://meet.example.org/42"})
    page = manager.get(at(incident)).content.decode()
    assert 'href="https://meet.example.org/42" rel="noreferrer"' in page
    assert 'data-copy="https://meet.example.org/42"' in page
    manager.post(at(incident, "bridge/"), {"bridge_url": ""})
    incident.refresh_from_db()
    assert incident.bridge_url == ""


def test_readers_get_no_buttons(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    work_kit.everything(incident, by=cast.mia, owner=cast.rosa, now=factories.NOON)
    text = panel(signed_in(cast.audra), incident)
    assert "Confirm with the Dublin desk" in text
    assert "<form" not in text
    assert "Change" not in text


def test_what_belongs_to_another_incident_is_not_found(
    incident: Incident, cast: SimpleNamespace, manager: Client
) -> None:
    made = work_kit.everything(kit.incident(manager=cast.mia), by=cast.mia, owner=cast.rosa, now=factories.NOON)
    for rest in (
        f"tasks/{made['task'].pk}/",
        f"tasks/{made['task'].pk}/done/",
        f"decisions/{made['decision'].pk}/",
        f"decisions/{made['decision'].pk}/answer/",
        f"hypotheses/{made['hypothesis'].pk}/",
        f"workstreams/{made['workstream'].pk}/report/",
        f"tasks/{made['task'].pk}/whatever/",
    ):
        assert manager.post(at(incident, rest), {"chosen": "Roll back"}).status_code == 404, rest


def test_it_costs_the_same_however_much_is_done(
    incident: Incident, cast: SimpleNamespace, manager: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Session, person, incident; tasks, decisions, workstreams, teams at work and hypotheses together."""
    panel(manager, incident)
    for number in range(6):
        work_kit.task(incident, cast.mia, title=f"Task {number}", owner=cast.rosa)
        work_kit.decision(incident, cast.mia)
        work_kit.hypothesis(incident, cast.mia)
        work_kit.workstream(incident, cast.mia, name=f"Group {number}")
    with django_assert_num_queries(4):
        assert "Task 5" in panel(manager, incident)


def test_whoever_owns_the_service_answers_in_the_room(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    owner = signed_in(cast.petra)
    made = work_kit.decision(incident, cast.mia, asked_of="service_owner")
    assert 'name="chosen"' not in panel(owner, incident)
    RoleAssignment.objects.create(
        incident=incident, role="service_owner", person=cast.petra, started_at=factories.NOON, assigned_by=cast.mia
    )
    assert panel(owner, incident).count('name="chosen"') == 2
    owner.post(at(incident, f"decisions/{made.pk}/answer/"), {"chosen": "Roll back"})
    made.refresh_from_db()
    assert made.decided_by == cast.petra
