"""What we tell whom, by when: audiences, cadences, deadlines, updates, deliveries, status pages."""

from comms.models.audience import ApprovalPolicy, Audience, CadencePolicy, OwedAudience, Recipient, ServiceAudience
from comms.models.calendar import CalendarFeed
from comms.models.deadline import Notice, UpdateDeadline
from comms.models.delivery import Delivery, Message, NoticeHtml
from comms.models.endpoint import Endpoint
from comms.models.estimate import Estimate
from comms.models.maintenance import Maintenance, MaintenanceReminder, MaintenanceSeries, MaintenanceUpdate
from comms.models.opt_out import OptOut
from comms.models.page_answer import PageAnswer
from comms.models.page_link import PageLink
from comms.models.preference import NoticePreference
from comms.models.reading_link import ReadingCount, ReadingLink
from comms.models.reply import Reply
from comms.models.status_page import Component, FormerAddress, PageLogo, PageSnapshot, StatusPage
from comms.models.subscription import Subscription, SubscriptionAttempt
from comms.models.suppression import Suppression
from comms.models.template import MessageTemplate, TemplateVersion
from comms.models.update import Finding, Update
from comms.models.version import DraftVersion
from comms.models.waiting import WaitingFor

__all__ = [
    "ApprovalPolicy",
    "Audience",
    "CadencePolicy",
    "CalendarFeed",
    "Component",
    "Delivery",
    "DraftVersion",
    "Endpoint",
    "Estimate",
    "Finding",
    "FormerAddress",
    "Maintenance",
    "MaintenanceReminder",
    "MaintenanceSeries",
    "MaintenanceUpdate",
    "Message",
    "MessageTemplate",
    "Notice",
    "NoticeHtml",
    "NoticePreference",
    "OptOut",
    "OwedAudience",
    "PageAnswer",
    "PageLink",
    "PageLogo",
    "PageSnapshot",
    "ReadingCount",
    "ReadingLink",
    "Recipient",
    "Reply",
    "ServiceAudience",
    "StatusPage",
    "Subscription",
    "SubscriptionAttempt",
    "Suppression",
    "TemplateVersion",
    "Update",
    "UpdateDeadline",
    "WaitingFor",
]
