"""The built-in templates in the languages that they exist in: filled, complete, and without a word of another."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from comms.adapters import languagetool, memory
from comms.choices import Language, UpdateKind
from comms.models import Audience
from comms.queries.writing import languages as queries
from comms.queries.writing import templates as template_queries
from comms.rendering import draft_values, drafts
from comms.rules import phrases
from comms.rules import templates as rules
from comms.rules.checking import check_leftovers
from comms.services.writing import beginning, holding
from incidents.choices import IncidentState
from incidents.models import Incident
from mim_portal.lib import dbtime
from mim_portal.models import OrganisationSetting
from tests.comms import update_kit

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


@pytest.mark.parametrize("language", ["de", "fr"])
def test_they_speak_one_language_and_their_gaps_cannot_leave(language: str) -> None:
    given = values(language)
    bare = given | {"help": [], "impact": dict.fromkeys(given["impact"], ""), "restored_at": ""}
    for text in (*every_text(language, given), *every_text(language, bare)):
        assert not re.search(r"\b(?:the|what you|we are|if you|until this|next|since)\b", text, re.IGNORECASE), text
        for gap in re.findall(r"\[[^\]]+\]", text):
            assert any(each.text in gap or gap in each.text for each in check_leftovers.leftovers(text)), gap


@pytest.mark.parametrize("tag", ["de-DE", "de-AT", "de-CH", "fr", "es", "en-US"])
def test_an_update_begins_in_the_language_of_the_organisation(cast: SimpleNamespace, tag: str) -> None:
    incident = update_kit.declared(cast.mia)
    OrganisationSetting.objects.create(name=queries.LANGUAGE, value=tag)
    now = dbtime.now()
    readers = list(Audience.objects.filter(code="end_users"))
    said = beginning.begin(
        incident=incident, kind=UpdateKind.INITIAL, audiences=readers, next_update_at=now, now=now
    ).body
    begins = {"de": "Betroffen: store staff", "fr": "Personnes touchées : store staff"}
    assert begins.get(tag[:2], "Our teams have been called in") in said
    assert phrases.doing(incident.state, language=tag) in said


def test_a_holding_update_is_sent_as_it_stands(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)
    incident: Incident = update_kit.declared(cast.mia)
    OrganisationSetting.objects.create(name=queries.LANGUAGE, value="de-DE")
    made = holding.prepare(reference=incident.reference, person=cast.mia, now=dbtime.now())
    assert made.body.startswith("Seit ")
    assert "hat sich nichts geändert. Unsere Teams sind alarmiert" in made.body
    assert made.language == "de-DE"
    assert update_kit.published(made, cast.mia, send_now=True).sequence == 1


def test_the_pages_show_and_say_which(cast: SimpleNamespace, signed_in: Callable[..., Client]) -> None:
    OrganisationSetting.objects.create(name=queries.LANGUAGE, value="de-DE")
    page = signed_in(cast.ada).get("/settings/templates/initial/end_users/").content.decode()
    assert "Bis es wieder funktioniert" in page
    said = signed_in(cast.ada).get("/settings/language/").content.decode()
    assert "exist in English, German and French" in said


def test_every_state_is_told_in_every_language() -> None:
    for language in phrases.TEMPLATES:
        told = [phrases.doing(state, language=language) for state in IncidentState]
        assert all(told)
        assert len(set(told)) == 6
    assert {phrases.language_of_templates(tag) for tag in Language.values} == set(phrases.TEMPLATES)
