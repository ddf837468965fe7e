"""What we learn: reviews, factors, actions, lapses, prevention plans."""

from reviews.models.lapse import EffectivenessCheck, Lapse, PreventionPlan
from reviews.models.review import ContributingFactor, ImprovementAction, RecurringFactor, Review

__all__ = [
    "ContributingFactor",
    "EffectivenessCheck",
    "ImprovementAction",
    "Lapse",
    "PreventionPlan",
    "RecurringFactor",
    "Review",
]
