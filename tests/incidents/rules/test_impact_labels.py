"""The impact in German, French and Spanish: labelled facts, times and numbers of the language, nothing not known."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from incidents.choices import Confidence, DataState
from incidents.rules import impact as rules
from incidents.rules import impact_labels
from incidents.rules.impact import Impact

SINCE = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
FULL = Impact(
    service="Lohnbüro",
    who="Mitarbeiter der Filialen",
    activity="können keine Zeiten erfassen.",
    count="etwa 1200",
    count_basis="Fehler der Kassen",
    where="Irland",
    not_affected="England",
    since=SINCE,
    workaround="Bitte nutzen Sie das Formular!",
    consequence="Löhne kommen später",
    critical_time="12:00 (UTC+0)",
    data_state=DataState.NONE_KNOWN,
    confidence=Confidence.ESTIMATED,
    as_of=datetime(2026, 11, 23, 9, 31, tzinfo=UTC),
)


def told(language: str = "de-DE", *, past: bool = False, **change: Any) -> str:
    fields = {name: getattr(FULL, name) for name in Impact.__slots__}
    return impact_labels.told(Impact(**(fields | change)), language=language, past=past)


def test_german_facts_stand_in_lines_with_a_label() -> None:
    assert told() == (
        "Dienst: Lohnbüro. Betroffen: Mitarbeiter der Filialen. Anzahl: etwa 1.200. Wo: Irland."
        " Problem: können keine Zeiten erfassen. Seit: 09:10 (UTC+0). Nicht betroffen: England."
        " Übergangslösung: Bitte nutzen Sie das Formular! Folge: Löhne kommen später. Kritische Zeit: 12:00 (UTC+0)."
        " Ein Verlust von Daten ist nicht bekannt. Geschätzt (Grundlage: Fehler der Kassen), Stand 09:31 (UTC+0)."
    )


def test_french_has_its_own_spaces() -> None:
    said = told("fr", count="1200")
    assert said.startswith("Service\u00a0: Lohnbüro. Personnes touchées\u00a0: Mitarbeiter")
    assert "Nombre\u00a0: 1\u202f200. " in said
    assert said.endswith("Estimé (source\u00a0: Fehler der Kassen), à 09:31 (UTC+0).")


def test_spanish_parts_numbers_of_five_digits() -> None:
    said = told("es", count="unos 1200 de 12000")
    assert said.startswith("Servicio: Lohnbüro. Afectados: Mitarbeiter")
    assert "Número: unos 1200 de 12\u202f000. " in said
    assert said.endswith("Estimado (fuente: Fehler der Kassen), a las 09:31 (UTC+0).")


@pytest.mark.parametrize("language", ["en-GB", "it", ""])
def test_every_other_language_has_the_english_sentence(language: str) -> None:
    assert told(language) == rules.sentence(FULL)


@pytest.mark.parametrize(
    ("change", "has", "has_not"),
    [
        ({"since": None, "since_text": "heute früh"}, "Seit: heute früh.", "09:10"),
        ({"since": None}, "Problem:", "Seit"),
        ({"as_of": datetime(2026, 11, 24, 9, 31, tzinfo=UTC)}, "Seit: Mo 23. Nov., 09:10 (UTC+0).", "Nov. 2026"),
        ({"critical_time": "", "data_state": ""}, "Folge: Löhne kommen später. Geschätzt", "Kritische"),
        ({"confidence": {"who": "confirmed"}, "count_basis": "", "as_of": None}, " Bestätigt.", "Stand"),
        ({"confidence": ""}, "Noch nicht bestätigt", "Bestätigt"),
        (
            {"count": "not yet known, being checked, by 10:45 (UTC+0)", "where": "not known"},
            "Noch nicht bekannt, wird geprüft: Anzahl (bis 10:45 (UTC+0)), Wo.",
            "Anzahl:",
        ),
        ({"since": None, "since_text": "not yet known"}, "wird geprüft: Seit.", "Seit:"),
    ],
)
def test_what_is_not_known_is_not_said(change: dict[str, Any], has: str, has_not: str) -> None:
    said = told(**change)
    assert has in said
    assert has_not not in said


def test_over_it_says_from_when_to_when() -> None:
    until = datetime(2026, 11, 23, 11, 5, tzinfo=UTC)
    assert "Seit: 09:10 (UTC+0) bis 11:05 (UTC+0)." in told(past=True, until=until)
    assert "bis" not in told(past=False, until=until, critical_time="")
    zone = ZoneInfo("Europe/Berlin")
    assert "Seit: 10:10 (UTC+1)." in impact_labels.told(FULL, language="de-DE", tz=zone)
