"""Every address of the portal: pages of the apps, the API, operations."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from mim_portal.views import board, health, operations, reading, robots, room, settings_pages

admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

# One step leads past everything else to what integrations ask hundreds of times a second.
_API = [
    path("", include("incidents.api.urls")),
    path("", include("comms.api.urls")),
    path("", include("teams.api.urls")),
    path("", include("reviews.api.urls")),
]

urlpatterns = [
    path("api/v1/", include(_API)),
    path("", board.board, name="board"),
    path("board/", board.part, name="board-part"),
    path("incidents/<str:reference>/", room.room, name="room"),
    path("settings/", settings_pages.overview, name="settings"),
    path("settings/mail/", settings_pages.mails, name="mails"),
    path("settings/mail/<str:name>", settings_pages.mail, name="mail"),
    path("four-lines/<str:token>/", reading.page, name="four-lines"),
    path("contacts.csv", operations.contact_sheet, name="contact-sheet"),
    path("metrics", operations.Metrics.as_view(), name="prometheus"),
    path("robots.txt", robots.robots, name="robots"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("account/email/", settings_pages.own_address, name="own-address"),  # before allauth's page of that address
    path("account/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path(
        "api/docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api-schema", template_name="pages/api_docs.html"),
        name="api-docs",
    ),
    path("", include("teams.urls")),
    path("", include("incidents.urls")),
    path("", include("comms.urls")),
    path("", include("reviews.urls")),
]

handler400 = "mim_portal.views.errors.bad_request"
handler403 = "mim_portal.views.errors.forbidden"
handler404 = "mim_portal.views.errors.not_found"
handler429 = "mim_portal.views.errors.too_many"  # allauth looks for it here
handler500 = "mim_portal.views.errors.server_error"
