"""Who does what in an incident: given, handed on, ended, refused with words; the timeline has all of it."""

import threading
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from incidents.choices import EntryKind
from incidents.models import Incident, IncidentMember, RoleAssignment
from incidents.queries import people as queries
from incidents.queries import timeline
from incidents.services.accountability import people
from incidents.services.locking import UnknownIncident
from incidents.services.states import lifecycle
from mim_portal.lib.refusals import Forbidden, Invalid, Refusal
from teams.models import Person
from tests import factories
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


def give(incident: Incident, role: str, to: Person, *, by: Person, **options: Any) -> RoleAssignment:
    options.setdefault("now", NOON)
    return people.assign(reference=incident.reference, role=role, to=to, person=by, **options)


def held(incident: Incident) -> list[tuple[str, Person]]:
    return [(holder.role, holder.person) for holder in queries.holders(incident)]


def test_a_role_is_given_and_stands_on_the_timeline(incident: Incident, cast: SimpleNamespace) -> None:
    given = give(incident, "technical_lead", cast.rosa, by=cast.mia)
    assert (given.started_at, given.ended_at, given.assigned_by) == (NOON, None, cast.mia)
    assert held(incident) == [("major_incident_manager", cast.mia), ("technical_lead", cast.rosa)]
    entry = incident.timeline.latest("seq")
    assert entry.kind == EntryKind.ROLE_ASSIGNED
    assert entry.data == {"role": "technical_lead", "person": cast.rosa.pk, "assignment": given.pk}
    assert timeline.words(entry) == "Rosa Example is technical lead now."


def test_a_single_role_is_handed_on_by_naming_its_holder(incident: Incident, cast: SimpleNamespace) -> None:
    give(incident, "scribe", cast.rosa, by=cast.mia)
    with pytest.raises(people.RoleRefused) as refused:
        give(incident, "scribe", cast.nils, by=cast.mia)
    assert refused.value.extra == {"holder": "rosa"}
    assert refused.value.message == "Rosa Example is scribe. To put Nils Example in their place, say so."
    later = NOON + timedelta(minutes=5)
    give(incident, "scribe", cast.nils, by=cast.mia, instead_of=cast.rosa, now=later)
    assert held(incident)[1:] == [("scribe", cast.nils)]
    assert RoleAssignment.objects.get(person=cast.rosa).ended_at == later
    assert timeline.words(incident.timeline.latest("seq")) == "Nils Example is scribe now, in place of Rosa Example."
    with pytest.raises(people.RoleRefused) as changed:
        give(incident, "scribe", cast.dan, by=cast.mia, instead_of=cast.rosa)
    assert changed.value.code == "already_held"


def test_naming_a_holder_who_has_left_is_refused(incident: Incident, cast: SimpleNamespace) -> None:
    with pytest.raises(people.RoleRefused) as refused:
        give(incident, "scribe", cast.nils, by=cast.mia, instead_of=cast.rosa)
    assert refused.value.code == "changed_meanwhile"


def test_some_roles_are_held_by_several(incident: Incident, cast: SimpleNamespace) -> None:
    give(incident, "service_owner", cast.rosa, by=cast.mia)
    give(incident, "service_owner", cast.eve, by=cast.mia)
    with pytest.raises(people.RoleRefused) as refused:
        give(incident, "service_owner", cast.eve, by=cast.mia)
    assert refused.value.code == "already_held"
    assert [person for _role, person in held(incident)[1:]] == [cast.rosa, cast.eve]


def test_a_representative_speaks_for_a_team(incident: Incident, cast: SimpleNamespace) -> None:
    database, network = factories.team(name="Database"), factories.team(name="Network")
    with pytest.raises(Invalid) as refused:
        give(incident, "trg_representative", cast.rosa, by=cast.mia)
    assert refused.value.field == "team"
    with pytest.raises(Invalid):
        give(incident, "scribe", cast.rosa, by=cast.mia, team=database)
    give(incident, "trg_representative", cast.rosa, by=cast.mia, team=database)
    give(incident, "trg_representative", cast.nils, by=cast.mia, team=network)
    assert [holder.words for holder in queries.holders(incident)[1:]] == [
        "Team representative, Database",
        "Team representative, Network",
    ]
    assert timeline.words(incident.timeline.latest("seq")) == "Nils Example is team representative of Network now."


@pytest.mark.parametrize(
    ("role", "to", "code"),
    [
        ("technical_lead", "mia", "role_conflict"),
        ("communications_lead", "mia", "role_conflict"),
        ("deputy_mim", "mia", "role_conflict"),
        ("deputy_mim", "rosa", "not_a_manager"),
        ("scribe", "olaf", "invalid"),
        ("major_incident_manager", "omar", "invalid"),
    ],
)
def test_what_is_refused_with_words(incident: Incident, cast: SimpleNamespace, role: str, to: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        give(incident, role, getattr(cast, to), by=cast.mia)
    assert refused.value.code == code
    assert refused.value.message.endswith(".")
    assert held(incident) == [("major_incident_manager", cast.mia)]


def test_below_p1_the_manager_may_lead_the_technical_work_and_a_rise_shows_the_clash(cast: SimpleNamespace) -> None:
    incident = kit.incident(manager=cast.mia, urgency=2)
    give(incident, "technical_lead", cast.mia, by=cast.mia)
    assert queries.panel(incident=incident, person=cast.mia, now=NOON)["role_clashes"] == []
    lifecycle.set_priority(reference=incident.reference, impact=1, urgency=1, person=cast.mia, now=NOON)
    incident.refresh_from_db()
    clashes = queries.panel(incident=incident, person=cast.rosa, now=NOON)["role_clashes"]
    assert [clash.split(":")[0] for clash in clashes] == ["Mia Example"]
    assert "Name somebody else" in clashes[0]


def test_everybody_in_the_room_may_take_the_log_and_nothing_else(incident: Incident, cast: SimpleNamespace) -> None:
    give(incident, "scribe", cast.rosa, by=cast.rosa)
    with pytest.raises(Forbidden):
        give(incident, "technical_lead", cast.rosa, by=cast.rosa)
    with pytest.raises(Forbidden):
        give(incident, "scribe", cast.nils, by=cast.rosa)


def test_the_holder_or_a_manager_ends_a_role(incident: Incident, cast: SimpleNamespace) -> None:
    given = give(incident, "scribe", cast.rosa, by=cast.mia)
    with pytest.raises(Forbidden):
        people.end(assignment_id=given.pk, person=cast.nils, now=NOON)
    people.end(assignment_id=given.pk, person=cast.rosa, now=NOON)
    assert timeline.words(incident.timeline.latest("seq")) == "Rosa Example is no longer scribe."
    with pytest.raises(people.RoleRefused):
        people.end(assignment_id=given.pk, person=cast.mia, now=NOON)
    with pytest.raises(UnknownIncident):
        people.end(assignment_id=0, person=cast.mia, now=NOON)


def test_nobody_gets_a_role_once_it_has_ended(incident: Incident, cast: SimpleNamespace) -> None:
    lifecycle.transition(reference=incident.reference, to="cancelled", person=cast.mia, now=NOON, reason="in error")
    with pytest.raises(people.RoleRefused) as refused:
        give(incident, "scribe", cast.rosa, by=cast.mia)
    assert refused.value.code == "ended"


def test_whoever_gets_a_role_in_a_private_incident_may_see_it(cast: SimpleNamespace) -> None:
    incident = kit.incident(manager=cast.mia, is_private=True)
    with pytest.raises(UnknownIncident):
        give(incident, "scribe", cast.rosa, by=cast.rosa)
    give(incident, "technical_lead", cast.rosa, by=cast.mia)
    assert IncidentMember.objects.filter(incident=incident, person=cast.rosa).exists()
    give(incident, "scribe", cast.nils, by=cast.mia)
    assert IncidentMember.objects.filter(incident=incident).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_log_at_once_leave_one_scribe(alone: Any) -> None:
    mia, rosa, nils = (factories.manager(username=name) for name in ("mia", "rosa", "nils"))
    incident = kit.incident(manager=mia)
    start, outcomes = threading.Barrier(2), []

    def take(person: Person) -> None:
        start.wait()
        try:
            give(incident, "scribe", person, by=person)
            outcomes.append("done")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(person,)) for person in (rosa, nils)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(outcomes) == ["already_held", "done"]
    assert RoleAssignment.objects.filter(incident=incident, ended_at=None).count() == 1


def test_the_api_gives_lists_and_ends(incident: Incident, cast: SimpleNamespace, api: Callable[..., APIClient]) -> None:
    address = f"/api/v1/incidents/{incident.reference}/roles/"
    client = api(cast.mia)
    made = client.post(address, {"role": "scribe", "person": "rosa"})
    assert made.status_code == 201
    assert made.json()["duties"].startswith("Write actions")
    again = client.post(address, {"role": "scribe", "person": "nils"})
    assert (again.status_code, again.json()["code"], again.json()["holder"]) == (409, "already_held", "rosa")
    handed = client.post(address, {"role": "scribe", "person": "nils", "instead_of": "rosa"})
    assert handed.status_code == 201
    ended = client.post(f"{address}{handed.json()['id']}/end/")
    assert ended.json()["ended_at"] is not None
    assert [row["person"] for row in client.get(address).json()["results"]] == ["nils", "rosa"]
    assert client.post(f"{address}0/end/").status_code == 404
    assert client.post(address, {"role": "boss", "person": "rosa"}).status_code == 400


Browser = Callable[[Person], Client]


def test_one_press_makes_the_scribe(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    rosa = signed_in(cast.rosa)
    room = f"/incidents/{incident.reference}/"
    assert "I am scribe" in rosa.get(f"{room}panels/roles/").content.decode()
    assert rosa.post(f"{room}roles/scribe/")["Location"] == f"{room}#roles"
    text = rosa.get(f"{room}panels/roles/").content.decode()
    assert "Your role: Scribe." in text
    assert "Do not wait to be told." in text
    assert "I am scribe" not in text
    mine = text.index("Your role: Scribe.")
    assert mine < text.index("Accountable manager")  # one's own duties stand first
    signed_in(cast.nils).post(f"{room}roles/scribe/")
    assert held(incident)[1:] == [("scribe", cast.rosa)]


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    mia = signed_in(cast.mia)
    address = f"/incidents/{incident.reference}/roles/"
    assert "Give a role" in mia.get(address).content.decode()
    wrong = mia.post(address, {"role": "technical_lead", "to": "Nobody At All"})
    assert wrong.status_code == 422
    assert "Nobody here is called “Nobody At All”." in wrong.content.decode()
    clash = mia.post(address, {"role": "technical_lead", "to": "mia"})
    assert clash.status_code == 422
    assert "Name somebody else first." in clash.content.decode()
    done = mia.post(address, {"role": "technical_lead", "to": "rosa example"})
    assert done.status_code == 302
    assert held(incident)[1:] == [("technical_lead", cast.rosa)]


def test_the_panel_costs_the_same_whoever_has_a_role(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, django_assert_num_queries: Any
) -> None:
    """Session, person, incident with its service; tenure, assignments and commitments together."""
    client = signed_in(cast.mia)
    address = f"/incidents/{incident.reference}/panels/roles/"
    for number, person in enumerate((cast.rosa, cast.nils, cast.dan, cast.omar)):
        give(incident, "vendor_manager", person, by=cast.mia, now=NOON + timedelta(minutes=number))
    client.get(address)
    with django_assert_num_queries(4):
        client.get(address)
