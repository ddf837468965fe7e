"""Addresses of the pages of teams."""

from django.urls import URLPattern, URLResolver, path

from teams.views import teams

urlpatterns: list[URLPattern | URLResolver] = [
    path("teams/", teams.directory, name="teams"),
    path("teams/<slug:slug>/", teams.team, name="team"),
    path("teams/<slug:slug>/profile/", teams.profile, name="team-profile"),
    path("teams/<slug:slug>/confirm/", teams.confirm, name="team-confirm"),
]
