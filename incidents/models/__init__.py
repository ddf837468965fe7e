"""What is happening: candidates, incidents, command, impact, engagements, the timeline."""

from incidents.models.attachment import Attachment
from incidents.models.candidate import Candidate, ClarificationRequest
from incidents.models.command import CommandTenure, Handover, ShiftHandover
from incidents.models.counter import ReferenceCounter
from incidents.models.desk import DeskFeedback, DeskRating, IntakeDispute, IntakeFix
from incidents.models.engagement import Engagement, EngagementFeedback, FeedbackRequest
from incidents.models.impact import ImpactStatement
from incidents.models.incident import Incident, IncidentMember, RecordedTime
from incidents.models.link import IncidentLink
from incidents.models.people import Commitment, RoleAssignment
from incidents.models.report import DeskReport
from incidents.models.saved_view import SavedView
from incidents.models.search import IncidentSearch
from incidents.models.timeline import TimelineDispatch, TimelineEntry
from incidents.models.work import Decision, Hypothesis, Task, Workstream

__all__ = [
    "Attachment",
    "Candidate",
    "ClarificationRequest",
    "CommandTenure",
    "Commitment",
    "Decision",
    "DeskFeedback",
    "DeskRating",
    "DeskReport",
    "Engagement",
    "EngagementFeedback",
    "FeedbackRequest",
    "Handover",
    "Hypothesis",
    "ImpactStatement",
    "Incident",
    "IncidentLink",
    "IncidentMember",
    "IncidentSearch",
    "IntakeDispute",
    "IntakeFix",
    "RecordedTime",
    "ReferenceCounter",
    "RoleAssignment",
    "SavedView",
    "ShiftHandover",
    "Task",
    "TimelineDispatch",
    "TimelineEntry",
    "Workstream",
]
