"""The card of a team with what others propose, its versions, and the directory that says what became of it."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from teams.models import EngagementProfile, Person, ProfileProposal, ProfileVote, Team
from tests import factories

Browser = Callable[[Person], Client]
WORDS = {"field": "avoid", "text": "No calls to single people.", "reason": "Three were called at once."}


@pytest.fixture
def team(cast: SimpleNamespace) -> Team:
    made = factories.team(slug="database", name="Database", members=(cast.rosa,))
    factories.profile(of=made, confirmed_at=factories.NOON, confirmed_by=cast.rosa)
    return made


def test_a_proposal_begins_with_the_words_of_the_line(team: Team, cast: SimpleNamespace, signed_in: Browser) -> None:
    page = signed_in(cast.mia).get("/teams/database/propose/?field=facts_wanted").content.decode()
    assert "symptom\nsince when\nrecent change</textarea>" in page
    assert '<option value="facts_wanted" selected>' in page


def test_proposed_taken_up_and_told(team: Team, cast: SimpleNamespace, signed_in: Browser) -> None:
    answer = signed_in(cast.mia).post("/teams/database/propose/", WORDS)
    assert answer["Location"] == "/teams/database/"
    proposal = ProfileProposal.objects.get()
    assert "Proposed to your teams" in signed_in(cast.rosa).get("/teams/").content.decode()
    assert "Take it up" in signed_in(cast.rosa).get("/teams/database/").content.decode()
    assert "Take it up" not in signed_in(cast.mia).get("/teams/database/").content.decode()
    deed = {"deed": "accept", "answer": "Agreed with thanks.", "version": "1"}
    signed_in(cast.rosa).post(f"/teams/database/proposals/{proposal.pk}/", deed)
    assert EngagementProfile.objects.get(version=2).avoid == WORDS["text"]
    assert "Agreed with thanks." in signed_in(cast.mia).get("/teams/").content.decode()
    assert "What became of proposals" in signed_in(cast.mia).get("/teams/database/").content.decode()


def test_what_cannot_be_proposed_keeps_what_was_typed(team: Team, cast: SimpleNamespace, signed_in: Browser) -> None:
    answer = signed_in(cast.mia).post("/teams/database/propose/", {**WORDS, "reason": ""})
    assert answer.status_code == 422
    assert WORDS["text"] in answer.content.decode()
    same = signed_in(cast.mia).post("/teams/database/propose/", {**WORDS, "field": "care", "text": ""})
    assert "The profile says that already." in same.content.decode()


def test_no_without_words_is_asked_for_them(team: Team, cast: SimpleNamespace, signed_in: Browser) -> None:
    proposal = factories.proposal(of=team, by=cast.mia)
    address = f"/teams/database/proposals/{proposal.pk}/"
    answer = signed_in(cast.rosa).post(address, {"deed": "reject", "answer": ""})
    assert answer.status_code == 422
    assert "Say why not in one line" in answer.content.decode()
    outdated = signed_in(cast.rosa).post(address, {"deed": "accept", "answer": "With thanks.", "version": "9"})
    assert 'value="With thanks."' in outdated.content.decode()
    spoilt = signed_in(cast.rosa).post(address, {"deed": "reject", "answer": "No\x00"})
    assert (spoilt.status_code, "Null characters" in spoilt.content.decode()) == (422, True)
    assert signed_in(cast.rosa).post(address, {"deed": "reject", "answer": "Kept."})["Location"] == "/teams/database/"
    assert signed_in(cast.rosa).post("/teams/database/proposals/987654/", {"deed": "reject"}).status_code == 404


def test_a_no_leads_to_better_words(team: Team, cast: SimpleNamespace, signed_in: Browser) -> None:
    mia = signed_in(cast.mia)
    answer = mia.post("/teams/database/vote/", {"accurate": "no", "version": "1"})
    assert answer["Location"] == "/teams/database/propose/"
    assert mia.post("/teams/database/vote/", {"accurate": "yes"})["Location"] == "/teams/database/"
    assert ProfileVote.objects.get().is_accurate
    page = mia.get("/teams/database/").content.decode()
    assert "You said: yes." in page
    assert "Proved right: yes 1, no 0." in page
    refused = signed_in(cast.rosa).post("/teams/database/vote/", {"accurate": "yes"}, follow=True)
    assert "is confirmed, not voted on" in refused.content.decode()


def test_versions_against_the_one_before(team: Team, cast: SimpleNamespace, signed_in: Browser) -> None:
    factories.profile(of=team, reach="Phone first.")
    page = signed_in(cast.mia).get("/teams/database/versions/").content.decode()
    assert "Version 2" in page
    assert "<ins" in page
    assert "Used in 0 incidents." in page
    factories.team(slug="network")
    assert "has not written one yet" in signed_in(cast.mia).get("/teams/network/versions/").content.decode()


def test_an_overdue_review_is_marked(team: Team, cast: SimpleNamespace, signed_in: Browser) -> None:
    yesterday = timezone.now().date() - timedelta(days=1)
    EngagementProfile.objects.update(review_date=yesterday)
    assert "Its review is overdue." in signed_in(cast.mia).get("/teams/database/").content.decode()
    assert "review is due" in signed_in(cast.mia).get("/teams/").content.decode()
    signed_in(cast.rosa).post("/teams/database/confirm/")
    assert "Its review is overdue." not in signed_in(cast.mia).get("/teams/database/").content.decode()


def test_the_team_sees_which_of_the_five_are_missing(team: Team, cast: SimpleNamespace, signed_in: Browser) -> None:
    assert "Still to say:" in signed_in(cast.rosa).get("/teams/database/").content.decode()
    assert "Still to say:" not in signed_in(cast.mia).get("/teams/database/").content.decode()


def test_pages_cost_a_fixed_number_of_queries(
    team: Team, cast: SimpleNamespace, signed_in: Browser, django_assert_num_queries: Any
) -> None:
    browser = signed_in(cast.mia)
    for address in ("/teams/", "/teams/database/", "/teams/database/versions/"):
        browser.get(address)
    for number in range(4):
        factories.profile(of=team, reach=f"Way {number}")
        factories.proposal(of=team, by=cast.mia, text=f"Words {number}")
    for address, costs in (("/teams/", 8), ("/teams/database/", 16), ("/teams/database/versions/", 7)):
        with django_assert_num_queries(costs):
            browser.get(address)
