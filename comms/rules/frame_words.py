"""What the portal itself says around an update, in the languages that its built-in templates exist in.

An update in German whose subject and footer speak English reads as if a machine had put it together, and a screen
reader changes its voice in the middle. Other languages have the English words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from comms.choices import UpdateKind
from mim_portal.lib import language_tags

ENGLISH: Final = "en"
_KINDS: Final = (
    UpdateKind.INITIAL,
    UpdateKind.HOLDING,
    UpdateKind.UPDATE,
    UpdateKind.WORKAROUND,
    UpdateKind.RESTORED,
    UpdateKind.CLOSURE,
    UpdateKind.CORRECTION,
    UpdateKind.HANDOVER,
    UpdateKind.DOWNGRADE,
)


def _tags(*words: str) -> Mapping[UpdateKind, str]:
    return MappingProxyType(dict(zip(_KINDS, words, strict=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """`tags` stand in the subject, with a number behind all but the first message's; what ends in `of` is filled."""

    language: str
    tags: Mapping[UpdateKind, str]
    exercise: str
    nothing_is_wrong: str
    confidential: str
    withdrawn: str
    next: str
    final: str
    next_update: str
    is_last: str
    impact: str
    service: str
    priority: str
    reference: str
    sent: str
    on_the_list: str
    room: str
    status_page: str
    open_room: str
    open_status_page: str
    subscriptions: str
    corrects_of: str
    withdraws_of: str


_ENGLISH: Final = Words(
    language=ENGLISH,
    tags=_tags(
        *("INITIAL", "UPDATE", "UPDATE", "WORKAROUND", "RESTORED", "CLOSURE", "CORRECTION", "HANDOVER", "DOWNGRADE")
    ),
    exercise="EXERCISE EXERCISE EXERCISE",
    nothing_is_wrong="Nothing is wrong with the service.",
    confidential="Confidential. Please do not forward.",
    withdrawn="WITHDRAWN:",
    next="next",
    final="final",
    next_update="Next update by:",
    is_last="This is the last update unless something changes.",
    impact="Impact on record:",
    service="Service:",
    priority="Priority:",
    reference="Reference:",
    sent="Sent:",
    on_the_list="You receive this because you are on the list:",
    room="Incident room:",
    status_page="Status page:",
    open_room="Open the incident room",
    open_status_page="Open the status page",
    subscriptions="Subscribed on the status page? Change or end it:",
    corrects_of="This corrects our update {number}, sent {time}.",
    withdraws_of="We withdraw our update {number}, sent {time}. Please disregard it.",
)
_GERMAN: Final = Words(
    language="de",
    tags=_tags(
        *("ERSTE MELDUNG", "MELDUNG", "MELDUNG", "ÜBERGANGSLÖSUNG", "FUNKTIONIERT WIEDER", "ABSCHLUSS", "KORREKTUR"),
        *("ÜBERGABE", "HERABSTUFUNG"),
    ),
    exercise="ÜBUNG ÜBUNG ÜBUNG",
    nothing_is_wrong="Der Dienst ist nicht gestört.",
    confidential="Vertraulich. Bitte nicht weiterleiten.",
    withdrawn="ZURÜCKGEZOGEN:",
    next="nächste Meldung",
    final="letzte Meldung",
    next_update="Nächste Meldung bis:",
    is_last="Dies ist die letzte Meldung, sofern sich nichts ändert.",
    impact="Auswirkung, wie erfasst:",
    service="Dienst:",
    priority="Priorität:",
    reference="Referenz:",
    sent="Gesendet:",
    on_the_list="Sie erhalten diese Nachricht, weil Sie auf dieser Liste stehen:",
    room="Lagezentrum:",
    status_page="Statusseite:",
    open_room="Lagezentrum öffnen",
    open_status_page="Statusseite öffnen",
    subscriptions="Auf der Statusseite abonniert? Hier ändern oder beenden Sie das Abonnement:",
    corrects_of="Dies korrigiert unsere Meldung {number}, gesendet am {time}.",
    withdraws_of="Wir ziehen unsere Meldung {number}, gesendet am {time}, zurück. Bitte beachten Sie sie nicht.",
)
_FRENCH: Final = Words(
    language="fr",
    tags=_tags(
        *("PREMIER MESSAGE", "MESSAGE", "MESSAGE", "SOLUTION PROVISOIRE", "RÉTABLI", "CLÔTURE", "CORRECTION"),
        *("PASSATION", "PRIORITÉ ABAISSÉE"),
    ),
    exercise="EXERCICE EXERCICE EXERCICE",
    nothing_is_wrong="Le service fonctionne normalement.",
    confidential="Confidentiel. Merci de ne pas transférer ce message.",
    withdrawn="RETIRÉ :",
    next="prochain message",
    final="dernier message",
    next_update="Prochain message au plus tard :",
    is_last="C’est le dernier message, sauf changement.",
    impact="Impact enregistré :",
    service="Service :",
    priority="Priorité :",
    reference="Référence :",
    sent="Envoyé :",
    on_the_list="Vous recevez ce message parce que vous êtes sur la liste :",
    room="Salle de l’incident :",
    status_page="Page d’état :",
    open_room="Ouvrir la salle de l’incident",
    open_status_page="Ouvrir la page d’état",
    subscriptions="Abonné sur la page d’état ? Modifiez ou arrêtez l’abonnement :",
    corrects_of="Ce message corrige notre message {number}, envoyé le {time}.",
    withdraws_of="Nous retirons notre message {number}, envoyé le {time}. Merci de ne pas en tenir compte.",
)
_SPANISH: Final = Words(
    language="es",
    tags=_tags(
        *("PRIMER AVISO", "ACTUALIZACIÓN", "ACTUALIZACIÓN", "SOLUCIÓN PROVISIONAL", "RESTABLECIDO", "CIERRE"),
        *("CORRECCIÓN", "TRASPASO", "PRIORIDAD REBAJADA"),
    ),
    exercise="SIMULACRO SIMULACRO SIMULACRO",
    nothing_is_wrong="El servicio funciona con normalidad.",
    confidential="Confidencial. No reenvíe este mensaje, por favor.",
    withdrawn="RETIRADO:",
    next="próxima actualización",
    final="última actualización",
    next_update="Próxima actualización, a más tardar:",
    is_last="Esta es la última actualización, salvo que haya cambios.",
    impact="Impacto registrado:",
    service="Servicio:",
    priority="Prioridad:",
    reference="Referencia:",
    sent="Enviado:",
    on_the_list="Recibe este mensaje porque figura en la lista:",
    room="Sala de la incidencia:",
    status_page="Página de estado:",
    open_room="Abrir la sala de la incidencia",
    open_status_page="Abrir la página de estado",
    subscriptions="¿Tiene una suscripción en la página de estado? Cámbiela o cancélela aquí:",
    corrects_of="Este mensaje corrige nuestra actualización {number}, enviada el {time}.",
    withdraws_of="Retiramos nuestra actualización {number}, enviada el {time}. Le rogamos que no la tenga en cuenta.",
)
EXERCISE: Final = _ENGLISH.exercise
_WORDS: Final = {words.language: words for words in (_ENGLISH, _GERMAN, _FRENCH, _SPANISH)}


def of(tag: str) -> Words:
    """The words for updates in this language."""
    return _WORDS.get(language_tags.primary(tag), _ENGLISH)


def every_tag() -> frozenset[str]:
    """All tags of all languages: none of them is written by hand."""
    return frozenset(tag for words in _WORDS.values() for tag in words.tags.values())
