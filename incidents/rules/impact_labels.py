"""The impact in languages other than English: its facts in lines with a label, since one sentence cannot be made of
people's own words in a language with cases (docs/decisions/0049). What is not known is not said.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final

from incidents.choices import Confidence, DataState
from incidents.rules import impact as rules
from incidents.rules.impact import Impact
from mim_portal.lib import language_tags, times


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """`facts` in the order in which they are told; `thousands` parts a bare number of so many digits; `colon` as the
    language sets it.
    """

    facts: Mapping[str, str]
    since: str
    until: str
    critical: str
    data: Mapping[str, str]
    sure: Mapping[str, str]
    basis: str
    as_of: str
    open: str
    by: str
    thousands: str
    colon: str
    digits: int = 4


_LABELS: Final = {
    "de": Labels(
        facts={
            "service": "Dienst",
            "who": "Betroffen",
            "count": "Anzahl",
            "where": "Wo",
            "activity": "Problem",
            "not_affected": "Nicht betroffen",
            "workaround": "Übergangslösung",
            "consequence": "Folge",
        },
        since="Seit",
        until="bis",
        critical="Kritische Zeit",
        data={
            DataState.LOST: "Daten sind verloren",
            DataState.DELAYED: "Daten sind verspätet",
            DataState.AT_RISK: "Daten sind gefährdet",
            DataState.NONE_KNOWN: "Ein Verlust von Daten ist nicht bekannt",
        },
        sure={
            Confidence.CONFIRMED: "Bestätigt",
            Confidence.ESTIMATED: "Geschätzt",
            Confidence.UNKNOWN: "Noch nicht bestätigt",
        },
        basis="Grundlage",
        as_of="Stand",
        open="Noch nicht bekannt, wird geprüft",
        by="bis",
        thousands=".",
        colon=":",
    ),
    "fr": Labels(
        facts={
            "service": "Service",
            "who": "Personnes touchées",
            "count": "Nombre",
            "where": "Où",
            "activity": "Problème",
            "not_affected": "Non touché",
            "workaround": "Solution provisoire",
            "consequence": "Conséquence",
        },
        since="Depuis",
        until="jusqu’à",
        critical="Heure critique",
        data={
            DataState.LOST: "Des données sont perdues",
            DataState.DELAYED: "Des données sont en retard",
            DataState.AT_RISK: "Des données sont menacées",
            DataState.NONE_KNOWN: "Aucune perte de données connue",
        },
        sure={
            Confidence.CONFIRMED: "Confirmé",
            Confidence.ESTIMATED: "Estimé",
            Confidence.UNKNOWN: "Pas encore confirmé",
        },
        basis="source",
        as_of="à",
        open="Pas encore connu, en cours de vérification",
        by="pour",
        thousands="\u202f",
        colon="\u00a0:",
    ),
    "es": Labels(
        facts={
            "service": "Servicio",
            "who": "Afectados",
            "count": "Número",
            "where": "Lugar",
            "activity": "Problema",
            "not_affected": "Sin afectación",
            "workaround": "Solución provisional",
            "consequence": "Consecuencia",
        },
        since="Desde",
        until="hasta",
        critical="Hora crítica",
        data={
            DataState.LOST: "Hay datos perdidos",
            DataState.DELAYED: "Hay datos con retraso",
            DataState.AT_RISK: "Hay datos en riesgo",
            DataState.NONE_KNOWN: "No consta ninguna pérdida de datos",
        },
        sure={
            Confidence.CONFIRMED: "Confirmado",
            Confidence.ESTIMATED: "Estimado",
            Confidence.UNKNOWN: "Aún sin confirmar",
        },
        basis="fuente",
        as_of="a las",
        open="Aún no se sabe, en comprobación",
        by="para",
        thousands="\u202f",
        colon=":",
        digits=5,  # the Academy parts no number of four
    ),
}
_BARE: Final = re.compile(r"(?<![\d.,:/])\d{4,9}(?![\d.,:/])")


def told(impact: Impact, *, language: str, tz: tzinfo = UTC, past: bool = False) -> str:
    """The impact in this language: lines in German, French and Spanish, else the English sentence.

    “Dienst: Payroll. Betroffen: Mitarbeiter. Anzahl: etwa 1.200. Seit: 09:10 (UTC+0). Geschätzt, Stand 09:31 (UTC+0).”
    """
    own = language_tags.primary(language)
    labels = _LABELS.get(own)
    if labels is None:
        return rules.sentence(impact, tz=tz, past=past)
    return " ".join(each if each[-1] in ".!?" else f"{each}." for each in _lines(impact, labels, own, tz=tz, past=past))


def _lines(impact: Impact, labels: Labels, language: str, *, tz: tzinfo, past: bool) -> Iterator[str]:
    for name, label in labels.facts.items():
        if said := rules.known(getattr(impact, name)).strip().rstrip("."):
            yield f"{label}{labels.colon} {_numbers(said, labels) if name == 'count' else said}"
        if name == "activity" and (since := _since(impact, labels, language, tz=tz, past=past)):
            yield f"{labels.since}{labels.colon} {since}"
    if critical := impact.critical_time.strip().rstrip("."):
        yield f"{labels.critical}{labels.colon} {critical}"
    if impact.data_state in labels.data:
        yield labels.data[impact.data_state]
    if being_checked := _being_checked(impact, labels):
        yield f"{labels.open}{labels.colon} {being_checked}"
    yield _sure(impact, labels, tz=tz)


def _since(impact: Impact, labels: Labels, language: str, *, tz: tzinfo, past: bool) -> str:
    if impact.since is None:
        return rules.known(impact.since_text).strip().rstrip(".")
    ended: datetime | None = impact.until if past else None
    since = times.due_time(impact.since, tz, now=ended or impact.as_of or impact.since, language=language)
    return f"{since} {labels.until} {times.clock_time(ended, tz)}" if ended else since


def _being_checked(impact: Impact, labels: Labels) -> str:
    """Which facts nobody knows yet, each with the time of the next word about it."""
    asked = {**labels.facts, "since_text": labels.since}
    found = []
    for name, label in asked.items():
        text = getattr(impact, name)
        if rules.is_being_checked(text):
            by = text.rpartition(" by ")[2] if " by " in text else ""
            found.append(f"{label} ({labels.by} {by.strip().rstrip('.')})" if by else label)
    return ", ".join(found)


def _sure(impact: Impact, labels: Labels, *, tz: tzinfo) -> str:
    words = labels.sure.get(rules.overall_confidence(impact.confidence), labels.sure[Confidence.UNKNOWN])
    if basis := impact.count_basis.strip().rstrip("."):
        words += f" ({labels.basis}{labels.colon} {basis})"
    if impact.as_of is not None:
        words += f", {labels.as_of} {times.clock_time(impact.as_of, tz)}"
    return words


def _numbers(text: str, labels: Labels) -> str:
    """1200 becomes 1.200 or 1 200 wherever a bare number stands; everything else stays as typed."""
    return _BARE.sub(
        lambda number: (
            f"{int(number.group()):,}".replace(",", labels.thousands)
            if len(number.group()) >= labels.digits
            else number.group()
        ),
        text,
    )
