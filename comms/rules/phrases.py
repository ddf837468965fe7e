"""The fixed words that the portal puts into messages, in the languages that its built-in templates exist in."""

from collections.abc import Mapping
from typing import Final

from incidents.choices import IncidentState
from mim_portal.lib import language_tags

ENGLISH: Final = "en"
TEMPLATES: Final = (ENGLISH, "de", "fr")

# What is being done, by the state; under "" for every other state.
_DOING: Final[Mapping[str, Mapping[str, str]]] = {
    ENGLISH: {
        IncidentState.DECLARED: "Our teams have been called in and are looking into it.",
        IncidentState.INVESTIGATING: "Our teams are investigating.",
        IncidentState.IDENTIFIED: "Our teams know what has to be repaired and are preparing it.",
        IncidentState.MITIGATING: "Our teams are putting a way around the problem in place.",
        IncidentState.MONITORING: "The service works again and our teams are watching it.",
        "": "Our teams are following it up.",
    },
    "de": {
        IncidentState.DECLARED: "Unsere Teams sind alarmiert und kümmern sich darum.",
        IncidentState.INVESTIGATING: "Unsere Teams untersuchen die Störung.",
        IncidentState.IDENTIFIED: "Unsere Teams wissen, was repariert werden muss, und bereiten es vor.",
        IncidentState.MITIGATING: "Unsere Teams richten eine Übergangslösung ein.",
        IncidentState.MONITORING: "Der Dienst funktioniert wieder, und unsere Teams beobachten ihn.",
        "": "Unsere Teams arbeiten die Störung nach.",
    },
    "fr": {
        IncidentState.DECLARED: "Nos équipes sont alertées et s’en occupent.",
        IncidentState.INVESTIGATING: "Nos équipes cherchent l’origine du problème.",
        IncidentState.IDENTIFIED: "Nos équipes savent ce qu’il faut réparer et s’y préparent.",
        IncidentState.MITIGATING: "Nos équipes mettent en place une solution provisoire.",
        IncidentState.MONITORING: "Le service fonctionne de nouveau et nos équipes le surveillent.",
        "": "Nos équipes assurent le suivi.",
    },
}
_WAITING: Final[Mapping[str, str]] = {
    ENGLISH: "We are waiting for {what} until {until}.",
    "de": "Wir warten bis {until} auf Folgendes: {what}.",
    "fr": "Nous attendons jusqu’à {until} : {what}.",
}


def language_of_templates(tag: str) -> str:
    """The language of the built-in templates for updates of this one: its own, else English."""
    own = language_tags.primary(tag)
    return own if own in TEMPLATES else ENGLISH


def doing(state: str, *, language: str) -> str:
    """What is being done, by the state."""
    said = _DOING[language_of_templates(language)]
    return said.get(state, said[""])


def waiting(what: str, until: str, *, language: str) -> str:
    """What is waited for, and until when."""
    return _WAITING[language_of_templates(language)].format(what=what, until=until)
