"""What the desk is asked, fact by fact: the question on the form, the short one in a sentence, and why it matters."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A prompt card for one fact; `code` is the field of the form and of the API."""

    code: str
    short: str
    question: str
    why: str
    example: str


QUESTIONS: Final = (
    Question(
        code="service",
        short="which service?",
        question="Which service is affected, and which part of it?",
        why="It decides which teams are called.",
        example="Payroll, timesheets",
    ),
    Question(
        code="cannot_do",
        short="what were people trying to do?",
        question="What were people trying to do, and what can they not do now?",
        why="Every message starts with it; a technical symptom does not tell users whether they are meant.",
        example="staff cannot submit timesheets",
    ),
    Question(
        code="affected_count",
        short="how many people?",
        question="How many people are affected?",
        why="It decides the priority, and it is the first thing that executives ask.",
        example="about 1,200",
    ),
    Question(
        code="basis",
        short="what is the number based on?",
        question="What is the number based on: tickets, log-ins, headcount of a site?",
        why="A number without a basis is corrected later, in front of everyone.",
        example="31 tickets since 09:10; headcount of both sites",
    ),
    Question(
        code="where",
        short="where, and where not?",
        question="Which sites, networks, devices or browsers? Who next to you has it, and who does not?",
        why="What still works narrows the search and keeps the others at work.",
        example="Ireland and Scotland; not affected: England, web shop",
    ),
    Question(
        code="since_when",
        short="since when, and how do we know?",
        question="When did the first person notice, with the time zone, and how do we know? When did it last work?",
        why="Teams look for what changed just before.",
        example="09:10 (UTC+0), first call to the desk",
    ),
    Question(
        code="evidence",
        short="the exact error text and two examples?",
        question="What happens instead, in the exact words of the screen? Which two users or tickets show it?",
        why="The exact words find the log line; two examples show that it is not one person.",
        example="“Session expired (E-4012)”; INC0012345, INC0012349",
    ),
    Question(
        code="business_consequence",
        short="what stops if it stays down?",
        question="What must be done with this service today, and what stops if it stays down 1 h, or 4 h?",
        why="It sets the urgency by consequence, not by who calls loudest.",
        example="wages for 1,200 people are paid late",
    ),
    Question(
        code="critical_time",
        short="by when?",
        question="By when must it work again?",
        why="It tells the manager which decisions cannot wait.",
        example="payroll closes 12:00 (UTC+0)",
    ),
    Question(
        code="checks_done",
        short="what was checked?",
        question=(
            "Could you reproduce it? Does monitoring show anything, is there a known error, and was there a change, "
            "release, maintenance or supplier notice in the last 24 h?"
        ),
        why="Nobody checks it twice.",
        example="reproduced; monitoring green; no known error; payroll release 08:45 today",
    ),
    Question(
        code="workaround",
        short="is there a workaround?",
        question="Is there a workaround in use, and does it hold?",
        why="It may bring people back to work before the fix.",
        example="paper form works",
    ),
    Question(
        code="contact",
        short="whom can we call?",
        question="Who can confirm for us when it works again, and on which number?",
        why="Restored is confirmed by a user, not by the team that fixed it.",
        example="Dublin payroll office, Niamh Walsh, +353 1 555 0199",
    ),
    Question(
        code="safety_or_security",
        short="is safety, security or personal data involved?",
        question="Is there any sign that safety, security or personal data is involved?",
        why="Other people must be called, and legal clocks may have started.",
        example="no",
    ),
)
BY_CODE: Final = {question.code: question for question in QUESTIONS}
