"""One of everything that an address can name, for the walk over all routes."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from comms.choices import UpdateKind
from comms.models import Audience, Delivery, Message, OptOut, Reply, Suppression
from comms.rules.subscriptions import Scope
from comms.services import estimates, reading_links, snapshots
from comms.services.pages import links as page_links
from comms.services.promises import calendars
from comms.services.recipients import audiences, opt_outs
from comms.services.sending import endpoints
from comms.services.subscriptions import links as subscription_links
from comms.services.telling import answers
from comms.services.writing import templates
from incidents.models import Attachment, Candidate, Engagement, FeedbackRequest, Incident, ShiftHandover
from incidents.services.accountability import command, commitments, people
from incidents.services.desk import candidates, clarifications, disputes
from incidents.services.finding import saved_views
from incidents.services.record import attachments
from incidents.services.states import declaration
from incidents.services.work import call_links, engagements, feedback
from mim_portal.lib import dbtime
from reviews.choices import LapseState
from teams.choices import Role
from teams.models import Contact, GlossaryTerm, Person, Rota, RotaAbsence, RotaShift, Service, Team, TeamHoliday
from teams.services import invitations, rotas
from teams.services import people as team_people
from teams.services.importing import files
from tests import factories, status_pages
from tests.comms import maintenance_kit, promise_kit, subscription_kit, update_kit
from tests.incidents import kit, work_kit
from tests.reviews import rows

MAIL = "20261123-120000-1.eml"


def build(cast: SimpleNamespace, *, mail_dir: Path, is_private: bool = False, **facts: Any) -> SimpleNamespace:
    """A running incident with a team, an offer, a draft, a sent update and a review; a candidate; a lapse; pages."""
    now = dbtime.now() - timedelta(minutes=5)
    team = factories.team(slug="payments-team", members=(cast.rosa,))
    factories.profile(of=team)
    service = factories.service(slug="payroll", name="Payroll", owner_team=team)
    raised = kit.candidate(by=cast.desmond, service=service, now=now, **facts)
    incident = declaration.accept(
        reference=named(raised), person=cast.mia, impact=1, urgency=1, manager=cast.mia, now=now
    )
    if is_private:
        Incident.objects.filter(pk=incident.pk).update(is_private=True)
        incident.refresh_from_db()
    candidate = kit.candidate(by=cast.desmond, service=service, now=now)
    question = clarifications.ask(
        reference=named(candidate), field="basis", question="Who counted?", person=cast.mia, now=now
    )
    dispute = disputes.dispute(
        reference=named(raised), item="where", reason="It names both.", person=cast.desmond, now=now
    )
    draft = candidates.save_draft(person=cast.desmond, facts=kit.facts(service=service), draft_id=None, now=now)
    file, log = _files(incident, raised if is_private else candidate, by=cast.mia, now=now)
    engagement = engagements.engage(reference=incident.reference, team=team, person=cast.mia, now=now)
    offer = command.offer(reference=incident.reference, person=cast.mia, to=cast.omar, fields={}, now=now)
    lead: dict[str, Any] = {"role": "technical_lead", "to": cast.rosa}
    assignment = people.assign(reference=incident.reference, person=cast.mia, now=now, **lead)
    relief: dict[str, Any] = {"team": team, "text": "Relief at six."}
    promised = commitments.make(reference=incident.reference, person=cast.mia, now=now, **relief)
    at_work = work_kit.everything(incident, by=cast.mia, owner=cast.rosa, now=now)
    sent, _kept, _opened = promise_kit.publish(incident, "end_users", author=cast.mia, kind=UpdateKind.INITIAL)
    review = rows.review(of=incident)
    _status_pages(service)
    mail_dir.mkdir(parents=True, exist_ok=True)
    (mail_dir / MAIL).write_text("Subject: [P1] Payroll\nTo: staff@example.org\n\nWe are working on it.\n")
    return SimpleNamespace(
        **vars(_catalogue(cast, team=team, now=now)),
        incident=incident,
        raised=raised,
        candidate=candidate,
        question=question,
        dispute=dispute,
        draft=draft,
        **at_work,
        view=saved_views.save(person=cast.mia, name="Ones", query="priority=P1", is_shared=True),
        file=file,
        log=log,
        team=team,
        proposal=factories.proposal(of=team, by=cast.mia),
        **_called(engagement, cast, now=now),
        offer=offer,
        assignment=assignment,
        shift_handover=ShiftHandover.objects.create(offered_by=cast.mia, offered_to=cast.omar, offered_at=now),
        promised=promised,
        sent=sent,
        unsent=update_kit.drafted(incident, cast.mia, "service_desk"),
        **_of_executives(incident, cast, now=now),
        factor=rows.factor(of=review),
        action=rows.action(of=review, owner=cast.rosa),
        lapse=rows.lapse(of=incident, addressee=cast.mia, state=LapseState.CONFIRMED),
    )


def _called(engagement: Engagement, cast: SimpleNamespace, *, now: datetime) -> dict[str, Any]:
    """A team that was called, and whoever was asked how it went."""
    asked = FeedbackRequest.objects.create(engagement=engagement, person=cast.rosa, asked_at=now)
    desk = FeedbackRequest.objects.create(incident=engagement.incident, person=cast.desmond, asked_at=now)
    return {"engagement": engagement, "asked_how": asked, "asked_desk": desk}


def _of_executives(incident: Incident, cast: SimpleNamespace, *, now: datetime) -> dict[str, Any]:
    """What they are told, asked and given to read: an estimate, an answer by its link, a link of a named reader."""
    present = dbtime.now()
    earliest, latest = present + timedelta(hours=1), present + timedelta(hours=2)
    return {
        "estimate": estimates.say(
            reference=incident.reference,
            person=cast.mia,
            earliest_at=earliest,
            latest_at=latest,
            confidence="low",
            now=now,
        ),
        "reading_link": reading_links.make(
            person=cast.mia, name="Frieda Board", email="frieda@example.org", now=present
        ),
        "page_link": page_links.make(slug="contoso", reader="Contoso's desk", person=cast.ada, now=present),
        "answer": answers.token(work_kit.for_executives(incident, cast.mia, now=now), cast.eve),
    }


def _files(incident: Incident, candidate: Candidate, *, by: Person, now: datetime) -> list[Attachment]:
    """A file of the incident and one of the candidate."""
    given: dict[str, Any] = {"person": by, "name": "log.txt", "content": b"Session expired", "now": now}
    return [
        attachments.add_to_incident(reference=incident.reference, **given),
        attachments.add_to_candidate(reference=named(candidate), **given),
    ]


def _status_pages(service: Service) -> None:
    """The public page, the executives' and a customer's, rendered."""
    for slug, audience, flags in (
        ("public", "public", {"is_public": True}),
        ("executive", "executives", {"is_public": False}),
        ("contoso", "end_users", {"is_public": False, "only_its_services": True}),
    ):
        status_pages.component(of=status_pages.page(slug=slug, audience=audience, **flags), service=service)
    snapshots.render_due(now=dbtime.now(), seconds=60.0)


def _catalogue(cast: SimpleNamespace, *, team: Team, now: datetime) -> SimpleNamespace:
    """Who and what the organisation has: an invitation, a rota with its turns, a contact, a word, a site, a file."""
    invited = team_people.invite(by=cast.ada, email="niamh@example.org", now=dbtime.now())
    rota = Rota.objects.create(name="Managers", role=Role.INCIDENT_MANAGER)
    line = rotas.add_line(
        rota_id=rota.pk,
        person=cast.petra,
        fields={"person": cast.mia, "weekdays": [0], "starts": time(8), "ends": time(16), "first_date": now.date()},
        now=now,
    )
    times = {"starts_at": now, "ends_at": now + timedelta(days=1)}
    contact = Contact.objects.create(team=team, kind="chat", value="#payments")
    word = GlossaryTerm.objects.create(term="timesheet")
    site = factories.site(slug="dublin")
    sheet = files.keep(
        kind="sites", name="sites.csv", raw=b"slug,name\noslo,Oslo\n", invites=False, by=cast.ada, now=dbtime.now()
    )
    templates.save(kind="update", audience="end_users", parts={"body": "{{ doing }}"}, by=cast.ada, now=dbtime.now())
    window = maintenance_kit.plan(by=cast.ada, repeat="weekly")
    subscriber = subscription_kit.subscriber(page=maintenance_kit.shown_page())
    target = factories.paging_target(
        of=team, kind="opsgenie", code="page-target", address="https://127.0.0.1/x", key="k"
    )
    hook = factories.endpoint(code="ops-hook", address="https://127.0.0.1/x", secret=endpoints.new_secret())
    message = Message.objects.create(subject="incident.closed", event="incident.closed", text="{}", thread="MI")
    return SimpleNamespace(
        sent_by_webhook=Delivery.objects.create(
            message=message, channel="webhook", address="ops-hook", endpoint_id=hook.pk, state="sent"
        ),
        page_answers=f"{target.pk}-inbound",
        sheet=sheet,
        recipient=audiences.add_recipient(audience="end_users", values={"address": "all@example.org"}, by=cast.ada),
        contact=contact,
        word=word,
        holiday=TeamHoliday.objects.create(team=team, on_date=date(2027, 12, 27), name="Boxing Day"),
        site=site,
        token=invitations.token(invited),
        window=window,
        window_series=window.series,
        reply=Reply.objects.create(message_id="<one@example.org>", sender="anna@example.org", text="Still broken."),
        suppression=Suppression.objects.create(address="gone@example.org", reason="hard"),
        left=OptOut.objects.create(audience=Audience.objects.get(code="end_users"), address="left@example.org"),
        opt_out=opt_outs.address_of(Audience.objects.get(code="end_users").pk, "staff@example.org").split("/")[2],
        subscription=subscriber,
        subscribed=subscription_links.manage_token(subscriber.pk, subscriber.address),
        texted=subscription_kit.token(subscription_links.short(subscriber)),
        asked=subscription_kit.token(subscription_links.to_confirm(subscriber, Scope(is_whole=True))),
        calendar=calendars.address_of(calendars.make(person=cast.mia)).split("/")[2],
        rota=rota,
        line=line,
        shift=RotaShift.objects.create(rota=rota, person=cast.mia, is_override=True, **times),
        absence=RotaAbsence.objects.create(rota=rota, person=cast.omar, **times),
    )


def named(candidate: Candidate) -> str:
    """The reference of a candidate that is no draft."""
    assert candidate.reference is not None
    return candidate.reference


def arguments(world: SimpleNamespace, name: str, parameters: Iterable[str]) -> dict[str, Any]:
    """What the address called `name` is asked with."""
    return {parameter: _argument(world, name, parameter) for parameter in parameters}


def _argument(world: SimpleNamespace, name: str, parameter: str) -> Any:
    if (name, parameter) in _SPECIAL:
        return _SPECIAL[name, parameter]
    if parameter == "reference":
        if "dispute" in name:
            return world.raised.reference
        about_candidate = "candidate" in name or "clarification" in name
        return (world.candidate if about_candidate else world.incident).reference
    if (name, parameter) in {("contact", "pk"), ("contact-remove", "pk")}:
        return world.contact.pk
    if parameter == "of":
        return "teams"
    if parameter == "key" and not name.startswith("account"):
        return str(world.word.pk) if name == "word-remove" else world.team.slug
    if parameter == "slug" and name in {"api-service", "api-site"}:
        return {"api-service": "payroll", "api-site": world.site.slug}[name]
    if parameter == "slug" and "status-page-link" in name:
        return "contoso"
    if parameter == "slug" and ("status-page" in name or "subscri" in name):
        return "public"
    if parameter == "slug":
        return world.team.slug
    if parameter == "pk" and name in {"import-file", "import-report"}:
        return world.sheet.pk
    if parameter == "token":
        opted = {
            "opt-out": world.opt_out,
            "opt-out-choose": world.opt_out,
            "answer": world.answer,
            "call": call_links.token(world.engagement, None),
            "feedback": feedback.token(world.asked_how),
            "page-answers": world.page_answers,
            "four-lines": reading_links.token(world.reading_link),
            "customer-page": page_links.token(world.page_link),
            "customer-page-part": page_links.token(world.page_link),
        }
        own = {"subscription": world.subscribed, "subscription-change": world.subscribed}
        asked = {"subscription-confirm": world.asked}
        return ({"calendar-feed": world.calendar} | opted | own | asked).get(name, world.token)
    if name == "subscription-short":
        return world.texted
    if parameter == "username":
        return "rosa"
    is_update = parameter == "update_id" and name in _OF_DRAFTS
    return _key(world, name.removeprefix("api-") if parameter == "pk" or is_update else parameter)


_SPECIAL: dict[tuple[str, str], Any] = {
    ("audience", "code"): "end_users",
    ("recipient-new", "code"): "end_users",
    ("recipients-import", "code"): "end_users",
    ("recipients-export", "code"): "end_users",
    ("recipient", "code"): "end_users",
    ("api-audience", "code"): "end_users",
    ("api-metric-months", "code"): "mi_ttr",
    ("api-recipients", "code"): "end_users",
    ("api-recipient", "code"): "end_users",
    **{
        (name, "code"): "ops-hook"
        for name in (
            *("channel", "channel-test", "channel-secret", "channel-again", "api-webhook", "api-webhook-secret"),
            *("api-webhook-test", "api-webhook-deliveries", "api-webhook-redeliver"),
        )
    },
    **{
        (f"{prefix}team-paging-{name}", "code"): "page-target"
        for prefix in ("", "api-")
        for name in ("target", "test", "address")
    },
    ("template", "kind"): "update",
    ("template", "audience"): "end_users",
    ("template-revert", "kind"): "update",
    ("template-revert", "audience"): "end_users",
    ("template-revert", "number"): 1,
    ("template-built-in", "kind"): "update",
    ("template-built-in", "audience"): "end_users",
    ("api-template", "kind"): "update",
    ("api-template", "audience"): "end_users",
    ("import-template", "kind"): "people",
    ("export", "kind"): "people",
    ("saved-view-step", "step"): "share",
    ("mail", "name"): MAIL,
    ("customer-page-part", "path"): "history/",
    ("status-page-part", "path"): "api/v2/summary.json",
    ("time", "name"): "detected_at",
    ("link-end", "link_id"): 1,  # of nobody: its own tests end real ones
    ("api-link-end", "pk"): 1,
    ("engagement-step", "step"): "acknowledge",
    ("task-step", "step"): "done",
    ("estimate-step", "deed"): "approve",
    ("handover-answer", "step"): "decline",
    ("shift-handover-answer", "step"): "decline",
    ("incident-panel", "name"): "header",
    ("candidate-panel", "name"): "questions",
    ("updates-panel", "name"): "next",
    ("promises-act", "deed"): "waiting",
    ("api-required-fact", "fact"): "count",
    ("api-required-fact-of-service", "fact"): "count",
    ("api-required-fact-of-service", "service"): "payroll",
    ("api-required-part", "kind"): "update",
    ("api-required-part", "part"): "data",
    ("api-cadence-policy", "priority"): "P1",
    ("api-cadence-policy", "audience"): "public",
    ("review-section", "code"): "summary",
    ("review-export", "kind"): "docx",
    ("api-review-file", "kind"): "pdf",
    ("action-move", "to"): "done",
    ("api-action-move", "to"): "done",
    ("lapse-step", "name"): "own",
    ("account_confirm_email", "key"): "none",
    ("account_reset_password_from_key", "uidb36"): "1",
    ("account_reset_password_from_key", "key"): "none",
}

_KEYS = {
    "handover": "offer",
    "engagement": "engagement",
    "assignment": "assignment",
    "role": "assignment",
    "rota": "rota",
    "line": "line",
    "shift": "shift",
    "shift_handover": "shift_handover",
    "shift-handover": "shift_handover",
    "absence": "absence",
    "commitment": "promised",
    "task": "task",
    "decision": "decision",
    "reading-link-revoke": "reading_link",
    "status-page-link-revoke": "page_link",
    "estimate-step": "estimate",
    "estimate-approve": "estimate",
    "estimate-withdraw": "estimate",
    "hypothesis": "hypothesis",
    "workstream": "workstream",
    "attachment": "file",
    "candidate-attachment": "log",
    "draft": "draft",
    "saved-view": "view",
    "request": "question",
    "dispute": "dispute",
    "candidate-dispute": "dispute",
    "clarification": "question",
    "proposal": "proposal",
    "factor": "factor",
    "review-factor": "factor",
    "action": "action",
    "lapse": "lapse",
    "update": "sent",
    "recipient": "recipient",
    "suppression": "suppression",
    "maintenance-series": "window_series",
    "maintenance": "window",
    "opt-out": "left",
    "subscri": "subscription",
    "reply": "reply",
    "channel": "sent_by_webhook",
    "webhook": "sent_by_webhook",
    "glossary": "word",
    "holiday": "holiday",
    "team-holiday": "holiday",
}


# What is done with a text that has not left yet.
_OF_DRAFTS = {
    *("update-discard", "update-submit", "update-read", "update-readers", "update-return", "update-schedule"),
    *("update-findings", "update-draft", "update-facts", "update-word", "update-versions"),
}


def _key(world: SimpleNamespace, words: str) -> int:
    """The primary key of the thing that a parameter or the name of an API address begins with."""
    if words in _OF_DRAFTS:
        return int(world.unsent.pk)
    start = max((start for start in _KEYS if words.startswith(start)), key=len)
    return int(getattr(world, _KEYS[start]).pk)
