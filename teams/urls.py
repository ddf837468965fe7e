"""Addresses of the pages of teams."""

from django.urls import URLPattern, URLResolver, path, register_converter

from teams.views import catalogue, hours, importing, invitations, people, profiles, rotas, teams

register_converter(catalogue.ListConverter, "list")

urlpatterns: list[URLPattern | URLResolver] = [
    path("teams/", teams.directory, name="teams"),
    path("teams/<slug:slug>/", teams.team, name="team"),
    path("teams/<slug:slug>/profile/", profiles.profile, name="team-profile"),
    path("teams/<slug:slug>/confirm/", profiles.confirm, name="team-confirm"),
    path("teams/<slug:slug>/versions/", profiles.versions, name="team-versions"),
    path("teams/<slug:slug>/propose/", profiles.propose, name="team-propose"),
    path("teams/<slug:slug>/proposals/<int:proposal_id>/", profiles.proposal, name="team-proposal"),
    path("teams/<slug:slug>/vote/", profiles.vote, name="team-vote"),
    path("teams/<slug:slug>/hours/", hours.page, name="team-hours"),
    path("teams/<slug:slug>/holidays/", hours.add, name="team-holiday-add"),
    path("teams/<slug:slug>/holidays/file/", hours.take_file, name="team-holiday-file"),
    path("teams/<slug:slug>/holidays/<int:holiday_id>/remove/", hours.remove, name="team-holiday-remove"),
    path("invitation/<str:token>/", invitations.answer, name="invitation"),
    path("settings/me/", people.me, name="me"),
    path("settings/invitations/", invitations.listing, name="invitations"),
    path("settings/invitations/new/", invitations.invite, name="invite"),
    path("settings/glossary/", catalogue.glossary, name="glossary"),
    path("settings/<list:of>/", catalogue.listing, name="catalogue"),
    path("settings/<list:of>/+new/", catalogue.new, name="catalogue-new"),
    path("settings/<list:of>/<str:key>/", catalogue.row, name="catalogue-row"),
    path("settings/<list:of>/<str:key>/active/", catalogue.activity, name="catalogue-active"),
    path("settings/words/<str:key>/remove/", catalogue.remove_word, name="word-remove"),
    path("settings/teams/<str:key>/contacts/", catalogue.add_contact, name="contact-add"),
    path("settings/contacts/<int:pk>/", catalogue.contact, name="contact"),
    path("settings/contacts/<int:pk>/remove/", catalogue.remove_contact, name="contact-remove"),
    path("settings/import/", importing.start, name="import"),
    path("settings/import/<int:pk>/", importing.file, name="import-file"),
    path("settings/import/<int:pk>/report.csv", importing.report, name="import-report"),
    path("settings/import/template/<str:kind>.csv", importing.template, name="import-template"),
    path("settings/export/<str:kind>.csv", importing.export, name="export"),
    path("settings/people/", people.listing, name="people"),
    path("settings/people/<str:username>/", people.person, name="person"),
    path("settings/people/<str:username>/active/", people.activity, name="person-active"),
    path("settings/people/<str:username>/invitation/", people.invitation, name="person-invitation"),
    path("settings/rotas/", rotas.listing, name="rotas"),
    path("settings/rotas/new/", rotas.new, name="rota-new"),
    path("settings/rotas/<int:rota_id>/", rotas.rota, name="rota"),
    path("settings/rotas/<int:rota_id>/edit/", rotas.edit, name="rota-edit"),
    path("settings/rotas/<int:rota_id>/lines/new/", rotas.line, name="rota-line-new"),
    path("settings/rotas/<int:rota_id>/lines/<int:line_id>/", rotas.line, name="rota-line"),
    path("settings/rotas/<int:rota_id>/lines/<int:line_id>/remove/", rotas.remove_line, name="rota-line-remove"),
    path("settings/rotas/<int:rota_id>/change/", rotas.override, name="rota-override"),
    path("settings/rotas/<int:rota_id>/swap/", rotas.swap, name="rota-swap"),
    path("settings/rotas/<int:rota_id>/shifts/<int:shift_id>/remove/", rotas.remove_override, name="rota-shift-remove"),
    path(
        "settings/rotas/<int:rota_id>/absences/<int:absence_id>/remove/",
        rotas.remove_absence,
        name="rota-absence-remove",
    ),
]
