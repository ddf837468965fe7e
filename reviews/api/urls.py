"""Addresses of the REST API of reviews, below /api/v1/."""

from django.urls import URLPattern, URLResolver, path

from reviews.api import actions, calls, evidence, exports, lapses, metrics, recurrence, reviews

_REVIEW = "reviews/<str:reference>/"
_LAPSE = "lapses/<int:pk>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("reviews/", reviews.ReviewList.as_view(), name="api-reviews"),
    path(_REVIEW, reviews.ReviewDetail.as_view(), name="api-review"),
    path(f"{_REVIEW}submit/", reviews.SubmitReview.as_view(), name="api-review-submit"),
    path(f"{_REVIEW}send-back/", reviews.SendBackReview.as_view(), name="api-review-send-back"),
    path(f"{_REVIEW}sign-off/", reviews.SignOffReview.as_view(), name="api-review-sign-off"),
    path(f"{_REVIEW}overrides/", reviews.OverrideFinding.as_view(), name="api-review-overrides"),
    path(f"{_REVIEW}factors/", reviews.FactorList.as_view(), name="api-review-factors"),
    path(f"{_REVIEW}factors/<int:pk>/", reviews.FactorDetail.as_view(), name="api-review-factor"),
    path(f"{_REVIEW}factors/<int:pk>/links/", recurrence.FactorLinks.as_view(), name="api-review-factor-links"),
    path("recurring-factors/", recurrence.RecurringFactors.as_view(), name="api-recurring-factors"),
    path(f"{_REVIEW}actions/", actions.ReviewActionList.as_view(), name="api-review-actions"),
    path("exports/reviews/<str:reference>.<slug:kind>", exports.ReviewFile.as_view(), name="api-review-file"),
    path("actions/", actions.ActionList.as_view(), name="api-actions"),
    path("actions/<int:pk>/", actions.ActionDetail.as_view(), name="api-action"),
    path("actions/<int:pk>/<str:to>/", actions.MoveAction.as_view(), name="api-action-move"),
    path("lapses/", lapses.LapseList.as_view(), name="api-lapses"),
    path(_LAPSE, lapses.LapseDetail.as_view(), name="api-lapse"),
    path(f"{_LAPSE}confirm/", lapses.ConfirmLapse.as_view(), name="api-lapse-confirm"),
    path(f"{_LAPSE}dismiss/", lapses.DismissLapse.as_view(), name="api-lapse-dismiss"),
    path(f"{_LAPSE}own/", lapses.OwnLapse.as_view(), name="api-lapse-own"),
    path(f"{_LAPSE}correct/", lapses.CorrectLapse.as_view(), name="api-lapse-correct"),
    path(f"{_LAPSE}plan/", lapses.PlanLapse.as_view(), name="api-lapse-plan"),
    path(f"{_LAPSE}in-place/", lapses.PlanInPlace.as_view(), name="api-lapse-in-place"),
    path("metrics/", metrics.Metrics.as_view(), name="api-metrics"),
    path("metrics/<slug:code>/", metrics.Months.as_view(), name="api-metric-months"),
    path("teams/<slug:slug>/evidence/", evidence.TeamEvidence.as_view(), name="api-team-evidence"),
    path("teams/<slug:slug>/calls/", calls.TeamCalls.as_view(), name="api-team-calls"),
    path(
        "teams/<slug:slug>/calls/<int:engagement_id>/against/",
        calls.TeamCallAgainst.as_view(),
        name="api-team-call-against",
    ),
]
