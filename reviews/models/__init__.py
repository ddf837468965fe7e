"""What we learn: reviews, factors, actions, lapses, prevention plans, measures rolled up."""

from reviews.models.lapse import EffectivenessCheck, Lapse, PreventionPlan
from reviews.models.review import ContributingFactor, ImprovementAction, RecurringFactor, Review
from reviews.models.rollup import MetricMonth, MetricRollup

__all__ = [
    "ContributingFactor",
    "EffectivenessCheck",
    "ImprovementAction",
    "Lapse",
    "MetricMonth",
    "MetricRollup",
    "PreventionPlan",
    "RecurringFactor",
    "Review",
]
