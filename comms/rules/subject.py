"""The subject of a message: composed by the portal, so that a phone's lock screen says it all (domain.md 4.2, C16)."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import Final

from comms.choices import FINAL_KINDS, UpdateKind
from comms.rules import frame_words
from comms.rules.frame_words import ENGLISH, Words
from mim_portal.lib import findings, times, zone_names
from mim_portal.lib.findings import ERROR, WARNING, Finding

LONG: Final = 70
_EMOJI: Final = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f]+")
_SHOUTED: Final = re.compile(r"(?<![\w-])[A-Z]{4,}(?![\w-])")
_ALARM: Final = re.compile(r"\burgent\b|!{2,}", re.IGNORECASE)
_TAG_BY_HAND: Final = re.compile(
    rf"\[(?:P[1-5]|(?:{'|'.join(sorted(frame_words.every_tag()))})(?: \d+)?)\]|\b(?:MI|CA)-\d{{4}}-\d+"
)
# “RESOLVED: …”, “WHAT TO DO | …”: what a subject begins with in capitals, as a tag.
_HEAD: Final = re.compile(r"\s*[A-Z][A-Z ]{2,24}(?:\s*[:|–—]|\s+-\s)")
# “CORRECTION: staff cannot …” is what the handbooks teach; the portal writes it itself.
_KIND_TWICE: Final = "The portal puts the kind of message before the subject. Leave this out."


def compose(
    *,
    kind: str,
    priority: str,
    sequence: int,
    service: str,
    activity: str,
    reference: str,
    next_update_at: datetime | None,
    tz: tzinfo,
    now: datetime,
    external_ref: str = "",
    is_exercise: bool = False,
    is_withdrawal: bool = False,
    language: str = ENGLISH,
) -> str:
    """`[P1] [UPDATE 3] Payroll: staff cannot submit timesheets | next 14:30 (UTC+1) | MI-2026-0001`, on one line.

    A final message says so in place of the next time; a correction begins with that word, the withdrawal of a message
    with its own; that it is an exercise stands before everything, so that nobody runs; a ticket's number from
    elsewhere follows our own. Its fixed words are those of the update's language.
    """
    words = frame_words.of(language)
    word = words.tags[UpdateKind(kind)]
    tag = f"[{word}]" if kind == UpdateKind.INITIAL else f"[{word} {sequence}]"
    head = " ".join(
        part
        for part in (
            words.exercise if is_exercise else "",
            words.withdrawn if is_withdrawal else "",
            f"{word}:" if kind == UpdateKind.CORRECTION else "",
            f"[{priority}]",
            f"[{words.tags[UpdateKind.UPDATE]} {sequence}]" if kind == UpdateKind.CORRECTION else tag,
            _about(service=_line(service), activity=_line(activity)),
        )
        if part
    )
    parts = [
        head,
        _next(words, kind=kind, next_update_at=next_update_at, is_withdrawal=is_withdrawal, tz=tz, now=now),
        reference,
        _line(external_ref),
    ]
    return " | ".join(part for part in parts if part)


def check(activity: str, *, known_words: Iterable[str] = ()) -> Iterator[Finding]:
    """C16: the activity part is there, calm and plain; the portal adds the rest."""
    if not activity.strip():
        message = "Say in the subject what people cannot do, for example “staff cannot submit timesheets”."
        yield Finding(code="C16", severity=ERROR, field="subject", message=message, rule="missing")
        return
    head = _HEAD.match(activity)
    head_end = head.end() if head is not None else 0
    known = {word.upper() for term in known_words for word in (term, *term.split())}
    for rule, pattern, message in (
        ("emoji", _EMOJI, "Leave symbols out: some phones show them as boxes."),
        ("alarm", _ALARM, "The priority says how urgent it is. Leave this out."),
        ("tag", _TAG_BY_HAND, "The portal adds priority, number and reference. Leave this out."),
        ("capitals", _SHOUTED, "Write it in normal letters."),
    ):
        for hit in pattern.finditer(activity):
            if rule == "capitals" and hit.group() in {*known, *zone_names.EVERY}:
                continue
            is_tag = hit.group() in frame_words.every_tag() or hit.end() <= head_end
            if rule == "capitals" and is_tag:
                yield findings.at(hit, code="C16", severity=WARNING, field="subject", message=_KIND_TWICE, rule="kind")
            else:
                yield findings.at(hit, code="C16", severity=ERROR, field="subject", message=message, rule=rule)
    if len(activity) > LONG:
        message = f"Phones cut subjects. Keep this part under {LONG} characters; it has {len(activity)}."
        yield Finding(code="C16", severity=WARNING, field="subject", message=message, rule="long")


def _next(
    words: Words, *, kind: str, next_update_at: datetime | None, is_withdrawal: bool, tz: tzinfo, now: datetime
) -> str:
    """Of what was withdrawn a time ahead still holds; one that has passed is not repeated, nor that it was the last."""
    if is_withdrawal and (next_update_at is None or next_update_at <= now):
        return ""
    if next_update_at is not None:
        return f"{words.next} {times.due_time(next_update_at, tz, now=now, language=words.language)}"
    return words.final if kind in FINAL_KINDS else ""


def _about(*, service: str, activity: str) -> str:
    """Service and activity; the service is not said twice."""
    if not service or activity.casefold().startswith(f"{service.casefold()}:"):
        return activity
    return f"{service}: {activity}" if activity else service


def _line(text: str) -> str:
    """On one line, so that a subject cannot carry further mail headers."""
    return " ".join(text.split())
