"""Which roles one person may combine, and what each holder reads about theirs."""

import pytest

from incidents.choices import SINGLE_ROLES, IncidentRole
from incidents.rules import duties


def test_every_role_has_its_duties_in_a_line_or_two() -> None:
    assert set(duties.DUTIES) == {duties.MANAGER, *IncidentRole.values}
    assert max(len(words) for words in duties.DUTIES.values()) <= 120
    assert set(SINGLE_ROLES) < set(IncidentRole.values)


@pytest.mark.parametrize(
    ("role", "held", "priority", "refused"),
    [
        ("technical_lead", ["major_incident_manager"], "P1", True),
        ("technical_lead", ["major_incident_manager"], "P2", False),
        ("major_incident_manager", ["technical_lead"], "P1", True),
        ("major_incident_manager", ["technical_lead"], "P3", False),
        ("communications_lead", ["major_incident_manager"], "P1", True),
        ("communications_lead", ["major_incident_manager"], "P2", False),
        ("deputy_mim", ["major_incident_manager"], "P1", True),
        ("deputy_mim", ["major_incident_manager"], "P3", True),
        ("scribe", ["deputy_mim"], "P1", False),
        ("deputy_mim", ["scribe"], "P1", False),
        ("scribe", ["major_incident_manager"], "P1", False),
        ("scribe", ["technical_lead"], "P1", True),
        ("scribe", ["technical_lead"], "P2", False),
        ("deputy_mim", ["technical_lead"], "P1", True),
        ("executive_sponsor", ["trg_representative"], "P3", True),
        ("trg_representative", ["technical_lead"], "P1", False),
        ("technical_lead", [], "P1", False),
        ("technical_lead", ["technical_lead"], "P1", False),
    ],
)
def test_what_one_person_cannot_do_at_once(role: str, held: list[str], priority: str, refused: bool) -> None:
    found = duties.conflict(role=role, held=held, priority=priority)
    assert (found is not None) is refused
    if found is not None:
        assert role in found.roles
        assert found.message.endswith(".")


def test_a_clash_that_came_about_by_a_higher_priority_is_seen() -> None:
    held = ["major_incident_manager", "technical_lead"]
    assert duties.conflicts(held=held, priority="P2") == ()
    assert [sorted(found.roles) for found in duties.conflicts(held=held, priority="P1")] == [sorted(held)]


@pytest.mark.parametrize(
    ("held", "priority", "given_up"),
    [
        (["technical_lead", "scribe"], "P1", ("technical_lead",)),
        (["technical_lead"], "P2", ()),
        (["deputy_mim", "scribe"], "P2", ("deputy_mim",)),
        ([], "P1", ()),
    ],
)
def test_taking_over_ends_what_cannot_be_kept(held: list[str], priority: str, given_up: tuple[str, ...]) -> None:
    assert duties.given_up_with_command(held=held, priority=priority) == given_up


@pytest.mark.parametrize(
    ("role", "to_oneself", "commands", "may"),
    [
        ("scribe", True, False, True),
        ("scribe", False, False, False),
        ("technical_lead", True, False, False),
        ("technical_lead", False, True, True),
    ],
)
def test_who_gives_roles(role: str, to_oneself: bool, commands: bool, may: bool) -> None:
    assert duties.may_assign(role=role, to_oneself=to_oneself, commands=commands) is may
