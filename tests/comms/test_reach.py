"""The number on the send button is the number of messages that leave."""

from types import SimpleNamespace

import pytest

from comms.adapters import languagetool, memory
from comms.choices import ChannelKind, UpdateKind, UsedFor
from comms.models import Audience, Delivery
from comms.queries.recipients import reach
from comms.services.writing import publishing
from incidents.models import Incident, IncidentMember
from incidents.queries import command
from teams.models import Person
from tests import factories
from tests.comms import update_kit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_private", [False, True])
def test_counted_is_enqueued(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, is_private: bool) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)
    service = factories.service()
    incident = update_kit.declared(cast.mia, service=service, is_private=is_private)
    for address in ("one@example.org", "ONE@example.org", cast.desmond.email):
        factories.recipient(audience="service_owners", address=address)
    factories.recipient(audience="service_owners", address="+441632960000", channel=ChannelKind.SMS)
    factories.recipient(audience="service_owners", address="mia@example.org", person=cast.mia)
    factories.recipient(audience="service_owners", address="elsewhere@example.org", service=factories.service())
    audiences = list(Audience.objects.filter(code__in=["service_owners", "service_desk"]))
    counted = reach.tally(incident=incident, audiences=audiences).reached
    made = update_kit.drafted(incident, cast.mia, "service_owners", "service_desk", kind=UpdateKind.INITIAL)
    update_kit.published(made, cast.mia)
    assert Delivery.objects.filter(channel=ChannelKind.EMAIL).count() == counted == (1 if is_private else 4)


def reached(incident: Incident, *codes: str) -> set[str]:
    """Whom an initial update to these audiences reaches."""
    made = update_kit.drafted(incident, incident_manager(incident), *codes, kind=UpdateKind.INITIAL)
    sent = update_kit.published(made, made.author)
    return set(Delivery.objects.filter(message__update=sent).values_list("address", flat=True))


def incident_manager(incident: Incident) -> Person:
    return command.current_manager(incident)


@pytest.fixture
def lists(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each audience with an address of every kind; the desk and executives are reached by their roles as well."""
    monkeypatch.setattr(languagetool, "check", memory.Language().check)
    for code in ("service_owners", "executives", "end_users"):
        for used_for in UsedFor.values:
            factories.recipient(audience=code, address=f"{used_for}.{code}@example.org", used_for=used_for)


ALL = ("service_owners", "executives", "end_users", "service_desk")


def test_ordinary_incidents_reach_ordinary_lists_alone(cast: SimpleNamespace, lists: None) -> None:
    found = reached(update_kit.declared(cast.mia), *ALL)
    assert {"incidents.service_owners@example.org", "incidents.end_users@example.org", cast.eve.email} <= found
    assert not [address for address in found if address.startswith(("exercises.", "private."))]


def test_an_exercise_reaches_only_its_own_lists_and_whoever_takes_part(cast: SimpleNamespace, lists: None) -> None:
    drill = update_kit.declared(cast.mia, is_exercise=True)
    IncidentMember.objects.create(incident=drill, person=cast.desmond)
    assert reached(drill, *ALL) == {
        "exercises.service_owners@example.org",
        "exercises.executives@example.org",
        "exercises.end_users@example.org",
        cast.desmond.email,  # of the desk by role, and in the exercise
    }


def test_a_private_incident_reaches_its_members_and_lists_kept_for_private_ones(
    cast: SimpleNamespace, lists: None
) -> None:
    private = update_kit.declared(cast.mia, is_private=True)
    IncidentMember.objects.create(incident=private, person=cast.eve)
    assert reached(private, *ALL) == {
        "private.service_owners@example.org",
        "private.executives@example.org",
        "private.end_users@example.org",
        cast.eve.email,
    }


def test_a_private_exercise_reaches_its_members_alone(cast: SimpleNamespace, lists: None) -> None:
    both = update_kit.declared(cast.mia, is_private=True, is_exercise=True)
    IncidentMember.objects.create(incident=both, person=cast.eve)
    assert reached(both, *ALL) == {cast.eve.email}


def test_neither_goes_to_the_public(cast: SimpleNamespace, lists: None) -> None:
    for fields in ({"is_private": True}, {"is_exercise": True}):
        closed = update_kit.declared(cast.mia, service=factories.service(), **fields)
        made = update_kit.drafted(closed, cast.mia, "public", kind=UpdateKind.INITIAL)
        with pytest.raises(publishing.Blocked) as refused:
            update_kit.published(made, cast.mia, send_now=True)
        assert [found["code"] for found in refused.value.extra["findings"]] == ["C27"]
