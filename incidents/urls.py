"""Addresses of the pages of candidates and incidents."""

from django.urls import URLPattern, URLResolver, path, re_path

from incidents.views import acts, attachments, candidates, command, listing, live, panels, people, raising, times

urlpatterns: list[URLPattern | URLResolver] = [
    path("live/ticket/<str:reference>/", live.ticket, name="live-ticket"),
    path("raise/", raising.raise_candidate, name="raise"),
    path("raise/drafts/", raising.save_draft, name="raise-drafts"),
    path("raise/drafts/<int:draft_id>/", raising.save_draft, name="raise-draft"),
    path("raise/advice/", raising.advise, name="raise-advice"),
    path("candidates/", candidates.queue, name="candidates"),
    path("candidates/<str:reference>/", candidates.candidate, name="candidate"),
    path("candidates/<str:reference>/accept/", candidates.accept, name="candidate-accept"),
    path("candidates/<str:reference>/reject/", candidates.reject, name="candidate-reject"),
    path("candidates/<str:reference>/merge/", candidates.merge, name="candidate-merge"),
    path("candidates/<str:reference>/ask/", candidates.ask, name="candidate-ask"),
    path("candidates/<str:reference>/answer/<int:request_id>/", candidates.answer, name="candidate-answer"),
    path("candidates/<str:reference>/attachments/", attachments.attach_to_candidate, name="candidate-attach"),
    path("attachments/<int:attachment_id>/", attachments.download, name="attachment"),
    path("attachments/<int:attachment_id>/remove/", attachments.remove, name="attachment-remove"),
    path("incidents/<str:reference>/attachments/", attachments.attach_to_incident, name="attach"),
    path("incidents/", listing.incidents, name="incidents"),
    path("incidents/<str:reference>/state/", acts.transition, name="transition"),
    path("incidents/<str:reference>/times/", times.every_time, name="times"),
    path("incidents/<str:reference>/times/unknown/", times.unknown, name="times-unknown"),
    path("incidents/<str:reference>/times/<slug:name>/", times.one_time, name="time"),
    path("incidents/<str:reference>/priority/", acts.priority, name="priority"),
    path("incidents/<str:reference>/impact/", acts.revise_impact, name="revise-impact"),
    path("incidents/<str:reference>/notes/", acts.note, name="note"),
    path("incidents/<str:reference>/engage/", acts.engage, name="engage"),
    path(
        "incidents/<str:reference>/engagements/<int:engagement_id>/<slug:step>/",
        acts.advance_engagement,
        name="engagement-step",
    ),
    path("incidents/<str:reference>/handover/", command.offer, name="handover"),
    path("incidents/<str:reference>/handover/accept/", command.accept, name="handover-accept"),
    path("incidents/<str:reference>/handover/<int:handover_id>/<slug:step>/", command.answer, name="handover-answer"),
    path("incidents/<str:reference>/take-over/", command.take_over, name="take-over"),
    path("incidents/<str:reference>/roles/", people.assign, name="roles"),
    path("incidents/<str:reference>/roles/scribe/", people.scribe, name="role-scribe"),
    path("incidents/<str:reference>/roles/<int:assignment_id>/end/", people.end, name="role-end"),
    path("incidents/<str:reference>/commitments/", people.commit, name="commitments"),
    path("incidents/<str:reference>/commitments/<int:commitment_id>/kept/", people.keep, name="commitment-kept"),
    # Only our own: other apps serve theirs beside these.
    re_path(
        r"^incidents/(?P<reference>[^/]+)/panels/(?P<name>header|impact|teams|roles|timeline|files)/$",
        panels.panel,
        name="incident-panel",
    ),
]
