"""Times and numbers of German, French and Spanish updates are found in their own words and compared with the record."""

from datetime import UTC, datetime
from typing import Any

import pytest

from comms.rules import frame_words
from comms.rules.checking import checks
from comms.rules.checking.numbers import amounts
from comms.rules.checking.recorded import Recorded
from comms.rules.checking.wording import check_leftovers
from incidents.rules import impact_labels
from incidents.rules.impact import Impact
from mim_portal.lib import times
from tests.comms.rules import kit

SINCE = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
RECORDS = {
    "de-DE": Recorded(
        service="Lohnbüro",
        who="Mitarbeiter der Filialen",
        activity="können keine Zeiten erfassen",
        count="etwa 1.200",
        where="Irland",
        since=SINCE,
    ),
    "fr": Recorded(
        service="La paie",
        who="les employés des magasins",
        activity="ne peuvent pas saisir leurs heures",
        count="environ 1 200",
        where="Irlande",
        since=SINCE,
    ),
    "es": Recorded(
        service="La nómina",
        who="los empleados de las tiendas",
        activity="no pueden registrar sus horas",
        count="unos 1200",
        where="Irlanda",
        since=SINCE,
    ),
}
CODES = {"C01", "C10", "C11", "C20"}


def said(language: str, body: str, **change: Any) -> list[tuple[str, str, str]]:
    draft = kit.draft(language=language, subject="x", body=body, recorded=RECORDS[language], **change)
    found = checks.check(draft, now=kit.NOW)
    return [(each.code, each.rule, each.text) for each in found if each.code in CODES and each.field == "body"]


@pytest.mark.parametrize(
    ("language", "body", "expected"),
    [
        ("de-DE", "Etwa 1.200 Mitarbeiter können seit 09:10 (UTC+0) keine Zeiten erfassen.", []),
        ("de-DE", "Etwa 1.250 Mitarbeiter können keine Zeiten erfassen.", []),
        ("de-DE", "1.500 Mitarbeiter können keine Zeiten erfassen.", [("C11", "count", "1.500")]),
        ("de-DE", "Rund 3.000 Beschäftigte sind betroffen.", [("C11", "count", "Rund 3.000")]),
        ("de-DE", "4.500 Buchungen fehlen.", [("C11", "unknown_number", "4.500")]),
        ("de-DE", "Seit 08:10 (UTC+0) geht nichts bei den Kassen.", []),  # “nichts”: not the record's beginning
        ("de-DE", "Die Erfassung ist seit 08:10 (UTC+0) gestört.", [("C11", "time", "08:10")]),
        ("de-DE", "Seit: 08:10 (UTC+0)", [("C11", "time", "08:10")]),
        ("de-DE", "Nächste Meldung: Mo 23. Nov. 2026, 10:30 (UTC+0).", []),
        ("de-DE", "Nächste Meldung um 11:30 (UTC+0).", [("C01", "mismatch", "11:30")]),
        ("de-DE", "Von 09:10 bis 09:50 (UTC+0) war die Erfassung aus.", []),
        ("de-DE", "Um 14:30 wird neu gestartet.", [("C20", "", "14:30")]),
        ("de-DE", "Am 23. November dauerte es 45 Minuten, im März 3 Stunden.", []),
        ("de-DE", "300 Mails warten.", [("C11", "unknown_number", "300")]),
        ("de-DE", "Die die Löhne  fehlen.", [("C10", "spacing", "  ")]),
        ("fr", "Environ 1 200 employés ne peuvent pas saisir leurs heures depuis 09:10 (UTC+0).", []),
        ("fr", "Environ 1\u202f200 salariés sont touchés.", []),
        ("fr", "Plus de 3 000 clients sont touchés.", [("C11", "count", "Plus de 3 000")]),
        ("fr", "La saisie est en panne depuis 08:10 (UTC+0).", [("C11", "time", "08:10")]),
        ("fr", "Prochain message : lun. 23 nov. 2026, 10:30 (UTC+0).", []),
        ("fr", "Prochain message à 11:30 (UTC+0).", [("C01", "mismatch", "11:30")]),
        ("fr", "Le 1er février, à 14 h 30, pendant 3 heures.", []),
        ("fr", "Attention ! Ceci , non.", [("C10", "spacing", " ")]),
        ("es", "Unos 1200 empleados no pueden registrar sus horas desde las 09:10 (UTC+0).", []),
        ("es", "Hay aproximadamente 1\u202f200 personas afectadas.", []),
        ("es", "Más de 3.000 usuarios están afectados.", [("C11", "count", "Más de 3.000")]),
        ("es", "Afectados: 3000 empleados.", [("C11", "count", "3000")]),
        ("es", "El registro no funciona desde las 08:10 (UTC+0).", [("C11", "time", "08:10")]),
        ("es", "El registro no funciona desde aproximadamente las 09:15 (UTC+0).", []),
        ("es", "No funciona desde hoy a las 08:10 (UTC+0).", [("C11", "time", "08:10")]),
        ("es", "Desde: 08:10 (UTC+0)", [("C11", "time", "08:10")]),
        ("es", "Sin cambios desde las 10:00 (UTC+0).", []),
        ("es", "La nómina vuelve a funcionar desde las 10:05 (UTC+0).", []),
        ("es", "Próxima actualización, a más tardar: lun 23 nov 2026, 10:30 (UTC+0).", []),
        ("es", "Próxima actualización a las 11:30 (UTC+0).", [("C01", "mismatch", "11:30")]),
        ("es", "El 23 de noviembre de 2026 duró 45 minutos; en agosto, 3 horas.", []),
        ("es", "Vea la actualización 12, del 3 de abril, en la sala 14.", []),
        ("es", "Ocurrió 25 veces en 30 días.", []),
        ("es", "A las 14:30 se reinicia.", [("C20", "", "14:30")]),
        ("es", "¿No le funciona ? Llame.", [("C10", "spacing", " ")]),
    ],
)
def test_what_is_found(language: str, body: str, expected: list[tuple[str, str, str]]) -> None:
    assert said(language, body) == expected


@pytest.mark.parametrize("language", ["de-DE", "fr", "es"])
def test_what_the_portal_writes_itself_is_read_again(language: str) -> None:
    """The impact in labels, the promise in the frame's words: nothing is found, and a wrong time in them is."""
    record = RECORDS[language]
    impact = Impact(
        service=record.service,
        who=record.who,
        activity=record.activity,
        count=record.count,
        where=record.where,
        since=SINCE,
        as_of=SINCE,
    )
    words = frame_words.of(language)
    moment = times.full_date_time(kit.NEXT, language=language)
    told = f"{impact_labels.told(impact, language=language)}\n\n{words.next_update} {moment}."
    assert said(language, told) == []
    assert said(language, told.replace("10:30", "10:45")) == [("C01", "mismatch", "10:45")]


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("1.200 und 12.345.678", "1,200 und 12,345,678"),
        ("1,5 Millionen, 99,5 %", "1.5 Millionen, 99.5 %"),
        ("v1.2.345, 10.0.0.1, 1.2", "v1.2.345, 10.0.0.1, 1.2"),
        ("1,200", "1,200"),
    ],
)
def test_numbers_are_read_as_the_language_writes_them(text: str, english: str) -> None:
    assert amounts.as_english(text) == english


def test_french_keeps_its_space_before_a_colon_and_loses_others() -> None:
    text = "Attention  ! Ceci , non : oui"
    assert check_leftovers.tidy(text, language="fr") == "Attention ! Ceci, non : oui."
    assert check_leftovers.tidy(text) == "Attention! Ceci, non: oui."


def test_every_language_has_its_words() -> None:
    every = [frame_words.of(tag) for tag in ("en-GB", "de-CH", "fr", "es")]
    english = every[0]
    assert frame_words.of("it") is english
    for name in type(english).__slots__:
        assert len({str(getattr(words, name)) for words in every}) == 4, name
    assert {"UPDATE", "MELDUNG", "MESSAGE", "ACTUALIZACIÓN"} <= frame_words.every_tag()
