"""The fixed words that the portal puts into messages, in the languages that its built-in templates exist in."""

from collections.abc import Mapping
from typing import Final

from comms.choices import AudienceCode, UpdateKind
from incidents.choices import IncidentState
from mim_portal.lib import language_tags

ENGLISH: Final = "en"
TEMPLATES: Final = (ENGLISH, "de", "fr", "es")

# What is being done, by the state; under "" for every other state. A team that nobody called is never named: it is
# called in when the investigation begins.
_DOING: Final[Mapping[str, Mapping[str, str]]] = {
    ENGLISH: {
        IncidentState.DECLARED: "We are looking into it.",
        IncidentState.INVESTIGATING: "Our teams are investigating.",
        IncidentState.IDENTIFIED: "Our teams know what has to be repaired and are preparing it.",
        IncidentState.MITIGATING: "Our teams are putting a way around the problem in place.",
        IncidentState.MONITORING: "The service works again and our teams are watching it.",
        "": "Our teams are following it up.",
    },
    "de": {
        IncidentState.DECLARED: "Wir kümmern uns darum.",
        IncidentState.INVESTIGATING: "Unsere Teams untersuchen die Störung.",
        IncidentState.IDENTIFIED: "Unsere Teams wissen, was repariert werden muss, und bereiten es vor.",
        IncidentState.MITIGATING: "Unsere Teams richten eine Übergangslösung ein.",
        IncidentState.MONITORING: "Der Dienst funktioniert wieder, und unsere Teams beobachten ihn.",
        "": "Unsere Teams arbeiten die Störung nach.",
    },
    "fr": {
        IncidentState.DECLARED: "Nous nous en occupons.",
        IncidentState.INVESTIGATING: "Nos équipes cherchent l’origine du problème.",
        IncidentState.IDENTIFIED: "Nos équipes savent ce qu’il faut réparer et s’y préparent.",
        IncidentState.MITIGATING: "Nos équipes mettent en place une solution provisoire.",
        IncidentState.MONITORING: "Le service fonctionne de nouveau et nos équipes le surveillent.",
        "": "Nos équipes assurent le suivi.",
    },
    "es": {
        IncidentState.DECLARED: "Ya nos ocupamos de la incidencia.",
        IncidentState.INVESTIGATING: "Nuestros equipos investigan la causa.",
        IncidentState.IDENTIFIED: "Nuestros equipos saben qué hay que reparar y lo están preparando.",
        IncidentState.MITIGATING: "Nuestros equipos están aplicando una solución provisional.",
        IncidentState.MONITORING: "El servicio vuelve a funcionar y nuestros equipos lo están supervisando.",
        "": "Nuestros equipos hacen el seguimiento.",
    },
}
# What templates can say of an update and of the incident: its kind and its state, in a word.
_KINDS: Final[Mapping[str, Mapping[str, str]]] = {
    ENGLISH: {kind: str(kind.label) for kind in UpdateKind},
    "de": {
        UpdateKind.INITIAL: "Erste Meldung",
        UpdateKind.HOLDING: "Zwischenstand",
        UpdateKind.UPDATE: "Meldung",
        UpdateKind.WORKAROUND: "Übergangslösung",
        UpdateKind.RESTORED: "Funktioniert wieder",
        UpdateKind.CLOSURE: "Abschluss",
        UpdateKind.CORRECTION: "Korrektur",
        UpdateKind.HANDOVER: "Übergabe",
        UpdateKind.DOWNGRADE: "Herabstufung",
    },
    "fr": {
        UpdateKind.INITIAL: "Premier message",
        UpdateKind.HOLDING: "Point d’étape",
        UpdateKind.UPDATE: "Message",
        UpdateKind.WORKAROUND: "Solution provisoire",
        UpdateKind.RESTORED: "Rétabli",
        UpdateKind.CLOSURE: "Clôture",
        UpdateKind.CORRECTION: "Correction",
        UpdateKind.HANDOVER: "Passation",
        UpdateKind.DOWNGRADE: "Priorité abaissée",
    },
    "es": {
        UpdateKind.INITIAL: "Primer aviso",
        UpdateKind.HOLDING: "Sin cambios",
        UpdateKind.UPDATE: "Actualización",
        UpdateKind.WORKAROUND: "Solución provisional",
        UpdateKind.RESTORED: "Restablecido",
        UpdateKind.CLOSURE: "Cierre",
        UpdateKind.CORRECTION: "Corrección",
        UpdateKind.HANDOVER: "Traspaso",
        UpdateKind.DOWNGRADE: "Prioridad rebajada",
    },
}
_STATES: Final[Mapping[str, Mapping[str, str]]] = {
    ENGLISH: {state: str(state.label) for state in IncidentState},
    "de": {
        IncidentState.DECLARED: "Ausgerufen",
        IncidentState.INVESTIGATING: "In Untersuchung",
        IncidentState.IDENTIFIED: "Ursache bekannt",
        IncidentState.MITIGATING: "In Behebung",
        IncidentState.MONITORING: "Unter Beobachtung",
        IncidentState.RESOLVED: "Behoben",
        IncidentState.CLOSED: "Abgeschlossen",
        IncidentState.CANCELLED: "Abgebrochen",
    },
    "fr": {
        IncidentState.DECLARED: "Déclaré",
        IncidentState.INVESTIGATING: "En cours d’analyse",
        IncidentState.IDENTIFIED: "Cause connue",
        IncidentState.MITIGATING: "En cours de correction",
        IncidentState.MONITORING: "Sous surveillance",
        IncidentState.RESOLVED: "Résolu",
        IncidentState.CLOSED: "Clos",
        IncidentState.CANCELLED: "Annulé",
    },
    "es": {
        IncidentState.DECLARED: "Declarada",
        IncidentState.INVESTIGATING: "En investigación",
        IncidentState.IDENTIFIED: "Causa identificada",
        IncidentState.MITIGATING: "En corrección",
        IncidentState.MONITORING: "En supervisión",
        IncidentState.RESOLVED: "Resuelta",
        IncidentState.CLOSED: "Cerrada",
        IncidentState.CANCELLED: "Cancelada",
    },
}
# The audiences that every organisation has, by the name that they come with; a name of its own stays as it is.
_AUDIENCES: Final[Mapping[str, Mapping[str, str]]] = {
    ENGLISH: {},
    "de": {
        AudienceCode.TECHNICAL: "Technische Teams",
        AudienceCode.SERVICE_DESK: "Service-Desk",
        AudienceCode.SERVICE_OWNERS: "Dienstverantwortliche",
        AudienceCode.END_USERS: "Nutzerinnen und Nutzer",
        AudienceCode.EXECUTIVES: "Geschäftsleitung",
        AudienceCode.PUBLIC: "Öffentlichkeit",
    },
    "fr": {
        AudienceCode.TECHNICAL: "Équipes techniques",
        AudienceCode.SERVICE_DESK: "Centre d’assistance",
        AudienceCode.SERVICE_OWNERS: "Responsables de service",
        AudienceCode.END_USERS: "Utilisateurs",
        AudienceCode.EXECUTIVES: "Direction",
        AudienceCode.PUBLIC: "Public",
    },
    "es": {
        AudienceCode.TECHNICAL: "Equipos técnicos",
        AudienceCode.SERVICE_DESK: "Centro de asistencia",
        AudienceCode.SERVICE_OWNERS: "Responsables de servicio",
        AudienceCode.END_USERS: "Usuarios",
        AudienceCode.EXECUTIVES: "Dirección",
        AudienceCode.PUBLIC: "Público",
    },
}
_WAITING: Final[Mapping[str, str]] = {
    ENGLISH: "We are waiting for {what} until {until}.",
    "de": "Wir warten bis {until} auf Folgendes: {what}.",
    "fr": "Nous attendons jusqu’à {until} : {what}.",
    "es": "A la espera de lo siguiente (hasta {until}): {what}.",
}

# How a correction begins (domain.md 3.5); what only a person knows is a gap in brackets, which never leaves.
_CORRECTION: Final[Mapping[str, str]] = {
    ENGLISH: "At {time} we wrote: “{said}” That was wrong. Right is: [fill in what is right]. "
    "We know this since [fill in the time and its zone].\n\n[Fill in what readers do now]\n\n"
    "We are sorry for the wrong message.",
    "de": "Um {time} haben wir geschrieben: „{said}“ Das war falsch. Richtig ist: [was richtig ist]. "
    "Wir wissen es seit [wann wir es erfuhren, mit Zone].\n\n[was Sie jetzt tun sollen]\n\n"
    "Wir bitten um Entschuldigung für die falsche Meldung.",
    "fr": "À {time}, nous avons écrit : « {said} » C’était faux. Ce qui est juste : [ce qui est juste]. "
    "Nous le savons depuis [quand nous l’avons appris, avec le fuseau].\n\n"
    "[ce que vous devez faire maintenant]\n\nNous sommes désolés pour ce message erroné.",
    "es": "A las {time} escribimos: «{said}» Era incorrecto. Lo correcto es: [lo que es correcto]. "
    "Lo sabemos desde [cuándo lo supimos, con la zona horaria].\n\n"
    "[qué debe hacer usted ahora]\n\nLamentamos el mensaje erróneo.",
}


def language_of_templates(tag: str) -> str:
    """The language of the built-in templates for updates of this one: its own, else English."""
    own = language_tags.primary(tag)
    return own if own in TEMPLATES else ENGLISH


def doing(state: str, *, language: str) -> str:
    """What is being done, by the state."""
    said = _DOING[language_of_templates(language)]
    return said.get(state, said[""])


def kind(code: str, *, language: str) -> str:
    """The kind of an update, in a word or two."""
    return _KINDS[language_of_templates(language)][code]


def state(code: str, *, language: str) -> str:
    """The state of an incident, in a word or two."""
    return _STATES[language_of_templates(language)][code]


def audience(code: str, name: str, *, language: str) -> str:
    """What an audience is called to its readers: by its own name where the organisation gave it one."""
    usual = AudienceCode(code).label if code in AudienceCode.values else ""
    return _AUDIENCES[language_of_templates(language)].get(code, name) if name == usual else name


def correction(said: str, at: str, *, language: str) -> str:
    """How the correction of a message begins: what we said and when, then what is right."""
    return _CORRECTION[language_of_templates(language)].replace("{time}", at, 1).replace("{said}", said, 1)


def waiting(what: str, until: str, *, language: str) -> str:
    """What is waited for, and until when."""
    return _WAITING[language_of_templates(language)].format(what=what, until=until)
