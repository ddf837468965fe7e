"""What the checks compare a text with: the organisation's words, the last message, the longest promise."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django import Settings

from comms.adapters import languagetool, memory
from comms.choices import UpdateKind
from comms.models import Audience, OwedAudience
from comms.queries.writing import facts, vocabulary
from comms.services.writing import publishing
from incidents.models import Incident
from incidents.services.accountability import command
from mim_portal.lib import dbtime
from mim_portal.models import OrganisationSetting
from teams.models import GlossaryTerm
from tests import factories
from tests.comms import update_kit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Rosa is on it.", ["Rosa Example"]),
        ("ROSA AND NILS ARE ON IT.", ["Rosa Example", "Nils Example"]),
        ("Nobody is named.", []),
        ("", []),
    ],
)
def test_of_all_people_only_those_named_are_read(cast: SimpleNamespace, text: str, names: list[str]) -> None:
    assert [person.name for person in facts.people_in(text)] == names


def test_people_who_left_are_not_looked_for(cast: SimpleNamespace) -> None:
    cast.rosa.is_active = False
    cast.rosa.save(update_fields=["is_active"])
    factories.person(username="nameless", first_name="", last_name="")
    assert facts.people_in("Rosa is on it.") == []


def test_many_people_cost_no_more(
    cast: SimpleNamespace, incident: Incident, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(50):
        factories.person(first_name=f"Zora{number}", last_name=f"Quill{number}")
    facts.known(incident=incident, text="")
    with django_assert_num_queries(3):  # the manager, the words' stamp, who is named
        known = facts.known(incident=incident, text="Zora7 is on it.")
    assert known.people == ("Zora7 Quill7",)


def test_the_managers_contact_may_stand_in_a_message(cast: SimpleNamespace, incident: Incident) -> None:
    cast.omar.phone = "+44 1632 960001"
    cast.omar.save(update_fields=["phone"])
    before = facts.known(incident=incident, text="")
    assert (before.manager_names, cast.mia.email in before.allowed_contacts) == (("Mia Example",), True)
    command.take_over(reference=incident.reference, person=cast.omar, reason="Mia is ill.", now=dbtime.now())
    after = facts.known(incident=incident, text="")
    assert after.manager_names == ("Omar Example",)
    assert cast.omar.phone in after.allowed_contacts


def test_the_desks_public_line_may_stand_in_a_message(cast: SimpleNamespace, incident: Incident) -> None:
    body = update_kit.BODY + " Call the desk on 01632 960999."
    made = update_kit.drafted(incident, cast.mia, "end_users", kind=UpdateKind.INITIAL, body=body)
    with pytest.raises(publishing.Blocked):
        update_kit.published(made, cast.mia, send_now=True)
    OrganisationSetting.objects.create(name=vocabulary.PUBLIC_CONTACTS, value=["01632 960999"])
    assert update_kit.published(made, cast.mia, send_now=True).sequence == 1


def test_words_of_the_organisation(cast: SimpleNamespace, incident: Incident, settings: Settings) -> None:
    settings.BASE_URL, settings.ALLOWED_HOSTS = "https://mim.example.org", ["*", "intranet.example.org"]
    GlossaryTerm.objects.create(term="EPOS", meaning="the tills")
    factories.team(slug="network", name="Network")
    factories.site(slug="dublin", name="Dublin")
    incident.bridge_url = "https://bridge.example.org/42"
    known = facts.known(incident=incident, text="")
    assert dict(known.glossary) == {"EPOS": "the tills"}
    assert (known.teams, known.sites, known.services) == (("Network",), ("Dublin",), ("Payroll",))
    assert known.internal_hosts == ("intranet.example.org", "mim.example.org")
    assert known.bridge_urls == ("https://bridge.example.org/42",)


def test_what_needs_the_service_and_what_it_needs_is_known(cast: SimpleNamespace, incident: Incident) -> None:
    """Also from the moment on in which the catalogue says so."""
    assert facts.known(incident=incident, text="").related == frozenset()
    directory, kiosk = factories.service(name="Directory"), factories.service(name="Kiosk")
    factories.service(name="Canteen").depends_on.add(directory)
    incident.service.depends_on.add(directory)
    kiosk.depends_on.add(incident.service)
    assert facts.known(incident=incident, text="").related == {"Directory", "Kiosk"}
    kiosk.depends_on.clear()
    assert facts.known(incident=incident, text="").related == {"Directory"}


def test_the_last_message_is_that_of_the_same_readers(cast: SimpleNamespace, incident: Incident) -> None:
    for code, body in (("technical", "For technical teams."), ("service_desk", "For the desk.")):
        update_kit.published(update_kit.drafted(incident, cast.mia, code, body=body), cast.mia)
    technical = Audience.objects.filter(code="technical")
    assert facts.previous_body(incident=incident, audiences=technical) == "For technical teams."
    assert facts.previous_body(incident=incident, audiences=Audience.objects.filter(code="public")) == ""


def test_a_time_beyond_every_readers_cadence_promises_too_little(cast: SimpleNamespace, incident: Incident) -> None:
    now = incident.declared_at
    chosen = list(Audience.objects.filter(code__in=["technical", "end_users"]))
    limit = facts.latest_next_at(incident=incident, audiences=chosen, now=now)
    assert limit is not None
    assert timedelta(minutes=30) < limit - now <= timedelta(minutes=31)
    assert sorted(facts.cadence_limits(incident=incident, audiences=chosen, now=now)) == [
        now + timedelta(minutes=15),
        now + timedelta(minutes=30),
    ]


def test_after_two_hours_the_pace_is_slower(cast: SimpleNamespace, incident: Incident) -> None:
    later = incident.declared_at + timedelta(hours=3)
    chosen = Audience.objects.filter(code="end_users")
    limit = facts.latest_next_at(incident=incident, audiences=chosen, now=later)
    assert limit is not None
    assert limit - later > timedelta(minutes=59)


def test_an_agreed_timetable_replaces_the_pace(cast: SimpleNamespace, incident: Incident) -> None:
    morning = incident.declared_at + timedelta(hours=9)
    OwedAudience.objects.filter(incident=incident).update(agreed_times=[morning])
    chosen = Audience.objects.filter(code="end_users")
    assert facts.cadence_limits(incident=incident, audiences=chosen, now=incident.declared_at) == [morning]


def test_readers_without_a_cadence_set_no_limit(cast: SimpleNamespace) -> None:
    incident = update_kit.declared(cast.mia, audiences=["technical"])
    chosen = Audience.objects.filter(code="public")
    assert facts.latest_next_at(incident=incident, audiences=chosen, now=dbtime.now()) is None


def test_a_correction_knows_whom_it_must_reach(cast: SimpleNamespace, incident: Incident) -> None:
    wrong = update_kit.published(update_kit.drafted(incident, cast.mia, "technical", "service_desk"), cast.mia)
    right = publishing.correct(
        update_id=wrong.pk, person=cast.mia, subject="", body="x", next_update_at=None, now=dbtime.now()
    )
    draft = facts.draft_of(right, incident=incident, now=dbtime.now())
    assert draft.corrects_audiences == {"technical", "service_desk"}
    assert set(draft.audiences) == draft.corrects_audiences
    assert draft.known_audiences >= {"public", "executives"}


def test_the_state_of_the_incident_is_part_of_the_facts(cast: SimpleNamespace) -> None:
    incident = update_kit.declared(cast.mia, is_private=True, is_exercise=True)
    incident.cause_confirmed_at = dbtime.now()
    made = update_kit.drafted(incident, cast.mia)
    draft = facts.draft_of(made, incident=incident, now=dbtime.now())
    assert (draft.state, draft.is_private, draft.is_exercise, draft.cause_confirmed) == ("declared", True, True, True)
