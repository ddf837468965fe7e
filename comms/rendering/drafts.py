"""How a message begins: from the organisation's template of its kind and audience, else from the built-in one.

A template cannot make a message unsendable: where one cannot be rendered the built-in one stands in, and the fault is
handed back for the administrator.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings

from comms.choices import UpdateKind
from comms.models import Audience
from comms.queries.writing import languages
from comms.queries.writing import templates as queries
from comms.rules import phrases
from comms.rules import templates as rules
from comms.rules.checking.wording import check_leftovers
from comms.rules.templates import PARTS, Parts
from mim_portal.lib import sandbox

_FOLDER = settings.BASE_DIR / "templates" / "drafts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with one part of a template, at which of its lines."""

    part: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.part}, line {self.line}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """The texts a message begins with; `faults` of the organisation's template, for which the built-in one stood in."""

    parts: Parts
    template_id: int | None = None
    faults: tuple[Fault, ...] = ()


def begin(*, kind: str, audience: Audience, values: Mapping[str, Any]) -> Begun:
    """Every part rendered with the values; it never fails."""
    usual, _faults = rendered(built_in(kind, audience=audience, language=languages.current()), values)
    version = queries.in_use(kind=kind, audience=audience)
    if version is None:
        return Begun(parts=usual)
    own, faults = rendered(queries.parts(version), values)
    if kind == UpdateKind.HOLDING and (left := gap(own.body)):
        faults = (*faults, left)
    if faults:
        return Begun(parts=usual, template_id=version.template_id, faults=faults)
    return Begun(parts=own.over(usual), template_id=version.template_id)


def rendered(source: Parts, values: Mapping[str, Any]) -> tuple[Parts, tuple[Fault, ...]]:
    """The texts of a template's parts, without those that cannot be made, and why they cannot."""
    texts, faults = {}, []
    for part in PARTS:
        try:
            text = rules.tidy(sandbox.render(getattr(source, part), values))
        except sandbox.TemplateFault as fault:
            faults.append(Fault(part=part, line=fault.line, message=fault.message))
        else:
            texts[part] = " ".join(text.split())[: rules.SUBJECT] if part == "subject" else text
    return Parts(**texts), tuple(faults)


def built_in(kind: str, *, audience: Audience, language: str) -> Parts:
    """The template that ships with the portal, for these readers and in this language of updates where it exists."""
    register = rules.register(queries.reader(audience))
    return shipped(kind, register, language=phrases.language_of_templates(language))


@lru_cache(maxsize=512)
def shipped(kind: str, register: str, *, language: str) -> Parts:
    """Of the kind and register, else of the kind, else what all share."""
    found = Parts()
    for name in (f"{kind}.{register}", f"{kind}.{rules.PLAIN}", "common"):
        path = _FOLDER / language / f"{name}.jinja"
        if path.is_file():
            found = found.over(rules.read_file(path.read_text(encoding="utf-8")))
    return found


def gap(body: str) -> Fault | None:
    """A holding update is sent as it stands, so that nothing in it may wait to be filled in."""
    left = next(check_leftovers.leftovers(body), None)
    if left is None:
        return None
    line = body[: left.start].count("\n") + 1
    return Fault(part="body", line=line, message=f"A holding update is sent as it stands. {left.message}")
