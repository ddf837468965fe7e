"""Whoever a note mentions is told by mail, in the transaction that writes the note."""

from collections.abc import Sequence

from comms.services.telling import mentions
from incidents.models import TimelineEntry
from incidents.rules import mentions as rules


def react(entries: Sequence[TimelineEntry]) -> None:
    """Every new entry in which somebody stands."""
    for entry in entries:
        people, teams = rules.people_in(entry.data), rules.teams_in(entry.data)
        if people or teams:
            mentions.tell(entry, people=people, teams=teams)
