"""The directory and the card: the team writes about itself, everybody reads it."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from teams.models import EngagementProfile, Person, Team
from tests import factories

Browser = Callable[[Person], Client]
WORDS = {"reach": "Chat by day", "facts_wanted": "symptom\n\nsince when\n", "ask_again_minutes": "10"}


@pytest.fixture
def team(cast: SimpleNamespace) -> Team:
    return factories.team(slug="database", name="Database", members=(cast.rosa,))


def test_the_directory_tells_whose_profile_is_confirmed(team: Team, cast: SimpleNamespace, signed_in: Browser) -> None:
    assert "none yet" in signed_in(cast.mia).get("/teams/").content.decode()
    factories.profile(of=team)
    assert "to be confirmed" in signed_in(cast.mia).get("/teams/").content.decode()


def test_without_teams_it_says_what_will_stand_here(cast: SimpleNamespace, signed_in: Browser) -> None:
    assert "An administrator adds the first one." in signed_in(cast.mia).get("/teams/").content.decode()
    assert 'href="/settings/teams/+new/"' in signed_in(cast.ada).get("/teams/").content.decode()


def test_the_card_without_a_profile_offers_to_write_one_to_the_team_alone(
    team: Team, cast: SimpleNamespace, signed_in: Browser
) -> None:
    assert "Write the profile" in signed_in(cast.rosa).get("/teams/database/").content.decode()
    assert "Write the profile" not in signed_in(cast.mia).get("/teams/database/").content.decode()


def test_the_team_writes_a_version_and_it_is_confirmed(team: Team, cast: SimpleNamespace, signed_in: Browser) -> None:
    answer = signed_in(cast.rosa).post("/teams/database/profile/", WORDS)
    assert answer["Location"] == "/teams/database/"
    profile = EngagementProfile.objects.get()
    assert (profile.version, profile.confirmed_by) == (1, cast.rosa)
    assert profile.facts_wanted == ["symptom", "since when"]
    assert "symptom · since when" in signed_in(cast.mia).get("/teams/database/").content.decode()


def test_nobody_else_writes_about_a_team(team: Team, cast: SimpleNamespace, signed_in: Browser) -> None:
    answer = signed_in(cast.mia).post("/teams/database/profile/", WORDS)
    assert answer.status_code == 422
    assert "Only members of Database edit its profile." in answer.content.decode()
    assert "Chat by day" in answer.content.decode()
    assert not EngagementProfile.objects.exists()


def test_a_line_that_is_too_long_is_said_at_the_field(team: Team, cast: SimpleNamespace, signed_in: Browser) -> None:
    answer = signed_in(cast.rosa).post("/teams/database/profile/", {**WORDS, "facts_wanted": "x" * 130})
    assert "Keep each line under 120 characters." in answer.content.decode()


def test_confirming_keeps_the_version_and_moves_the_review(
    team: Team, cast: SimpleNamespace, signed_in: Browser
) -> None:
    profile = factories.profile(of=team)
    signed_in(cast.rosa).post("/teams/database/confirm/")
    profile.refresh_from_db()
    assert profile.confirmed_by == cast.rosa
    assert profile.review_date is not None


def test_there_must_be_something_to_confirm(team: Team, cast: SimpleNamespace, signed_in: Browser) -> None:
    answer = signed_in(cast.rosa).post("/teams/database/confirm/", follow=True)
    assert "There is no profile to confirm yet" in answer.content.decode()


def test_an_unknown_team_is_not_found(cast: SimpleNamespace, signed_in: Browser) -> None:
    assert signed_in(cast.mia).get("/teams/nobody/").status_code == 404
