"""Fixed phrases of messages by language: its own where the templates have it, else English."""

import re

import pytest

from comms.choices import AudienceCode, UpdateKind
from comms.rules import phrases
from comms.rules.checking.wording import check_leftovers
from incidents.choices import IncidentState


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("en-GB", "en"),
        ("en-US", "en"),
        ("de-DE", "de"),
        ("de-CH", "de"),
        ("fr", "fr"),
        ("es", "es"),
        ("nl", "en"),
        ("", "en"),
    ],
)
def test_the_language_of_built_in_templates(tag: str, language: str) -> None:
    assert phrases.language_of_templates(tag) == language


@pytest.mark.parametrize(
    ("state", "tag", "says"),
    [
        (IncidentState.INVESTIGATING, "en-GB", "Our teams are investigating."),
        (IncidentState.INVESTIGATING, "de-AT", "Unsere Teams untersuchen die Störung."),
        (IncidentState.MONITORING, "fr", "Le service fonctionne de nouveau et nos équipes le surveillent."),
        (IncidentState.MONITORING, "es", "El servicio vuelve a funcionar y nuestros equipos lo están supervisando."),
        (IncidentState.RESOLVED, "de-DE", "Unsere Teams arbeiten die Störung nach."),
        (IncidentState.DECLARED, "pl-PL", "We are looking into it."),
    ],
)
def test_what_is_being_done(state: str, tag: str, says: str) -> None:
    assert phrases.doing(state, language=tag) == says


def test_what_is_waited_for() -> None:
    given = {"what": "the spare part", "until": "14:00 (UTC+0)"}
    assert phrases.waiting(**given, language="en-GB") == "We are waiting for the spare part until 14:00 (UTC+0)."
    assert phrases.waiting(**given, language="de-DE").startswith("Wir warten bis 14:00 (UTC+0)")


@pytest.mark.parametrize(
    ("tag", "kind", "state", "audience"),
    [
        ("en-GB", "Update", "Investigating", "End users"),
        ("de-CH", "Meldung", "In Untersuchung", "Nutzerinnen und Nutzer"),
        ("fr", "Message", "En cours d’analyse", "Utilisateurs"),
        ("es", "Actualización", "En investigación", "Usuarios"),
        ("it", "Update", "Investigating", "End users"),
    ],
)
def test_what_templates_say_of_an_update(tag: str, kind: str, state: str, audience: str) -> None:
    assert phrases.kind(UpdateKind.UPDATE, language=tag) == kind
    assert phrases.state(IncidentState.INVESTIGATING, language=tag) == state
    assert phrases.audience(AudienceCode.END_USERS, "End users", language=tag) == audience


@pytest.mark.parametrize("tag", ["en-GB", "de-DE", "fr", "es", "pl-PL"])
def test_how_a_correction_begins(tag: str) -> None:
    said = phrases.correction("Alle {time} Kassen.", "10:30 (UTC+0)", language=tag)
    assert "Alle {time} Kassen." in said
    assert said.split("10:30 (UTC+0)")[0] in ("At ", "Um ", "À ", "A las ")
    gaps = re.findall(r"\[[^\]]+\]", said)
    assert len(gaps) == 3
    assert [each.text for each in check_leftovers.leftovers(said) if each.rule == "placeholder"][-3:] == gaps


def test_a_name_that_the_organisation_gave_stays() -> None:
    assert phrases.audience(AudienceCode.END_USERS, "Alle in Graz", language="de-AT") == "Alle in Graz"
    assert phrases.audience("press", "Press", language="de-AT") == "Press"


def test_every_language_has_every_word() -> None:
    for words in (phrases._KINDS, phrases._STATES):
        assert set(words) == set(phrases.TEMPLATES)
        assert {frozenset(said) for said in words.values()} == {frozenset(words["en"])}
        assert all(len(set(said.values())) == len(said) for said in words.values())
    assert all(set(phrases._AUDIENCES[tag]) == set(AudienceCode) for tag in phrases.TEMPLATES if tag != "en")


def test_every_language_has_every_phrase() -> None:
    assert {frozenset(said) for said in phrases._DOING.values()} == {frozenset(phrases._DOING["en"])}
    assert set(phrases._DOING) == set(phrases._WAITING) == set(phrases.TEMPLATES)
