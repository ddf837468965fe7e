"""Addresses of the pages of comms."""

from django.urls import URLPattern, URLResolver, path, re_path

from comms.views import composer, panels, policies, promises, reading, sent, status, updates, versions, writing

urlpatterns: list[URLPattern | URLResolver] = [
    path("updates/", updates.overview_page, name="updates"),
    path("updates/<int:update_id>/", composer.composer, name="update"),
    path("updates/<int:update_id>/read/", reading.read, name="update-read"),
    path("updates/<int:update_id>/readers/", reading.readers_part, name="update-readers"),
    path("updates/<int:update_id>/findings/", writing.find, name="update-findings"),
    path("updates/<int:update_id>/draft/", writing.save, name="update-draft"),
    path("updates/<int:update_id>/facts/", writing.facts, name="update-facts"),
    path("updates/<int:update_id>/words/", writing.learn, name="update-word"),
    path("updates/<int:update_id>/versions/", versions.page, name="update-versions"),
    path("updates/<int:update_id>/discard/", sent.discard, name="update-discard"),
    path("updates/<int:update_id>/correct/", sent.correct, name="update-correct"),
    path("updates/<int:update_id>/withdraw/", sent.withdraw, name="update-withdraw"),
    path("incidents/<str:reference>/updates/new/", updates.new, name="update-new"),
    path("incidents/<str:reference>/updates/no-change/", updates.no_change, name="update-no-change"),
    path("incidents/<str:reference>/promises/", promises.page, name="promises"),
    path("incidents/<str:reference>/promises/<str:deed>/", promises.act, name="promises-act"),
    re_path(r"^incidents/(?P<reference>[^/]+)/panels/(?P<name>next|updates)/$", panels.panel, name="updates-panel"),
    path("settings/approval/", policies.settings_page, name="approval-settings"),
    path("status/<slug:slug>/", status.page, name="status-page"),
    path("status/<slug:slug>/<path:path>", status.page, name="status-page-part"),
]
