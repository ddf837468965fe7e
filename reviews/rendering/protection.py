"""Names out, roles in: what everything that is published or exported goes through."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any
from urllib.parse import unquote

from django.utils.translation import gettext as _

from mim_portal.lib.documents import Document, Span


def as_roles(text: str, phrases: Mapping[str, str]) -> str:
    """`text` with every known name replaced by its role; at the start of a sentence with a capital letter.

    Full names and mail addresses are known in any case and across line ends, first names and user names as they are
    written: “Mark” is a person, “mark” is not.
    """
    if not text:
        return text
    cut: list[str] = []
    at = 0
    for start, end, phrase in _hits(text, phrases):
        cut += [text[at:start], phrase]
        at = end
    return "".join([*cut, text[at:]])


def without_names(document: Document, phrases: Mapping[str, str]) -> Document:
    """The document with roles wherever somebody is named: also across bold words and in the address of a link."""
    protected: Document = _changed(document, narrowed(phrases, _texts(document)))
    return protected


def narrowed(phrases: Mapping[str, str], texts: Iterable[str]) -> dict[str, str]:
    """The phrases that these texts need: a directory has thousands of names, and a text is searched for each."""
    folded = "\n".join(_folded(text) for text in texts)
    return {name: phrase for name, phrase in phrases.items() if _folded(name) in folded}


def _hits(text: str, phrases: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """Where somebody is named, the longest name first, and what stands there instead."""
    folded = _folded(text)
    present = sorted((name for name in phrases if _folded(name) in folded and name.strip()), key=len, reverse=True)
    if not present:
        return
    unmistakable = {_folded(name): phrases[name] for name in present if _is_unmistakable(name)}
    parts = (rf"(?i:{_spaced(name)})" if _is_unmistakable(name) else _spaced(name) for name in present)
    for match in re.finditer(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", text):
        phrase = phrases.get(match.group()) or unmistakable.get(_folded(match.group())) or _("a colleague")
        if _opens_sentence(text, match.start()):
            phrase = phrase[:1].upper() + phrase[1:]
        yield match.start(), match.end(), phrase


def _is_unmistakable(name: str) -> bool:
    return "@" in name or " " in name.strip()


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _spaced(name: str) -> str:
    return r"\s+".join(re.escape(part) for part in name.split())


def _opens_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \t*_>#-")
    return not before or before[-1] in ".!?\n"


def _changed(value: Any, phrases: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return as_roles(value, phrases)
    if isinstance(value, tuple):
        if value and all(isinstance(one, Span) for one in value):
            return tuple(_spans(value, phrases))
        return tuple(_changed(one, phrases) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        given = [one.name for one in fields(value) if one.init]
        return replace(value, **{name: _changed(getattr(value, name), phrases) for name in given})
    return value


def _spans(spans: tuple[Span, ...], phrases: Mapping[str, str]) -> Iterator[Span]:
    """The role stands where the name began, and the rest of the name is gone from whatever it went on in."""
    hits = list(_hits("".join(span.text for span in spans), phrases))
    at = 0
    for span in spans:
        end, text, place = at + len(span.text), "", at
        for start, stop, phrase in hits:
            if stop <= at or start >= end:
                continue
            text += span.text[place - at : max(start, at) - at] + (phrase if start >= at else "")
            place = min(stop, end)
        text += span.text[place - at :]
        at = end
        names_somebody = next(_hits(unquote(span.href), phrases), None) is not None
        if text:
            yield replace(span, text=text, href="" if names_somebody else span.href)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        if value and all(isinstance(one, Span) for one in value):
            yield "".join(span.text for span in value)
            yield from (unquote(span.href) for span in value)
        else:
            for one in value:
                yield from _texts(one)
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from _texts(getattr(value, one.name))
