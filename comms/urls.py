"""Addresses of the pages of comms."""

from django.urls import URLPattern, URLResolver, path

from comms.views import status

urlpatterns: list[URLPattern | URLResolver] = [
    path("status/<slug:slug>/", status.page, name="status-page"),
    path("status/<slug:slug>/<path:path>", status.page, name="status-page-part"),
]
