"""The built-in templates in the languages that they exist in: filled, complete, and without a word of another."""

import contextlib
import re
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from django.test import Client

from comms.adapters import languagetool, memory
from comms.choices import AudienceCode, Language, UpdateKind
from comms.models import Audience
from comms.queries.writing import languages as queries
from comms.queries.writing import templates as template_queries
from comms.rendering import draft_values, drafts
from comms.rules import frame_words, phrases
from comms.rules import templates as rules
from comms.rules.checking.wording import check_leftovers
from comms.rules.checking.wording.language_kinds import Kind, kind_of
from comms.services.writing import beginning, holding
from incidents.choices import IncidentState
from incidents.models import Incident
from mim_portal.lib import dbtime
from mim_portal.models import OrganisationSetting
from tests.comms import update_kit
from tools import catalogues

pytestmark = pytest.mark.django_db

# What people typed, in their own language.
TYPED: dict[str, dict[str, Any]] = {
    "de": {
        "service": "Das Lohnbüro",
        "activity": "Mitarbeiter können keine Zeiten erfassen",
        "impact": {
            "who": "Mitarbeiter der Filialen",
            "activity": "können keine Zeiten erfassen",
            "count": "etwa 1.200",
            "where": "Irland",
            "not_affected": "England",
            "since": "09:10 (UTC+0)",
            "workaround": "Bitte nutzen Sie das Formular aus Papier",
        },
    },
    "fr": {
        "service": "La paie",
        "activity": "Les employés ne peuvent pas saisir leurs heures",
        "impact": {
            "who": "les employés des magasins",
            "activity": "ils ne peuvent pas saisir leurs heures",
            "count": "environ 1 200",
            "where": "en Irlande",
            "not_affected": "l’Angleterre",
            "since": "09:10 (UTC+0)",
            "workaround": "Utilisez le formulaire papier",
        },
    },
    "es": {
        "service": "La nómina",
        "activity": "Los empleados no pueden registrar sus horas",
        "impact": {
            "who": "empleados de las tiendas",
            "activity": "no pueden registrar sus horas",
            "count": "unos 1200",
            "where": "Irlanda",
            "not_affected": "Inglaterra",
            "since": "09:10 (UTC+0)",
            "workaround": "Use el formulario en papel",
        },
    },
}


def values(language: str, state: str = IncidentState.INVESTIGATING) -> dict[str, Any]:
    sample = draft_values.sample()
    typed = TYPED[language]
    said = {name: typed[name] for name in ("service", "activity")}
    said["doing"] = phrases.doing(state, language=language)
    return sample | said | {"impact": sample["impact"] | typed["impact"]}


def every_text(language: str, given: dict[str, Any]) -> list[str]:
    found: list[str] = []
    for audience in Audience.objects.all():
        for kind in rules.KINDS:
            register = rules.register(template_queries.reader(audience))
            texts, faults = drafts.rendered(drafts.shipped(kind, register, language=language), given)
            assert (kind, audience.code, faults) == (kind, audience.code, ())
            assert all(texts.as_dict().values()), (kind, audience.code)
            found += texts.as_dict().values()
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_they_speak_one_language_and_their_gaps_cannot_leave(language: str) -> None:
    given = values(language)
    bare = given | {"help": [], "impact": dict.fromkeys(given["impact"], ""), "restored_at": ""}
    for text in (*every_text(language, given), *every_text(language, bare)):
        assert not re.search(r"\b(?:the|what you|we are|if you|until this|next|since)\b", text, re.IGNORECASE), text
        for gap in re.findall(r"\[[^\]]+\]", text):
            assert any(each.text in gap or gap in each.text for each in check_leftovers.leftovers(text)), gap


@pytest.mark.parametrize("tag", ["de-DE", "de-AT", "de-CH", "fr", "es", "it", "en-US"])
def test_an_update_begins_in_the_language_of_the_organisation(cast: SimpleNamespace, tag: str) -> None:
    incident = update_kit.declared(cast.mia)
    OrganisationSetting.objects.create(name=queries.LANGUAGE, value=tag)
    now = dbtime.now()
    readers = list(Audience.objects.filter(code="end_users"))
    said = beginning.begin(
        incident=incident, kind=UpdateKind.INITIAL, audiences=readers, next_update_at=now, now=now
    ).body
    begins = {
        "de": "Betroffen: store staff",
        "fr": "Personnes touchées : store staff",
        "es": "Afectados: store staff",
    }
    assert begins.get(tag[:2], "We are looking into it.") in said
    assert phrases.doing(incident.state, language=tag) in said


def test_values_are_in_the_language_of_the_organisation(cast: SimpleNamespace) -> None:
    incident = update_kit.declared(cast.mia)
    OrganisationSetting.objects.create(name=queries.LANGUAGE, value="de-DE")
    readers = Audience.objects.get(code="end_users")
    said = draft_values.of(incident, kind=UpdateKind.INITIAL, audience=readers, next_update_at=None, now=dbtime.now())
    assert (said["kind"], said["state"]) == ("Erste Meldung", "Ausgerufen")
    assert said["audience"] == {"code": "end_users", "name": "Nutzerinnen und Nutzer"}


def test_a_holding_update_is_sent_as_it_stands(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)
    incident: Incident = update_kit.declared(cast.mia)
    OrganisationSetting.objects.create(name=queries.LANGUAGE, value="de-DE")
    made = holding.prepare(reference=incident.reference, person=cast.mia, now=dbtime.now())
    assert "\n\nSeit " in made.body
    assert "hat sich nichts geändert. Wir kümmern uns darum" in made.body
    assert made.language == "de-DE"
    assert update_kit.published(made, cast.mia, send_now=True).sequence == 1


def test_the_pages_show_and_say_which(cast: SimpleNamespace, signed_in: Callable[..., Client]) -> None:
    OrganisationSetting.objects.create(name=queries.LANGUAGE, value="de-DE")
    page = signed_in(cast.ada).get("/settings/templates/initial/end_users/").content.decode()
    assert "Bis es wieder funktioniert" in page
    said = signed_in(cast.ada).get("/settings/language/").content.decode()
    assert "exist in English, German, French and Spanish" in said


# Names of the example and of things, references, and the end of a gap, whose line the writer ends.
ALLOWED = {"MI", "UTC", "Atom", "Moreau", "Mia", "Payroll", "webhook", "Webhook", "Webhooks", "confirm", "]"}
PARTS_OF_A_LINE = {"language", "tags", "next", "final", "exercise"}
WARM_SECONDS = 240.0  # a language that the server has not read yet takes long on a busy machine


def mistakes(address: str, text: str, *, tag: str) -> list[str]:
    """What the real server finds, but for names of the example."""
    patience = time.monotonic() + WARM_SECONDS
    while True:
        with contextlib.suppress(requests.Timeout):
            answer = requests.post(f"{address}/v2/check", data={"text": text, "language": tag}, timeout=60)
            if answer.ok:
                break
        assert time.monotonic() < patience, f"{tag} is not read in time"
    found = [(text[each["offset"] : each["offset"] + each["length"]], each) for each in answer.json()["matches"]]
    return [
        f"{words}: {each['message']} {each['context']['text']}"
        for words, each in found
        if words not in ALLOWED and _kind(each["rule"]) is not Kind.STYLE
    ]


def _kind(rule: dict[str, Any]) -> Kind:
    return kind_of(rule_id=rule["id"], category=rule["category"]["id"], issue_type=rule["issueType"])


WAITED_FOR = {"de": "die Leitung", "fr": "la ligne", "es": "la línea"}
MINUTES = {"de": "20 Minuten", "fr": "20 minutes", "es": "20 minutos"}
FOLLOWED = {"depuis le": "depuis le 28 novembre", "desde el": "desde el 28 de noviembre"}  # by a time, on the page


def frame_of_pages(language: str) -> list[str]:
    """What status pages say in this language, each as a sentence, with an example where something is filled in."""
    source = catalogues.ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
    texts = [
        re.sub(r"%\(\w+\)d", "1" if is_one else "3", text)
        for message, said in catalogues.entries(source.read_text(encoding="utf-8")).items()
        if message
        for is_one, text in zip(("\0" in message, False), said.split("\0"), strict=False)
    ]
    filled = [re.sub(r"%\((?:time|said|earliest|latest)\)s", "10:30 (UTC+0)", text) for text in texts]
    filled = [re.sub(r"%\(length\)s", MINUTES[language], text) for text in filled]
    filled = [re.sub(r"%(?:\(\w+\))?s", "Payroll", text) for text in filled]
    filled = [FOLLOWED.get(text, text) for text in filled]
    called = [re.sub(r"https?://\S*[^\s.,;:)]", "https://example.org/", text) for text in filled]
    whole = [text.lstrip(",. ") for text in called]
    return [f"{text[0].upper()}{text[1:]}{'' if text[-1] in '.!?:' else '.'}" for text in whole]


@pytest.mark.parametrize("tag", ["de-DE", "fr", "es"])
def test_the_language_checker_finds_no_mistake(language_tool: str, tag: str) -> None:
    language = tag[:2]
    given = values(language) | {"service": "Payroll", "help": []}
    bare = given | {"impact": dict.fromkeys(given["impact"], ""), "restored_at": ""}
    words = frame_words.of(tag)
    lines = [str(getattr(words, name)) for name in words.__slots__ if name not in PARTS_OF_A_LINE]
    said = [line.format(number=3, time="10:30 (UTC+0)") for line in lines]
    said += [phrases.doing(state, language=tag) for state in IncidentState]
    said += [f"{phrases.kind(kind, language=tag)}." for kind in UpdateKind]
    said += [f"{phrases.state(state, language=tag)}." for state in IncidentState]
    said += [f"{phrases.audience(code, str(code.label), language=tag)}." for code in AudienceCode]
    said += frame_of_pages(language)
    said += phrases.correction("Payroll.", "10:30 (UTC+0)", language=tag).split("\n\n")
    said += [phrases.waiting(WAITED_FOR[language], "14:00 (UTC+0)", language=tag)]
    texts = [*every_text(language, given), *every_text(language, bare), *said]
    distinct = dict.fromkeys(line.strip() for text in texts for line in text.split("\n") if line.strip())
    assert len(distinct) > 60
    assert "\n".join(mistakes(language_tool, "\n\n".join(distinct), tag=tag)) == ""


def test_the_language_checker_reads_every_language(language_tool: str) -> None:
    assert mistakes(language_tool, "Unsere Teams untersuchne die Störung.", tag="de-DE")
    assert mistakes(language_tool, "Nos équipes cherchent l’origne du problème.", tag="fr")
    assert mistakes(language_tool, "Nuestros equipos investigan la csusa.", tag="es")


def test_every_state_is_told_in_every_language() -> None:
    for language in phrases.TEMPLATES:
        told = [phrases.doing(state, language=language) for state in IncidentState]
        assert all(told)
        assert len(set(told)) == 6
    assert {phrases.language_of_templates(tag) for tag in Language.values} == set(phrases.TEMPLATES)
