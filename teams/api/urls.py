"""Addresses of the REST API of teams, below /api/v1/."""

from django.urls import path

from teams.api import catalogue, glossary, hours, openapi, people, profiles, rotas, views

# Importing it is what registers the ways to sign in for /api/schema/.
__all__ = ["openapi", "urlpatterns"]

urlpatterns = [
    path("teams/", catalogue.TeamList.as_view(), name="api-teams"),
    path("teams/<slug:slug>/", catalogue.TeamDetail.as_view(), name="api-team"),
    path("teams/<slug:slug>/profile/", profiles.TeamProfile.as_view(), name="api-team-profile"),
    path("teams/<slug:slug>/profile/confirm/", profiles.ProfileConfirm.as_view(), name="api-profile-confirm"),
    path("teams/<slug:slug>/profile/versions/", profiles.ProfileVersions.as_view(), name="api-profile-versions"),
    path("teams/<slug:slug>/profile/votes/", profiles.ProfileVotes.as_view(), name="api-profile-votes"),
    path("teams/<slug:slug>/profile/proposals/", profiles.ProposalList.as_view(), name="api-proposals"),
    path(
        "teams/<slug:slug>/profile/proposals/<int:pk>/accept/",
        profiles.ProposalAccept.as_view(),
        name="api-proposal-accept",
    ),
    path(
        "teams/<slug:slug>/profile/proposals/<int:pk>/reject/",
        profiles.ProposalReject.as_view(),
        name="api-proposal-reject",
    ),
    path("teams/<slug:slug>/hours/", hours.TeamHoursView.as_view(), name="api-team-hours"),
    path("teams/<slug:slug>/holidays/", hours.HolidayList.as_view(), name="api-team-holidays"),
    path("teams/<slug:slug>/holidays/import/", hours.HolidayFile.as_view(), name="api-team-holidays-import"),
    path("teams/<slug:slug>/holidays/<int:pk>/", hours.HolidayDetail.as_view(), name="api-team-holiday"),
    path("services/", catalogue.ServiceList.as_view(), name="api-services"),
    path("services/<slug:slug>/", catalogue.ServiceDetail.as_view(), name="api-service"),
    path("sites/", catalogue.SiteList.as_view(), name="api-sites"),
    path("sites/<slug:slug>/", catalogue.SiteDetail.as_view(), name="api-site"),
    path("glossary/", glossary.Glossary.as_view(), name="api-glossary"),
    path("glossary/<int:pk>/", glossary.GlossaryWord.as_view(), name="api-glossary-word"),
    path("people/", people.PeopleList.as_view(), name="api-people"),
    path("people/me/", views.Me.as_view(), name="api-me"),
    path("people/<str:username>/", people.PersonDetail.as_view(), name="api-person"),
    path("people/<str:username>/invitation/", people.PersonInvitation.as_view(), name="api-person-invitation"),
    path("rotas/", rotas.RotaList.as_view(), name="api-rotas"),
    path("rotas/<int:pk>/", rotas.RotaDetail.as_view(), name="api-rota"),
    path("rotas/<int:pk>/lines/", rotas.LineList.as_view(), name="api-rota-lines"),
    path("rotas/<int:pk>/lines/<int:line>/", rotas.LineDetail.as_view(), name="api-rota-line"),
    path("rotas/<int:pk>/shifts/", rotas.ShiftList.as_view(), name="api-rota-shifts"),
    path("rotas/<int:pk>/shifts/<int:shift>/", rotas.ShiftDetail.as_view(), name="api-rota-shift"),
    path("rotas/<int:pk>/swaps/", rotas.Swap.as_view(), name="api-rota-swaps"),
    path("rotas/<int:pk>/absences/", rotas.AbsenceList.as_view(), name="api-rota-absences"),
    path("rotas/<int:pk>/absences/<int:absence>/", rotas.AbsenceDetail.as_view(), name="api-rota-absence"),
    path("who-is-on/", rotas.WhoIsOn.as_view(), name="api-who-is-on"),
]
