"""What we learn: reviews, factors, actions, lapses, prevention plans, measures rolled up."""

from reviews.models.lapse import EffectivenessCheck, Lapse, LapseCount, PreventionPlan
from reviews.models.review import ContributingFactor, ImprovementAction, RecurringFactor, Review
from reviews.models.rollup import MetricMonth, MetricRollup, MetricYear, MonthlyReport

__all__ = [
    "ContributingFactor",
    "EffectivenessCheck",
    "ImprovementAction",
    "Lapse",
    "LapseCount",
    "MetricMonth",
    "MetricRollup",
    "MetricYear",
    "MonthlyReport",
    "PreventionPlan",
    "RecurringFactor",
    "Review",
]
