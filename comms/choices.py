"""Words that promises, messages and their delivery are described with, and the named sets that sweeps share."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AudienceCode(TextChoices):
    """The audiences that every organisation has; it can add its own."""

    TECHNICAL = "technical", _("Technical teams")
    SERVICE_DESK = "service_desk", _("Service desk")
    SERVICE_OWNERS = "service_owners", _("Service owners")
    END_USERS = "end_users", _("End users")
    EXECUTIVES = "executives", _("Executives")
    PUBLIC = "public", _("Public")


class Language(TextChoices):
    """Languages that updates can be written in: those whose checker finds misspellings and grammar, by their tags."""

    EN_GB = "en-GB", _("English (United Kingdom)")
    EN_US = "en-US", _("English (United States)")
    EN_AU = "en-AU", _("English (Australia)")
    EN_CA = "en-CA", _("English (Canada)")
    EN_NZ = "en-NZ", _("English (New Zealand)")
    EN_ZA = "en-ZA", _("English (South Africa)")
    DE_DE = "de-DE", _("German (Germany)")
    DE_AT = "de-AT", _("German (Austria)")
    DE_CH = "de-CH", _("German (Switzerland)")
    FR = "fr", _("French")
    ES = "es", _("Spanish")
    IT = "it", _("Italian")
    NL = "nl", _("Dutch")
    PT_PT = "pt-PT", _("Portuguese (Portugal)")
    PT_BR = "pt-BR", _("Portuguese (Brazil)")
    PL_PL = "pl-PL", _("Polish")


# The desk answers callers, so it hears first; technical teams are in the room.
DELIVERY_ORDER = (
    AudienceCode.SERVICE_DESK,
    AudienceCode.TECHNICAL,
    AudienceCode.SERVICE_OWNERS,
    AudienceCode.EXECUTIVES,
    AudienceCode.END_USERS,
    AudienceCode.PUBLIC,
)
# Their readers act on what they hear: nobody leaves them by a link in a mail.
DUTY_AUDIENCES = frozenset({AudienceCode.SERVICE_DESK, AudienceCode.TECHNICAL, AudienceCode.SERVICE_OWNERS})
# Plain words only: no host, address, component or internal link.
PLAIN_AUDIENCES = frozenset({AudienceCode.END_USERS, AudienceCode.EXECUTIVES, AudienceCode.PUBLIC})


class TextSource(TextChoices):
    """What words of its own for an audience begin as."""

    SHARED = "shared", _("the text for everybody")
    TEMPLATE = "template", _("the template of these readers")


class UpdateKind(TextChoices):
    """What a message is for."""

    INITIAL = "initial", _("Initial")
    HOLDING = "holding", _("Holding")
    UPDATE = "update", _("Update")
    WORKAROUND = "workaround", _("Workaround")
    RESTORED = "restored", _("Restored")
    CLOSURE = "closure", _("Closure")
    CORRECTION = "correction", _("Correction")
    HANDOVER = "handover", _("Handover")
    DOWNGRADE = "downgrade", _("Downgrade")


# Minutes matter more than form: these stop only for what may never leave, and never need a second reader.
FAST_KINDS = frozenset({UpdateKind.INITIAL, UpdateKind.HOLDING})
# A restored message may, and a closure does, say that no further update follows.
FINAL_KINDS = frozenset({UpdateKind.RESTORED, UpdateKind.CLOSURE})


class Reading(TextChoices):
    """Who has to read an update of a kind to an audience before it leaves, from the lightest to the strictest."""

    ALONE = "alone", _("Alone")
    SECOND_READER = "second_reader", _("Second reader")
    GATE_WHEN_MARKED = "gate_when_marked", _("Second reader; legal and security where the incident is marked")
    GATE = "gate", _("Legal and security, always")


class UsedFor(TextChoices):
    """Which incidents an address hears of."""

    INCIDENTS = "incidents", _("Incidents")
    EXERCISES = "exercises", _("Exercises only")
    PRIVATE = "private", _("Private incidents only")


class UpdateState(TextChoices):
    """Where a message stands. Its content is fixed from published on."""

    DRAFT = "draft", _("Draft")
    CHECKED = "checked", _("Checked")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")
    CORRECTED = "corrected", _("Corrected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


EDITABLE_UPDATES = frozenset({UpdateState.DRAFT, UpdateState.CHECKED, UpdateState.APPROVED})
SENT_UPDATES = frozenset({UpdateState.PUBLISHED, UpdateState.CORRECTED, UpdateState.WITHDRAWN})


class Severity(TextChoices):
    """What a finding asks for: stop, think, or know."""

    ERROR = "error", _("Error")
    WARNING = "warning", _("Warning")
    ADVICE = "advice", _("Advice")


class DeadlineState(TextChoices):
    """How a promise is filtered for. Missed says that it was late once, whether it was kept later or not."""

    OPEN = "open", _("Open")
    KEPT = "kept", _("Kept")
    MISSED = "missed", _("Missed")
    ENDED = "ended", _("Ended")


class EndReason(TextChoices):
    """Why an update stopped being owed without being sent."""

    SUPERSEDED = "superseded", _("Replaced by an earlier time")
    NO_LONGER_OWED = "no_longer_owed", _("The audience is no longer owed updates")
    RESTORED = "restored", _("Restored, and no more updates follow")
    RESOLVED = "resolved", _("Incident resolved")
    CANCELLED = "cancelled", _("Incident cancelled")
    CLOSED = "closed", _("Incident closed")


class EscalationStep(TextChoices):
    """Who hears about a promise, in this order."""

    WARN = "warn", _("Due soon")
    OVERDUE = "overdue", _("Overdue")
    DEPUTY = "deputy", _("Deputy told")
    PRACTICE_LEAD = "practice_lead", _("Practice lead told")


class WakeReason(TextChoices):
    """What an executive may want to be woken by."""

    DECLARED = "declared", _("A P1 is declared, or an incident becomes one")
    WIDENED = "widened", _("A P1 affects more than before")
    RESTORED = "restored", _("The service is back after a P1")
    DECISION_NEEDED = "decision_needed", _("A decision is needed from executives")


# What holds until somebody chooses: updates to executives come in any case, so that only what they must do wakes them.
WAKES_BY_DEFAULT = (WakeReason.DECISION_NEEDED,)


class DeliveryState(TextChoices):
    """Where one message to one address stands."""

    PENDING = "pending", _("Waiting")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed, will be tried again")
    BOUNCED = "bounced", _("Bounced")
    DEAD = "dead", _("Given up")
    SUPPRESSED = "suppressed", _("Not sent")


# What the delivery sweep may claim: new, or failed and due again. A lease that ran out is claimed as well.
DUE_DELIVERIES = frozenset({DeliveryState.PENDING, DeliveryState.FAILED})
UNFINISHED_DELIVERIES = DUE_DELIVERIES | {DeliveryState.SENDING}
FINISHED_DELIVERIES = frozenset(set(DeliveryState) - UNFINISHED_DELIVERIES)
LOST_DELIVERIES = frozenset({DeliveryState.BOUNCED, DeliveryState.DEAD})


class MailTrouble(TextChoices):
    """What a mail server or a feedback loop reports of a message that it had taken."""

    HARD = "hard", _("It came back for good")
    SOFT = "soft", _("It came back for now")
    COMPLAINT = "complaint", _("Its reader called it unwanted")


# What keeps further updates from an address until a person lifts it.
SUPPRESSING = (MailTrouble.HARD, MailTrouble.COMPLAINT)


class RepliesGo(TextChoices):
    """Where a reader's reply to an update goes: what the mail's Reply-To says."""

    SENDER = "sender", _("To the address that updates come from")
    MAILBOX = "mailbox", _("To a mailbox")
    MANAGER = "manager", _("To the accountable incident manager")
    COMMUNICATIONS = "communications", _("To the communications lead, else the manager")


class MailKind(TextChoices):
    """What came in by mail: only a person's words are a reply."""

    REPLY = "reply", _("Somebody wrote it")
    OPT_OUT = "opt_out", _("A reader wants no more updates")
    AUTOMATIC = "automatic", _("A machine answered")
    BOUNCE = "bounce", _("A message came back")


class ReplyState(TextChoices):
    """What became of a reader's reply."""

    NEW = "new", _("New")
    READ = "read", _("Read")
    ANSWERED = "answered", _("Answered")


class SubscriptionState(TextChoices):
    """Where somebody's wish to hear of a status page stands."""

    PENDING = "pending", _("Not confirmed yet")
    CONFIRMED = "confirmed", _("Confirmed")
    SUSPENDED = "suspended", _("Suspended: messages did not arrive")
    ENDED = "ended", _("Ended")


class ChannelKind(TextChoices):
    """How a message travels."""

    EMAIL = "email", _("E-mail")
    WEBHOOK = "webhook", _("Webhook")
    SMS = "sms", _("SMS")
    SLACK = "slack", _("Slack")
    TEAMS = "teams", _("Microsoft Teams")
    MATTERMOST = "mattermost", _("Mattermost")


# Chat channels are equals: the same message, the same rules, whatever the product.
CHATS = frozenset({ChannelKind.SLACK, ChannelKind.TEAMS, ChannelKind.MATTERMOST})
# What a reader of a status page may subscribe by; by SMS where the page takes numbers, since each typed one costs.
READERS_CHANNELS = (
    ChannelKind.EMAIL,
    ChannelKind.SMS,
    ChannelKind.SLACK,
    ChannelKind.TEAMS,
    ChannelKind.MATTERMOST,
    ChannelKind.WEBHOOK,
)


class PagingKind(TextChoices):
    """How a team is paged; each is an endpoint of that team alone."""

    PAGERDUTY = "pagerduty", _("PagerDuty")
    OPSGENIE = "opsgenie", _("Opsgenie")
    WEBHOOK = "webhook", _("Webhook")
    SMS = "sms", _("SMS")
    VOICE = "voice", _("Phone call")


class PagedFor(TextChoices):
    """The lowest priority that a target is paged for; nothing means every one."""

    P1 = "P1", _("P1 alone")
    P2 = "P2", _("P1 and P2")
    P3 = "P3", _("P1 to P3")


# They hear as well that the call was answered here and that the team may go; a phone does not.
FOLLOWED_PAGES = frozenset({PagingKind.PAGERDUTY, PagingKind.OPSGENIE, PagingKind.WEBHOOK})
# The provider costs whoever runs the portal, for any number typed.
COSTLY_PAGES = frozenset({PagingKind.SMS, PagingKind.VOICE})
ENDPOINT_KINDS = [*ChannelKind.choices, *(one for one in PagingKind.choices if one[0] not in ChannelKind.values)]


class PageAction(TextChoices):
    """What a page says of a call; the words are PagerDuty's."""

    TRIGGER = "trigger", _("Called")
    ACKNOWLEDGE = "acknowledge", _("Answered")
    RESOLVE = "resolve", _("Over")


class EndpointEvent(TextChoices):
    """What another system may be told of, as the `type` of a signed webhook."""

    DECLARED = "incident.declared", _("Declared")
    STATE_CHANGED = "incident.state_changed", _("State changed")
    RESTORED = "incident.restored", _("Service restored")
    RESOLVED = "incident.resolved", _("Resolved")
    CLOSED = "incident.closed", _("Closed")
    CANCELLED = "incident.cancelled", _("Cancelled")
    REOPENED = "incident.reopened", _("Reopened")
    PRIORITY_CHANGED = "incident.priority_changed", _("Priority changed")
    IMPACT_CHANGED = "incident.impact_changed", _("Impact stated or revised")
    HANDED_OVER = "incident.handed_over", _("Handed over")
    UPDATE_PUBLISHED = "update.published", _("Update published")
    UPDATE_CORRECTED = "update.corrected", _("Update corrected")
    UPDATE_WITHDRAWN = "update.withdrawn", _("Update withdrawn")
    PROMISE_MISSED = "update.late", _("Promised update late")


class ComponentState(TextChoices):
    """What a status page says about a service; values as in Statuspage's public API."""

    OPERATIONAL = "operational", _("Working")
    DEGRADED_PERFORMANCE = "degraded_performance", _("Slow or unreliable")
    PARTIAL_OUTAGE = "partial_outage", _("Partly not working")
    MAJOR_OUTAGE = "major_outage", _("Not working")
    UNDER_MAINTENANCE = "under_maintenance", _("Under maintenance")


class PageLanguage(TextChoices):
    """Languages that status pages speak around the words of people; each has a catalogue in locale/ but English."""

    EN = "en", _("English")
    DE = "de", _("German")
    FR = "fr", _("French")
    ES = "es", _("Spanish")


class PageKind(TextChoices):
    """For whom a status page is, which decides who may open it and what stands there."""

    PUBLIC = "public", _("Public: anybody reads it")
    INTERNAL = "internal", _("Internal: the roles of its audience sign in")
    EXECUTIVE = "executive", _("Executive: four lines an incident")
    CUSTOMER = "customer", _("Customer: only their services, and what touched them")


class MaintenanceState(TextChoices):
    """Where a planned window stands; the codes are Statuspage's own."""

    SCHEDULED = "scheduled", _("Planned")
    IN_PROGRESS = "in_progress", _("Running")
    VERIFYING = "verifying", _("Being verified")
    COMPLETED = "completed", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


RUNNING_MAINTENANCE = frozenset({MaintenanceState.IN_PROGRESS, MaintenanceState.VERIFYING})
OPEN_MAINTENANCE = RUNNING_MAINTENANCE | {MaintenanceState.SCHEDULED}


class Repeat(TextChoices):
    """How often a window comes back."""

    WEEKLY = "weekly", _("Every week")
    FORTNIGHTLY = "fortnightly", _("Every two weeks")
    FOUR_WEEKLY = "four_weekly", _("Every four weeks")
    MONTHLY_BY_DAY = "monthly_by_day", _("Every month, on the same day")
    MONTHLY_BY_WEEKDAY = "monthly_by_weekday", _("Every month, on the same weekday")
