"""Tasks, decisions, hypotheses and workstreams: done, refused, changed by two at once."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from incidents.choices import AskedOf, IncidentRole
from incidents.models import Incident, RoleAssignment, Task, TimelineEntry
from incidents.queries import briefs, timeline, work
from incidents.services.work import decisions, engagements, hypotheses, tasks, workstreams
from mim_portal.lib.refusals import Refusal
from tests import factories
from tests.factories import NOON
from tests.incidents import kit, work_kit

pytestmark = pytest.mark.usefixtures("alone")


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


def last(incident: Incident) -> str:
    """The newest sentence of the timeline."""
    return timeline.words(TimelineEntry.objects.filter(incident=incident).order_by("-seq")[0])


def refused(verb: Callable[[], Any]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        verb()
    return caught.value


class TestTasks:
    def line(self, incident: Incident, by: Any, line: str) -> Task:
        return tasks.open_line(reference=incident.reference, person=by, line=line, now=NOON)

    def test_in_one_line(self, incident: Incident, cast: SimpleNamespace) -> None:
        made = self.line(incident, cast.mia, "Confirm with Dublin desk @desmond 12:45")
        assert (made.title, made.owner, made.due_at) == (
            "Confirm with Dublin desk",
            cast.desmond,
            NOON + timedelta(minutes=45),
        )
        assert last(incident) == "Task: Confirm with Dublin desk (Desmond Example, by Mon 23 Nov, 12:45 (UTC+0))."

    def test_of_a_team(self, incident: Incident, cast: SimpleNamespace) -> None:
        team = factories.team(slug="database-team", name="Database")
        made = self.line(incident, cast.mia, "Fail over @Database-Team")
        assert (made.owner, made.team) == (None, team)
        assert last(incident) == "Task: Fail over (Database)."

    @pytest.mark.parametrize(
        ("line", "field"), [("@nobody do it", "line"), ("@desmond 10:45", "title"), ("x" * 201, "title")]
    )
    def test_what_is_no_task(self, incident: Incident, cast: SimpleNamespace, line: str, field: str) -> None:
        assert refused(lambda: self.line(incident, cast.mia, line)).field == field

    def test_somebody_who_could_not_see_it_does_not_get_it(self, incident: Incident, cast: SimpleNamespace) -> None:
        assert "has no role here" in refused(lambda: self.line(incident, cast.mia, "Look @olaf")).message

    def test_ticked_once(self, incident: Incident, cast: SimpleNamespace) -> None:
        made = work_kit.task(incident, cast.mia)
        done = tasks.done(task_id=made.pk, person=cast.rosa, now=NOON, outcome="Niamh confirms")
        assert (done.state, done.ended_by, done.ended_at) == ("done", cast.rosa, NOON)
        assert last(incident) == "Task done: Confirm with the Dublin desk. Niamh confirms"
        second = refused(lambda: tasks.drop(task_id=made.pk, person=cast.mia, now=NOON))
        assert second.message == "Rosa Example did this at 12:00 (UTC+0)."
        assert second.extra == {"state": "done", "ended_by": "rosa"}
        assert (
            "already"
            in refused(lambda: tasks.change(task_id=made.pk, person=cast.mia, changes={"title": "x"}, now=NOON)).code
        )

    def test_opened_again(self, incident: Incident, cast: SimpleNamespace) -> None:
        made = work_kit.task(incident, cast.mia)
        tasks.drop(task_id=made.pk, person=cast.mia, now=NOON)
        assert last(incident) == "Task dropped: Confirm with the Dublin desk."
        again = tasks.reopen(task_id=made.pk, person=cast.mia, now=NOON)
        assert (again.state, again.ended_at) == ("open", None)
        assert last(incident).startswith("Task opened again")
        assert refused(lambda: tasks.reopen(task_id=made.pk, person=cast.mia, now=NOON)).code == "already_open"

    def test_changed_by_two(self, incident: Incident, cast: SimpleNamespace) -> None:
        made = work_kit.task(incident, cast.mia)
        changed = tasks.change(
            task_id=made.pk, person=cast.mia, changes={"owner": cast.rosa}, now=NOON, version=made.version
        )
        assert last(incident) == "Task changed: Confirm with the Dublin desk (Rosa Example)."
        late = refused(
            lambda: tasks.change(
                task_id=made.pk, person=cast.omar, changes={"title": "Else"}, now=NOON, version=made.version
            )
        )
        assert late.status == 412
        count = TimelineEntry.objects.count()
        same = tasks.change(task_id=made.pk, person=cast.mia, changes={"owner": cast.rosa}, now=NOON)
        assert (same.version, TimelineEntry.objects.count()) == (changed.version, count)

    def test_owned_by_one(self, incident: Incident, cast: SimpleNamespace) -> None:
        team = factories.team()
        assert refused(lambda: work_kit.task(incident, cast.mia, owner=cast.rosa, team=team)).field == "owner"

    def test_of_a_workstream_of_this_incident(self, incident: Incident, cast: SimpleNamespace) -> None:
        other = work_kit.workstream(kit.incident(manager=cast.mia), cast.mia)
        assert refused(lambda: work_kit.task(incident, cast.mia, workstream=other)).field == "workstream"

    def test_there_are_so_many(
        self, incident: Incident, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tasks, "MOST_OPEN", 1)
        work_kit.task(incident, cast.mia)
        assert "Close some of them first" in refused(lambda: work_kit.task(incident, cast.mia)).message


class TestDecisions:
    def test_asked_and_decided_once(self, incident: Incident, cast: SimpleNamespace) -> None:
        made = work_kit.decision(incident, cast.rosa, needed_by=NOON + timedelta(minutes=10))
        assert last(incident) == (
            "Decision needed from incident manager, by Mon 23 Nov, 12:10 (UTC+0): Roll the payroll release back?"
        )
        decided = decisions.decide(
            decision_id=made.pk, person=cast.mia, chosen="Roll back", objections="Nils: data loss", now=NOON
        )
        assert (decided.state, decided.chosen, decided.decided_by) == ("decided", "Roll back", cast.mia)
        assert last(incident) == "Decided: Roll the payroll release back? Roll back. Objections: Nils: data loss"
        second = refused(
            lambda: decisions.decide(decision_id=made.pk, person=cast.omar, chosen="Wait until 12:00", now=NOON)
        )
        assert second.message == "Mia Example decided at 12:00 (UTC+0): Roll back."
        assert second.extra["decided_by"] == "mia"

    def test_recorded_in_one_step(self, incident: Incident, cast: SimpleNamespace) -> None:
        made = decisions.record(
            reference=incident.reference, person=cast.carla, question="Freeze?", chosen="Yes", now=NOON
        )
        assert (made.state, made.decided_by) == ("decided", cast.carla)
        assert last(incident) == "Decided: Freeze? Yes. No objections."

    @pytest.mark.parametrize(
        ("asked_of", "who", "may"),
        [
            ("manager", "mia", True),
            ("manager", "dan", True),
            ("manager", "rosa", False),
            ("manager", "eve", False),
            ("executives", "eve", True),
            ("executives", "mia", True),
            ("executives", "carla", False),
            ("service_owner", "eve", False),
            ("service_owner", "rosa", False),
        ],
    )
    def test_who_decides(self, incident: Incident, cast: SimpleNamespace, asked_of: str, who: str, may: bool) -> None:
        made = work_kit.decision(incident, cast.mia, asked_of=asked_of)
        verb: Callable[[], Any] = partial(
            decisions.decide, decision_id=made.pk, person=getattr(cast, who), chosen="Roll back", now=NOON
        )
        if may:
            assert verb().state == "decided"
        else:
            assert refused(verb).status == 403

    @pytest.mark.parametrize(
        ("asked_of", "role"),
        [(AskedOf.SERVICE_OWNER, IncidentRole.SERVICE_OWNER), (AskedOf.EXECUTIVES, IncidentRole.EXECUTIVE_SPONSOR)],
    )
    def test_whoever_has_the_role_in_the_incident_answers(
        self, incident: Incident, cast: SimpleNamespace, asked_of: str, role: str
    ) -> None:
        made = work_kit.decision(incident, cast.mia, asked_of=asked_of)
        RoleAssignment.objects.create(
            incident=incident, role=role, person=cast.rosa, started_at=NOON, assigned_by=cast.mia
        )
        assert decisions.decide(decision_id=made.pk, person=cast.rosa, chosen="Roll back", now=NOON).state == "decided"

    def test_executives_choose_one_of_the_options(self, incident: Incident, cast: SimpleNamespace) -> None:
        assert refused(lambda: work_kit.for_executives(incident, cast.mia, options=["Yes"])).code == "too_few"
        made = work_kit.for_executives(incident, cast.mia)
        wrong = refused(lambda: decisions.decide(decision_id=made.pk, person=cast.eve, chosen="Maybe", now=NOON))
        assert wrong.field == "chosen"
        assert (
            decisions.decide(decision_id=made.pk, person=cast.eve, chosen="Roll back", now=NOON).decided_by == cast.eve
        )

    @pytest.mark.parametrize(("who", "may"), [("rosa", True), ("mia", True), ("nils", False)])
    def test_who_takes_the_question_back(self, incident: Incident, cast: SimpleNamespace, who: str, may: bool) -> None:
        made = work_kit.decision(incident, cast.rosa)
        verb: Callable[[], Any] = partial(
            decisions.withdraw,
            decision_id=made.pk,
            person=getattr(cast, who),
            reason="It came back by itself.",
            now=NOON,
        )
        if not may:
            assert refused(verb).status == 403
            return
        assert verb().state == "withdrawn"
        assert last(incident).endswith("It came back by itself.")
        assert "not needed any more" in refused(verb).message

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"question": " "}, "question"),
            ({"asked_of": "the public"}, "asked_of"),
            ({"options": [str(n) for n in range(9)]}, "options"),
            ({"options": ["x" * 200]}, "options"),
        ],
    )
    def test_what_cannot_be_asked(
        self, incident: Incident, cast: SimpleNamespace, fields: dict[str, Any], field: str
    ) -> None:
        assert refused(lambda: work_kit.decision(incident, cast.mia, **fields)).field == field


class TestHypotheses:
    def test_stated_changed_confirmed(self, incident: Incident, cast: SimpleNamespace) -> None:
        made = work_kit.hypothesis(incident, cast.rosa)
        assert last(incident) == "Hypothesis, confidence medium: The session store lost its certificate."
        hypotheses.change(hypothesis_id=made.pk, person=cast.rosa, changes={"certainty": "high"}, now=NOON, version=1)
        assert "now confidence high" in last(incident)
        stale: dict[str, Any] = {
            "hypothesis_id": made.pk,
            "person": cast.nils,
            "changes": {"certainty": "low"},
            "now": NOON,
        }
        assert refused(lambda: hypotheses.change(**stale, version=1)).status == 412
        done = hypotheses.confirm(hypothesis_id=made.pk, person=cast.rosa, evidence="openssl shows it", now=NOON)
        assert (done.state, done.settled_by, done.evidence) == ("confirmed", cast.rosa, "openssl shows it")
        incident.refresh_from_db()
        assert incident.cause_confirmed_at is None
        second = refused(lambda: hypotheses.rule_out(hypothesis_id=made.pk, person=cast.mia, evidence="no", now=NOON))
        assert second.message == "Rosa Example settled this at 12:00 (UTC+0): confirmed."

    def test_the_cause_is_confirmed_by_whoever_commands(self, incident: Incident, cast: SimpleNamespace) -> None:
        made = work_kit.hypothesis(incident, cast.rosa, evidence="openssl shows it")
        verb: dict[str, Any] = {"hypothesis_id": made.pk, "is_cause": True, "now": NOON}
        assert refused(lambda: hypotheses.confirm(person=cast.rosa, **verb)).status == 403
        hypotheses.confirm(person=cast.mia, **verb)
        incident.refresh_from_db()
        assert incident.cause_confirmed_at == NOON
        assert last(incident).endswith("This is the confirmed cause.")

    def test_nothing_is_settled_without_evidence(self, incident: Incident, cast: SimpleNamespace) -> None:
        made = work_kit.hypothesis(incident, cast.rosa)
        for verb in (hypotheses.confirm, hypotheses.rule_out):
            settle: Callable[[], Any] = partial(verb, hypothesis_id=made.pk, person=cast.mia, now=NOON)
            assert refused(settle).field == "evidence"
        hypotheses.rule_out(hypothesis_id=made.pk, person=cast.mia, now=NOON, evidence="The certificate is valid")
        assert last(incident).startswith("Hypothesis ruled out")

    @pytest.mark.parametrize(
        ("fields", "field"), [({"statement": ""}, "statement"), ({"certainty": "sure"}, "certainty")]
    )
    def test_what_is_no_hypothesis(
        self, incident: Incident, cast: SimpleNamespace, fields: dict[str, Any], field: str
    ) -> None:
        assert refused(lambda: work_kit.hypothesis(incident, cast.mia, **fields)).field == field


class TestWorkstreams:
    def test_formed_reported_ended(self, incident: Incident, cast: SimpleNamespace) -> None:
        made = work_kit.workstream(incident, cast.mia, lead=cast.rosa)
        assert last(incident) == "Workstream: Rollback (Rosa Example)."
        task = work_kit.task(incident, cast.mia, workstream=made)
        workstreams.report(workstream_id=made.pk, person=cast.rosa, text="80 %, needs 10 min", now=NOON)
        assert last(incident) == "Rollback reports: 80 %, needs 10 min"
        ended = workstreams.end(workstream_id=made.pk, person=cast.mia, outcome="Rolled back", now=NOON)
        assert ended.ended_at == NOON
        assert last(incident) == "Workstream ended: Rollback (Rosa Example). Rolled back"
        task.refresh_from_db()
        assert task.workstream is None
        assert (
            "ended at"
            in refused(lambda: workstreams.report(workstream_id=made.pk, person=cast.rosa, text="x", now=NOON)).message
        )

    def test_changed_by_two(self, incident: Incident, cast: SimpleNamespace) -> None:
        made = work_kit.workstream(incident, cast.mia)
        team = factories.team(name="Database")
        verb: dict[str, Any] = {"workstream_id": made.pk, "now": NOON, "version": 1}
        workstreams.change(person=cast.mia, changes={"lead": None, "team": team}, **verb)
        assert last(incident) == "Workstream changed: Rollback (Database)."
        assert refused(lambda: workstreams.change(person=cast.dan, changes={"task": "x"}, **verb)).status == 412
        without = {**verb, "version": None}
        assert refused(lambda: workstreams.change(person=cast.mia, changes={"team": None}, **without)).field == "lead"

    @pytest.mark.parametrize(
        ("fields", "field"), [({"name": " "}, "name"), ({"task": ""}, "task"), ({"lead": None}, "lead")]
    )
    def test_what_is_no_workstream(
        self, incident: Incident, cast: SimpleNamespace, fields: dict[str, Any], field: str
    ) -> None:
        assert refused(lambda: work_kit.workstream(incident, cast.mia, **fields)).field == field

    def test_two_of_one_name_are_refused(self, incident: Incident, cast: SimpleNamespace) -> None:
        work_kit.workstream(incident, cast.mia)
        assert refused(lambda: work_kit.workstream(incident, cast.mia)).code == "already_there"


def test_beyond_seven_the_manager_is_told_to_give_some_a_lead(incident: Incident, cast: SimpleNamespace) -> None:
    teams = [factories.team() for _ in range(8)]
    for team in teams:
        engagements.engage(reference=incident.reference, team=team, person=cast.mia, now=NOON)
    shown = work.panel(incident=incident, person=cast.mia, now=NOON)
    assert (shown["lines_to_manager"], shown["over_span"]) == (8, True)
    work_kit.workstream(incident, cast.mia, lead=None, team=teams[0])
    work_kit.workstream(incident, cast.mia, lead=None, team=teams[1], name="Network")
    assert work.panel(incident=incident, person=cast.mia, now=NOON)["lines_to_manager"] == 8
    for team in teams[2:4]:
        engagement = team_engagement(incident, team.pk)
        engagements.release(engagement_id=engagement, person=cast.mia, now=NOON)
    assert work.panel(incident=incident, person=cast.mia, now=NOON)["over_span"] is False


def team_engagement(incident: Incident, team_id: int) -> int:
    return int(incident.engagements.get(team_id=team_id).pk)


def test_the_brief_of_a_handover_has_it(incident: Incident, cast: SimpleNamespace) -> None:
    work_kit.everything(incident, by=cast.mia, owner=cast.rosa, now=NOON)
    work_kit.task(incident, cast.mia, title="Ask the vendor")
    tasks.done(task_id=work_kit.task(incident, cast.mia, title="Gone").pk, person=cast.mia, now=NOON)
    brief = briefs.brief(incident, now=NOON + timedelta(minutes=20))
    assert brief["actions_in_flight"] == [
        "Confirm with the Dublin desk (Rosa Example, by 12:15 (UTC+0), late)",
        "Ask the vendor (nobody yet)",
    ]
    assert brief["decisions_pending"] == ["Roll the payroll release back? (incident manager)"]
    assert brief["hypotheses"] == ["The session store lost its certificate (medium)"]


def test_nothing_of_a_private_incident_is_done_by_outsiders(incident: Incident, cast: SimpleNamespace) -> None:
    made = work_kit.everything(incident, by=cast.mia, owner=cast.mia, now=NOON)
    Incident.objects.filter(pk=incident.pk).update(is_private=True)
    verbs: list[Callable[[], Any]] = [
        lambda: work_kit.task(incident, cast.omar),
        lambda: tasks.done(task_id=made["task"].pk, person=cast.omar, now=NOON),
        lambda: decisions.decide(decision_id=made["decision"].pk, person=cast.omar, chosen="Roll back", now=NOON),
        lambda: hypotheses.confirm(hypothesis_id=made["hypothesis"].pk, person=cast.omar, evidence="x", now=NOON),
        lambda: workstreams.end(workstream_id=made["workstream"].pk, person=cast.omar, now=NOON),
        lambda: tasks.done(task_id=987_654, person=cast.omar, now=NOON),
    ]
    assert [refused(verb).status for verb in verbs] == [404] * 6
