"""Addresses of the pages of teams."""

from django.urls import URLPattern, URLResolver, path

from teams.views import invitations, people, teams

urlpatterns: list[URLPattern | URLResolver] = [
    path("teams/", teams.directory, name="teams"),
    path("teams/<slug:slug>/", teams.team, name="team"),
    path("teams/<slug:slug>/profile/", teams.profile, name="team-profile"),
    path("teams/<slug:slug>/confirm/", teams.confirm, name="team-confirm"),
    path("invitation/<str:token>/", invitations.answer, name="invitation"),
    path("settings/me/", people.me, name="me"),
    path("settings/invitations/", invitations.listing, name="invitations"),
    path("settings/invitations/new/", invitations.invite, name="invite"),
    path("settings/people/", people.listing, name="people"),
    path("settings/people/<str:username>/", people.person, name="person"),
    path("settings/people/<str:username>/active/", people.activity, name="person-active"),
    path("settings/people/<str:username>/invitation/", people.invitation, name="person-invitation"),
]
