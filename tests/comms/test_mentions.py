"""Whoever a note mentions is told by mail at once, and nobody else."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from comms.models import Delivery, Message
from incidents.models import Incident, IncidentMember, TimelineEntry
from incidents.services.record import notes
from teams.models import Person
from tests import factories
from tests.incidents import kit


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia, now=timezone.now())


def note(incident: Incident, by: Person, words: str) -> TimelineEntry:
    return notes.note(reference=incident.reference, person=by, text=words, now=timezone.now())


def told() -> list[str]:
    found = Delivery.objects.filter(message__subject__contains="mentions you").order_by("address")
    return list(found.values_list("address", flat=True))


def test_the_mail_says_who_wrote_what_and_where_to_answer(incident: Incident, cast: SimpleNamespace) -> None:
    entry = note(incident, cast.mia, "@rosa can you look at <b>the session store</b>?")
    message = Message.objects.get(subject__contains="mentions you")
    assert message.subject == f"[P1] Mia Example mentions you: {incident.title} | {incident.reference}"
    assert "@Rosa Example can you look at <b>the session store</b>?" in message.text
    assert f"/incidents/{incident.reference}/#entry-{entry.seq}" in message.text
    assert "&lt;b&gt;the session store" in message.html
    assert told() == [cast.rosa.email]
    assert Delivery.objects.get(message=message).position == 0


def test_each_person_hears_once_and_the_writer_never(incident: Incident, cast: SimpleNamespace) -> None:
    factories.team(slug="database", name="Database", members=(cast.rosa, cast.nils, cast.mia, cast.eve))
    note(incident, cast.mia, "@rosa @database @mia @omar")
    assert told() == sorted([cast.nils.email, cast.omar.email, cast.rosa.email])


def test_people_without_an_address_or_an_account_hear_nothing(incident: Incident, cast: SimpleNamespace) -> None:
    Person.objects.filter(pk=cast.rosa.pk).update(email="")
    Person.objects.filter(pk=cast.nils.pk).update(is_active=False)
    note(incident, cast.mia, "@rosa @nils @nobody, look")
    assert told() == []


def test_a_private_incident_tells_its_members_only(incident: Incident, cast: SimpleNamespace) -> None:
    Incident.objects.filter(pk=incident.pk).update(is_private=True)
    IncidentMember.objects.create(incident=incident, person=cast.nils)
    factories.team(slug="database", name="Database", members=(cast.rosa, cast.nils))
    note(incident, cast.mia, "@rosa @nils @database")
    assert told() == [cast.nils.email]


def test_a_plain_note_tells_nobody(incident: Incident, cast: SimpleNamespace) -> None:
    note(incident, cast.mia, "No news, mail rosa@example.org")
    assert told() == []
