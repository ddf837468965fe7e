"""Words that learning is described with: reviews, factors, actions and the ledger of lapses."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class ReviewState(TextChoices):
    """Where a blameless review stands."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")


class ReviewSection(TextChoices):
    """What people write in a review, in its order; timeline, factors and actions have rows of their own."""

    SUMMARY = "summary", _("Summary for everyone")
    IMPACT = "impact", _("Impact")
    DETECTION = "detection", _("How it was detected")
    DECISIONS = "decisions", _("What people saw, knew and expected")
    WENT_WELL = "went_well", _("What went well, and where we were lucky")
    RESPONSE = "response", _("How the response went")
    COMMUNICATIONS = "communications", _("Communications")
    OPEN_QUESTIONS = "open_questions", _("Open questions")
    GLOSSARY = "glossary", _("Words explained")


EDITABLE_REVIEWS = frozenset({ReviewState.DRAFT, ReviewState.IN_REVIEW})


class LapseState(TextChoices):
    """How far a lapse has come, from a suggestion to being proven not to recur."""

    SUGGESTED = "suggested", _("Suggested")
    CONFIRMED = "confirmed", _("Confirmed")
    DISMISSED = "dismissed", _("Dismissed")
    OWNED = "owned", _("Owned")
    CORRECTED = "corrected", _("Corrected")
    PLANNED = "planned", _("Planned")
    WATCHING = "watching", _("Watching")
    HELD = "held", _("Held")
    RECURRED = "recurred", _("Recurred")


# Visible to the addressee alone (and to the practice lead once it was passed on).
UNCONFIRMED_LAPSES = frozenset({LapseState.SUGGESTED, LapseState.DISMISSED})
OPEN_LAPSES = frozenset(
    {
        LapseState.CONFIRMED,
        LapseState.OWNED,
        LapseState.CORRECTED,
        LapseState.PLANNED,
        LapseState.WATCHING,
        LapseState.RECURRED,
    }
)


class LapseCause(TextChoices):
    """What made a lapse likely, in one word, so that the same cause can be seen again without anybody's words."""

    TIME_PRESSURE = "time_pressure", _("Time pressure")
    FORM = "form", _("A form")
    TEMPLATE = "template", _("A template")
    HANDOVER = "handover", _("A handover")
    TOOL = "tool", _("A tool")
    INFORMATION = "information", _("Missing information")
    OTHER = "other", _("Something else")


class LapseOutcome(TextChoices):
    """How a lapse ended, as it is still counted when everything else about it is gone."""

    HELD = "held", _("Held")
    WATCHED = "watched", _("Watched, not back")
    DISMISSED = "dismissed", _("Dismissed")
    UNANSWERED = "unanswered", _("Not answered")


# What the practice never confirmed: its numbers stand nowhere by themselves.
UNCONFIRMED_OUTCOMES = frozenset({LapseOutcome.DISMISSED, LapseOutcome.UNANSWERED})


class LapseCode(TextChoices):
    """Which promise of the practice was not held."""

    L01 = "L01", _("First update late")
    L02 = "L02", _("Update late")
    L03 = "L03", _("Update missed")
    L04 = "L04", _("Updates late repeatedly")
    L05 = "L05", _("Language defect in a sent message")
    L06 = "L06", _("Language defects repeatedly")
    L07 = "L07", _("Impact recorded wrongly")
    L08 = "L08", _("Impact communicated wrongly")
    L09 = "L09", _("Impact wrong more than once")
    L10 = "L10", _("Correction late or incomplete")
    L11 = "L11", _("Blame in a sent message")
    L12 = "L12", _("Missing information not asked for")
    L13 = "L13", _("Feedback to the desk missing")
    L14 = "L14", _("Technical staff exposed")
    L15 = "L15", _("Engagement profile not followed")
    L16 = "L16", _("Handover with a gap")
    L17 = "L17", _("Step of the lifecycle skipped")
    L18 = "L18", _("Review or action late")
    L19 = "L19", _("Regulatory clock passed")
    L20 = "L20", _("Prevention plan or its check late")


DEADLINE_LAPSES = frozenset({LapseCode.L01, LapseCode.L02, LapseCode.L03})
IMPACT_LAPSES = frozenset({LapseCode.L07, LapseCode.L08})


class FactorKind(TextChoices):
    """What a contributing factor did."""

    TRIGGER = "trigger", _("Trigger")
    ENABLING = "enabling", _("Enabling condition")
    MADE_WORSE = "made_worse", _("Made it worse")
    DELAYED_DETECTION = "delayed_detection", _("Delayed detection")
    DELAYED_ENGAGEMENT = "delayed_engagement", _("Delayed engagement")
    DELAYED_COMMUNICATION = "delayed_communication", _("Delayed communication")
    HELPED_RECOVERY = "helped_recovery", _("Helped recovery")


class FactorLayer(TextChoices):
    """Where a contributing factor lies. Never a person."""

    TECHNOLOGY = "technology", _("Technology")
    TOOL = "tool", _("Tool or interface")
    PROCEDURE = "procedure", _("Procedure")
    INFORMATION = "information", _("Information")
    STAFFING = "staffing", _("Staffing or fatigue")
    COORDINATION = "coordination", _("Coordination")
    SUPPLIER = "supplier", _("Supplier")
    ORGANISATION = "organisation", _("Organisation or incentive")
    ENVIRONMENT = "environment", _("Environment")


class EvidenceKind(TextChoices):
    """What a factor rests on, strongest first."""

    LOG = "log", _("Log")
    RECORD = "record", _("Record")
    ACCOUNTS = "accounts", _("Two or more accounts")
    ONE_ACCOUNT = "one_account", _("One account")
    INFERRED = "inferred", _("Inferred")


class Degree(IntegerChoices):
    """How much a factor did, and how well it can be changed."""

    LOW = 1, _("Little")
    MIDDLE = 2, _("Some")
    HIGH = 3, _("Much")


class ActionStrength(TextChoices):
    """How likely an action is to hold without anyone remembering it."""

    STRONG = "strong", _("Strong")
    INTERMEDIATE = "intermediate", _("Intermediate")
    WEAK = "weak", _("Weak")


class PlanChange(TextChoices):
    """Which change of the portal itself makes a plan hold without anybody remembering it."""

    WORD = "word", _("A word for the language check")
    TEMPLATE = "template", _("The template that the message begins with")
    CADENCE = "cadence", _("How early the audience is owed an update")
    FACT = "fact", _("A fact that the impact has to state")
    PART = "part", _("What messages of a kind have to say")


# Those that say of what: a word, a fact, a part.
NAMED_CHANGES = frozenset({PlanChange.WORD, PlanChange.FACT, PlanChange.PART})


class ActionState(TextChoices):
    """Where an improvement action stands."""

    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    VERIFIED = "verified", _("Verified effective")
    CANCELLED = "cancelled", _("Cancelled")


class ActionNotice(TextChoices):
    """What was said last about an open action's day; each once, unless the day changes."""

    NONE = "", _("Nothing")
    SOON = "soon", _("Due soon")
    OVERDUE = "overdue", _("Overdue")
    ESCALATED = "escalated", _("Told to the practice lead")


OPEN_ACTIONS = frozenset({ActionState.OPEN})
FINISHED_ACTIONS = frozenset({ActionState.DONE, ActionState.VERIFIED})
