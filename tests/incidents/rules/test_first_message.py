"""The first message to a team: its facts, its order, and no waiting."""

from datetime import UTC, datetime

import pytest

from incidents.rules import first_message
from incidents.rules.first_message import Fact

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
KNOWN = {
    "activity": "staff cannot pay",
    "since": "Mon 23 Nov, 09:10 (UTC+0)",
    "count": "about 1,200",
    "where": "Ireland",
    "checks_done": "release 08:45",
    "evidence": "E-4012",
    "workaround": "none",
    "consequence": "wages late",
    "contact": "Niamh",
    "service": "Payroll",
}


@pytest.mark.parametrize(
    ("wanted", "known"),
    [
        ("symptom", "staff cannot pay"),
        ("since when", "Mon 23 Nov, 09:10 (UTC+0)"),
        ("recent change", "release 08:45"),
        ("what was tried", "release 08:45"),
        ("graph link", "E-4012"),
        ("scope", "about 1,200"),
        ("symptom in the users' words", "staff cannot pay"),
        ("how many have the symptom", "about 1,200"),
        ("which users, and where", "about 1,200"),
        ("Which sites?", "Ireland"),
        ("workaround", "none"),
        ("business impact", "wages late"),
        ("who can confirm", "Niamh"),
        ("service", "Payroll"),
        ("favourite colour", ""),
    ],
)
def test_a_teams_own_words_find_the_fact(wanted: str, known: str) -> None:
    assert first_message.facts_first(wanted=[wanted], known=KNOWN) == (Fact(wanted=wanted, known=known),)


def test_the_order_is_the_teams_and_blanks_are_left_out() -> None:
    facts = first_message.facts_first(wanted=["scope", " ", "symptom"], known=KNOWN)
    assert [fact.wanted for fact in facts] == ["scope", "symptom"]


@pytest.mark.parametrize("answer", ["", "?", "n/a", "not known yet"])
def test_what_says_nothing_is_not_known(answer: str) -> None:
    assert not first_message.facts_first(wanted=["since when"], known={"since": answer})[0].is_known


def test_the_message_lists_what_is_known_and_what_was_asked() -> None:
    facts = first_message.facts_first(wanted=["symptom", "recent change"], known={"activity": "staff cannot pay"})
    text = first_message.write(
        reference="MI-2026-0001",
        title="Payroll: staff cannot pay",
        priority="P1",
        sentence="Staff cannot pay.",
        facts=facts,
        note="We need a failover decision.",
        room="https://portal.example.org/incidents/MI-2026-0001/",
        bridge="https://meet.example.org/1",
        now=NOON,
    )
    assert text.split("\n\n") == [
        "MI-2026-0001 (P1): Payroll: staff cannot pay",
        "We need a failover decision.",
        "Staff cannot pay.",
        "- symptom: staff cannot pay\n- recent change: not known, asked 12:00 (UTC+0)",
        "Bridge: https://meet.example.org/1\nRoom: https://portal.example.org/incidents/MI-2026-0001/",
    ]


def test_a_team_without_wishes_gets_the_sentence() -> None:
    text = first_message.write(reference="MI-1", title="T", priority="P2", sentence="S.", facts=(), now=NOON)
    assert text == "MI-1 (P2): T\n\nS."
