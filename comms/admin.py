"""Reference data of communications in Django's admin: audiences, cadences, recipients, status pages."""

from typing import Any

from django.contrib import admin

from comms import models


class PolicyInline(admin.TabularInline):  # type: ignore[type-arg]
    model = models.CadencePolicy
    extra = 0


@admin.register(models.Audience)
class AudienceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Changing a cadence never moves the promises of a running incident: each froze its own."""

    list_display = ("name", "code", "position", "is_technical", "is_plain", "is_public", "is_active")
    ordering = ("position",)
    inlines = (PolicyInline,)


@admin.register(models.Recipient)
class RecipientAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("address", "audience", "channel", "service", "site", "used_for", "is_active")
    list_filter = ("audience", "channel", "used_for", "is_active")
    list_select_related = ("audience", "service", "site")
    search_fields = ("address",)
    autocomplete_fields = ("service", "site")
    exclude = ("person", "added_at")


class ComponentInline(admin.TabularInline):  # type: ignore[type-arg]
    model = models.Component
    extra = 0
    autocomplete_fields = ("service",)
    exclude = ("created_at", "changed_at", "state")  # a state changes only with a published update


@admin.register(models.StatusPage)
class StatusPageAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "slug", "audience", "is_public", "is_executive")
    list_select_related = ("audience",)
    inlines = (ComponentInline,)
    # How it looks, for whom it is and its address are kept in Settings, which checks, keeps old links and audits.
    exclude = (
        *("wanted_version", "rendered_version", "changed_at", "render_after"),
        *("failed_version", "failures", "tries_again_at"),
        *("first_slug", "only_its_services", "footer", "accent", "accent_dark", "retired_at"),
        *("language", "other_languages"),
    )

    def get_readonly_fields(self, request: Any, obj: Any = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()
