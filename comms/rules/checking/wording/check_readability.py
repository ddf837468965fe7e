"""Whether readers get through it: length (C13), sentences (C14), and what a reader on a phone or by ear meets (C21)."""

import re
from collections.abc import Iterator
from typing import Final

from comms.choices import AudienceCode
from comms.rules.checking import sentences
from comms.rules.checking.draft import Draft
from comms.rules.checking.wording import lengths
from mim_portal.lib import findings
from mim_portal.lib.findings import ADVICE, WARNING, Finding

TECHNICAL_LINES: Final = 10
LONG_SENTENCE: Final = 25
LONG_MEAN: Final = 20
HARD_GRADE: Final = 9
# A mean or a grade of less text says nothing.
ENOUGH_WORDS: Final = 60

_LINK: Final = re.compile(r"!?\[(?P<words>[^\[\]\n]*)\]\((?P<target>[^()\s]*)(?:\s[^()\n]*)?\)")
_SAYS_NOTHING: Final = re.compile(
    r"(?:click |tap |press )?(?:here|this|link|this link|this page|more|read more|learn more|more info(?:rmation)?|"
    r"details|page|website)\.?",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_HEADING: Final = re.compile(r"^ {0,3}(?P<level>#{1,6})[ \t]+(?P<words>\S.*?)[ \t#]*$", re.MULTILINE)


def length(draft: Draft) -> Iterator[Finding]:
    """C13: as long as these readers read, by the one who has least time."""
    most, count = lengths.most_words(draft.audiences), lengths.words(draft.body)
    if most is not None and count > most:
        message = f"{count} words; these readers take in {most}. Keep what they can do and when they hear again."
        yield Finding(code="C13", severity=WARNING, message=message, rule="words")
    lines = sum(bool(line.strip()) for line in draft.body.splitlines())
    if set(draft.audiences) == {AudienceCode.TECHNICAL} and lines > TECHNICAL_LINES:
        message = f"{lines} lines; {TECHNICAL_LINES} are read: conditions, actions, needs."
        yield Finding(code="C13", severity=WARNING, message=message, rule="lines")


def sentences_and_grade(draft: Draft) -> Iterator[Finding]:
    """C14: short sentences and plain words for end users, executives and the public."""
    if not draft.plain:
        return
    counts = []
    for each in sentences.split(draft.body):
        count = lengths.words(each.text)
        counts.append(count)
        if count > LONG_SENTENCE:
            message = f"This sentence has {count} words. Make it two."
            yield Finding(
                code="C14",
                severity=WARNING,
                message=message,
                start=each.start,
                end=each.end,
                text=each.text,
                rule="long_sentence",
            )
    if sum(counts) < ENOUGH_WORDS:
        return
    mean = sum(counts) / len(counts)
    if mean > LONG_MEAN:
        message = f"Sentences have {mean:.0f} words on average. Readers under stress follow about 15 to 20."
        yield Finding(code="C14", severity=WARNING, message=message, rule="long_sentences")
    if draft.is_english and (grade := sentences.grade(draft.body)) > HARD_GRADE:
        message = f"This reads like school grade {grade:.0f}; {HARD_GRADE} is plain. Use shorter words and sentences."
        yield Finding(code="C14", severity=WARNING, message=message, rule="hard_words")


def accessibility(draft: Draft) -> Iterator[Finding]:
    """C21: links say where they lead, pictures are no message, headings stand in order; as the Markdown is rendered."""
    body = draft.body
    for link in _LINK.finditer(body):
        words = link["words"].strip()
        if link.group().startswith("!"):
            message = "Pictures are not shown in messages and not read out. Say it in words."
            yield findings.at(link, code="C21", severity=WARNING, message=message, rule="picture")
        elif not words or _SAYS_NOTHING.fullmatch(words):
            message = "The words of a link say where it leads, for example “status of Payroll”."
            yield findings.at(link, code="C21", severity=WARNING, message=message, rule="link_words")
        elif _ADDRESS.fullmatch(words):
            message = "Screen readers spell an address out. Let the link say where it leads."
            yield findings.at(link, code="C21", severity=WARNING, message=message, rule="link_address")
    if body.strip() and not _LINK.sub(_words_of_link, body).strip():
        message = "The message is a picture only: nothing of it reaches mail in plain text, SMS or a screen reader."
        yield Finding(code="C21", severity=WARNING, message=message, rule="picture_only")
    before = 0
    for heading in _HEADING.finditer(body):
        level = len(heading["level"])
        if before and level > before + 1:
            message = "A level of headings is left out here. Screen readers lead by them: use the next one."
            yield findings.at(heading, code="C21", severity=ADVICE, message=message, rule="headings")
        before = level


def _words_of_link(link: re.Match[str]) -> str:
    return "" if link.group().startswith("!") else link["words"]
