"""Who: people, teams, services, profiles, rotas, the organisation's words, tokens."""

from teams.models.catalogue import Service, Site
from teams.models.catalogue_file import CatalogueFile
from teams.models.glossary import GlossaryTerm
from teams.models.hours import TeamHoliday, TeamHours
from teams.models.invitation import Invitation
from teams.models.person import Person
from teams.models.profile import EngagementProfile
from teams.models.proposal import ProfileProposal, ProfileVote
from teams.models.rota import Rota, RotaAbsence, RotaLine, RotaShift
from teams.models.team import Contact, Membership, Team
from teams.models.token import ApiToken

__all__ = [
    "ApiToken",
    "CatalogueFile",
    "Contact",
    "EngagementProfile",
    "GlossaryTerm",
    "Invitation",
    "Membership",
    "Person",
    "ProfileProposal",
    "ProfileVote",
    "Rota",
    "RotaAbsence",
    "RotaLine",
    "RotaShift",
    "Service",
    "Site",
    "Team",
    "TeamHoliday",
    "TeamHours",
]
