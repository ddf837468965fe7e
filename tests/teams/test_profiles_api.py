"""teams/{slug}/profile/ with versions, confirmation, votes and proposals."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from rest_framework.test import APIClient

from teams.models import Team
from tests import factories

Api = Callable[..., APIClient]
URL = "/api/v1/teams/database/profile/"
WORDS = {"field": "avoid", "text": "No calls to single people.", "reason": "Three were called at once."}


@pytest.fixture
def team(cast: SimpleNamespace) -> Team:
    made = factories.team(slug="database", name="Database", members=(cast.rosa,))
    factories.profile(of=made)
    return made


def test_proposed_and_taken_up(team: Team, cast: SimpleNamespace, api: Api) -> None:
    made = api(cast.mia).post(f"{URL}proposals/", WORDS)
    assert (made.status_code, made.json()["state"], made.json()["proposed_by"]) == (201, "open", "mia")
    address = f"{URL}proposals/{made.json()['id']}/accept/"
    assert api(cast.mia).post(address, {}).status_code == 403
    assert api(cast.rosa).post(address, {}, headers={"If-Match": '"database.7"'}).status_code == 412
    answered = api(cast.rosa).post(address, {"answer": "Agreed."}, headers={"If-Match": '"database.1"'}).json()
    assert (answered["state"], answered["answer"], answered["version"]) == ("accepted", "Agreed.", 2)
    assert api(cast.rosa).post(address, {}).json()["code"] == "already_answered"
    assert api(cast.nils).get(f"{URL}proposals/").json()["results"] == [answered]
    versions = api(cast.nils).get(f"{URL}versions/").json()["results"]
    assert (versions[0]["version"], versions[0]["changed"], versions[0]["author"]) == (2, ["avoid"], "mia")


def test_not_taken_up_needs_words(team: Team, cast: SimpleNamespace, api: Api) -> None:
    proposal = factories.proposal(of=team, by=cast.mia)
    address = f"{URL}proposals/{proposal.pk}/reject/"
    assert api(cast.rosa).post(address, {}).json()["errors"][0]["field"] == "answer"
    assert api(cast.rosa).post(address, {"answer": "We need them."}).json()["state"] == "rejected"
    assert api(cast.rosa).post(f"{URL}proposals/987654/reject/", {"answer": "No"}).status_code == 404


def test_what_cannot_be_proposed_is_named(team: Team, cast: SimpleNamespace, api: Api) -> None:
    wrong = api(cast.mia).post(f"{URL}proposals/", WORDS | {"field": "mood"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "field")
    key = {"Idempotency-Key": "one"}
    first = api(cast.mia).post(f"{URL}proposals/", WORDS, headers=key)
    again = api(cast.mia).post(f"{URL}proposals/", WORDS, headers=key)
    assert again.json() == first.json()


def test_votes_and_confirmation(team: Team, cast: SimpleNamespace, api: Api) -> None:
    assert api(cast.mia).post(f"{URL}votes/", {"is_accurate": True, "version": 1}).status_code == 204
    assert api(cast.mia).post(f"{URL}votes/", {"is_accurate": True, "version": 2}).status_code == 412
    assert api(cast.rosa).post(f"{URL}votes/", {"is_accurate": True}).status_code == 403
    row = api(cast.mia).get(f"{URL}versions/").json()["results"][0]
    assert (row["said_right"], row["said_wrong"], row["used_in_incidents"]) == (1, 0, 0)
    assert api(cast.mia).post(f"{URL}confirm/", {}).status_code == 403
    assert api(cast.rosa).post(f"{URL}confirm/", {}).json()["confirmed_by"] == "rosa"
