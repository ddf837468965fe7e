"""Words that an incident is described with, and the named sets that rules and queries share."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class CandidateState(TextChoices):
    """Where a proposal of the desk stands."""

    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    MERGED = "merged", _("Merged")
    REJECTED = "rejected", _("Rejected")
    NOT_PROPOSED = "not_proposed", _("Not proposed")


CANDIDATE_DECIDED_STATES = frozenset({CandidateState.ACCEPTED, CandidateState.MERGED, CandidateState.REJECTED})


class IncidentState(TextChoices):
    """Where a major incident stands."""

    DECLARED = "declared", _("Declared")
    INVESTIGATING = "investigating", _("Investigating")
    IDENTIFIED = "identified", _("Identified")
    MITIGATING = "mitigating", _("Mitigating")
    MONITORING = "monitoring", _("Monitoring")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


# Users are, or may again be, without the service: somebody works on it and audiences are owed updates.
LIVE_STATES = frozenset(
    {
        IncidentState.DECLARED,
        IncidentState.INVESTIGATING,
        IncidentState.IDENTIFIED,
        IncidentState.MITIGATING,
        IncidentState.MONITORING,
    }
)
# The service is not back yet.
UNRESTORED_STATES = LIVE_STATES - {IncidentState.MONITORING}
# Somebody is accountable.
COMMANDED_STATES = LIVE_STATES | {IncidentState.RESOLVED}
# Nothing more can happen to the incident.
FINAL_STATES = frozenset({IncidentState.CLOSED, IncidentState.CANCELLED})


class Level(IntegerChoices):
    """Impact and urgency."""

    HIGH = 1, _("High")
    MEDIUM = 2, _("Medium")
    LOW = 3, _("Low")


class Priority(TextChoices):
    """Impact and urgency together."""

    P1 = "P1", _("P1 critical")
    P2 = "P2", _("P2 high")
    P3 = "P3", _("P3 moderate")
    P4 = "P4", _("P4 low")
    P5 = "P5", _("P5 planning")


# What an imported ticket needs to count as a major incident.
MAJOR_PRIORITIES = frozenset({Priority.P1, Priority.P2})


class RevisionReason(TextChoices):
    """Why an impact statement has a new version. The last two are suggested as lapses, the others never."""

    INITIAL = "initial", _("First statement")
    NEW_INFORMATION = "new_information", _("We learned something new")
    SITUATION_CHANGED = "situation_changed", _("The situation changed")
    CAPTURED_INCORRECTLY = "captured_incorrectly", _("We recorded it wrongly")
    COMMUNICATED_INCORRECTLY = "communicated_incorrectly", _("We recorded it correctly and said it wrongly")


WRONG_REVISIONS = frozenset({RevisionReason.CAPTURED_INCORRECTLY, RevisionReason.COMMUNICATED_INCORRECTLY})


class Confidence(TextChoices):
    """How sure a stated fact is."""

    CONFIRMED = "confirmed", _("Confirmed")
    ESTIMATED = "estimated", _("Estimated")
    UNKNOWN = "unknown", _("Not yet known")


class DataState(TextChoices):
    """What happens to people's data meanwhile."""

    LOST = "lost", _("Lost")
    DELAYED = "delayed", _("Delayed")
    AT_RISK = "at_risk", _("At risk")
    NONE_KNOWN = "none_known", _("No loss known")


class SafetyAnswer(TextChoices):
    """Answer to: is safety, security or personal data involved?"""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known yet")


class ClarificationChannel(TextChoices):
    """How a question reaches whoever knows the answer."""

    PORTAL = "portal", _("Here")
    PHONE = "phone", _("Phone")
    CHAT = "chat", _("Chat")
    EMAIL = "email", _("E-mail")
    IN_PERSON = "in_person", _("In person")


class DisputeOutcome(TextChoices):
    """What became of a disputed score."""

    OPEN = "open", _("Not answered")
    KEPT = "kept", _("Kept")
    CORRECTED = "corrected", _("Corrected")


class RestorationSource(TextChoices):
    """Who on the users' side confirmed that the service is back. The fixing team alone is not enough."""

    DESK = "desk", _("Service desk")
    BUSINESS_LIAISON = "business_liaison", _("Business liaison")
    SYNTHETIC_AND_USER = "synthetic_and_user", _("Synthetic check and one user")
    AFFECTED_USER = "affected_user", _("Affected user")


class HandoverState(TextChoices):
    """Where an offer to take over accountability stands."""

    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class IncidentRole(TextChoices):
    """What a person does in one incident, besides being accountable for it (domain.md 1.3)."""

    DEPUTY_MIM = "deputy_mim", _("Deputy manager")
    COMMUNICATIONS_LEAD = "communications_lead", _("Communications lead")
    SCRIBE = "scribe", _("Scribe")
    TECHNICAL_LEAD = "technical_lead", _("Technical lead")
    TRG_REPRESENTATIVE = "trg_representative", _("Team representative")
    SERVICE_DESK_LEAD = "service_desk_lead", _("Service desk lead")
    BUSINESS_LIAISON = "business_liaison", _("Business liaison")
    SERVICE_OWNER = "service_owner", _("Service owner")
    EXECUTIVE_SPONSOR = "executive_sponsor", _("Executive sponsor")
    VENDOR_MANAGER = "vendor_manager", _("Vendor manager")
    REGULATORY_LIAISON = "regulatory_liaison", _("Regulatory liaison")
    CLINICAL_OR_SAFETY_LEAD = "clinical_or_safety_lead", _("Clinical or safety lead")


# Held by one person at a time: whoever speaks, writes or stands by for everybody.
SINGLE_ROLES = frozenset(
    {
        IncidentRole.DEPUTY_MIM,
        IncidentRole.COMMUNICATIONS_LEAD,
        IncidentRole.SCRIBE,
        IncidentRole.TECHNICAL_LEAD,
        IncidentRole.SERVICE_DESK_LEAD,
    }
)


class CallAgainst(TextChoices):
    """What a team says that a call for help went against: its confirmed profile, or its place to work."""

    CHANNEL = "channel", _("Another way than our profile says")
    HOUR = "hour", _("An hour that our profile rules out")
    BRIDGE = "bridge", _("Executives joined where we worked, and the manager had not agreed it with us")


# What needs no profile to go against.
AGAINST_ANY_TEAM = frozenset({CallAgainst.BRIDGE})


class EngagementState(TextChoices):
    """How far a team's help has come."""

    ASKED = "asked", _("Asked")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    JOINED = "joined", _("Joined")
    USEFUL_ACTION = "useful_action", _("First useful action")
    RELEASED = "released", _("Released")


OPEN_ENGAGEMENTS = frozenset(set(EngagementState) - {EngagementState.RELEASED})
UNANSWERED_ENGAGEMENTS = frozenset({EngagementState.ASKED})


class Mark(TextChoices):
    """What makes the words about an incident a matter for legal and security as well (domain.md 4.5)."""

    SECURITY = "security", _("Security")
    PERSONAL_DATA = "personal_data", _("Personal data")
    SAFETY = "safety", _("Safety of people")
    REGULATOR = "regulator", _("A regulator has to be told")
    MEDIA = "media", _("The media ask")
    DESK_SAID = "desk_said", _("Safety or security, as the desk said")


class DetectionSource(TextChoices):
    """Where the first signal came from."""

    MONITORING = "monitoring", _("Monitoring")
    USER = "user", _("A user")
    SUPPLIER = "supplier", _("A supplier")
    STAFF = "staff", _("Own staff")
    SOCIAL = "social", _("Social media")
    UNKNOWN = "unknown", _("Not known")


class LinkKind(TextChoices):
    """How two incidents belong together."""

    DUPLICATE = "duplicate", _("Duplicate of")
    CHILD = "child", _("Part of")
    CAUSED_BY = "caused_by", _("Caused by")
    RECURRENCE = "recurrence", _("Recurrence of")


# Of which an incident has one at most, and which never lead back to where they started.
TREE_LINKS = frozenset({LinkKind.DUPLICATE, LinkKind.CHILD})


class ClosureAnswer(TextChoices):
    """What a person says of one line of the closing checklist."""

    DONE = "done", _("Done")
    NOT_APPLICABLE = "not_applicable", _("Does not apply")
    UNKNOWN = "unknown", _("Not known")


class TaskState(TextChoices):
    """Where something to do stands."""

    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class DecisionState(TextChoices):
    """Where a decision stands."""

    NEEDED = "needed", _("Needed")
    DECIDED = "decided", _("Decided")
    WITHDRAWN = "withdrawn", _("Not needed any more")


class AskedOf(TextChoices):
    """Who decides."""

    MANAGER = "manager", _("Incident manager")
    SERVICE_OWNER = "service_owner", _("Service owner")
    EXECUTIVES = "executives", _("Executives")


class HypothesisState(TextChoices):
    """What became of a supposed cause."""

    OPEN = "open", _("Open")
    CONFIRMED = "confirmed", _("Confirmed")
    RULED_OUT = "ruled_out", _("Ruled out")


class Certainty(TextChoices):
    """How sure the technical lead is of a hypothesis."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


class DowngradeAnswer(TextChoices):
    """What is said to each of the four questions before a priority goes down."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known")


class EntrySource(TextChoices):
    """Where a timeline entry comes from. Reactions, guards and clocks skip imported entries."""

    PERSON = "person", _("Person")
    SYSTEM = "system", _("Portal")
    IMPORT = "import", _("Import")


class EntryKind(TextChoices):
    """What happened."""

    DECLARED = "declared", _("Declared")
    STATE_CHANGED = "state_changed", _("State changed")
    REOPENED = "reopened", _("Reopened")
    CANCELLED = "cancelled", _("Cancelled")
    DETAILS_CHANGED = "details_changed", _("Details changed")
    PRIORITY_CHANGED = "priority_changed", _("Priority changed")
    IMPACT_STATED = "impact_stated", _("Impact stated")
    IMPACT_REVISED = "impact_revised", _("Impact revised")
    TIME_RECORDED = "time_recorded", _("Time recorded")
    COMMAND_STARTED = "command_started", _("Manager accountable")
    HANDOVER_OFFERED = "handover_offered", _("Handover offered")
    HANDOVER_ACCEPTED = "handover_accepted", _("Handover accepted")
    HANDOVER_DECLINED = "handover_declined", _("Handover declined")
    HANDOVER_WITHDRAWN = "handover_withdrawn", _("Handover withdrawn")
    TAKEOVER = "takeover", _("Command taken over")
    ROLE_ASSIGNED = "role_assigned", _("Role assigned")
    ROLE_ENDED = "role_ended", _("Role ended")
    COMMITMENT_MADE = "commitment_made", _("Commitment made to a team")
    COMMITMENT_KEPT = "commitment_kept", _("Commitment kept")
    ENGAGEMENT_ASKED = "engagement_asked", _("Team asked")
    ENGAGEMENT_ASKED_AGAIN = "engagement_asked_again", _("Team asked again")
    ENGAGEMENT_ACKNOWLEDGED = "engagement_acknowledged", _("Team acknowledged")
    ENGAGEMENT_JOINED = "engagement_joined", _("Team joined")
    ENGAGEMENT_USEFUL_ACTION = "engagement_useful_action", _("First useful action")
    ENGAGEMENT_RELEASED = "engagement_released", _("Team released")
    REASSIGNED = "reassigned", _("Reassigned")
    NOTE = "note", _("Note")
    DECISION_NEEDED = "decision_needed", _("Decision needed")
    DECISION = "decision", _("Decision")
    DECISION_WITHDRAWN = "decision_withdrawn", _("Decision no longer needed")
    TASK_OPENED = "task_opened", _("Task opened")
    TASK_CHANGED = "task_changed", _("Task changed")
    TASK_DONE = "task_done", _("Task done")
    TASK_DROPPED = "task_dropped", _("Task dropped")
    HYPOTHESIS_STATED = "hypothesis_stated", _("Hypothesis stated")
    HYPOTHESIS_CHANGED = "hypothesis_changed", _("Hypothesis changed")
    HYPOTHESIS_CONFIRMED = "hypothesis_confirmed", _("Hypothesis confirmed")
    HYPOTHESIS_RULED_OUT = "hypothesis_ruled_out", _("Hypothesis ruled out")
    WORKSTREAM_OPENED = "workstream_opened", _("Workstream opened")
    WORKSTREAM_CHANGED = "workstream_changed", _("Workstream changed")
    WORKSTREAM_ENDED = "workstream_ended", _("Workstream ended")
    FILE_ATTACHED = "file_attached", _("File attached")
    FILE_REMOVED = "file_removed", _("File removed")
    DESK_REPORT_ADDED = "desk_report_added", _("Desk report added")
    DESK_ANSWERED = "desk_answered", _("Desk answered")
    LINKED = "linked", _("Linked")
    LINK_ENDED = "link_ended", _("Link ended")
    CLOSURE_ANSWERED = "closure_answered", _("Closure checklist")
    UPDATE_PUBLISHED = "update_published", _("Update published")
    UPDATE_CORRECTED = "update_corrected", _("Update corrected")
    UPDATE_WITHDRAWN = "update_withdrawn", _("Update withdrawn")
    UPDATE_SCHEDULED = "update_scheduled", _("Update scheduled")
    UPDATE_UNSCHEDULED = "update_unscheduled", _("Scheduled update stopped")
    UPDATE_HELD = "update_held", _("Scheduled update held")
    UPDATE_DEFECT_FOUND = "update_defect_found", _("Mistake found in a sent update")
    DEADLINE_OPENED = "deadline_opened", _("Update promised")
    DEADLINE_WARNED = "deadline_warned", _("Update due soon")
    DEADLINE_MISSED = "deadline_missed", _("Promised update late")
    DEADLINE_KEPT = "deadline_kept", _("Promise kept")
    DEADLINE_ENDED = "deadline_ended", _("No further update owed")
    DEADLINE_REPAIRED = "deadline_repaired", _("Missing deadline restored")
    CADENCE_CHANGED = "cadence_changed", _("Update times agreed")
    CADENCE_ENDED = "cadence_ended", _("Agreed update times ended")
    CADENCE_OWED = "cadence_owed", _("Audience owed updates")
    CADENCE_NOT_OWED = "cadence_not_owed", _("Audience no longer owed updates")
    ESTIMATE = "estimate", _("Estimate for executives")
    WAITING_FOR = "waiting_for", _("Waiting for")
    WAITING_ENDED = "waiting_ended", _("No longer waiting")
    REVIEW_OPENED = "review_opened", _("Review opened")
    IMPORTED = "imported", _("Imported")
