"""Fixed phrases of messages by language: its own where the templates have it, else English."""

import pytest

from comms.rules import phrases
from incidents.choices import IncidentState


@pytest.mark.parametrize(
    ("tag", "language"),
    [("en-GB", "en"), ("en-US", "en"), ("de-DE", "de"), ("de-CH", "de"), ("fr", "fr"), ("es", "en"), ("", "en")],
)
def test_the_language_of_built_in_templates(tag: str, language: str) -> None:
    assert phrases.language_of_templates(tag) == language


@pytest.mark.parametrize(
    ("state", "tag", "says"),
    [
        (IncidentState.INVESTIGATING, "en-GB", "Our teams are investigating."),
        (IncidentState.INVESTIGATING, "de-AT", "Unsere Teams untersuchen die Störung."),
        (IncidentState.MONITORING, "fr", "Le service fonctionne de nouveau et nos équipes le surveillent."),
        (IncidentState.RESOLVED, "de-DE", "Unsere Teams arbeiten die Störung nach."),
        (IncidentState.DECLARED, "pl-PL", "Our teams have been called in and are looking into it."),
    ],
)
def test_what_is_being_done(state: str, tag: str, says: str) -> None:
    assert phrases.doing(state, language=tag) == says


def test_what_is_waited_for() -> None:
    given = {"what": "the spare part", "until": "14:00 (UTC+0)"}
    assert phrases.waiting(**given, language="en-GB") == "We are waiting for the spare part until 14:00 (UTC+0)."
    assert phrases.waiting(**given, language="de-DE").startswith("Wir warten bis 14:00 (UTC+0)")


def test_every_language_has_every_phrase() -> None:
    assert {frozenset(said) for said in phrases._DOING.values()} == {frozenset(phrases._DOING["en"])}
    assert set(phrases._DOING) == set(phrases._WAITING) == set(phrases.TEMPLATES)
