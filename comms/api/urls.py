"""Addresses of the REST API of comms, below /api/v1/."""

from django.urls import URLPattern, URLResolver, path

from comms.api.executives import estimates, reading_links
from comms.api.pages import maintenance, page_links, status_pages, subscriptions
from comms.api.paging import targets as paging
from comms.api.promises import cadences, deadlines, notices, owing, policies
from comms.api.recipients import audiences, suppressions
from comms.api.replies import replies, reply_settings
from comms.api.sending import dead_letters, deliveries, webhooks
from comms.api.writing import languages, required_parts, scheduling, templates, updates

_UPDATES = "incidents/<str:reference>/updates/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("reading-links/", reading_links.ReadingLinkList.as_view(), name="api-reading-links"),
    path("reading-links/<int:pk>/revoke/", reading_links.ReadingLinkRevoke.as_view(), name="api-reading-link-revoke"),
    path("incidents/<str:reference>/estimates/", estimates.EstimateList.as_view(), name="api-estimates"),
    path(
        "incidents/<str:reference>/estimates/<int:pk>/approve/",
        estimates.EstimateStep.as_view(),
        name="api-estimate-approve",
    ),
    path(
        "incidents/<str:reference>/estimates/<int:pk>/withdraw/",
        estimates.EstimateStep.as_view(deed="withdraw"),
        name="api-estimate-withdraw",
    ),
    path("people/me/notices/", notices.MyNotices.as_view(), name="api-my-notices"),
    path("updates/<int:pk>/deliveries/", deliveries.DeliveryList.as_view(), name="api-update-deliveries"),
    path("updates/<int:pk>/redeliver/", deliveries.Redeliver.as_view(), name="api-update-redeliver"),
    path("dead-letters/", dead_letters.DeadLetters.as_view(), name="api-dead-letters"),
    path("dead-letters/redeliver/", dead_letters.RedeliverDeadLetters.as_view(), name="api-dead-letters-redeliver"),
    path("mail-reports/", suppressions.MailReports.as_view(), name="api-mail-reports"),
    path("replies/", replies.Replies.as_view(), name="api-replies"),
    path("replies/<int:pk>/mark/", replies.MarkReply.as_view(), name="api-reply-mark"),
    path("replies/<int:pk>/place/", replies.PlaceReply.as_view(), name="api-reply-place"),
    path("incidents/<str:reference>/replies/", replies.IncidentReplies.as_view(), name="api-incident-replies"),
    path("suppressions/", suppressions.Suppressions.as_view(), name="api-suppressions"),
    path("suppressions/<int:pk>/lift/", suppressions.LiftSuppression.as_view(), name="api-suppression-lift"),
    path("maintenances/", maintenance.MaintenanceList.as_view(), name="api-maintenances"),
    path("maintenances/<int:pk>/", maintenance.MaintenanceDetail.as_view(), name="api-maintenance"),
    path(
        "maintenances/<int:pk>/transitions/",
        maintenance.MaintenanceTransitions.as_view(),
        name="api-maintenance-transitions",
    ),
    path("maintenances/<int:pk>/updates/", maintenance.MaintenanceUpdates.as_view(), name="api-maintenance-updates"),
    path("maintenance-series/<int:pk>/end/", maintenance.EndSeries.as_view(), name="api-maintenance-series-end"),
    path("status-pages/<slug:slug>/subscriptions/", subscriptions.Subscriptions.as_view(), name="api-subscriptions"),
    path(
        "status-pages/<slug:slug>/subscriptions/<int:pk>/end/",
        subscriptions.EndSubscription.as_view(),
        name="api-subscription-end",
    ),
    path("opt-outs/", suppressions.OptOuts.as_view(), name="api-opt-outs"),
    path("opt-outs/<int:pk>/lift/", suppressions.LiftOptOut.as_view(), name="api-opt-out-lift"),
    path("deadlines/", deadlines.DeadlineList.as_view(), name="api-deadlines"),
    path(
        "incidents/<str:reference>/deadlines/", deadlines.IncidentDeadlineList.as_view(), name="api-incident-deadlines"
    ),
    path("cadence-policies/", cadences.CadenceList.as_view(), name="api-cadence-policies"),
    path(
        "cadence-policies/<str:priority>/<slug:audience>/", cadences.CadenceDetail.as_view(), name="api-cadence-policy"
    ),
    path("service-audiences/", cadences.ServiceAudiences.as_view(), name="api-service-audiences"),
    path("approval-policies/", policies.ApprovalPolicies.as_view(), name="api-approval-policies"),
    path("required-parts/", required_parts.RequiredParts.as_view(), name="api-required-parts"),
    path("required-parts/<slug:kind>/<slug:part>/", required_parts.RequiredPart.as_view(), name="api-required-part"),
    path("language/", languages.OrganisationLanguage.as_view(), name="api-language"),
    path("reply-settings/", reply_settings.ReplySettings.as_view(), name="api-reply-settings"),
    path("incidents/<str:reference>/audiences/", owing.OwedAudiences.as_view(), name="api-owed-audiences"),
    path("incidents/<str:reference>/timetable/", owing.Timetable.as_view(), name="api-timetable"),
    path("incidents/<str:reference>/timetable/end/", owing.TimetableEnd.as_view(), name="api-timetable-end"),
    path("incidents/<str:reference>/interval/", owing.Interval.as_view(), name="api-interval"),
    path("incidents/<str:reference>/waiting/", owing.Waiting.as_view(), name="api-waiting"),
    path("incidents/<str:reference>/waiting/end/", owing.WaitingEnd.as_view(), name="api-waiting-end"),
    path("audiences/", audiences.AudienceList.as_view(), name="api-audiences"),
    path("audiences/<slug:code>/", audiences.AudienceDetail.as_view(), name="api-audience"),
    path("audiences/<slug:code>/recipients/", audiences.RecipientList.as_view(), name="api-recipients"),
    path("audiences/<slug:code>/recipients/<int:pk>/", audiences.RecipientDetail.as_view(), name="api-recipient"),
    path("status-pages/", status_pages.StatusPageList.as_view(), name="api-status-pages"),
    path("status-pages/<slug:slug>/", status_pages.StatusPageDetail.as_view(), name="api-status-page"),
    path(
        "status-pages/<slug:slug>/services/",
        status_pages.StatusPageServices.as_view(),
        name="api-status-page-services",
    ),
    path("status-pages/<slug:slug>/logo/", status_pages.StatusPageLogo.as_view(), name="api-status-page-logo"),
    path("status-pages/<slug:slug>/links/", page_links.PageLinkList.as_view(), name="api-status-page-links"),
    path(
        "status-pages/<slug:slug>/links/<int:pk>/revoke/",
        page_links.PageLinkRevoke.as_view(),
        name="api-status-page-link-revoke",
    ),
    path("status-pages/<slug:slug>/retire/", status_pages.RetireStatusPage.as_view(), name="api-status-page-retire"),
    path(
        "status-pages/<slug:slug>/bring-back/",
        status_pages.BringBackStatusPage.as_view(),
        name="api-status-page-bring-back",
    ),
    path("templates/", templates.TemplateList.as_view(), name="api-templates"),
    path("templates/<str:kind>/<slug:audience>/", templates.TemplateDetail.as_view(), name="api-template"),
    path("teams/<slug:slug>/paging/", paging.TeamPaging.as_view(), name="api-team-paging"),
    path("teams/<slug:slug>/paging/<slug:code>/", paging.TeamPagingTarget.as_view(), name="api-team-paging-target"),
    path("teams/<slug:slug>/paging/<slug:code>/test/", paging.TeamPagingTest.as_view(), name="api-team-paging-test"),
    path(
        "teams/<slug:slug>/paging/<slug:code>/address/",
        paging.TeamPagingAddress.as_view(),
        name="api-team-paging-address",
    ),
    path("webhooks/", webhooks.WebhookList.as_view(), name="api-webhooks"),
    path("webhooks/<slug:code>/", webhooks.WebhookDetail.as_view(), name="api-webhook"),
    path("webhooks/<slug:code>/secret/", webhooks.WebhookSecret.as_view(), name="api-webhook-secret"),
    path("webhooks/<slug:code>/test/", webhooks.WebhookTest.as_view(), name="api-webhook-test"),
    path("webhooks/<slug:code>/deliveries/", webhooks.WebhookDeliveries.as_view(), name="api-webhook-deliveries"),
    path(
        "webhooks/<slug:code>/deliveries/<int:pk>/redeliver/",
        webhooks.WebhookRedeliver.as_view(),
        name="api-webhook-redeliver",
    ),
    path(_UPDATES, updates.UpdateList.as_view(), name="api-updates"),
    path(f"{_UPDATES}<int:pk>/", updates.UpdateDetail.as_view(), name="api-update"),
    path(f"{_UPDATES}<int:pk>/check/", updates.CheckUpdate.as_view(), name="api-update-check"),
    path(f"{_UPDATES}<int:pk>/submit/", updates.SubmitUpdate.as_view(), name="api-update-submit"),
    path(f"{_UPDATES}<int:pk>/approve/", updates.ApproveUpdate.as_view(), name="api-update-approve"),
    path(f"{_UPDATES}<int:pk>/adapt/", scheduling.AdaptUpdate.as_view(), name="api-update-adapt"),
    path(f"{_UPDATES}<int:pk>/return/", scheduling.ReturnUpdate.as_view(), name="api-update-return"),
    path(f"{_UPDATES}<int:pk>/schedule/", scheduling.ScheduleUpdate.as_view(), name="api-update-schedule"),
    path(f"{_UPDATES}<int:pk>/publish/", updates.PublishUpdate.as_view(), name="api-update-publish"),
    path(f"{_UPDATES}<int:pk>/correct/", updates.CorrectUpdate.as_view(), name="api-update-correct"),
    path(f"{_UPDATES}<int:pk>/withdraw/", updates.WithdrawUpdate.as_view(), name="api-update-withdraw"),
]
