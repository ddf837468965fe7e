"""Profiles are the team's own words, in versions."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from mim_portal.lib.refusals import Forbidden, Invalid
from mim_portal.models import AuditEntry
from teams.models import EngagementProfile, Team
from teams.services import profiles
from tests import factories
from tests.factories import NOON


@pytest.fixture
def team(cast: SimpleNamespace) -> Team:
    return factories.team(slug="database", name="Database", members=(cast.rosa,))


def test_writing_makes_a_confirmed_version(team: Team, cast: SimpleNamespace) -> None:
    first = profiles.write(team=team, person=cast.rosa, fields={"reach": " Chat first. "}, now=NOON)
    assert (first.version, first.reach, first.confirmed_by, first.confirmed_at) == (1, "Chat first.", cast.rosa, NOON)
    assert first.review_date == (NOON + profiles.REVIEW_AFTER).date()
    assert AuditEntry.objects.get(verb="profile.written").subject == "database"


def test_what_is_not_sent_stays(team: Team, cast: SimpleNamespace) -> None:
    profiles.write(team=team, person=cast.rosa, fields={"reach": "Chat", "facts_wanted": ["scope"]}, now=NOON)
    second = profiles.write(
        team=team, person=cast.rosa, fields={"facts_wanted": [" since ", ""], "ask_again_minutes": 15}, now=NOON
    )
    assert (second.version, second.reach, second.facts_wanted, second.ask_again_minutes) == (2, "Chat", ["since"], 15)
    assert EngagementProfile.objects.filter(team=team).count() == 2


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"mood": "fine"}, "mood"),
        ({"facts_wanted": ["x"] * 13}, "facts_wanted"),
        ({"facts_wanted": ["x" * 121]}, "facts_wanted"),
        ({"ask_again_minutes": 0}, "ask_again_minutes"),
    ],
)
def test_what_cannot_be_used_is_named(team: Team, cast: SimpleNamespace, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        profiles.write(team=team, person=cast.rosa, fields=fields, now=NOON)
    assert refused.value.field == field


def test_nobody_writes_about_another_team(team: Team, cast: SimpleNamespace) -> None:
    for person in (cast.nils, cast.mia, cast.ada):
        assert not profiles.may_edit(team=team, person=person)
        with pytest.raises(Forbidden):
            profiles.write(team=team, person=person, fields={"avoid": "calls"}, now=NOON)


def test_two_members_do_not_overwrite_each_other(team: Team, cast: SimpleNamespace) -> None:
    profiles.write(team=team, person=cast.rosa, fields={}, now=NOON, version=0)
    with pytest.raises(profiles.Outdated) as refused:
        profiles.write(team=team, person=cast.rosa, fields={}, now=NOON, version=0)
    assert refused.value.status == 412


def test_confirming_moves_the_review(team: Team, cast: SimpleNamespace) -> None:
    with pytest.raises(profiles.NothingToConfirm):
        profiles.confirm(team=team, person=cast.rosa, now=NOON)
    profiles.write(team=team, person=cast.rosa, fields={}, now=NOON)
    later = NOON + timedelta(days=170)
    confirmed = profiles.confirm(team=team, person=cast.rosa, now=later)
    assert (confirmed.confirmed_at, confirmed.review_date) == (later, (later + profiles.REVIEW_AFTER).date())
    with pytest.raises(Forbidden):
        profiles.confirm(team=team, person=cast.nils, now=later)
