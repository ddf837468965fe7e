"""What people and systems do in a world full of planted words: one function an operation, each a real transaction."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.core.exceptions import ObjectDoesNotExist

from comms.choices import MaintenanceState, UpdateKind, UpdateState
from comms.models import Maintenance, Update
from comms.services import estimates, reading_links, snapshots
from comms.services.maintenance import windows
from comms.services.writing import publishing, updates
from incidents.choices import EntrySource, IncidentRole, IncidentState
from incidents.models import Candidate, Handover, Hypothesis, Incident
from incidents.services.accountability import command as commanding
from incidents.services.accountability import people
from incidents.services.desk import candidates
from incidents.services.record import attachments, details, impact, links, notes
from incidents.services.states import lifecycle
from incidents.services.work import decisions, engagements, hypotheses, tasks, workstreams
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Refusal
from tests.comms import maintenance_kit, update_kit
from tests.comms.planted import BACK, HOST, PUBLIC_BODY, ROOM, WORDS, World


def take(world: World, name: str, which: int) -> None:
    """One operation on one of the incidents; a refusal is an answer like any other."""
    incident = world.incidents[which % len(world.incidents)]
    incident.refresh_from_db()
    try:
        OPERATIONS[name](world, incident)
    except (Refusal, ObjectDoesNotExist, StopIteration) as refusal:
        world.refused[name] = str(refusal)
    finally:
        snapshots.render_due()


def _later(minutes: float) -> Any:
    return dbtime.now() + timedelta(minutes=minutes)


def _draft(world: World, incident: Incident) -> None:
    update_kit.drafted(incident, world.mia, "public", subject=WORDS["draft"], body=f"{WORDS['draft']} {HOST}")


def _edit_draft(world: World, incident: Incident) -> None:
    made = Update.objects.filter(incident=incident, state=UpdateState.DRAFT).latest("pk")
    updates.edit(
        update_id=made.pk, person=world.omar, revision=None, fields={"body": WORDS["unready"]}, now=dbtime.now()
    )


def _tell_others(world: World, incident: Incident) -> None:
    for code in ("technical", "executives", "service_desk"):
        word = WORDS["desk" if code == "service_desk" else code]
        made = update_kit.drafted(
            incident, world.mia, code, kind=UpdateKind.HOLDING, subject=word, body=f"We know {word}."
        )
        update_kit.published(made, world.mia, send_now=True)


def _correct(world: World, incident: Incident) -> None:
    wrong = Update.objects.filter(incident=incident, state=UpdateState.PUBLISHED, audiences__code="public").latest("pk")
    publishing.correct(
        update_id=wrong.pk, person=world.mia, subject="", body=WORDS["draft"], next_update_at=None, now=dbtime.now()
    )


def _withdraw(world: World, incident: Incident) -> None:
    wrong = Update.objects.filter(incident=incident, state=UpdateState.PUBLISHED).latest("pk")
    publishing.withdraw(update_id=wrong.pk, person=world.mia, reason=WORDS["withdrawn"], now=dbtime.now())


def _work(world: World, incident: Incident) -> None:
    said: dict[str, Any] = {"reference": incident.reference, "person": world.mia, "now": dbtime.now()}
    notes.note(text=f"{WORDS['note']} {HOST} {ROOM}", **said)
    task = tasks.open_task(title=WORDS["task"], owner=world.rosa, **said)
    tasks.done(task_id=task.pk, person=world.rosa, now=dbtime.now(), outcome=WORDS["taskoutcome"])
    number = incident.workstreams.count()
    stream = workstreams.open_workstream(
        name=f"{WORDS['workstream']} {number}", task=WORDS["task"], lead=world.rosa, **said
    )
    workstreams.report(workstream_id=stream.pk, person=world.rosa, text=WORDS["report"], now=dbtime.now())
    attachments.add_to_incident(name=f"{WORDS['filename']}.txt", content=WORDS["file"].encode(), **said)


def _believe(world: World, incident: Incident) -> None:
    said: dict[str, Any] = {"reference": incident.reference, "person": world.mia, "now": dbtime.now()}
    hypotheses.state(statement=WORDS["hypothesis"], evidence=f"{WORDS['proof']} {HOST}", **said)
    found = Hypothesis.objects.filter(incident=incident).earliest("pk")
    hypotheses.confirm(
        hypothesis_id=found.pk, person=world.mia, now=dbtime.now(), evidence=WORDS["proof"], is_cause=True
    )


def _decide(world: World, incident: Incident) -> None:
    options = [f"{WORDS['option']} 1", f"{WORDS['option']} 2"]
    asked = decisions.ask(
        reference=incident.reference, person=world.mia, question=WORDS["decision"], now=dbtime.now(), options=options
    )
    decisions.decide(
        decision_id=asked.pk, person=world.mia, chosen=options[0], now=dbtime.now(), objections=WORDS["objection"]
    )


def _estimate(world: World, incident: Incident) -> None:
    """What executives alone read, and a link by which one of them does."""
    now = dbtime.now()
    made = estimates.say(
        reference=incident.reference, person=world.mia, earliest_at=now, latest_at=_later(60), confidence="low", now=now
    )
    estimates.approve(estimate_id=made.pk, person=world.omar, now=now)
    reading_links.make(person=world.mia, name=WORDS["reader"], email=f"reader@{WORDS['reader']}.example.org", now=now)


def _revise_impact(world: World, incident: Incident) -> None:
    fields = {**update_kit.IMPACT, "consequence": WORDS["impact"], "workaround": f"restart {HOST}"}
    impact.state(
        reference=incident.reference,
        person=world.mia,
        fields=fields,
        revision_reason="situation_changed",
        now=dbtime.now(),
    )


def _engage(world: World, incident: Incident) -> None:
    made = engagements.engage(
        reference=incident.reference, team=world.team, person=world.mia, now=dbtime.now(), note=WORDS["engagement"]
    )
    engagements.acknowledge(engagement_id=made.pk, person=world.rosa, now=dbtime.now())


def _assign(world: World, incident: Incident) -> None:
    people.assign(
        reference=incident.reference,
        role=IncidentRole.TECHNICAL_LEAD,
        to=world.rosa,
        person=world.mia,
        now=dbtime.now(),
    )


def _hand_over(world: World, incident: Incident) -> None:
    giver = world.manager(incident)
    taker = world.omar if giver == world.mia else world.mia
    commanding.offer(
        reference=incident.reference, person=giver, to=taker, fields={"contingency": WORDS["brief"]}, now=dbtime.now()
    )
    offered = Handover.objects.filter(incident=incident).latest("pk")
    commanding.accept(handover_id=offered.pk, person=taker, restatement=f"I know {WORDS['restated']}", now=dbtime.now())


def _raise(world: World, incident: Incident) -> None:
    facts = {
        "service": world.service,
        "cannot_do": WORDS["candidate"],
        "contact": f"{WORDS['surname']} +353 1 555 0199",
        "evidence": f"{HOST} is down, {WORDS['alert']}",
    }
    candidates.raise_candidate(person=world.rosa, facts=facts, now=dbtime.now())
    candidates.raise_candidate(person=None, facts=facts, now=dbtime.now(), source=EntrySource.SYSTEM)
    first = Candidate.objects.filter(incident=None, reference__isnull=False).latest("pk")
    candidates.merge(reference=first.reference or "", into=incident.reference, person=world.mia, now=dbtime.now())


def _details(world: World, incident: Incident) -> None:
    changes = {"title": f"{WORDS['title']} again", "bridge_url": ROOM, "external_ref": WORDS["ticket"]}
    details.edit(reference=incident.reference, person=world.mia, changes=changes, now=dbtime.now())


def _hide(world: World, incident: Incident) -> None:
    """What was told of an incident that turns out to be private leaves the pages."""
    details.edit(reference=incident.reference, person=world.mia, changes={"is_private": True}, now=dbtime.now())


def _priority(world: World, incident: Incident) -> None:
    lifecycle.set_priority(
        reference=incident.reference, priority="P2" if incident.priority == "P1" else "P1", reason=WORDS["reason"],
        person=world.mia, now=dbtime.now(), downgrade={},
    )  # fmt: skip


def _link(world: World, incident: Incident) -> None:
    other = next(each for each in world.incidents if each.pk != incident.pk)
    links.link(reference=incident.reference, kind="caused_by", to=other.reference, person=world.mia, now=dbtime.now())


def _advance(world: World, incident: Incident) -> None:
    """To the next state, as far as it goes."""
    following = {
        IncidentState.DECLARED: IncidentState.INVESTIGATING,
        IncidentState.INVESTIGATING: IncidentState.MITIGATING,
        IncidentState.MITIGATING: IncidentState.MONITORING,
        IncidentState.MONITORING: IncidentState.RESOLVED,
        IncidentState.RESOLVED: IncidentState.CLOSED,
    }
    to = following.get(IncidentState(incident.state))
    if to is None:
        return
    lifecycle.transition(
        reference=incident.reference,
        to=to,
        person=world.mia,
        now=dbtime.now(),
        at=dbtime.now() - timedelta(minutes=70) if to == IncidentState.MONITORING else None,
        reason=WORDS["reason"],
        confirmed_by="desk" if to == IncidentState.MONITORING else "",
    )


def _end(world: World, incident: Incident) -> None:
    """Restored, told, watched, resolved."""
    for _step in range(3):
        incident.refresh_from_db()
        if incident.state in {IncidentState.DECLARED, IncidentState.INVESTIGATING, IncidentState.MITIGATING}:
            _advance(world, incident)
    world.publish(incident, UpdateKind.RESTORED, body=BACK, minutes=None)
    incident.refresh_from_db()
    _advance(world, incident)


def _cancel(world: World, incident: Incident) -> None:
    lifecycle.transition(
        reference=incident.reference, to="cancelled", person=world.mia, now=dbtime.now(), reason=WORDS["reason"]
    )


def _maintain(world: World, incident: Incident) -> None:
    window = Maintenance.objects.filter(state=MaintenanceState.SCHEDULED, begins_with="The move has begun.").first()
    if window is None:
        maintenance_kit.plan(by=world.mia, start=_later(30), services=[world.service.slug], is_automatic=False)
        return
    windows.move(pk=window.pk, to=MaintenanceState.IN_PROGRESS, body="", person=world.mia, now=dbtime.now())


def _ready_words_of_maintenance(world: World, incident: Incident) -> None:
    """What will be said when a window begins is nobody's before."""
    maintenance_kit.plan(
        by=world.mia, start=_later(30), services=[world.service.slug], is_automatic=False,
        begins_with=WORDS["unready"], ends_with=WORDS["unready"],
    )  # fmt: skip


def _says(kind: UpdateKind, body: str = PUBLIC_BODY) -> Callable[[World, Incident], None]:
    def say(world: World, incident: Incident) -> None:
        if body == PUBLIC_BODY:
            world.publish(incident, kind)
        else:
            world.leak(incident, body, kind)

    return say


OPERATIONS: Final[dict[str, Callable[[World, Incident], None]]] = {
    "initial": _says(UpdateKind.INITIAL),
    "holding": _says(UpdateKind.HOLDING),
    "update": _says(UpdateKind.UPDATE),
    "host": _says(UpdateKind.HOLDING, f"Staff cannot work because {HOST} is down. We are working on it."),
    "internal link": _says(UpdateKind.HOLDING, f"Staff cannot work. Follow us at {ROOM} until this works again."),
    "name": _says(
        UpdateKind.UPDATE,
        f"Store staff in Ireland cannot submit timesheets. Rosalind {WORDS['surname'].capitalize()} is working on it.",
    ),
    "draft": _draft,
    "edit": _edit_draft,
    "others": _tell_others,
    "correct": _correct,
    "withdraw": _withdraw,
    "work": _work,
    "believe": _believe,
    "decide": _decide,
    "estimate": _estimate,
    "impact": _revise_impact,
    "engage": _engage,
    "assign": _assign,
    "hand over": _hand_over,
    "raise": _raise,
    "details": _details,
    "hide": _hide,
    "priority": _priority,
    "link": _link,
    "advance": _advance,
    "end": _end,
    "cancel": _cancel,
    "maintain": _maintain,
    "ready words": _ready_words_of_maintenance,
}
