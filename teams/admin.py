"""Reference data of the organisation in Django's admin: people, teams, services, rotas, words."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from teams import models


@admin.register(models.Person)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    """People with their roles; passwords are set by the person through the reset mail."""

    list_display = ("username", "first_name", "last_name", "email", "roles", "is_active")
    list_filter = ("is_active",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "phone", "time_zone", "locale")}),
        (_("What they may do"), {"fields": ("roles", "is_active", "is_staff", "is_superuser")}),
    )
    filter_horizontal = ()


class ContactInline(admin.TabularInline):  # type: ignore[type-arg]
    model = models.Contact
    extra = 0


class HolidayInline(admin.TabularInline):  # type: ignore[type-arg]
    model = models.TeamHoliday
    extra = 0


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    model = models.Membership
    extra = 0
    autocomplete_fields = ("person",)


class ShiftInline(admin.TabularInline):  # type: ignore[type-arg]
    model = models.RotaShift
    extra = 0
    autocomplete_fields = ("person", "instead_of")


@admin.register(models.Team)
class TeamAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "slug", "is_active")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (MembershipInline, ContactInline, HolidayInline)


@admin.register(models.Service)
class ServiceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "tier", "owner_team", "is_active")
    list_select_related = ("owner_team",)
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    filter_horizontal = ("sites", "depends_on")


@admin.register(models.Site)
class SiteAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "country", "time_zone", "headcount")
    search_fields = ("name", "slug")


@admin.register(models.Rota)
class RotaAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "role", "team")
    inlines = (ShiftInline,)


@admin.register(models.GlossaryTerm)
class GlossaryTermAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("term", "meaning", "is_plain")
    search_fields = ("term",)
    exclude = ("added_by", "added_at")
