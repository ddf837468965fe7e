"""A team that is asked for help is called at once, by mail, whatever else is due."""

from types import SimpleNamespace

import pytest

from comms.adapters import smtp
from comms.models import Delivery, Message
from comms.services.telling import calls
from comms.tasks import deliver
from incidents.models import Engagement, Incident
from incidents.services.work import engagements
from teams.models import Contact, Rota, RotaShift, Team
from tests import factories
from tests.incidents import kit


@pytest.fixture
def team(cast: SimpleNamespace) -> Team:
    made = factories.team(slug="database", name="Database", members=(cast.rosa, cast.nils))
    factories.profile(of=made)
    return made


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


def contact(team: Team, address: str) -> None:
    Contact.objects.create(team=team, kind=Contact.Kind.EMAIL, value=address)


def engage(incident: Incident, team: Team, cast: SimpleNamespace, **options: str) -> Engagement:
    return engagements.engage(reference=incident.reference, team=team, person=cast.mia, now=factories.NOON, **options)


def called() -> set[str]:
    return set(Delivery.objects.filter(message__engagement__isnull=False).values_list("address", flat=True))


def test_the_call_leaves_in_the_transaction_that_asks(incident: Incident, team: Team, cast: SimpleNamespace) -> None:
    contact(team, "database-oncall@example.org")
    engagement = engage(incident, team, cast, note="Please look at the session store.")
    message = Message.objects.get(engagement=engagement)
    assert message.subject == f"[P1] Database is needed: {incident.title} | {incident.reference}"
    assert "Please look at the session store." in message.text
    assert "symptom" in message.text
    assert f"/incidents/{incident.reference}/" in message.text
    assert called() == {"database-oncall@example.org"}


def test_it_leaves_before_every_copy_of_an_update(incident: Incident, team: Team, cast: SimpleNamespace) -> None:
    contact(team, "database-oncall@example.org")
    engage(incident, team, cast)
    assert Delivery.objects.get().position == calls.URGENT


def test_whoever_is_on_shift_is_called_as_well_and_once(incident: Incident, team: Team, cast: SimpleNamespace) -> None:
    contact(team, "Database-oncall@example.org")
    contact(team, "rosa@example.org")
    rota = Rota.objects.create(name="Database", team=team)
    RotaShift.objects.create(
        rota=rota, person=cast.rosa, starts_at=factories.NOON.replace(hour=8), ends_at=factories.NOON.replace(hour=20)
    )
    engage(incident, team, cast)
    assert called() == {"database-oncall@example.org", "rosa@example.org"}


def test_without_addresses_and_shift_every_member_is_called(
    incident: Incident, team: Team, cast: SimpleNamespace
) -> None:
    engage(incident, team, cast)
    assert called() == {"rosa@example.org", "nils@example.org"}


def test_a_team_that_nobody_can_reach_is_still_asked_in_the_room(incident: Incident, cast: SimpleNamespace) -> None:
    engagement = engage(incident, factories.team(), cast)
    assert engagement.pk is not None
    assert called() == set()


def test_asking_again_says_so(incident: Incident, team: Team, cast: SimpleNamespace) -> None:
    contact(team, "database-oncall@example.org")
    engagement = engage(incident, team, cast)
    engagements.ask_again(engagement_id=engagement.pk, person=cast.mia, now=engagements.ask_again_at(engagement))
    subjects = list(Message.objects.order_by("pk").values_list("subject", flat=True))
    assert subjects[1].startswith("[P1] Asked again: Database is needed")


def test_words_that_people_typed_are_escaped_in_html_and_plain_in_text(
    incident: Incident, team: Team, cast: SimpleNamespace
) -> None:
    engagement = engage(incident, team, cast, note="<b>now</b> & here")
    contact(team, "database-oncall@example.org")
    calls.enqueue(engagement_ids=[engagement.pk], again=True, now=factories.NOON)
    message = Message.objects.order_by("-pk")[0]
    assert "&lt;b&gt;now&lt;/b&gt; &amp; here" in message.html
    assert "<b>now</b> & here" in message.text


def test_a_call_that_left_is_delivered(
    incident: Incident, team: Team, cast: SimpleNamespace, mail_sink: SimpleNamespace
) -> None:
    contact(team, "database-oncall@example.org")
    engagement = engage(incident, team, cast)
    assert engagement.delivered_at is None
    assert deliver.run(smtp.Smtp()) == 1
    engagement.refresh_from_db()
    assert engagement.delivered_at is not None


def test_other_mail_delivers_no_call(incident: Incident, team: Team, cast: SimpleNamespace) -> None:
    engagement = engage(incident, team, cast)
    calls.note_sent([], now=factories.NOON)
    engagement.refresh_from_db()
    assert engagement.delivered_at is None
