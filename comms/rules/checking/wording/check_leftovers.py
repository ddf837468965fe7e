"""C10: text that was never meant to leave (placeholders, doubled words), and spacing that mends itself."""

import re
from collections.abc import Iterator
from typing import Final

from mim_portal.lib import findings, language_tags
from mim_portal.lib.findings import ADVICE, ERROR, Finding

_PLACEHOLDERS: Final = re.compile(
    r"\{\{.{0,200}?\}\}|\{%.{0,200}?%\}|\{\{|\}\}|\$\{\w+\}|"  # unfilled templates
    r"\{[A-Za-z_]\w{2,40}\}|@@\w{1,40}@@|%%\w{1,40}%%|"
    r"\[(?!P[1-5]\]|UPDATE|EXERCISE|[A-Z]{1,6}-?\d[\d-]*\])[A-Z][A-Z0-9 _/.-]{1,40}\]|"  # [NAME], no [TS-5581]
    r"\[(?i:insert|your|enter|fill|add|name|time|date|number|service|site|team|link|x+|\.{2,})(?i:[^\]\n]{0,40})\]|"
    r"\[(?i:what|which|who|whose|whom|when|where|why|how)\b[^\]\n]{0,120}\](?!\()|"  # gaps of our templates
    r"\[(?i:was|wer|wen|wem|wessen|welche[nmrs]?|wann|wo|warum|wie)\b[^\]\n]{0,120}\](?!\()|"  # in German
    # in French
    r"\[(?i:ce (?:qui|que|qu['’])|quel(?:le)?s?|qui|à qui|quand|où|pourquoi|comment)[^\]\n]{0,120}\](?!\()|"
    # in Spanish
    r"\[(?i:lo que|a qui[eé]n(?:es)?|por qué|qué|quién(?:es)?|cuál(?:es)?|cuándo|dónde|cómo)\b[^\]\n]{0,120}\](?!\()|"
    r"\[\s*\](?!\()|"
    r"<(?i:insert|your|enter|name|time|date|number|service|site|team|link)(?i:[^>\n]{0,40})>|"
    r"\b(?:TBC|TBD|TBA|TODO|FIXME|XX+|[Ll]orem ipsum|hh:mm|dd/mm)\b|\b(?:tbc|tbd|tba)\b|"
    r"\((?i:to be (?:confirmed|determined|announced|added|filled in|completed))\)|"
    # What says of the text itself that it is not to leave.
    r"(?:^|(?<=[\n.!?:(\[])|(?<=[.!?:] ))DRAFT\b(?! (?i:beer|ale|horse|law|bill|standard))|"
    r"\b(?i:(?:do not|don['’]t|not to be) (?:send|publish|distribute)(?:ed)? (?:yet|this|before)|not (?:yet )?for "
    r"(?:sending|publication|release|distribution)|"
    r"do not (?:send|publish)(?=[ \t]*(?:[.!)\]]|$)))|"
    r"\.{3}\s?(?i:add|insert|fill in|complete)\s[^.\n]{1,40}|(?<!\w)(?:x{3,}|_{3,}|\?{2,})(?!\w)",
    re.DOTALL,
)
_DOUBLED: Final = re.compile(r"(?<!-)\b([^\W\d_]+(?:['’][^\W\d_]+)?)[ \t]+\1\b", re.IGNORECASE)
# Doubled words of correct English, French (“nous nous excusons”) and German (“Daten, für die die Bank …”).
_MAY_DOUBLE: Final = frozenset({"had", "that", "nous", "vous", "die", "der"})
_SPACING: Final = re.compile(r"(?<=\S)[ \t]{2,}(?=\S)|(?<![ \t])[ \t]+(?=[,.;:!?](?:\s|$)|$)", re.MULTILINE)
_AFTER_A_SPACE: Final = frozenset(":;!?")
_STOP_AHEAD: Final = re.compile(r"[,.;:!?](?:\s|$)|\s|$")
_LIST_LINE: Final = re.compile(r"\s*(?:[-*•]|\d+[.)])\s")
_ENDED: Final = re.compile(r"[.!?:…][\"”’)\]]*\s*$|[)\]]\s*$|https?://\S+\s*$")


def leftovers(text: str) -> Iterator[Finding]:
    """Placeholders and doubled words: they stop every message."""
    for hit in _PLACEHOLDERS.finditer(text):
        message = f"“{hit.group()}” is still to be filled in."
        yield findings.at(hit, code="C10", severity=ERROR, message=message, rule="placeholder")
    for hit in _DOUBLED.finditer(text):
        if hit[1].casefold() not in _MAY_DOUBLE:
            message = f"“{hit[1]}” stands twice."
            yield findings.at(
                hit,
                code="C10",
                severity=ERROR,
                message=message,
                suggestions=(hit[1],),
                rule="doubled_word",
            )


def spacing(text: str, *, language: str = "en") -> Iterator[Finding]:
    """Spaces and the final stop: advice that never blocks, since `tidy` mends it. French has a space before : ; ! ?."""
    for hit in _SPACING.finditer(text):
        if _is_french(language) and len(hit.group()) == 1 and text[hit.end() : hit.end() + 1] in _AFTER_A_SPACE:
            continue
        fixed = "" if _STOP_AHEAD.match(text, hit.end()) else " "
        message = "There is a space too many."
        yield findings.at(hit, code="C10", severity=ADVICE, message=message, suggestions=(fixed,), rule="spacing")
    body = text.rstrip()
    if _needs_stop(body):
        word = body.split()[-1]
        yield Finding(
            code="C10",
            severity=ADVICE,
            message="The last sentence has no full stop.",
            start=len(body) - len(word),
            end=len(body),
            text=word,
            suggestions=(f"{word}.",),
            rule="final_stop",
        )


def tidy(text: str, *, language: str = "en") -> str:
    """The text with its spacing mended and its last sentence ended. Doing it twice changes nothing more."""
    marks = ",." if _is_french(language) else ",.;:!?"
    lines = [
        re.sub(rf"(?<![ \t])[ \t]+(?=[{marks}](?:\s|$))", "", re.sub(r"(?<=\S)[ \t]{2,}", " ", line))
        for line in text.split("\n")
    ]
    body = "\n".join(line.rstrip() for line in lines).strip("\n")
    return f"{body}." if _needs_stop(body) else body


def _is_french(language: str) -> bool:
    return language_tags.primary(language) == "fr"


def _needs_stop(body: str) -> bool:
    last_line = body.rsplit("\n", 1)[-1]
    return bool(last_line.strip()) and not _LIST_LINE.match(last_line) and not _ENDED.search(last_line)
