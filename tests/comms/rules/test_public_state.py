import pytest

from comms.choices import ComponentState
from comms.rules import public_state
from comms.rules.public_state import Said


def said(kind: str, state: str, *, impact: int = 2, chosen: str = "", final: bool = False) -> Said:
    return Said(kind=kind, incident_state=state, impact=impact, chosen=chosen, no_further_updates=final)


@pytest.mark.parametrize(
    ("update", "state"),
    [
        (said("initial", "declared", impact=1), "major_outage"),
        (said("initial", "investigating", impact=2), "partial_outage"),
        (said("update", "mitigating", impact=3), "degraded_performance"),
        (said("update", "identified", impact=3, chosen="major_outage"), "major_outage"),
        (said("restored", "monitoring", impact=1), "operational"),
        (said("restored", "monitoring", impact=1, chosen="degraded_performance"), "degraded_performance"),
        (said("closure", "resolved", impact=1), "operational"),
        (said("closure", "identified", impact=1), "operational"),
        (said("correction", "monitoring", impact=1), "operational"),
        (said("update", "closed", impact=1), "operational"),
    ],
)
def test_an_update_says_how_its_service_is(update: Said, state: str) -> None:
    assert public_state.component_state(update) == state


@pytest.mark.parametrize(
    ("states", "worst"),
    [
        ([], "operational"),
        (["operational", "degraded_performance"], "degraded_performance"),
        (["partial_outage", "major_outage", "operational"], "major_outage"),
        (["under_maintenance", "operational"], "under_maintenance"),
        (["under_maintenance", "degraded_performance"], "degraded_performance"),
    ],
)
def test_the_worst_of_several_incidents_counts(states: list[str], worst: str) -> None:
    assert public_state.worst(states) == worst


@pytest.mark.parametrize(
    ("history", "statuses"),
    [
        ([], []),
        ([said("initial", "declared")], ["investigating"]),
        ([said("initial", "")], ["investigating"]),
        (
            [said("initial", "declared"), said("update", "identified"), said("workaround", "mitigating")],
            ["investigating", "identified", "identified"],
        ),
        (
            [said("initial", "declared"), said("restored", "monitoring"), said("closure", "resolved")],
            ["investigating", "monitoring", "resolved"],
        ),
        # A restored message says so even where the record is behind.
        ([said("initial", "declared"), said("restored", "mitigating")], ["investigating", "monitoring"]),
        ([said("restored", "monitoring", final=True)], ["resolved"]),
        ([said("restored", "resolved")], ["resolved"]),
        # A correction of the last word opens nothing again; an update after a reopening does.
        (
            [said("restored", "monitoring", final=True), said("correction", "monitoring")],
            ["resolved", "resolved"],
        ),
        ([said("closure", "resolved"), said("update", "investigating")], ["resolved", "investigating"]),
        ([said("correction", "identified")], ["identified"]),
        # A cancelled incident keeps the status that was published last.
        ([said("update", "identified"), said("update", "cancelled")], ["identified", "identified"]),
        ([said("update", "cancelled")], ["investigating"]),
    ],
)
def test_statuses_follow_what_was_published(history: list[Said], statuses: list[str]) -> None:
    assert public_state.statuses(history) == statuses


@pytest.mark.parametrize(
    ("priority", "impact"), [("P1", "critical"), ("P2", "major"), ("P3", "minor"), ("P4", "none"), ("", "none")]
)
def test_impact_in_the_words_of_statuspage(priority: str, impact: str) -> None:
    assert public_state.incident_impact(priority) == impact


@pytest.mark.parametrize(
    ("components", "impacts", "indicator", "description"),
    [
        ([], [], "none", "All Systems Operational"),
        (["operational"], [], "none", "All Systems Operational"),
        (["operational", "degraded_performance"], [], "minor", "Partially Degraded Service"),
        (["operational", "partial_outage"], [], "minor", "Minor Service Outage"),
        (["operational", "major_outage"], [], "major", "Partial System Outage"),
        (["major_outage", "major_outage"], [], "critical", "Major Service Outage"),
        (["operational", "under_maintenance"], [], "maintenance", "Service Under Maintenance"),
        (["operational"], ["minor"], "minor", "Minor Service Outage"),
        (["degraded_performance", "operational"], ["critical", "minor"], "critical", "Major Service Outage"),
        (["under_maintenance"], ["none"], "maintenance", "Service Under Maintenance"),
    ],
)
def test_the_indicator_of_a_page(
    components: list[ComponentState], impacts: list[str], indicator: str, description: str
) -> None:
    assert public_state.indicator(components, impacts) == (indicator, description)
