"""Addresses of the REST API of incidents, below /api/v1/."""

from django.urls import path

from incidents.api import urls_work
from incidents.api import views_attachment as attachment
from incidents.api import views_candidate as candidate
from incidents.api import views_closing as closing
from incidents.api import views_desk as desk
from incidents.api import views_engagement as engagement
from incidents.api import views_export as export
from incidents.api import views_incident as incident
from incidents.api import views_links as links
from incidents.api import views_people as people
from incidents.api import views_reports as reports
from incidents.api import views_required_facts as required_facts
from incidents.api import views_room as room
from incidents.api import views_saved as saved
from incidents.api import views_shift as shift
from incidents.api import views_times as times
from incidents.services.accountability import shifts
from incidents.services.work import engagements

_CANDIDATE = "candidates/<str:reference>/"
_QUESTION = f"{_CANDIDATE}clarifications/<int:pk>/"
_INCIDENT = "incidents/<str:reference>/"
_HANDOVER = f"{_INCIDENT}handovers/<int:pk>/"
_ENGAGEMENT = f"{_INCIDENT}engagements/<int:pk>/"
_STEPS = {
    "acknowledge": engagements.acknowledge,
    "join": engagements.join,
    "useful-action": engagements.useful_action,
    "release": engagements.release,
}

urlpatterns = [
    path("required-facts/", required_facts.RequiredFacts.as_view(), name="api-required-facts"),
    path("required-facts/<slug:fact>/", required_facts.RequiredFact.as_view(), name="api-required-fact"),
    path(
        "required-facts/<slug:fact>/<slug:service>/",
        required_facts.RequiredFactOfService.as_view(),
        name="api-required-fact-of-service",
    ),
    path("candidates/", candidate.CandidateList.as_view(), name="api-candidates"),
    path(_CANDIDATE, candidate.CandidateDetail.as_view(), name="api-candidate"),
    path(f"{_CANDIDATE}accept/", candidate.CandidateAccept.as_view(), name="api-candidate-accept"),
    path(f"{_CANDIDATE}reject/", candidate.CandidateReject.as_view(), name="api-candidate-reject"),
    path(f"{_CANDIDATE}desk-reports/", reports.CandidateReports.as_view(), name="api-candidate-reports"),
    path(f"{_CANDIDATE}merge/", candidate.CandidateMerge.as_view(), name="api-candidate-merge"),
    path(f"{_CANDIDATE}clarifications/", candidate.ClarificationList.as_view(), name="api-clarifications"),
    path(
        f"{_CANDIDATE}clarifications/<int:pk>/answer/",
        candidate.ClarificationAnswer.as_view(),
        name="api-clarification-answer",
    ),
    path(f"{_CANDIDATE}attachments/", attachment.CandidateAttachments.as_view(), name="api-candidate-attachments"),
    path(f"{_INCIDENT}attachments/", attachment.IncidentAttachments.as_view(), name="api-attachments"),
    path(
        f"{_CANDIDATE}attachments/<int:pk>/", attachment.CandidateAttachment.as_view(), name="api-candidate-attachment"
    ),
    path(f"{_INCIDENT}attachments/<int:pk>/", attachment.IncidentAttachment.as_view(), name="api-attachment"),
    path(f"{_CANDIDATE}disputes/", desk.DisputeList.as_view(), name="api-candidate-disputes"),
    path(f"{_CANDIDATE}disputes/<int:pk>/answer/", desk.DisputeAnswer.as_view(), name="api-candidate-dispute-answer"),
    path(f"{_INCIDENT}desk-feedback/", desk.Feedback.as_view(), name="api-desk-feedback"),
    path(f"{_INCIDENT}desk-rating/", desk.Rating.as_view(), name="api-desk-rating"),
    path("desk/months/", desk.Months.as_view(), name="api-desk-months"),
    path("desk/fixes/", desk.Fixes.as_view(), name="api-desk-fixes"),
    path(f"{_QUESTION}chase/", candidate.ClarificationChase.as_view(), name="api-clarification-chase"),
    path("incidents/", incident.IncidentList.as_view(), name="api-incidents"),
    path("exports/incidents.csv", export.IncidentsFile.as_view(), name="api-incidents-file"),
    path("saved-views/", saved.SavedViewList.as_view(), name="api-saved-views"),
    path("saved-views/<int:pk>/", saved.SavedViewDetail.as_view(), name="api-saved-view"),
    path(_INCIDENT, incident.IncidentDetail.as_view(), name="api-incident"),
    path(f"{_INCIDENT}transitions/", incident.TransitionList.as_view(), name="api-transitions"),
    path(f"{_INCIDENT}closure/", closing.Closure.as_view(), name="api-closure"),
    path(f"{_INCIDENT}links/", links.LinkList.as_view(), name="api-links"),
    path(f"{_INCIDENT}links/<int:pk>/end/", links.LinkEnd.as_view(), name="api-link-end"),
    path(f"{_INCIDENT}recurrence/", links.Recurrence.as_view(), name="api-recurrence"),
    path(f"{_INCIDENT}members/", links.MemberList.as_view(), name="api-members"),
    path(f"{_INCIDENT}times/", times.TimeList.as_view(), name="api-times"),
    path(f"{_INCIDENT}times/unknown/", times.TimesUnknown.as_view(), name="api-times-unknown"),
    path(f"{_INCIDENT}handovers/", room.HandoverList.as_view(), name="api-handovers"),
    path(f"{_HANDOVER}accept/", room.HandoverAccept.as_view(), name="api-handover-accept"),
    path(f"{_HANDOVER}decline/", room.HandoverDecline.as_view(), name="api-handover-decline"),
    path(f"{_HANDOVER}withdraw/", room.HandoverWithdraw.as_view(), name="api-handover-withdraw"),
    path("shift-handovers/", shift.ShiftList.as_view(), name="api-shift-handovers"),
    path("shift-handovers/<int:pk>/accept/", shift.ShiftAccept.as_view(), name="api-shift-handover-accept"),
    path(
        "shift-handovers/<int:pk>/decline/",
        shift.ShiftEnd.as_view(verb=shifts.decline),
        name="api-shift-handover-decline",
    ),
    path(
        "shift-handovers/<int:pk>/withdraw/",
        shift.ShiftEnd.as_view(verb=shifts.withdraw),
        name="api-shift-handover-withdraw",
    ),
    path(f"{_INCIDENT}takeover/", room.Takeover.as_view(), name="api-takeover"),
    path(f"{_INCIDENT}roles/", people.RoleList.as_view(), name="api-roles"),
    path(f"{_INCIDENT}roles/<int:pk>/end/", people.RoleEnd.as_view(), name="api-role-end"),
    path(f"{_INCIDENT}commitments/", people.CommitmentList.as_view(), name="api-commitments"),
    path(f"{_INCIDENT}commitments/<int:pk>/keep/", people.CommitmentKeep.as_view(), name="api-commitment-keep"),
    path(f"{_INCIDENT}impact-statements/", room.ImpactList.as_view(), name="api-impact-statements"),
    path(f"{_INCIDENT}desk-reports/", reports.IncidentReports.as_view(), name="api-incident-reports"),
    path(f"{_INCIDENT}timeline/", room.Timeline.as_view(), name="api-timeline"),
    path(f"{_INCIDENT}engagements/", engagement.EngagementList.as_view(), name="api-engagements"),
    *(
        path(
            f"{_ENGAGEMENT}{name}/",
            engagement.EngagementStep.as_view(verb=verb),
            name=f"api-engagement-{name}",
        )
        for name, verb in _STEPS.items()
    ),
    path(f"{_ENGAGEMENT}ask-again/", engagement.AskAgain.as_view(), name="api-engagement-ask-again"),
    path(f"{_ENGAGEMENT}feedback/", engagement.Feedback.as_view(), name="api-engagement-feedback"),
    *urls_work.urlpatterns,
]
