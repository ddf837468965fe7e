"""Every form of the portal's pages that takes words: where it is sent, by whom, and what else it needs."""

from types import SimpleNamespace

from comms.models import StatusPage
from incidents.forms.candidates import TEXTS
from incidents.forms.handover import GENERATED_FIELDS, TREND
from incidents.forms.impact import LABELS
from incidents.models import Engagement, Handover, Incident
from incidents.rules.handover import BRIEF_FIELDS
from incidents.services.accountability import command
from incidents.services.desk import desk_survey
from incidents.services.work import call_links, feedback
from reviews.choices import LapseState
from reviews.models import Lapse
from teams.rules import profiles
from tests import factories
from tests.factories import NOON
from tests.naughty import forms_of_comms
from tests.naughty.cases import NO_LIMIT, Case

_ANSWERS = dict.fromkeys(feedback.QUESTIONS, "4")


def pages(part: str, world: SimpleNamespace, cast: SimpleNamespace) -> dict[str, Case]:
    """The forms of one part of the portal in this world, by name."""
    return PARTS[part](world, cast)


def _desk(world: SimpleNamespace, cast: SimpleNamespace) -> dict[str, Case]:
    at = f"/candidates/{world.candidate.reference}"
    limits = {"affected_count": 120, "basis": 300, "where": 500, "since_when": 200, "critical_time": 200}
    raised = {name: limits.get(name, 300 if name == "contact" else 4000) for name in TEXTS}
    return {
        "raise": Case("desmond", "/raise/", raised | {"service_text": 200, "external_ref": 60}, {"service": "payroll"}),
        "reject": Case("mia", f"{at}/reject/", {"reason": 500, "next_step": 300}),
        "merge": Case("mia", f"{at}/merge/", {}, {}, {"into": (20, world.incident.reference)}),
        "ask": Case("mia", f"{at}/ask/", {"question": 500, "asked_of_words": 120}, {"field": "basis"}),
        "dispute": Case("desmond", f"{at}/dispute/", {"reason": 500}, {"item": "where"}),
        "dispute answer": Case(
            "petra", f"/candidates/{world.raised.reference}/disputes/{world.dispute.pk}/answer/", {"answer": 500}
        ),
        "one more caller": Case(
            "desmond",
            f"/incidents/{world.incident.reference}/desk-reports/",
            {"where": 500, "contact": 300, "note": 40_000, "external_ref": 60},
        ),
        "answer": Case("desmond", f"{at}/answer/{world.question.pk}/", {"answer": 2000}),
    }


def _room(world: SimpleNamespace, cast: SimpleNamespace) -> dict[str, Case]:
    at = f"/incidents/{world.incident.reference}"
    statement = {"activity": 500, "who": 300, "count": 120, "count_basis": 300, "where": 500, "not_affected": 500}
    statement |= {"since": 200, "until": 200, "workaround": 1000, "consequence": 500, "critical_time": 200}
    assert set(statement) == set(LABELS)
    statement |= {"source_count": 200, "source_data_state": 200}
    brief = {code: 2000 for code, _ in BRIEF_FIELDS if code not in GENERATED_FIELDS | {TREND}}
    return {
        "note": Case("mia", f"{at}/notes/", {"text": 4000}),
        "task line": Case("mia", f"{at}/tasks/", {"line": 300}),
        "task": Case("mia", f"{at}/tasks/{world.task.pk}/", {"title": 200}, {"version": 1}),
        "decision": Case(
            "mia", f"{at}/decisions/", {"question": 300, "chosen": 300, "objections": 1000}, {"asked_of": "manager"}
        ),
        "answer decision": Case("mia", f"{at}/decisions/{world.decision.pk}/", {"chosen": 300, "objections": 1000}),
        "hypothesis": Case("mia", f"{at}/hypotheses/", {"statement": 300, "evidence": 2000}, {"certainty": "low"}),
        "workstream": Case("mia", f"{at}/workstreams/", {"name": 80, "task": 300}, {"lead": "rosa"}),
        "report": Case("mia", f"{at}/workstreams/{world.workstream.pk}/report/", {"report": 300}),
        "engage": Case("mia", f"{at}/engage/", {"note": 1000}, {"team": "network-team"}),
        "priority": Case("mia", f"{at}/priority/", {"reason": 300}, {"impact": 1, "urgency": 1, "priority": "P3"}),
        "time": Case("mia", f"{at}/times/detected_at/", {"reason": 300}),
        "times": Case("mia", f"{at}/times/unknown/", {"reason": 300}),
        "details": Case(
            "mia", f"{at}/details/", {"title": 200, "external_ref": 60}, {"service": "payroll", "bridge_url": ""}
        ),
        "admit": Case("mia", f"{at}/details/members/", {}, {}, {"username": (254, "nils")}),
        "recurrence": Case(
            "mia",
            f"{at}/recurrence/",
            {"title": 200, "activity": 500, "since": 200, "count": 120},
            {"impact": 1, "urgency": 1},
        ),
        "transition": Case("mia", f"{at}/state/", {"reason": 500}, {"to": "investigating"}),
        "fix": Case("mia", f"{at}/state/", {"action": 500, "rollback": 500, "reason": 500}, {"to": "mitigating"}),
        "closing": Case("mia", f"{at}/closing/", {"note-problem_record": 500}, {"problem_record": "done"}),
        "impact": Case("mia", f"{at}/impact/", statement, {"revision_reason": "situation_changed"}),
        "handover": Case(
            "mia", f"{at}/handover/", brief | {"promise_text": 500}, {"to": "dan", "promise_team": world.team.slug}
        ),
        "restate": Case("omar", f"{at}/handover/accept/", {"restatement": 2000}),
        "promise": Case("mia", f"{at}/commitments/", {"text": 500}, {"team": world.team.slug}),
        "take over": Case("omar", f"{at}/take-over/", {"reason": 300}),
        "change hypothesis": Case(
            "mia", f"{at}/hypotheses/{world.hypothesis.pk}/", {"statement": 300, "evidence": 2000}, {"certainty": "low"}
        ),
        "bridge": Case("mia", f"{at}/bridge/", {}, {}, {"bridge_url": (500, "https://meet.example.org/1")}),
        "decline": Case("omar", f"{at}/handover/{world.offer.pk}/decline/", {"reason": 300}),
        "view": Case("mia", "/saved-views/", {"name": 60}, {"query": "priority=P2"}),
        "link": Case("mia", f"{at}/links/", {}, {"how": "child"}, {"to": (20, "MI-2026-0001")}),
        "role": Case("mia", f"{at}/roles/", {}, {"role": "scribe"}, {"to": (150, "nils")}),
        "helped": Case(
            "mia",
            f"{at}/desk-feedback/",
            dict.fromkeys(("helped_first", "helped_second", "request"), 300),
            {"as_it_is": "on"},
        ),
        "rating": Case("desmond", f"{at}/desk-rating/", {"line": 300}, {"score": "4"}),
    }


def _shifts(world: SimpleNamespace, cast: SimpleNamespace) -> dict[str, Case]:
    """All of a manager's incidents in one go; and what the desk agrees on for a month."""
    named = world.incident.reference
    taken = {f"take.{named}": "on"}
    fix = {"deficit": "where_missing", "owner_role": "practice_lead"}
    return {
        "shift": Case("mia", "/handover/", {f"contingency.{named}": 2000}, {"to": "dan", **taken}),
        "restate shift": Case("omar", f"/handover/{world.shift_handover.pk}/", {f"restatements.{named}": 2000}, taken),
        "decline shift": Case("omar", f"/handover/{world.shift_handover.pk}/decline/", {"reason": 300}),
        "fix": Case("petra", "/desk/fixes/", {"text": 300}, fix),
    }


def _teams(world: SimpleNamespace, cast: SimpleNamespace) -> dict[str, Case]:
    """What a team that was called says, by its links and from the room; what others propose to it."""
    at = f"/incidents/{world.incident.reference}"
    line = {"person": "mia", "weekdays": ["1"], "starts": "08:00", "ends": "16:00", "every_weeks": "1"}
    line |= {"first_date": "2099-01-31"}
    zone = {"time_zone": (64, "UTC")}
    return {
        "propose": Case("mia", "/teams/payments-team/propose/", {"text": 2000, "reason": 2000}, {"field": "know"}),
        "answer proposal": Case(
            "rosa", f"/teams/payments-team/proposals/{world.proposal.pk}/", {"answer": 2000}, {"deed": "reject"}
        ),
        "rota": Case("petra", "/settings/rotas/new/", {"name": 120}, {"role": "deputy"}, zone),
        "turn": Case("petra", f"/settings/rotas/{world.rota.pk}/lines/new/", {}, line, zone),
        "call": Case(
            "eve", f"/call/{call_links.token(world.engagement, None)}/", {"words": 200}, {"step": "acknowledge"}
        ),
        "feedback": Case(
            "rosa", f"{at}/engagements/{world.engagement.pk}/feedback/", {"keep": 2000, "change": 2000}, _ANSWERS
        ),
        "feedback by link": Case(
            "eve", f"/feedback/{feedback.token(world.asked_how)}/", {"keep": 2000, "change": 2000}, _ANSWERS
        ),
        "survey": Case(
            "eve",
            f"/feedback/{feedback.token(world.asked_desk)}/",
            {"line": 300},
            dict.fromkeys(desk_survey.QUESTIONS, "4"),
        ),
    }


def _settings(world: SimpleNamespace, cast: SimpleNamespace) -> dict[str, Case]:
    """People, the organisation's lists, and what somebody says of themselves."""
    person = {"time_zone": "UTC", "locale": "en-gb"}
    names = {"first_name": 150, "last_name": 150}
    team = f"/settings/teams/{world.team.slug}/"
    return {
        "invite": Case(
            "ada",
            "/settings/invitations/new/",
            names,
            person,
            {"email": (254, "niamh.b@example.org"), "username": (150, "niamh.b")},
        ),
        "person": Case("ada", "/settings/people/rosa/", names | {"phone": 40}, {**person, "email": "r@example.org"}),
        "me": Case("mia", "/settings/me/", names | {"phone": 40}, person),
        "team": Case("ada", team, {"name": 120, "description": 4000}, {"time_zone": "UTC"}),
        "service": Case("ada", "/settings/services/payroll/", {"name": 120, "description": 4000}, {"tier": "standard"}),
        "site": Case(
            "ada", f"/settings/sites/{world.site.slug}/", {"name": 120}, {"time_zone": "UTC"}, {"country": (2, "IE")}
        ),
        "word": Case("ada", "/settings/words/+new/", {"term": 120, "meaning": 300}),
        "page link": Case("carla", "/settings/status-pages/contoso/links/", {"reader": 100}, {"days": "30"}),
        "contact": Case("ada", f"{team}contacts/", {"value": 200, "note": 200}, {"kind": "chat", "position": "0"}),
    }


def _messages(world: SimpleNamespace, cast: SimpleNamespace) -> dict[str, Case]:
    draft = world.unsent
    kept = {"revision": draft.revision, "audiences": ["service_desk"], "deed": "save"}
    return {
        "compose": Case("carla", f"/updates/{draft.pk}/", {"subject": 200, "body": 20_000}, kept),
        "withdraw": Case("carla", f"/updates/{world.sent.pk}/withdraw/", {"reason": 300}),
    }


def _review(world: SimpleNamespace, cast: SimpleNamespace) -> dict[str, Case]:
    at = f"/reviews/{world.incident.reference}"
    factor = {"kind": "enabling", "layer": "procedure", "evidence": "record"}
    action = {"owner": str(cast.rosa.pk), "due_date": "2099-01-31", "strength": "strong"}
    found = {"part": "summary", "code": "B04", "text": "human error"}
    profile = {**dict.fromkeys(profiles.TEXTS, 2000), "facts_wanted": 120}
    return {
        "section": Case("petra", f"{at}/sections/summary/", {"text": NO_LIMIT, "base": NO_LIMIT}),
        "override": Case("petra", f"{at}/overrides/", {"reason": 500}, found),
        "factor": Case("petra", f"{at}/factors/", {"statement": NO_LIMIT, "evidence_note": 500}, factor),
        "action": Case("petra", f"{at}/actions/", {"title": 300, "done_means": 500, "measure": 500}, action),
        "paging": Case(
            "rosa",
            "/teams/payments-team/paging/+new/?kind=webhook",
            {"name": 120},
            {"address": "https://hooks.example.org/in"},
        ),
        "holiday": Case("rosa", "/teams/payments-team/holidays/", {"name": 120}, {"on_date": "2027-12-25"}),
        "profile": Case("rosa", "/teams/payments-team/profile/", profile, {"ask_again_minutes": "10"}),
    }


def _ledger(world: SimpleNamespace, cast: SimpleNamespace) -> dict[str, Case]:
    at = f"/ledger/{world.lapse.pk}"
    plan = {
        "plan-change": "word",
        "plan-strength": "strong",
        "plan-owner": str(cast.petra.pk),
        "plan-due_date": "2099-01-31",
    }
    return {
        "dismiss": Case("mia", f"{at}/dismiss/", {"dismiss-reason": 500}),
        "own": Case("mia", f"{at}/own/", {"own-acknowledgement": NO_LIMIT, "own-conditions": NO_LIMIT}),
        "correct": Case("mia", f"{at}/correct/", {"correct-correction": NO_LIMIT}),
        "plan": Case("mia", f"{at}/plan/", {"plan-plan": NO_LIMIT, "plan-measure": 500, "plan-change_word": 120}, plan),
    }


PARTS = {
    "desk": _desk,
    "room": _room,
    "shifts": _shifts,
    "teams": _teams,
    "settings": _settings,
    "messages": _messages,
    "review": _review,
    "ledger": _ledger,
    **forms_of_comms.PARTS,
}


def prepare(name: str, world: SimpleNamespace, cast: SimpleNamespace) -> None:
    """What must have happened before the form can be used."""
    if name == "engage":
        factories.team(slug="network-team")
    if name in {"handover", "shift"}:
        command.withdraw(handover_id=world.offer.pk, person=cast.mia, now=NOON)
    if name in {"restate shift", "decline shift"}:
        Handover.objects.filter(pk=world.offer.pk).update(shift=world.shift_handover)
    if name == "timetable":
        Incident.objects.filter(pk=world.incident.pk).update(declared_at=NOON)
    if name == "subscribe by SMS":
        StatusPage.objects.filter(slug="public").update(takes_sms=True)
    if name in {"test channel", "subscribe by SMS"}:
        factories.endpoint(code="texts", kind="sms", address="twilio://AC1:token@+441632960000")
    if name in {"helped", "rating", "survey"}:
        Incident.objects.filter(pk=world.incident.pk).update(state="resolved", service_restored_at=NOON)
    if name == "recurrence":
        Incident.objects.filter(pk=world.incident.pk).update(state="cancelled", closed_at=NOON)
    if name.startswith("feedback"):
        Engagement.objects.filter(pk=world.engagement.pk).update(released_at=NOON)
    states = {"dismiss": LapseState.SUGGESTED, "correct": LapseState.OWNED, "plan": LapseState.CORRECTED}
    if name in states:
        Lapse.objects.filter(pk=world.lapse.pk).update(state=states[name])
