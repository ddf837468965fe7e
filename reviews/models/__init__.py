"""What we learn: reviews, factors, actions, lapses, prevention plans."""

from reviews.models.lapse import EffectivenessCheck, Lapse, LapseCount, PreventionPlan
from reviews.models.review import ContributingFactor, ImprovementAction, Review

__all__ = [
    "ContributingFactor",
    "EffectivenessCheck",
    "ImprovementAction",
    "Lapse",
    "LapseCount",
    "PreventionPlan",
    "Review",
]
