"""Every check of a message in words: what it looks at, for whom, and what to do. docs/checks.md is made of this.

A test holds it against the code: each code that a rule can speak with stands here, with the severities it can have.
"""

from dataclasses import dataclass
from typing import Final

from comms.rules.checking import gate
from mim_portal.lib.findings import ADVICE, ERROR, WARNING


@dataclass(frozen=True, slots=True)
class Check:
    """One code of domain.md 4.3, or one of those that were added to it."""

    code: str
    looks_at: str
    readers: str
    severities: tuple[str, ...]
    to_do: str

    @property
    def stops_all(self) -> bool:
        """Whether it stops initial and holding updates too, whatever the hurry."""
        return ERROR in self.severities and (self.code in gate.HARD_CODES or self.code == "C01")


_ALL: Final = "all"
_OUTSIDE: Final = "all but technical teams"
_PLAIN: Final = "end users, executives, public"
_USERS: Final = "end users, public"
_E: Final = (ERROR,)
_W: Final = (WARNING,)

# What looks for English words and has nothing to say of a text in another language. Of the others C07 knows the names
# of people, C08 and C11 the words of the record, C14 the length of sentences, C17 and C23 addresses, in every language.
READS_ONLY_ENGLISH: Final = ("C02", "C03", "C04", "C06", "C12", "C15", "C18", "C19", "C24", "C28", "C29")
READS_MOSTLY_ENGLISH: Final = ("C07", "C08", "C11", "C14", "C17", "C22", "C23")

CHECKS: Final = (
    Check("C01", "a next update time that is set, ahead, within the agreed pace, and the same in the text", _ALL, _E,
          "set it; no time and a time that has passed stop every message"),
    Check("C02", "“shortly”, “ASAP”, “until further notice”", _ALL, _E, "write the time, or leave it out"),
    Check("C03", "guesses: “we think”, “probably”, “may have been”", _OUTSIDE, _E,
          "say what is known, or what is being checked and until when"),
    Check("C04", "a cause while none is confirmed", _OUTSIDE, _E, "leave it out, or record its confirmation first"),
    Check("C05", "hosts and addresses of machines; acronyms that are in no glossary (these warn)", _PLAIN,
          (ERROR, WARNING), "say what people cannot do; write the acronym out or add it to the glossary"),
    Check("C06", "a time of repair that nobody approved", _OUTSIDE, _E,
          "say when the next update comes; owners and executives may read an approved range"),
    Check("C07", "blame, names of people, teams and suppliers as the cause; a named team and “of course” warn", _ALL,
          (ERROR, WARNING), "say the condition; the accountable manager's name is always allowed"),
    Check("C08", "that the message says something, and what people cannot do", _ALL, (ERROR, WARNING),
          "write who cannot do what, since when"),
    Check("C09", "spelling, grammar, style and typography, by LanguageTool in the organisation's language", _ALL,
          (ERROR, WARNING, ADVICE),
          "take the suggestion, or add the word to our words; style and typography only advise"),
    Check("C10", "placeholders and doubled words; spacing and the last full stop advise", _ALL, (ERROR, ADVICE),
          "fill it in; “tidy” mends spacing and punctuation"),
    Check("C11", "numbers, places, services, times, priority and reference against the record", _ALL,
          (ERROR, WARNING), "make the text agree, or say that the impact changed and revise it"),
    Check("C12", "“are investigating” in a message that it is over, “was resolved” while it is not; a restored "
          "message before the restoration is on record", _ALL,
          (ERROR, WARNING), "record the restoration first, or say what holds"),
    Check("C13", "words: 200 for the desk, 180 for owners, 120 for end users and executives, 80 for the public; "
          "10 lines for technical teams", _ALL, _W, "keep what readers can do and when they hear again"),
    Check("C14", "a sentence over 25 words; from 60 words on a mean over 20 and a grade over 9 "
          "(Automated Readability Index)", _PLAIN, _W, "make two sentences of one, take shorter words"),
    Check("C15", "the workaround, or that there is none yet", _ALL, _W, "add the steps, or “no workaround yet”"),
    Check("C16", "the subject's activity part: there, calm, without tags by hand; over 70 characters warns", _ALL,
          (ERROR, WARNING), "write what people cannot do; the portal adds priority, number, time and reference"),
    Check("C17", "passwords and keys; for end users and the public addresses, numbers and weaknesses too", _ALL, _E,
          "take it out, or use the desk's public contact"),
    Check("C18", "words that play down, “some users” without a number", _ALL, _W, "give the number, or leave it out"),
    Check("C19", "what the reader should do, or that there is nothing to do", _USERS, (ERROR, WARNING, ADVICE),
          "take the offered sentence, or write the step"),
    Check("C20", "a time without its offset from UTC; a short name of the writer's own zone is advised against, as is "
          "a time without one beside others that carry it", _ALL,
          (ERROR, WARNING), "take the suggestion"),
    Check("C21", "words of links, pictures, order of headings", _ALL, (WARNING, ADVICE),
          "let the link say where it leads; say in words what the picture shows"),
    Check("C22", "the last message again without “no change since”; a third holding message asks", _ALL,
          (WARNING, ADVICE), "say what is new, or “no change since hh:mm” and what is being done"),
    Check("C23", "links and words that lead into the incident room", _PLAIN, _E, "link the status page"),
    Check("C24", "promises without end: “guarantee”, “no data was lost”", _ALL, _W,
          "say what was found so far, and until when you check"),
    Check("C25", "an impact statement older than one interval of the agreed pace", _ALL, _W,
          "confirm the impact, or revise it"),
    Check("C26", "somebody is addressed, everyone addressed exists, and the text is meant for them", _ALL, _E,
          "choose the audiences"),
    Check("C27", "a private incident or an exercise on its way to the public", "public", _E, "take the public out"),
    Check("C28", "what a message of its kind must say (below); a correction that says nothing of what was wrong stops",
          "as below", (ERROR, WARNING, ADVICE), "take the offered sentence, or write your own"),
    Check("C29", "what an audience looks for first, where a text is for it alone: conditions and needs, the desk's "
          "script, the decision, the size", "technical, desk, owners, executives", (ADVICE,), "add the line"),
    Check("C30", "numbers and places that differ between the texts of one message", _ALL, _W,
          "make the texts agree, or say in each what it counts"),
)  # fmt: skip


def only_english() -> tuple[Check, ...]:
    """The checks that read English alone, as the settings page names them."""
    return tuple(check for check in CHECKS if check.code in READS_ONLY_ENGLISH)


def mostly_english() -> tuple[Check, ...]:
    """Those that find less in other languages."""
    return tuple(check for check in CHECKS if check.code in READS_MOSTLY_ENGLISH)
