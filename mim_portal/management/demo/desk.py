"""What the service desk handed over in the past months, and what desk and managers said to each other about it.

Rows as the verbs would have left them, without the mail that nobody waits for any more. Desk colleagues have no sign-in
of their own: they are there so that months show something, which they do from five people on.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password

from incidents.choices import CandidateState
from incidents.models import (
    Candidate,
    ClarificationRequest,
    DeskFeedback,
    DeskRating,
    Incident,
    IntakeFix,
)
from incidents.queries import candidate_queue, command
from incidents.rules import intake_trends, waiting
from incidents.rules.intake_questions import BY_CODE
from incidents.services.desk import candidates, clarifications, desk_facts, disputes
from incidents.services.states import numbering
from teams.choices import Role
from teams.models import Person, Service, Site

COLLEAGUES = (
    ("deirdre", "Deirdre", "Byrne"), ("callum", "Callum", "Reid"), ("ngozi", "Ngozi", "Adeyemi"),
    ("tomasz", "Tomasz", "Lewandowski"), ("priya", "Priya", "Raman"),
)  # fmt: skip
MONTHS = 6
REJECTED_A_MONTH = 9
FIX_AGO = timedelta(days=80)
TROUBLES = (
    "cannot print labels", "cannot open the till drawer", "cannot send mail to suppliers", "cannot see their shifts",
    "wait minutes for the stock page", "cannot log in after lunch",
)  # fmt: skip
EXACT = "“Printer offline (P-17)”; INC0012391, INC0012398"
CHECKED = "reproduced; monitoring green; no known error; no change"
REASONS = (
    ("One store, and the site team is on its way.", "The site team has it; it stays one ticket."),
    ("A planned release was running until 10:00.", "It works again since the release; nothing to do."),
    ("One printer, and another stands beside it.", "It stays an ordinary ticket with the service desk."),
)
FEEDBACK = (
    ("The count came with what it was based on.", "It said which stores were fine.",
     "Please give the time of the first call with its time zone."),
    ("Two tickets with the exact words of the screen.", "Somebody on the site could be called back at once.",
     "Please say what stops, and by when."),
    ("The release of the morning was in the first report.", "The paper form was named as a workaround.",
     "Please add one more caller to what runs instead of raising it again."),
)  # fmt: skip
LINES = (
    "The script came before the phones rang.",
    "We waited twenty minutes for the first words.",
    "",
    "Good.",
    "",
    "",
)


def load(*, people: dict[str, Person], now: datetime) -> None:
    """Half a year of records, questions, feedback, one disputed score, one fix, and one question that waits."""
    random = Random(7)  # noqa: S311 -- a repeatable past, not a secret
    agents = [people["desmond"], people["dara"], *_colleagues()]
    incidents = list(Incident.objects.filter(resolved_at__isnull=False).order_by("declared_at"))
    for incident in incidents:
        _handed_over(incident, random.choice(agents), random, now=now)
    for number in range(MONTHS * REJECTED_A_MONTH):
        at = now - timedelta(days=2 + 178 * number / (MONTHS * REJECTED_A_MONTH), minutes=random.randrange(600))
        _rejected(random.choice(agents), people["mia"], random, at=at, now=now)
    IntakeFix.objects.create(
        month=intake_trends.first_of((now - FIX_AGO).date()), deficit="where_missing",
        text="The form asks “where, and where not?” before it asks how many.", owner_role=Role.SERVICE_DESK_LEAD,
        agreed_by=people["petra"], agreed_at=now - FIX_AGO,
    )  # fmt: skip
    _said(incidents[-6:], agents)
    _disputed(people, now=now)
    _asked(people, now=now)


def _colleagues() -> list[Person]:
    return [
        Person.objects.get_or_create(
            username=username,
            defaults={
                "first_name": first, "last_name": last, "email": f"{username}@halden.example",
                "roles": [Role.SERVICE_DESK], "time_zone": "Europe/Dublin", "password": make_password(None),
            },
        )[0]
        for username, first, last in COLLEAGUES
    ]  # fmt: skip


def _facts(service: Service, trouble: str, random: Random, *, at: datetime, now: datetime) -> dict[str, object]:
    """Answers as a desk gives them; since the fix of the form the place is said more often."""
    site = random.choice(list(Site.objects.order_by("pk")))
    is_early, start = at < now - FIX_AGO, f"{at:%H:%M} (UTC+0)"
    place = "" if random.random() < (0.7 if is_early else 0.05) else site.name
    other = "; not affected: other sites" if place and random.random() < 0.7 else ""
    return {
        "service": service,
        "cannot_do": f"People {trouble}",
        "affected_count": random.choice(("about 40", "120", "about 15", "many", "all of the store")),
        "basis": random.choice(("tickets of the last hour", "", "head count of the site", "log-ins")),
        "where": f"{place}{other}",
        "since_when": random.choice((f"{start}, first call", f"{start}, first call", f"{at:%H:%M}")),
        "evidence": random.choice(("“Session expired (E-4012)”; INC0012345, INC0012349", EXACT, "an error appears")),
        "business_consequence": random.choice(("orders of today are not shipped", "pay is late", "urgent")),
        "critical_time": random.choice(("16:00 (UTC+0)", "end of today", "")),
        "checks_done": random.choice(
            ("reproduced; monitoring green; no known error; no change today", "reproduced", "")
        ),
        "workaround": random.choice(("none known", "paper form works", "")),
        "contact": f"{site.name} store office, +44 20 7946 01{random.randrange(10, 99)}",
        "safety_or_security": random.choice(("no", "no", "no", "")),
    }


def _record(agent: Person, facts: dict[str, object], *, at: datetime) -> Candidate:
    made = Candidate(raised_by=agent, created_at=at, saved_at=at, raised_at=at)
    desk_facts.fill(made, facts)
    made.title = f"{desk_facts.service_words(made)}: {made.cannot_do.lower()}"
    desk_facts.score(made)
    made.reference = numbering.next_candidate(raised_at=at)
    return made


def _handed_over(incident: Incident, agent: Person, random: Random, *, now: datetime) -> None:
    at = incident.declared_at - timedelta(minutes=random.randrange(3, 9))
    trouble = incident.title.split(": people ", 1)[-1]
    made = _record(agent, _facts(incident.service, trouble, random, at=at, now=now), at=at)
    made.state, made.incident, made.decided_at = CandidateState.ACCEPTED, incident, incident.declared_at
    made.decided_by = command.current_manager(incident)
    made.save()
    _questions(made, made.decided_by, random)


def _rejected(agent: Person, manager: Person, random: Random, *, at: datetime, now: datetime) -> None:
    service = random.choice(list(Service.objects.order_by("pk")))
    made = _record(agent, _facts(service, random.choice(TROUBLES), random, at=at, now=now), at=at)
    made.state, made.decided_by, made.decided_at = CandidateState.REJECTED, manager, at + timedelta(minutes=6)
    made.decision_reason, made.next_step = random.choice(REASONS)
    made.save()
    _questions(made, manager, random)


def _questions(made: Candidate, manager: Person, random: Random) -> None:
    """Where the record had a gap that matters, the manager usually asked within five minutes."""
    missing = candidate_queue.missing_of(made)
    if not missing or not waiting.needs_asking(score=made.intake_score, capped_at=made.intake_detail.get("capped_at")):
        return
    assert made.raised_at is not None
    asked_at = made.raised_at + timedelta(seconds=random.choice((70, 110, 160, 240, 420)))
    ClarificationRequest.objects.create(
        candidate=made, field=missing[0].code, question=BY_CODE[missing[0].code].question, asked_by=manager,
        asked_of=made.raised_by, asked_at=asked_at, answered_by=made.raised_by,
        answered_at=asked_at + timedelta(minutes=3), answer="Not known yet, the store is asked.",
    )  # fmt: skip


def _said(incidents: Sequence[Incident], agents: Sequence[Person]) -> None:
    """Feedback for all but the newest; six answers of the desk for two of them, three for another."""
    for number, incident in enumerate(incidents[:-1]):
        first, second, request = FEEDBACK[number % len(FEEDBACK)]
        assert incident.resolved_at is not None
        written_at = incident.resolved_at + timedelta(hours=5)
        DeskFeedback.objects.create(
            incident=incident, helped_first=first, helped_second=second, request=request,
            written_by=command.current_manager(incident), written_at=written_at,
        )  # fmt: skip
        answers = 6 if number in {2, 3} else 3 if number == 4 else 0
        DeskRating.objects.bulk_create(
            DeskRating(
                incident=incident, person=agent, score=(4, 2, 5, 3, 4, 4)[place], line=LINES[place],
                given_at=written_at,
            )
            for place, agent in enumerate(agents[1 : answers + 1])
        )  # fmt: skip


def _disputed(people: dict[str, Person], *, now: datetime) -> None:
    """One answered and corrected, one that waits for the practice lead."""
    rejected = Candidate.objects.filter(state=CandidateState.REJECTED, where__endswith="other sites")
    for number, one in enumerate(rejected.order_by("-raised_at")[:2]):
        made = disputes.dispute(
            reference=str(one.reference), item="evidence", person=people["dara"], now=now - timedelta(days=1),
            reason="The exact words stood in the attached screenshot.",
        )  # fmt: skip
        if number:
            disputes.answer(
                dispute_id=made.pk, answer="You are right, the screenshot has them.", corrections={"evidence": "full"},
                person=people["petra"], now=now - timedelta(hours=20),
            )  # fmt: skip


def _asked(people: dict[str, Person], *, now: datetime) -> None:
    """A candidate whose question has waited for six minutes: it can be chased."""
    raised = candidates.raise_candidate(
        person=people["desmond"], now=now - timedelta(minutes=8),
        facts={
            "service": Service.objects.get(slug="warehouse"), "cannot_do": "Pickers cannot see the next order",
            "affected_count": "several", "where": "Berlin", "contact": "Berlin shift office, +49 30 5550 142",
            "safety_or_security": "no",
        },
    )  # fmt: skip
    clarifications.ask_for(
        reference=str(raised.reference), fields=["affected_count", "since_when"], person=people["mia"],
        now=now - timedelta(minutes=6),
    )  # fmt: skip
