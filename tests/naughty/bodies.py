"""Every body that the REST API takes, with something sensible in each of its fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any


@dataclass(frozen=True)
class Body:
    """One address: who sends what there. `words` are the fields that hold a person's own text."""

    by: str
    method: str
    url: str
    fields: Mapping[str, Any]
    words: tuple[str, ...] = ()


IMPACT = {"who": "store staff", "activity": "submit timesheets", "count": "1,200", "count_basis": "headcount"}
IMPACT |= {"where": "Ireland", "not_affected": "England", "since": "09:10", "workaround": "paper", "consequence": "pay"}
RAISED: dict[str, Any] = {
    "title": "Payroll",
    "service": "payroll",
    "cannot_do": "submit timesheets",
    "affected_count": "1,200",
}
RAISED |= {"basis": "headcount", "where": "Ireland", "since_when": "09:10", "evidence": "E-4012", "contact": "Niamh"}
RAISED |= {"business_consequence": "late pay", "critical_time": "12:00", "checks_done": "reproduced", "workaround": "-"}
RAISED |= {"safety_or_security": "no", "impact": 1, "urgency": 2, "external_ref": "INC1"}
REPORT = {"callers": 2, "where": "Dublin", "contact": "Niamh", "note": "since 09:40", "external_ref": "INC2"}
NOT_WORDS = {"safety_or_security", "impact", "urgency"}


def bodies(world: SimpleNamespace) -> list[Body]:
    """One of each, in this world."""
    return [*_views(), *_desk(world), *_room(world), *_messages(world), *_review(world), *_ledger(world)]


def _views() -> list[Body]:
    fields = {"name": "Ones", "query": "priority=P1", "is_shared": True, "is_default": False}
    return [Body("mia", "post", "/api/v1/saved-views/", fields, words=("name", "query"))]


def _desk(world: SimpleNamespace) -> list[Body]:
    at = f"/api/v1/candidates/{world.candidate.reference}/"
    raised = f"/api/v1/candidates/{world.raised.reference}/"
    asked = {"field": "basis", "question": "Who counted?", "asked_of": "rosa", "asked_of_words": "", "channel": "phone"}
    answered = {"answer": "Niamh", "on_record": True}
    rejected = {"reason": "known", "next_step": "It stays a ticket."}
    accepted: dict[str, Any] = {
        "impact": 1,
        "urgency": 1,
        "manager": "mia",
        "service": "payroll",
        "title": "Payroll",
        "audiences": [],
    }
    return [
        Body("desmond", "post", "/api/v1/candidates/", RAISED, tuple(set(RAISED) - NOT_WORDS)),
        Body("mia", "post", f"{at}accept/", accepted, ("title",)),
        Body("mia", "post", f"{at}reject/", rejected, ("reason", "next_step")),
        Body("mia", "post", f"{at}merge/", {"into": world.incident.reference}, ("into",)),
        Body("desmond", "post", f"{at}desk-reports/", REPORT, ("where", "contact", "note", "external_ref")),
        Body("mia", "post", f"{at}clarifications/", asked, ("question", "asked_of_words")),
        Body("desmond", "post", f"{at}clarifications/{world.question.pk}/answer/", answered, ("answer",)),
        Body("desmond", "post", f"{at}disputes/", {"item": "where", "reason": "It is there."}, ("reason",)),
        Body(
            "petra",
            "post",
            f"{raised}disputes/{world.dispute.pk}/answer/",
            {"answer": "Right.", "corrections": {"where": "full"}},
            ("answer",),
        ),
        *_between(world),
    ]


def _between(world: SimpleNamespace) -> list[Body]:
    """Desk and managers after the incident, and the fix of the month."""
    at = f"/api/v1/incidents/{world.incident.reference}/"
    said = {"helped_first": "The count.", "helped_second": "The sites.", "request": "The zone of the start."}
    fix = {"deficit": "no_contact", "text": "Name and number apart.", "owner_role": "practice_lead"}
    return [
        Body("mia", "post", f"{at}desk-feedback/", said, tuple(said)),
        Body("desmond", "post", f"{at}desk-rating/", {"score": 4, "line": "Good."}, ("line",)),
        Body("petra", "post", "/api/v1/desk/fixes/", fix, ("text",)),
    ]


def _room(world: SimpleNamespace) -> list[Body]:
    at = f"/api/v1/incidents/{world.incident.reference}/"
    declared: dict[str, Any] = {
        "title": "Payroll",
        "service": "payroll",
        "impact": 1,
        "urgency": 1,
        "impact_statement": IMPACT,
    }
    declared |= {"manager": "mia", "audiences": ["public"], "external_ref": "INC1", "is_private": False, "times": {}}
    amended: dict[str, Any] = {
        "title": "Payroll",
        "external_ref": "INC2",
        "bridge_url": "https://meet.example.org/1",
        "impact": 1,
    }
    amended |= {"urgency": 1, "priority": "P1", "reason": "", "is_exercise": False, "times": {}}
    amended |= {"downgrade": {"workaround": "yes"}, "detection_source": "user"}
    unknown = {"name": "detected_at", "at": None, "precision": "exact", "reason": "lost"}
    stated = {**IMPACT, "confidence": "estimated", "revision_reason": "situation_changed"}
    answers: dict[str, Any] = {
        "told_what_was_needed": 4,
        "could_work": 4,
        "glad_to_work_again": 5,
        "keep": "chat",
        "change": "calls",
    }
    answers_of_closing = {"answers": {"problem_record": {"answer": "done", "note": "PRB1"}}}
    return [
        Body("mia", "post", f"{at}closure/", answers_of_closing),
        Body(
            "mia",
            "post",
            f"{at}recurrence/",
            {"title": "Back", "impact": 1, "urgency": 1, "manager": "mia", "audiences": []},
        ),
        Body("mia", "post", f"{at}members/", {"person": "rosa"}),
        Body("mia", "post", "/api/v1/incidents/", declared, ("title", "external_ref")),
        Body("mia", "patch", at, amended, ("title", "external_ref")),
        *_states(at),
        Body("mia", "post", f"{at}times/", unknown, ("reason",)),
        Body("mia", "post", f"{at}times/unknown/", {"names": ["logged_at"], "reason": "lost"}, ("reason",)),
        Body("mia", "post", f"{at}handovers/", {"to": "dan", "hypotheses": "certificate"}, ("hypotheses",)),
        Body("omar", "post", f"{at}handovers/{world.offer.pk}/accept/", {"restatement": "12:30"}, ("restatement",)),
        Body("omar", "post", f"{at}handovers/{world.offer.pk}/decline/", {"reason": "off shift"}, ("reason",)),
        Body("omar", "post", f"{at}takeover/", {"reason": "unreachable"}, ("reason",)),
        Body("mia", "post", f"{at}impact-statements/", stated, tuple(IMPACT)),
        Body("mia", "post", f"{at}timeline/", {"text": "Seen.", "at": None}, ("text",)),
        *_work(world, at),
        Body("mia", "post", f"{at}engagements/", {"team": "payments-team", "note": "Join."}, ("note",)),
        Body("rosa", "post", f"{at}engagements/{world.engagement.pk}/feedback/", answers, ("keep", "change")),
    ]


def _states(at: str) -> list[Body]:
    moved: dict[str, Any] = {
        "to": "investigating",
        "at": None,
        "reason": "seen",
        "confirmed_by": "",
        "confirmer": "mia",
    }
    moved |= {"evidence": "log", "action": "roll back", "owner": "mia", "time_box": 30, "rollback": "restore"}
    return [
        Body("mia", "post", f"{at}transitions/", moved, ("reason",)),
        Body("mia", "post", f"{at}transitions/", {**moved, "to": "identified"}, ("evidence",)),
        Body("mia", "post", f"{at}transitions/", {**moved, "to": "mitigating"}, ("action", "rollback")),
    ]


def _work(world: SimpleNamespace, at: str) -> list[Body]:
    task: dict[str, Any] = {"title": "Call Dublin", "owner": "rosa", "team": None, "due_at": None, "workstream": None}
    decision: dict[str, Any] = {"question": "Roll back?", "options": ["Yes", "No"], "asked_of": "manager"}
    recorded = decision | {"needed_by": None, "chosen": "Yes", "objections": "none"}
    hypothesis = {"statement": "Certificate", "confidence": "low", "evidence": "log"}
    stream: dict[str, Any] = {
        "name": "Rollback 2",
        "task": "Bring it back",
        "lead": "rosa",
        "team": None,
        "due_at": None,
    }
    confirm: dict[str, Any] = {"evidence": "seen", "is_cause": False}
    return [
        Body("mia", "post", f"{at}tasks/", task, ("title",)),
        Body("mia", "patch", f"{at}tasks/{world.task.pk}/", task, ("title",)),
        Body("mia", "post", f"{at}tasks/{world.task.pk}/done/", {"outcome": "done"}, ("outcome",)),
        Body("mia", "post", f"{at}decisions/", recorded, ("question", "chosen", "objections")),
        Body(
            "mia",
            "post",
            f"{at}decisions/{world.decision.pk}/decide/",
            {"chosen": "Yes", "objections": ""},
            ("chosen",),
        ),
        Body("mia", "post", f"{at}decisions/{world.decision.pk}/withdraw/", {"reason": "over"}, ("reason",)),
        Body("mia", "post", f"{at}hypotheses/", hypothesis, ("statement", "evidence")),
        Body("mia", "patch", f"{at}hypotheses/{world.hypothesis.pk}/", hypothesis, ("statement", "evidence")),
        Body("mia", "post", f"{at}hypotheses/{world.hypothesis.pk}/confirm/", confirm, ("evidence",)),
        Body("mia", "post", f"{at}hypotheses/{world.hypothesis.pk}/rule-out/", {"evidence": "no"}, ("evidence",)),
        Body("mia", "post", f"{at}workstreams/", stream, ("name", "task")),
        Body("mia", "patch", f"{at}workstreams/{world.workstream.pk}/", stream, ("name", "task")),
        Body("mia", "post", f"{at}workstreams/{world.workstream.pk}/report/", {"text": "80 %"}, ("text",)),
        Body("mia", "post", f"{at}workstreams/{world.workstream.pk}/end/", {"outcome": "back"}, ("outcome",)),
    ]


def _messages(world: SimpleNamespace) -> list[Body]:
    at = f"/api/v1/incidents/{world.incident.reference}/updates/"
    draft: dict[str, Any] = {
        "kind": "update",
        "audiences": ["public"],
        "subject": "staff",
        "body": "We look.",
        "next_update_at": None,
    }
    draft |= {"no_further_updates": False, "component_state": ""}
    publish: dict[str, Any] = {"send_now": False, "overrides": [{"code": "C10", "reason": "A name."}]}
    return [
        Body("carla", "post", at, draft, ("subject", "body")),
        Body("carla", "patch", f"{at}{world.unsent.pk}/", draft, ("subject", "body")),
        Body("carla", "post", f"{at}{world.unsent.pk}/publish/", publish),
        Body("carla", "post", f"{at}{world.sent.pk}/correct/", {"subject": "s", "body": "b"}, ("subject", "body")),
        Body("carla", "post", f"{at}{world.sent.pk}/withdraw/", {"reason": "wrong"}, ("reason",)),
        Body(
            "rosa", "patch", "/api/v1/teams/payments-team/profile/", {"reach": "Chat.", "facts_wanted": []}, ("reach",)
        ),
    ]


def _review(world: SimpleNamespace) -> list[Body]:
    at = f"/api/v1/reviews/{world.incident.reference}/"
    factor = {"statement": "Nobody watched.", "kind": "enabling", "layer": "procedure", "evidence": "record"}
    factor |= {"evidence_note": "the log"}
    action: dict[str, Any] = {
        "title": "Watch",
        "owner": "rosa",
        "due_date": "2099-01-31",
        "strength": "strong",
        "done_means": "Alert",
    }
    action |= {"measure": "None missed", "ticket_url": "https://tickets.example.org/1", "factor": None}
    override = {"part": "summary", "code": "B04", "text": "human error", "reason": "A quotation."}
    return [
        Body("petra", "patch", at, {"sections": {"summary": "Staff could not submit."}}),
        Body("petra", "post", f"{at}overrides/", override, ("reason",)),
        Body("petra", "post", f"{at}factors/", factor, ("statement", "evidence_note")),
        Body("petra", "put", f"{at}factors/{world.factor.pk}/", factor, ("statement", "evidence_note")),
        Body("petra", "post", f"{at}actions/", action, ("title", "done_means", "measure")),
        Body("petra", "patch", f"/api/v1/actions/{world.action.pk}/", action, ("title", "done_means", "measure")),
    ]


def _ledger(world: SimpleNamespace) -> list[Body]:
    at = f"/api/v1/lapses/{world.lapse.pk}/"
    plan: dict[str, Any] = {
        "plan": "A reminder.",
        "strength": "strong",
        "owner": "petra",
        "due_date": "2099-01-31",
        "measure": "20 held",
    }
    plan |= {"sample_target": 20}
    own = {"acknowledgement": "We were late.", "conditions": "One writer."}
    return [
        Body("mia", "post", f"{at}dismiss/", {"reason": "It was on time."}, ("reason",)),
        Body("mia", "post", f"{at}own/", own, ("acknowledgement", "conditions")),
        Body("mia", "post", f"{at}correct/", {"correction": "Sent."}, ("correction",)),
        Body("mia", "post", f"{at}plan/", plan, ("plan", "measure")),
    ]
