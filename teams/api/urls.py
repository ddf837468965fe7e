"""Addresses of the REST API of teams, below /api/v1/."""

from django.urls import path

from teams.api import openapi, views

# Importing it is what registers the ways to sign in for /api/schema/.
__all__ = ["openapi", "urlpatterns"]

urlpatterns = [
    path("teams/", views.TeamList.as_view(), name="api-teams"),
    path("teams/<slug:slug>/", views.TeamDetail.as_view(), name="api-team"),
    path("teams/<slug:slug>/profile/", views.TeamProfile.as_view(), name="api-team-profile"),
    path("services/", views.ServiceList.as_view(), name="api-services"),
    path("people/me/", views.Me.as_view(), name="api-me"),
]
