"""Addresses of the pages of reviews."""

from django.urls import URLPattern, URLResolver, path

from reviews.views import calls, editing, evidence, exports, factors, ledger, metrics, recurrence, reviews

_REVIEW = "reviews/<str:reference>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/recurring/", recurrence.recurring, name="recurring-factors"),
    path(_REVIEW, reviews.review, name="review"),
    path(f"{_REVIEW}export/<slug:kind>/", exports.file, name="review-export"),
    path(f"{_REVIEW}sections/<slug:code>/", editing.section, name="review-section"),
    path(f"{_REVIEW}timeline/", editing.choose_entries, name="review-timeline"),
    path(f"{_REVIEW}facilitator/", editing.facilitator, name="review-facilitator"),
    path(f"{_REVIEW}submit/", editing.submit, name="review-submit"),
    path(f"{_REVIEW}send-back/", editing.send_back, name="review-send-back"),
    path(f"{_REVIEW}sign-off/", editing.sign_off, name="review-sign-off"),
    path(f"{_REVIEW}overrides/", editing.override, name="review-override"),
    path(f"{_REVIEW}factors/", factors.add_factor, name="factor-add"),
    path(f"{_REVIEW}factors/<int:factor_id>/", factors.factor, name="factor"),
    path(f"{_REVIEW}factors/<int:factor_id>/remove/", factors.remove_factor, name="factor-remove"),
    path(f"{_REVIEW}factors/<int:factor_id>/links/", recurrence.links, name="factor-links"),
    path(f"{_REVIEW}factors/<int:factor_id>/unlink/", recurrence.unlink, name="factor-unlink"),
    path(f"{_REVIEW}actions/", factors.add_action, name="action-add"),
    path(f"{_REVIEW}actions/<int:action_id>/", factors.action, name="action"),
    path(f"{_REVIEW}actions/<int:action_id>/<slug:to>/", factors.move_action, name="action-move"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/<int:lapse_id>/", ledger.lapse, name="lapse"),
    path("ledger/<int:lapse_id>/a3/", ledger.a3, name="lapse-a3"),
    path("ledger/<int:lapse_id>/<slug:name>/", ledger.step, name="lapse-step"),
    path("metrics/", metrics.metrics, name="metrics"),
    path("metrics/report/", metrics.report, name="metrics-report"),
    path("metrics/file/", metrics.file, name="metrics-file"),
    path("teams/<slug:slug>/calls/", calls.of_team, name="team-calls"),
    path("teams/<slug:slug>/calls/<int:engagement_id>/against/", calls.against, name="team-call-against"),
    path("teams/<slug:slug>/evidence/", evidence.of_team, name="team-evidence"),
]
