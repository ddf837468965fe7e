"""A team that was called against its confirmed profile says so: no machine does, and nobody is named (L15)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from incidents.models import Engagement, Incident, TimelineEntry
from incidents.services.work import call_links
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Invalid, Missing
from mim_portal.models import AuditEntry
from reviews.choices import LapseCode, LapseState
from reviews.models import Lapse
from reviews.queries import lapses as lapse_queries
from reviews.rendering import ledger
from reviews.services.suggesting import calls
from tests import factories
from tests.factories import NOON
from tests.reviews import rows

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]
SENTENCE = "The practice called a team by another way than the team's confirmed profile says."


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return rows.incident(manager=cast.mia, state="investigating", declared_at=dbtime.now() - timedelta(hours=1))


@pytest.fixture
def call(incident: Incident, cast: SimpleNamespace) -> Engagement:
    team = factories.team(slug="database", name="Database", members=(cast.rosa,))
    profile = factories.profile(of=team, confirmed_at=NOON, confirmed_by=cast.rosa)
    return rows.engagement(of=incident, team=team, asked_by=cast.carla, profile=profile)


def say(call: Engagement, client: Client, *, against: str = "channel", status: int = 200) -> str:
    address = f"/call/{call_links.token(call, None)}/"
    answer = client.post(address, {"step": "against", "against": against})
    assert answer.status_code == status
    return answer.content.decode()


def test_the_manager_of_that_moment_is_asked_in_private(
    call: Engagement, cast: SimpleNamespace, client: Client
) -> None:
    assert "Noted, without your name." in say(call, client)
    lapse = Lapse.objects.get()
    assert (lapse.code, lapse.state, lapse.addressee) == (LapseCode.L15, LapseState.SUGGESTED, cast.mia)
    assert lapse.occurred_at == call.asked_at
    assert ledger.sentence(lapse, now=NOON) == SENTENCE
    assert not lapse_queries.visible_lapses(cast.mia).exists()  # until users have their service back
    for word in ("Rosa", "rosa", "Database", "Carla"):
        assert word not in str(lapse.facts)


def test_the_room_and_the_audit_hear_nothing(call: Engagement, client: Client) -> None:
    before = (TimelineEntry.objects.count(), AuditEntry.objects.count())
    say(call, client)
    assert (TimelineEntry.objects.count(), AuditEntry.objects.count()) == before
    call.refresh_from_db()
    assert call.state == "asked"


def test_said_twice_is_one_and_each_way_is_its_own(call: Engagement, client: Client) -> None:
    for against in ("channel", "channel", "hour"):
        say(call, client, against=against)
    assert Lapse.objects.count() == 2


def test_an_answer_is_not_shown_to_the_next_reader(call: Engagement, client: Client) -> None:
    address = f"/call/{call_links.token(call, None)}/"
    before = client.get(address).content.decode()
    say(call, client)
    after = client.get(address).content.decode()
    assert "Were you called against your profile, or disturbed?" in before
    assert "Were you called against your profile, or disturbed?" in after
    assert "Noted" not in after


@pytest.mark.parametrize("against", ["", "tone"])
def test_it_says_what_it_went_against(call: Engagement, client: Client, against: str) -> None:
    assert "error-summary" in say(call, client, against=against, status=422)
    assert not Lapse.objects.exists()


@pytest.mark.parametrize("change", ["unconfirmed", "none", "exercise"])
def test_without_a_confirmed_profile_there_is_nothing_to_follow(call: Engagement, client: Client, change: str) -> None:
    if change == "unconfirmed":
        assert call.profile is not None
        call.profile.confirmed_at = None
        call.profile.save()
    elif change == "none":
        Engagement.objects.update(profile=None)
    else:
        Incident.objects.update(is_exercise=True)
    page = client.get(f"/call/{call_links.token(call, None)}/").content.decode()
    assert "Were you called against your profile, or disturbed?" not in page
    say(call, client, status=200 if change == "exercise" else 422)
    assert not Lapse.objects.exists()
    assert ("Were you disturbed by executives?" in page) == (change != "exercise")


@pytest.mark.parametrize("joined", [None, NOON])
def test_executives_who_joined_where_it_worked(
    call: Engagement, cast: SimpleNamespace, client: Client, joined: datetime | None
) -> None:
    """With or without a profile; nobody watches who joins a bridge (L14)."""
    Engagement.objects.update(profile=None, joined_at=joined)
    assert "Noted, without your name." in say(call, client, against="bridge")
    lapse = Lapse.objects.get()
    assert (lapse.code, lapse.addressee, lapse.occurred_at) == (LapseCode.L14, cast.mia, joined or call.asked_at)
    assert "Database" not in str(lapse.facts)


@pytest.mark.parametrize(("given", "refusal"), [({"against": "tone"}, Invalid), ({"engagement_id": 0}, Missing)])
def test_the_verb_refuses_what_it_does_not_know(
    call: Engagement, given: dict[str, Any], refusal: type[Exception]
) -> None:
    call_given: dict[str, Any] = {"engagement_id": call.pk, "against": "hour", "now": NOON}
    with pytest.raises(refusal):
        calls.against_profile(**call_given | given)


class TestFromTheTeamsOwnPage:
    """Members need not look for the mail of the call."""

    PAGE = "/teams/database/calls/"

    def test_a_member_says_so(self, call: Engagement, cast: SimpleNamespace, signed_in: Any) -> None:
        rosa = signed_in(cast.rosa)
        assert "It went against our profile" in rosa.get(self.PAGE).content.decode()
        assert self.PAGE in rosa.get("/teams/database/").content.decode()
        answer = rosa.post(f"{self.PAGE}{call.pk}/against/", {"against": "hour"}, follow=True)
        assert "Noted, without your name." in answer.content.decode()
        lapse = Lapse.objects.get()
        assert (lapse.code, lapse.addressee) == (LapseCode.L15, cast.mia)
        assert not AuditEntry.objects.filter(actor=cast.rosa).exists()
        assert rosa.post(f"{self.PAGE}{call.pk}/against/", {"against": "hour"}).status_code == 302
        assert Lapse.objects.count() == 1

    def test_without_an_answer_nothing_is_noted(self, call: Engagement, cast: SimpleNamespace, signed_in: Any) -> None:
        assert signed_in(cast.rosa).post(f"{self.PAGE}{call.pk}/against/", {}).status_code == 422
        assert not Lapse.objects.exists()

    @pytest.mark.parametrize("name", ["mia", "petra", "carla"])
    def test_nobody_else(self, call: Engagement, cast: SimpleNamespace, signed_in: Any, name: str) -> None:
        client = signed_in(getattr(cast, name))
        assert client.get(self.PAGE).status_code == 403
        assert client.post(f"{self.PAGE}{call.pk}/against/", {"against": "hour"}).status_code == 403
        assert self.PAGE not in client.get("/teams/database/").content.decode()

    def test_calls_of_others_and_old_ones_are_not_there(
        self, call: Engagement, cast: SimpleNamespace, signed_in: Any
    ) -> None:
        other = factories.team(slug="network", members=(cast.rosa,))
        rosa = signed_in(cast.rosa)
        assert rosa.post(f"/teams/{other.slug}/calls/{call.pk}/against/", {"against": "hour"}).status_code == 404
        Engagement.objects.update(asked_at=dbtime.now() - timedelta(days=31))
        assert "Nobody has called the team in the last thirty days." in rosa.get(self.PAGE).content.decode()
        assert rosa.post(f"{self.PAGE}{call.pk}/against/", {"against": "hour"}).status_code == 404

    def test_without_a_confirmed_profile(self, call: Engagement, cast: SimpleNamespace, signed_in: Any) -> None:
        Engagement.objects.update(profile=None)
        rosa = signed_in(cast.rosa)
        assert "It went against our profile" not in rosa.get(self.PAGE).content.decode()
        answer = rosa.post(f"{self.PAGE}{call.pk}/against/", {"against": "hour"})
        assert answer.status_code == 422
        assert rosa.post(f"{self.PAGE}{call.pk}/against/", {"against": "bridge"}).status_code == 302
        assert Lapse.objects.get().code == LapseCode.L14


class TestByTheApi:
    """The same for a team's own tools, with a member's token."""

    CALLS = "/api/v1/teams/database/calls/"

    def test_a_member_says_so(self, call: Engagement, cast: SimpleNamespace, api: Api) -> None:
        rosa = api(cast.rosa)
        (row,) = rosa.get(self.CALLS).json()["results"]
        assert (row["id"], row["incident"], row["profile_confirmed"]) == (call.pk, call.incident.reference, True)
        for _time in range(2):
            answer = rosa.post(f"{self.CALLS}{call.pk}/against/", {"against": "hour"})
            assert (answer.status_code, answer.content) == (204, b"")
        lapse = Lapse.objects.get()
        assert (lapse.code, lapse.addressee) == (LapseCode.L15, cast.mia)
        assert not AuditEntry.objects.filter(actor=cast.rosa).exists()
        assert rosa.get(self.CALLS).json()["results"] == [row]
        assert rosa.get("/api/v1/lapses/").json()["results"] == []

    @pytest.mark.parametrize("name", ["mia", "petra", "carla"])
    def test_nobody_else(self, call: Engagement, cast: SimpleNamespace, api: Api, name: str) -> None:
        client = api(getattr(cast, name))
        for answer in (client.get(self.CALLS), client.post(f"{self.CALLS}{call.pk}/against/", {"against": "hour"})):
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
        assert not Lapse.objects.exists()

    def test_what_it_refuses(self, call: Engagement, cast: SimpleNamespace, api: Api) -> None:
        rosa, against = api(cast.rosa), f"{self.CALLS}{call.pk}/against/"
        refused = rosa.post(against, {"against": "tone"})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "against")
        factories.team(slug="network", members=(cast.rosa,))
        for address in (f"/api/v1/teams/network/calls/{call.pk}/against/", "/api/v1/teams/nobody/calls/1/against/"):
            assert rosa.post(address, {"against": "hour"}).status_code == 404
        Engagement.objects.update(profile=None)
        refused = rosa.post(against, {"against": "hour"})
        assert (refused.status_code, refused.json()["code"]) == (409, "profile_not_confirmed")
        Incident.objects.update(is_private=True)
        Engagement.objects.update(asked_at=dbtime.now() - timedelta(days=31))
        assert rosa.post(against, {"against": "hour"}).status_code == 404
        assert rosa.get(self.CALLS).json()["results"] == []
        assert not Lapse.objects.exists()
