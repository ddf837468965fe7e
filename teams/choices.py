"""Words that people, services and permissions are described with."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person may do. One person may hold several."""

    ADMINISTRATOR = "administrator", _("Administrator")
    INCIDENT_MANAGER = "incident_manager", _("Incident manager")
    COMMUNICATIONS = "communications", _("Communications")
    SERVICE_DESK = "service_desk", _("Service desk")
    SERVICE_DESK_LEAD = "service_desk_lead", _("Service desk lead")
    RESPONDER = "responder", _("Responder")
    EXECUTIVE = "executive", _("Executive")
    AUDITOR = "auditor", _("Auditor")
    DEPUTY = "deputy", _("Deputy")
    PRACTICE_LEAD = "practice_lead", _("Practice lead")
    SECOND_READER = "second_reader", _("Second reader")
    LEGAL_SECURITY = "legal_security", _("Legal and security")


# Roles that can be called through a rota; with nobody on it, every holder of the role is told.
ROTA_ROLES = frozenset(
    {
        Role.INCIDENT_MANAGER,
        Role.DEPUTY,
        Role.PRACTICE_LEAD,
        Role.COMMUNICATIONS,
        Role.SECOND_READER,
        Role.LEGAL_SECURITY,
    }
)
# Roles that may be accountable for an incident.
COMMAND_ROLES = frozenset({Role.INCIDENT_MANAGER, Role.DEPUTY})
DESK_ROLES = frozenset({Role.SERVICE_DESK, Role.SERVICE_DESK_LEAD})


class ServiceTier(TextChoices):
    """How much the organisation depends on a service."""

    CRITICAL = "critical", _("Critical")
    IMPORTANT = "important", _("Important")
    STANDARD = "standard", _("Standard")


class Scope(TextChoices):
    """What an API token may be used for."""

    READ = "read", _("Read")
    RAISE = "raise", _("Raise candidates")
    COMMAND = "command", _("Command incidents")
    COMMS = "comms", _("Write and publish updates")
    TEAMS = "teams", _("Engage teams and edit profiles")
    REVIEWS = "reviews", _("Work on reviews and lapses")
    MAIL = "mail", _("Report mail that came back")
    ADMIN = "admin", _("Administer the portal")


class InvitationState(TextChoices):
    """What became of an invitation."""

    SENT = "sent", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class CallHours(TextChoices):
    """When a way to reach a team is used; a holiday of the team is out of its hours."""

    ALWAYS = "always", _("At any time")
    IN_HOURS = "in_hours", _("In working hours")
    OUT_OF_HOURS = "out_of_hours", _("Out of working hours")


class ProposalState(TextChoices):
    """What became of a proposal to a team."""

    OPEN = "open", _("Waits for the team")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Not taken up")


class ProfileField(TextChoices):
    """What a team says about how it works, in the order of asking: five to confirm, the rest grows."""

    REACH = "reach", _("How to reach us, by hour")
    VOICE = "voice", _("Who speaks and decides")
    FACTS_WANTED = "facts_wanted", _("Facts first")
    WORKING = "working", _("How often to ask")
    AVOID = "avoid", _("What to avoid")
    OPENING = "opening", _("How to open")
    KNOW = "know", _("Know about our services")
    CARE = "care", _("Relief and thanks")
    ASK_AGAIN_MINUTES = "ask_again_minutes", _("Ask again after (minutes)")
