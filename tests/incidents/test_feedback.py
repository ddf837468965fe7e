"""How it went: asked once a week at most, said by each side once, kept without a name, shown together."""

import html
import itertools
import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from comms.consumers import feedback as consumer
from comms.models import Delivery, Message
from incidents.models import Engagement, EngagementFeedback, FeedbackRequest, Incident, TimelineEntry
from incidents.queries import engagements as queries
from incidents.services.work import engagements, feedback
from incidents.services.work.engagements import EngagementRefused
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Forbidden, Invalid
from teams.models import Person, Team
from tests import factories
from tests.factories import NOON
from tests.incidents import kit
from tests.reviews import rows

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]
Api = Callable[..., APIClient]
ANSWERS = {"told_what_was_needed": 4, "could_work": 3, "glad_to_work_again": 5}
TYPED = {name: str(value) for name, value in ANSWERS.items()}
WEEK = timedelta(days=7)
_numbers = itertools.count(1)


@pytest.fixture
def team(cast: SimpleNamespace) -> Team:
    return factories.team(slug="database", name="Database", members=(cast.rosa, cast.nils))


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


@pytest.fixture
def asked(incident: Incident, team: Team, cast: SimpleNamespace) -> Engagement:
    made = engagements.engage(reference=incident.reference, team=team, person=cast.mia, now=NOON)
    engagements.acknowledge(engagement_id=made.pk, person=cast.rosa, now=NOON)
    return made


@pytest.fixture
def over(asked: Engagement, cast: SimpleNamespace) -> Engagement:
    return engagements.release(engagement_id=asked.pk, person=cast.mia, now=NOON)


def give(engagement: Engagement, person: Person, **changes: int) -> EngagementFeedback:
    return feedback.give(
        engagement_id=engagement.pk, person=person, answers={**ANSWERS, **changes}, keep=" the first message ", now=NOON
    )


def another(cast: SimpleNamespace, team: Team, **fields: Any) -> Engagement:
    made = rows.incident(manager=cast.mia, reference=f"MI-2025-{next(_numbers):04d}", **fields)
    return rows.engagement(of=made, team=team, asked_by=cast.mia, acknowledged_at=NOON, acknowledged_by=cast.rosa)


def path(engagement: Engagement) -> str:
    return f"/feedback/{feedback.token(FeedbackRequest.objects.get(engagement=engagement))}/"


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


class TestGiving:
    def test_it_opens_when_the_team_is_released_or_the_incident_is_over(
        self, asked: Engagement, cast: SimpleNamespace
    ) -> None:
        with pytest.raises(EngagementRefused) as refused:
            give(asked, cast.rosa)
        assert refused.value.code == "too_soon"
        Incident.objects.filter(pk=asked.incident_id).update(state="resolved", service_restored_at=NOON)
        assert give(asked, cast.rosa).side == "team"

    def test_once_from_each_side(self, over: Engagement, cast: SimpleNamespace) -> None:
        assert list(queries.awaiting_feedback(cast.rosa)) == [over]
        assert (give(over, cast.rosa).side, give(over, cast.mia).side) == ("team", "manager")
        assert list(queries.awaiting_feedback(cast.rosa)) == []
        for person in (cast.nils, cast.omar):
            with pytest.raises(EngagementRefused) as refused:
                give(over, person)
            assert refused.value.code == "already_given"
        assert over.feedback.get(side="team").keep == "the first message"

    @pytest.mark.parametrize("name", feedback.QUESTIONS)
    @pytest.mark.parametrize("value", [0, 6])
    def test_one_to_five(self, name: str, value: int, over: Engagement, cast: SimpleNamespace) -> None:
        with pytest.raises(Invalid) as refused:
            give(over, cast.rosa, **{name: value})
        assert refused.value.field == name

    def test_neither_side(self, over: Engagement, cast: SimpleNamespace) -> None:
        with pytest.raises(Forbidden):
            give(over, cast.desmond)

    def test_nothing_says_who_wrote_it(self, over: Engagement, cast: SimpleNamespace) -> None:
        entries = TimelineEntry.objects.count()
        given = give(over, cast.rosa)
        assert not any(isinstance(getattr(given, field.name), Person) for field in given._meta.fields)
        assert TimelineEntry.objects.count() == entries


class TestAsking:
    def test_whoever_answered_the_call_is_asked_by_mail_at_resolve(
        self, asked: Engagement, cast: SimpleNamespace
    ) -> None:
        asked.incident.refresh_from_db()
        entry = rows.entry(of=asked.incident, kind="state_changed", data={"from": "monitoring", "to": "resolved"})
        consumer.consume([entry])
        message = Message.objects.get(subject__startswith="How did it go for Database?")
        assert Delivery.objects.get(message=message).address == cast.rosa.email
        (link,) = re.findall(r"/feedback/([^/\s]+)/", message.text)  # it holds the second in which it was signed
        found = feedback.request_of(link)
        assert (found.engagement if found else None) == asked
        assert f"/feedback/{link}/" in message.html
        consumer.consume([entry])
        assert Message.objects.filter(subject__startswith="How did it go").count() == 1

    @pytest.mark.parametrize("change", [{"kind": "note"}, {"data": {"to": "monitoring"}}, {"source": "import"}])
    def test_nothing_else_asks(self, change: dict[str, Any], asked: Engagement) -> None:
        fields = {"kind": "state_changed", "data": {"to": "resolved"}, **change}
        asked.incident.refresh_from_db()
        consumer.consume([rows.entry(of=asked.incident, **fields)])
        assert not FeedbackRequest.objects.exists()

    def test_nobody_twice_a_week(self, asked: Engagement, team: Team, cast: SimpleNamespace) -> None:
        feedback.ask(incident_ids=[asked.incident_id], now=NOON)
        later = another(cast, team)
        assert feedback.ask(incident_ids=[later.incident_id], now=NOON + WEEK - timedelta(seconds=1)) == []
        assert [one.person for one in feedback.ask(incident_ids=[later.incident_id], now=NOON + WEEK)] == [cast.rosa]

    def test_one_mail_where_two_teams_have_the_same_speaker(
        self, asked: Engagement, incident: Incident, cast: SimpleNamespace
    ) -> None:
        other = factories.team(slug="network", members=(cast.rosa,))
        rows.engagement(of=incident, team=other, asked_by=cast.mia, acknowledged_at=NOON, acknowledged_by=cast.rosa)
        assert len(feedback.ask(incident_ids=[incident.pk], now=NOON)) == 1

    @pytest.mark.parametrize("change", ["never answered", "given", "exercise", "nobody to ask"])
    def test_who_is_not_asked(self, change: str, asked: Engagement, team: Team, cast: SimpleNamespace) -> None:
        if change == "never answered":
            Engagement.objects.filter(pk=asked.pk).update(acknowledged_at=None, acknowledged_by=None)
        elif change == "given":
            engagements.release(engagement_id=asked.pk, person=cast.mia, now=NOON)
            give(asked, cast.nils)
        elif change == "exercise":
            Incident.objects.filter(pk=asked.incident_id).update(is_exercise=True)
        else:
            Person.objects.filter(pk=cast.rosa.pk).update(email="")
        assert feedback.ask(incident_ids=[asked.incident_id], now=NOON) == []

    @pytest.mark.parametrize("answered_by", ["mia", None])
    def test_a_lead_speaks_where_nobody_of_the_team_answered(
        self, answered_by: str | None, asked: Engagement, team: Team, cast: SimpleNamespace
    ) -> None:
        by = getattr(cast, answered_by) if answered_by else None
        Engagement.objects.filter(pk=asked.pk).update(acknowledged_by=by)
        team.memberships.filter(person=cast.nils).update(is_lead=True)
        assert [one.person for one in feedback.ask(incident_ids=[asked.incident_id], now=NOON)] == [cast.nils]


class TestByLink:
    @pytest.fixture
    def link(self, over: Engagement) -> str:
        feedback.ask(incident_ids=[over.incident_id], now=dbtime.now())
        return path(over)

    def test_a_minute_without_signing_in(self, link: str, over: Engagement, client: Client) -> None:
        page = text_of(client.get(link))
        assert "How did it go for Database?" in page
        assert "Your name is not kept with it." in page
        answer = client.post(link, {**TYPED, "keep": "Chat", "change": "Fewer calls"})
        assert answer.status_code == 200
        assert "Thank you" in text_of(answer)
        given = over.feedback.get()
        assert (given.side, given.told_what_was_needed, given.could_work, given.glad_to_work_again) == ("team", 4, 3, 5)
        assert (given.keep, given.change) == ("Chat", "Fewer calls")
        assert "Thank you" in text_of(client.get(link))
        again = client.post(link, TYPED)
        assert again.status_code == 422
        assert "Your side has given its feedback already" in text_of(again)

    def test_what_is_missing_is_said_and_nothing_is_lost(self, link: str, client: Client) -> None:
        answer = client.post(link, {"told_what_was_needed": "4", "change": "Fewer calls"})
        assert answer.status_code == 422
        page = text_of(answer)
        assert page.count("Choose 1 to 5.") >= 2
        assert "Fewer calls" in page
        assert re.search(r'name="told_what_was_needed"[^>]*value="4"[^>]*checked', page)

    @pytest.mark.parametrize("change", ["left", "old", "forged"])
    def test_whoever_may_not_answer_finds_nothing(
        self, change: str, link: str, cast: SimpleNamespace, client: Client, time_machine: Any
    ) -> None:
        if change == "left":
            Person.objects.filter(pk=cast.rosa.pk).update(is_active=False)
        elif change == "old":
            time_machine.move_to(dbtime.now() + feedback.HOLDS_FOR + timedelta(minutes=1))
        else:
            link = link[:-5] + "xxxx/"
        assert client.get(link).status_code == 404

    def test_nobody_keeps_the_page(self, link: str, client: Client) -> None:
        assert client.get(link)["Cache-Control"] == "no-store"


class TestFromTheRoom:
    def address(self, engagement: Engagement) -> str:
        return f"/incidents/{engagement.incident.reference}/engagements/{engagement.pk}/feedback/"

    def test_each_side_finds_its_own_words(self, over: Engagement, cast: SimpleNamespace, signed_in: Browser) -> None:
        team = text_of(signed_in(cast.rosa).get(self.address(over)))
        assert "The call for help told us what was affected" in team
        manager = text_of(signed_in(cast.mia).get(self.address(over)))
        assert "The team knew from our call" in manager
        assert "Did a line of the profile help" in manager

    def test_sending_goes_back_to_the_room(self, over: Engagement, cast: SimpleNamespace, signed_in: Browser) -> None:
        client = signed_in(cast.mia)
        panel = f"/incidents/{over.incident.reference}/panels/teams/"
        assert self.address(over) in text_of(client.get(panel))
        answer = client.post(self.address(over), TYPED)
        assert answer.status_code == 302
        assert over.feedback.get().side == "manager"
        assert self.address(over) not in text_of(client.get(panel))
        assert self.address(over) in text_of(signed_in(cast.rosa).get(panel))

    def test_too_soon_says_so(self, asked: Engagement, cast: SimpleNamespace, signed_in: Browser) -> None:
        answer = signed_in(cast.mia).post(self.address(asked), {**TYPED, "keep": "Chat"})
        assert answer.status_code == 422
        assert "Feedback opens when the team is released" in text_of(answer)
        assert "Chat" in text_of(answer)

    def test_a_responder_of_another_team_has_no_side(
        self, over: Engagement, cast: SimpleNamespace, signed_in: Browser
    ) -> None:
        stranger = factories.person(username="other", roles=("responder",))
        assert signed_in(stranger).get(self.address(over)).status_code == 403


class TestPooled:
    def given(self, cast: SimpleNamespace, *, n: int, side: str = "team", **fields: Any) -> None:
        for number in range(n):
            engagement = another(cast, factories.team(), **fields)
            EngagementFeedback.objects.create(
                engagement=engagement,
                side=side,
                told_what_was_needed=1 + number % 5,
                could_work=3,
                glad_to_work_again=5,
                given_at=NOON,
            )

    def pooled(self, client: APIClient) -> dict[str, dict[str, Any]]:
        return {one["side"]: one for one in client.get("/api/v1/metrics/").json()["feedback"]}

    def test_four_answers_are_a_number_and_five_are_shown(
        self, cast: SimpleNamespace, signed_in: Browser, api: Api
    ) -> None:
        self.given(cast, n=4)
        assert "4 answers so far." in text_of(signed_in(cast.mia).get("/metrics/"))
        assert self.pooled(api(cast.mia))["team"] == {"side": "team", "n": 4, "answers": []}
        self.given(cast, n=1)
        found = self.pooled(api(cast.mia))
        assert found["team"]["answers"][1] == {"question": "could_work", "middle": 3.0, "counts": [0, 0, 5, 0, 0]}
        assert found["manager"] == {"side": "manager", "n": 0, "answers": []}
        assert "Teams about us" in text_of(signed_in(cast.mia).get("/metrics/"))

    def test_what_the_reader_may_not_see_does_not_count(self, cast: SimpleNamespace, api: Api) -> None:
        self.given(cast, n=5, is_private=True)
        assert self.pooled(api(cast.omar))["team"]["n"] == 0

    def test_the_lines_are_read_by_the_facilitator_alone(
        self, over: Engagement, cast: SimpleNamespace, signed_in: Browser
    ) -> None:
        give(over, cast.rosa)
        rows.review(of=over.incident, facilitator=cast.petra)
        address = f"/reviews/{over.incident.reference}/"
        assert "the first message" in text_of(signed_in(cast.petra).get(address))
        for person in (cast.mia, cast.rosa, cast.ada, cast.audra):
            assert "the first message" not in text_of(signed_in(person).get(address))
