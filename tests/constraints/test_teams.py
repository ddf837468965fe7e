"""What the database refuses of people, teams, services, rotas and words."""

from datetime import time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from teams.choices import Role
from teams.models import (
    Contact,
    GlossaryTerm,
    Invitation,
    Membership,
    Person,
    ProfileVote,
    Rota,
    RotaShift,
    Service,
    Team,
    TeamHoliday,
    TeamHours,
)
from tests import factories
from tests.constraints.kit import refused
from tests.factories import NOON


@pytest.fixture
def team(cast: SimpleNamespace) -> Team:
    return factories.team(slug="payments-team", members=(cast.rosa,))


@pytest.mark.parametrize("again", ["mia", "MIA", "Mia"])
def test_a_username_is_taken_in_any_case(cast: SimpleNamespace, again: str) -> None:
    other = Person(username=again, email="other@example.org")
    with refused("teams_person_username_key" if again == "mia" else "username_once_in_any_case"):
        other.save()


@pytest.mark.parametrize("again", ["mia@example.org", "Mia@Example.ORG"])
def test_an_address_belongs_to_one_person(cast: SimpleNamespace, again: str) -> None:
    with refused("email_once_in_any_case"):
        Person.objects.filter(pk=cast.omar.pk).update(email=again)


def test_people_without_an_address_do_not_exclude_each_other(cast: SimpleNamespace) -> None:
    assert Person.objects.filter(pk__in=[cast.mia.pk, cast.omar.pk]).update(email="") == 2


def test_a_person_is_in_a_team_once(team: Team, cast: SimpleNamespace) -> None:
    with refused("one_membership_per_person_and_team"):
        Membership.objects.create(team=team, person=cast.rosa, is_lead=True)
    Membership.objects.create(team=team, person=cast.nils)
    Membership.objects.create(team=factories.team(), person=cast.rosa)


def test_a_way_to_reach_a_team_is_listed_once(team: Team) -> None:
    Contact.objects.create(team=team, kind="phone", value="+353 1 555 0100")
    with refused("contact_once_per_team"):
        Contact.objects.create(team=team, kind="phone", value="+353 1 555 0100", note="at night", position=2)
    Contact.objects.create(team=team, kind="pager", value="+353 1 555 0100")
    Contact.objects.create(team=factories.team(), kind="phone", value="+353 1 555 0100")


def test_a_version_of_a_profile_is_written_once(team: Team) -> None:
    factories.profile(of=team, version=1)
    with refused("profile_version_once_per_team"):
        factories.profile(of=team, version=1, reach="Somewhere else.")
    factories.profile(of=team, version=2)
    factories.profile(of=factories.team(), version=1)


@pytest.mark.parametrize("again", ["Payroll", "PAYROLL", "payROLL"])
def test_a_word_is_in_the_dictionary_once_in_any_case(db: None, again: str) -> None:
    GlossaryTerm.objects.create(term="Payroll")
    with refused("term_once_in_any_case"):
        GlossaryTerm.objects.create(term=again)


@pytest.mark.parametrize("with_team", [True, False])
def test_a_rota_is_for_a_role_or_for_a_team_and_never_both_or_neither(team: Team, with_team: bool) -> None:
    with refused("rota_for_a_role_or_a_team"):
        if with_team:
            Rota.objects.create(name="Both", role=Role.DEPUTY, team=team)
        else:
            Rota.objects.create(name="Neither")


def test_a_rota_has_a_name_of_its_own(team: Team) -> None:
    Rota.objects.create(name="Managers", role=Role.INCIDENT_MANAGER)
    with refused("teams_rota_name_key"):
        Rota.objects.create(name="Managers", team=team)


@pytest.mark.parametrize("minutes", [0, -1, -1440])
def test_a_shift_ends_after_it_starts(cast: SimpleNamespace, minutes: int) -> None:
    rota = Rota.objects.create(name="Managers", role=Role.INCIDENT_MANAGER)
    ends_at = NOON + timedelta(minutes=minutes)
    with refused("shift_has_a_length"):
        RotaShift.objects.create(rota=rota, person=cast.mia, starts_at=NOON, ends_at=ends_at)
    RotaShift.objects.create(rota=rota, person=cast.mia, starts_at=NOON, ends_at=NOON + timedelta(minutes=1))


def test_slugs_address_one_thing(team: Team) -> None:
    with refused("teams_team_slug_key"):
        Team.objects.create(slug=team.slug, name="Another")
    factories.service(slug="payroll")
    with refused("teams_service_slug_key"):
        Service.objects.create(slug="payroll", name="Another")
    factories.site(slug="dublin")
    with refused("teams_site_slug_key"):
        factories.site(slug="dublin", name="Another")


def test_a_team_that_goes_leaves_its_services_without_an_owner(cast: SimpleNamespace) -> None:
    team = factories.team()
    service = factories.service(owner_team=team)
    team.delete()
    service.refresh_from_db()
    assert service.owner_team is None


def test_a_person_has_one_invitation_that_waits(cast: SimpleNamespace) -> None:
    until = {"sent_at": NOON, "expires_at": NOON + timedelta(days=7)}
    first = Invitation.objects.create(person=cast.olaf, **until)
    with refused("one_open_invitation_per_person"):
        Invitation.objects.create(person=cast.olaf, **until)
    Invitation.objects.filter(pk=first.pk).update(withdrawn_at=NOON)
    Invitation.objects.create(person=cast.olaf, **until)
    Invitation.objects.create(person=cast.eve, **until)


def test_an_invitation_lasts_and_ends_in_one_way(cast: SimpleNamespace) -> None:
    with refused("invitation_lasts"):
        Invitation.objects.create(person=cast.olaf, sent_at=NOON, expires_at=NOON)
    with refused("invitation_accepted_or_withdrawn"):
        Invitation.objects.create(
            person=cast.olaf, sent_at=NOON, expires_at=NOON + timedelta(1), accepted_at=NOON, withdrawn_at=NOON
        )


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"reason": ""}, "proposal_has_a_reason"),
        ({"answered_at": NOON}, "proposal_answered_by_somebody"),
        ({"state": "rejected", "answer": "Kept."}, "proposal_answered_by_somebody"),
    ],
)
def test_a_proposal_has_a_reason_and_an_end(
    team: Team, cast: SimpleNamespace, fields: dict[str, Any], constraint: str
) -> None:
    with refused(constraint):
        factories.proposal(of=team, by=cast.mia, **fields)


def test_an_answered_proposal_says_what_became_of_it(team: Team, cast: SimpleNamespace) -> None:
    answered = {"answered_by": cast.rosa, "answered_at": NOON}
    with refused("rejected_proposal_has_words"):
        factories.proposal(of=team, by=cast.mia, state="rejected", **answered)
    with refused("accepted_proposal_made_a_version"):
        factories.proposal(of=team, by=cast.mia, state="accepted", **answered)
    with refused("accepted_proposal_made_a_version"):
        factories.proposal(
            of=team, by=cast.mia, state="rejected", answer="No", made=factories.profile(of=team), **answered
        )


def test_a_person_has_one_vote_on_a_version(team: Team, cast: SimpleNamespace) -> None:
    profile = factories.profile(of=team)
    ProfileVote.objects.create(profile=profile, person=cast.mia, is_accurate=True, voted_at=NOON)
    with refused("one_vote_per_version_and_person"):
        ProfileVote.objects.create(profile=profile, person=cast.mia, is_accurate=False, voted_at=NOON)


@pytest.mark.parametrize("weekdays", [[], [0, 7]])
def test_hours_name_days_of_the_week(team: Team, weekdays: list[int]) -> None:
    with refused("hours_have_weekdays"):
        TeamHours.objects.create(team=team, weekdays=weekdays, starts=time(8), ends=time(18))


def test_a_day_is_a_holiday_once_for_a_team(team: Team) -> None:
    TeamHoliday.objects.create(team=team, on_date=NOON.date(), name="Founders' day")
    with refused("holiday_once_per_team"):
        TeamHoliday.objects.create(team=team, on_date=NOON.date(), name="Another name")
