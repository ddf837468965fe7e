"""The desk's answers on the record: what may stand in each, what they score, what is still missing."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from incidents.choices import Level, SafetyAnswer
from incidents.models import Candidate
from incidents.rules import intake, intake_grades
from mim_portal.lib.refusals import Invalid
from teams.models import Service

TEXT_FACTS = (
    "cannot_do",
    "affected_count",
    "basis",
    "where",
    "since_when",
    "evidence",
    "business_consequence",
    "critical_time",
    "checks_done",
    "workaround",
    "contact",
)
FACTS = ("title", "service", "service_text", *TEXT_FACTS, "safety_or_security", "impact", "urgency", "external_ref")


def facts_of(candidate: Candidate) -> dict[str, Any]:
    """The desk's answers by the names of the API."""
    return {name: getattr(candidate, name) for name in FACTS}


def rescore(candidate: Candidate) -> None:
    """After an answer: what is still missing, and the score as it is now. The score of the moment when the record was
    raised stays beside it. Not saved.
    """
    fresh = intake.score(rule_facts(candidate))
    candidate.intake_detail["missing"] = [_plain(item) for item in fresh.missing]
    candidate.intake_detail["words"] = fresh.words
    candidate.intake_detail["now"] = {
        "score": fresh.score,
        "band": fresh.band,
        "capped_at": fresh.capped_at,
        "rubric_version": fresh.rubric_version,
    }


def put_on_record(candidate: Candidate, name: str, answer: str) -> str | None:
    """Let an answer stand as the fact, rescored; returns what stood there, None where it cannot stand. Not saved."""
    if name == "safety_or_security":
        said = intake_grades.safety_in(answer)
        if said is None:
            return None
        before, candidate.safety_or_security = candidate.safety_or_security, said
    elif name == "service":
        if candidate.service is not None:
            return None
        before = candidate.service_text
        words = answer.strip()
        found = Service.objects.filter(is_active=True).filter(Q(name__iexact=words) | Q(slug=words.lower())).first()
        candidate.service, candidate.service_text = found, "" if found else words[:200]
    elif name in TEXT_FACTS:
        before = str(getattr(candidate, name))
        setattr(candidate, name, answer[: text_limit(name)])
    else:
        return None
    rescore(candidate)
    return before


def is_unknown(candidate: Candidate, name: str) -> bool:
    """Whether the record says nothing about the fact."""
    if name == "service":
        return candidate.service is None and intake_grades.unknown(candidate.service_text)
    value = str(getattr(candidate, name, "-") or "")
    return intake_grades.unknown(value)


def fill(candidate: Candidate, facts: Mapping[str, Any]) -> None:
    """Put the sent facts on the record; a name that is no fact is refused. Not saved."""
    unknown = sorted(set(facts) - set(FACTS))
    if unknown:
        raise Invalid(_("A candidate has no field %s.") % ", ".join(unknown), field=unknown[0])
    for name, value in facts.items():
        if name == "service":
            candidate.service = value if isinstance(value, Service) else None
        elif name in {"impact", "urgency"}:
            setattr(candidate, name, _level(name, value))
        else:
            setattr(candidate, name, _text(name, value))
    if candidate.service is not None:
        candidate.service_text = ""


def _level(name: str, value: Any) -> int | None:
    if value in (None, ""):
        return None
    if value not in Level.values:
        raise Invalid(_("Choose 1 high, 2 medium or 3 low."), field=name)
    return int(value)


def text_limit(name: str) -> int | None:
    """How long an answer may be."""
    field = Candidate._meta.get_field(name)
    limit: int | None = getattr(field, "max_length", None)
    return limit


def _text(name: str, value: Any) -> str:
    text = str(value if value is not None else "").strip()
    limit = text_limit(name)
    if limit is not None and len(text) > limit:
        raise Invalid(_("Use at most %d characters.") % limit, field=name)
    if name == "safety_or_security" and text and text not in SafetyAnswer.values:
        raise Invalid(_("Answer yes, no or unknown."), field=name)
    return text


def require(candidate: Candidate) -> None:
    """Service, what people cannot do and a contact raise a candidate; nothing else blocks."""
    missing = intake.missing_required(rule_facts(candidate))
    if missing:
        codes = [question.code for question in missing]
        asked = " ".join(question.question for question in missing)
        raise Invalid(asked, code="required", field=codes[0], extra={"missing": codes})


def score(candidate: Candidate) -> None:
    """Keep the score with its reasons and what is missing. Not saved."""
    result = intake.score(rule_facts(candidate))
    candidate.intake_score, candidate.intake_band = result.score, result.band
    candidate.rubric_version = result.rubric_version
    candidate.intake_detail = {
        "items": [_plain(item) for item in result.items],
        "missing": [_plain(item) for item in result.missing],
        "deficits": list(result.deficits),
        "words": result.words,
        "capped_at": result.capped_at,
    }


def _plain(item: intake.ItemScore | intake.Missing) -> dict[str, Any]:
    """As it is stored; dataclasses.asdict copies each text, which alarms that raise hundreds a second pay for."""
    return {field.name: getattr(item, field.name) for field in fields(item)}


def rule_facts(candidate: Candidate) -> intake.Facts:
    """The answers as the rubric reads them."""
    return intake.Facts(
        service=service_words(candidate),
        service_in_catalogue=candidate.service is not None,
        safety_or_security=candidate.safety_or_security,
        **{name: getattr(candidate, name) for name in TEXT_FACTS},
    )


def service_words(candidate: Candidate) -> str:
    """The service as the catalogue or the desk names it."""
    return candidate.service.name if candidate.service is not None else candidate.service_text
