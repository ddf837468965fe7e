"""A call for help answered from the mail that carries it: by link or by reply, by whoever got it, without sign-in."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from comms.choices import RepliesGo
from comms.models import Delivery, Message, Reply
from comms.queries.replies import destinations
from comms.services.replies import deciding
from incidents.choices import EngagementState
from incidents.models import Engagement, Incident, TimelineEntry
from incidents.queries import timeline
from incidents.services.work import call_links, engagements
from mim_portal.lib import dbtime, rates, signed_links
from mim_portal.lib.buckets import Buckets
from teams.models import Contact, Person, Rota, RotaShift, Team
from tests import factories
from tests.comms.reply_kit import mail, taken
from tests.incidents import kit

pytestmark = pytest.mark.django_db
SHARED = "database-oncall@example.org"


@pytest.fixture
def team(cast: SimpleNamespace) -> Team:
    """Rosa is on shift; the team has an address of its own as well."""
    made = factories.team(slug="database", name="Database", members=(cast.rosa, cast.nils))
    Contact.objects.create(team=made, kind=Contact.Kind.EMAIL, value=SHARED)
    now = dbtime.now()
    RotaShift.objects.create(
        rota=Rota.objects.create(name="Database", team=made),
        person=cast.rosa,
        starts_at=now - timedelta(hours=4),
        ends_at=now + timedelta(hours=4),
    )
    return made


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


@pytest.fixture
def call(incident: Incident, team: Team, cast: SimpleNamespace) -> Engagement:
    return engagements.engage(reference=incident.reference, team=team, person=cast.mia, now=dbtime.now())


def path(call: Engagement, person: Person | None = None) -> str:
    return f"/call/{call_links.token(call, person.pk if person else None)}/"


def entry(call: Engagement, kind: str) -> TimelineEntry:
    return TimelineEntry.objects.get(incident=call.incident, kind=kind)


def copy(address: str) -> Delivery:
    return Delivery.objects.select_related("message").get(address=address)


def test_each_person_gets_a_link_of_their_own_and_the_team_address_one(call: Engagement, cast: SimpleNamespace) -> None:
    for address, person in ((SHARED, None), (cast.rosa.email, cast.rosa)):
        message = copy(address).message
        link = next(word for word in message.text.split() if "/call/" in word)
        assert link in message.html
        found = call_links.called(link.split("/")[-2])
        assert found is not None
        assert (found.engagement, found.person) == (call, person)


def test_reading_answers_nothing(call: Engagement, cast: SimpleNamespace, client: Client) -> None:
    text = client.get(path(call, cast.rosa)).content.decode()
    assert "We have it" in text
    assert "I have joined" in text
    assert "You answer as Rosa Example, for Database." in text
    assert call.message.splitlines()[0] in text
    call.refresh_from_db()
    assert call.state == EngagementState.ASKED


def test_a_person_acknowledges_and_joins(call: Engagement, cast: SimpleNamespace, client: Client) -> None:
    answer = client.post(path(call, cast.rosa), {"step": "acknowledge", "words": " Looking at the session store. "})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Database acknowledged at" in text
    assert "We have it" not in text
    call.refresh_from_db()
    assert (call.state, call.acknowledged_by) == ("acknowledged", cast.rosa)
    acknowledged = entry(call, "engagement_acknowledged")
    assert acknowledged.actor == cast.rosa
    assert timeline.words(acknowledged) == "Database acknowledged. Looking at the session store."

    answer = client.post(path(call, cast.rosa), {"step": "join"})
    assert "Database joined at" in answer.content.decode()
    assert 'value="join"' not in answer.content.decode()
    call.refresh_from_db()
    assert call.state == "joined"
    assert entry(call, "engagement_joined").actor == cast.rosa


def test_an_address_of_the_team_names_nobody(call: Engagement, client: Client) -> None:
    page = client.get(path(call)).content.decode()
    assert "Who is on it?" in page
    assert "You answer for Database." in page
    client.post(path(call), {"step": "join", "words": "Nils, from home"})
    call.refresh_from_db()
    assert (call.state, call.acknowledged_by) == ("joined", None)
    assert call.acknowledged_at == call.joined_at
    joined = entry(call, "engagement_joined")
    assert joined.actor is None
    assert timeline.words(joined) == "Database joined. Nils, from home"


def test_somebody_on_shift_need_not_be_a_member_nor_see_a_private_incident(
    call: Engagement, team: Team, cast: SimpleNamespace, client: Client
) -> None:
    team.memberships.all().delete()
    Incident.objects.filter(pk=call.incident_id).update(is_private=True)
    assert client.post(path(call, cast.rosa), {"step": "acknowledge"}).status_code == 200
    call.refresh_from_db()
    assert call.acknowledged_by == cast.rosa


def test_the_second_sees_that_it_is_answered_and_keeps_their_words(
    call: Engagement, cast: SimpleNamespace, client: Client
) -> None:
    client.post(path(call), {"step": "acknowledge"})
    second = client.post(path(call, cast.rosa), {"step": "acknowledge", "words": "I take it"})
    assert second.status_code == 422
    text = second.content.decode()
    assert "Database: acknowledged already." in text
    assert 'value="I take it"' in text
    assert TimelineEntry.objects.filter(incident=call.incident, kind="engagement_acknowledged").count() == 1


def test_a_team_that_was_released_is_asked_nothing(call: Engagement, cast: SimpleNamespace, client: Client) -> None:
    engagements.release(engagement_id=call.pk, person=cast.mia, now=dbtime.now())
    text = client.get(path(call, cast.rosa)).content.decode()
    assert "with thanks" in text
    assert 'value="join"' not in text
    assert 'value="acknowledge"' not in text
    assert client.post(path(call, cast.rosa), {"step": "join"}).status_code == 422


@pytest.mark.parametrize("step", ["release", "", "useful_action"])
def test_nothing_else_can_be_done_by_the_link(step: str, call: Engagement, client: Client) -> None:
    assert client.post(path(call), {"step": step}).status_code == 404
    call.refresh_from_db()
    assert call.state == "asked"


@pytest.mark.parametrize("change", ["left", "old", "forged", "another kind"])
def test_whoever_may_not_answer_finds_nothing(
    change: str, call: Engagement, cast: SimpleNamespace, client: Client, time_machine: Any
) -> None:
    link = path(call, cast.rosa)
    if change == "left":
        Person.objects.filter(pk=cast.rosa.pk).update(is_active=False)
    elif change == "old":
        time_machine.move_to(dbtime.now() + call_links.HOLDS_FOR + timedelta(minutes=1))
    elif change == "forged":
        link = link[:-5] + "xxxx/"
    else:
        link = "/call/not-a-token/"
    assert client.get(link).status_code == 404
    assert client.post(link, {"step": "acknowledge"}).status_code == 404
    call.refresh_from_db()
    assert call.state == "asked"


def test_too_many_words_are_refused_with_nothing_lost(call: Engagement, client: Client) -> None:
    words = "x" * (engagements.WORDS_LIMIT + 1)
    answer = client.post(path(call), {"step": "acknowledge", "words": words})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    call.refresh_from_db()
    assert call.state == "asked"


def test_the_page_is_kept_by_nobody_and_found_by_nobody(call: Engagement, client: Client) -> None:
    answer = client.get(path(call))
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "call" in signed_links.PLACES


def test_a_network_that_asks_too_often_waits(call: Engagement, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "SIGNED_LINKS", Buckets(burst=1, per_second=1 / 60))
    assert client.get(path(call)).status_code == 200
    assert client.get(path(call)).status_code == 429


def test_a_look_costs_few_queries(
    call: Engagement, cast: SimpleNamespace, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(path(call, cast.rosa))
    with django_assert_num_queries(2):
        client.get(path(call, cast.rosa))


class TestReplies:
    def test_whoever_replies_has_it(self, call: Engagement, cast: SimpleNamespace) -> None:
        found = taken(mail("On it, joining the bridge.\n\nRosa", sender=cast.rosa.email, to=copy(cast.rosa.email)))
        assert found.reply is not None
        assert found.reply.incident == call.incident
        call.refresh_from_db()
        assert (call.state, call.acknowledged_by) == ("acknowledged", cast.rosa)
        assert timeline.words(entry(call, "engagement_acknowledged")) == (
            "Database acknowledged. On it, joining the bridge."
        )

    def test_a_reply_from_a_list_names_nobody(self, call: Engagement) -> None:
        taken(mail("Nils is on it.", sender="nils@home.example", to=copy(SHARED)))
        call.refresh_from_db()
        assert (call.state, call.acknowledged_by) == ("acknowledged", None)

    def test_a_second_reply_is_only_a_reply(self, call: Engagement, cast: SimpleNamespace) -> None:
        taken(mail("On it.", sender=cast.rosa.email, to=copy(cast.rosa.email)))
        taken(mail("Still on it.", sender=cast.rosa.email, to=copy(cast.rosa.email), message_id="<2@mail.example>"))
        assert Reply.objects.count() == 2
        assert TimelineEntry.objects.filter(incident=call.incident, kind="engagement_acknowledged").count() == 1

    def test_a_machine_has_nothing(self, call: Engagement, cast: SimpleNamespace) -> None:
        taken(mail("I am away.", sender=cast.rosa.email, to=copy(cast.rosa.email), Auto_Submitted="auto-replied"))
        call.refresh_from_db()
        assert call.state == "asked"

    def test_the_reference_alone_is_no_answer(self, call: Engagement) -> None:
        taken(mail("On it.", sender="eve@elsewhere.example", subject=f"Re: {call.incident.reference}"))
        call.refresh_from_db()
        assert call.state == "asked"

    def test_replies_go_where_the_portal_reads_them(
        self, call: Engagement, cast: SimpleNamespace, settings: Any
    ) -> None:
        message = Message.objects.filter(engagement=call).first()
        assert message is not None
        deciding.decide(person=cast.ada, to=RepliesGo.MAILBOX, address="replies@portal.example")
        assert destinations.of_messages([message]) == {}
        settings.IMAP_URL = "imaps://user:secret@mail.example/INBOX"
        assert destinations.of_messages([message]) == {message.pk: "replies@portal.example"}
        Incident.objects.filter(pk=call.incident_id).update(is_private=True)
        assert destinations.of_messages([message]) == {}
