"""What a message says of the impact where it is written in another language than English."""

from datetime import timedelta

import pytest

from comms.rules.checking import check_impact, checks
from comms.rules.checking.draft import Known
from comms.rules.checking.recorded import Recorded
from tests.comms.rules import kit

# The record of such an organisation is in its language too.
OTHER_LANGUAGES = {
    "de-DE": (
        ("Filialmitarbeiter", "Zeiten erfassen", "Irland"),
        "Filialmitarbeiter können keine Zeiten erfassen",
        "Seit 09:10 (UTC+0) können Filialmitarbeiter in Irland keine Zeiten erfassen. Etwa 1200 Personen sind "
        "betroffen. Wir arbeiten daran. Bitte notieren Sie Ihre Zeiten auf Papier. Nächstes Update: 10:30 (UTC+0).",
    ),
    "fr": (
        ("personnel des magasins", "saisir ses heures", "Irlande"),
        "Le personnel des magasins ne peut pas saisir ses heures",
        "Depuis 09:10 (UTC+0), le personnel des magasins en Irlande ne peut pas saisir ses heures. Environ 1200 "
        "personnes sont concernées. Notez vos heures sur papier. Prochaine information à 10:30 (UTC+0).",
    ),
    "es": (
        ("personal de tienda", "registrar sus horas", "Irlanda"),
        "El personal de tienda no puede registrar sus horas",
        "Desde las 09:10 (UTC+0) el personal de tienda en Irlanda no puede registrar sus horas. Unas 1200 personas "
        "están afectadas. Anote sus horas en papel. Próxima actualización a las 10:30 (UTC+0).",
    ),
}


@pytest.mark.parametrize("kind", ["initial", "holding", "update", "workaround", "downgrade"])
@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_a_clean_message_in_another_language_leaves(language: str, kind: str) -> None:
    """What looks for English words must not stop, nor nag, those who write none."""
    (who, activity, where), subject, body = OTHER_LANGUAGES[language]
    record = Recorded(
        who=who, activity=activity, where=where, count="1200", since=kit.NOW - timedelta(minutes=50), priority="P1"
    )
    draft = kit.draft(
        kind=kind, language=language, subject=subject, body=body, recorded=record, known=Known(sites=(where,))
    )
    assert [found.code for found in checks.check(draft, now=kit.NOW)] == []


def test_in_another_language_a_message_still_says_who_cannot_do_what() -> None:
    record = Recorded(who="Filialmitarbeiter", activity="Zeiten erfassen", since=kit.NOW - timedelta(minutes=50))
    draft = kit.draft(language="de-DE", subject="eine Störung", body="Wir arbeiten daran.", recorded=record)
    assert [(found.code, found.rule) for found in check_impact.present(draft)] == [("C08", "no_impact")]
