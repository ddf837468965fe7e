"""Who can be owed updates, as the app above knows it, for whoever declares."""

from dataclasses import dataclass

from incidents.rules import priority
from mim_portal.lib import hooks
from teams.models import Service


@dataclass(frozen=True, kw_only=True)
class Told:
    """What can be chosen from, and the names of those who are owed updates where nothing is chosen."""

    choices: list[tuple[str, str]]
    usual: str


def for_declaration(*, impact: int | None, urgency: int | None, service: Service | None) -> Told:
    """The audiences, and the usual ones where the priority can be told already (settings.DECLARATION_AUDIENCES)."""
    computed = priority.compute(impact=impact, urgency=urgency) if impact and urgency else None
    choices: list[tuple[str, str]] = []
    usual: list[str] = []
    for source in hooks.registered("DECLARATION_AUDIENCES"):
        found, words = source(priority=computed, service=service)
        choices += found
        usual += [words] if words else []
    return Told(choices=choices, usual="; ".join(usual))
