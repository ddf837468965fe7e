"""People: the filters of their list, an invitation, what an administrator changes, and what everybody may."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from teams.choices import Role
from teams.models import Team
from teams.queries.people import Filters
from teams.rules import fields

NAME = 150


class PeopleFilterForm(forms.Form):
    """Every field may be left empty; an address with the same words shows the same list."""

    q = forms.CharField(label=_("Name, user name or e-mail"), required=False, max_length=200)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("any")), *Role.choices])
    team = forms.ChoiceField(label=_("Team"), required=False)
    active = forms.ChoiceField(
        label=_("Account"),
        required=False,
        choices=[
            ("", _("active")),
            ("invited", _("invited, not in yet")),
            ("no", _("deactivated")),
            ("readers", _("none, reads by a link")),
            ("all", _("all")),
        ],
    )

    def __init__(self, data: Any = None, *, teams: Iterable[Team]) -> None:
        super().__init__(data)
        _choose(self, "team", [("", _("any")), *((team.slug, team.name) for team in teams)])

    def filters(self) -> Filters:
        """The valid part of what was asked for."""
        self.is_valid()
        values = self.cleaned_data
        chosen = values.get("active", "")
        return Filters(
            q=values.get("q", ""),
            role=values.get("role", ""),
            team=values.get("team", ""),
            active={"no": False, "all": None}.get(chosen, True),
            invited=chosen == "invited",
            readers=chosen == "readers",
        )


class OwnForm(forms.Form):
    """What everybody may change about themselves."""

    first_name = forms.CharField(label=_("First name"), max_length=NAME, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=NAME, required=False)
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        help_text=_("For colleagues who need you during an incident; it stands on the contact sheet."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), help_text=_("Times are shown to you in it, with their offset."))
    locale = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    version = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "time_zone", [(name, name.replace("_", " ")) for name in sorted(fields.time_zones())])
        for name, word in (("first_name", "given-name"), ("last_name", "family-name")):
            self.fields[name].widget.attrs["autocomplete"] = word

    def changes(self) -> dict[str, Any]:
        """What was sent, for the verb."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class PersonForm(OwnForm):
    """What an administrator changes: also the address, what the person may do, and in which teams they are."""

    email = forms.CharField(
        label=_("E-mail"), max_length=254, required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What the person may do. Without a role they see nothing but public pages."),
    )
    teams = forms.MultipleChoiceField(
        label=_("Teams"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Where they are called with."),
    )
    leads = forms.MultipleChoiceField(
        label=_("Leads"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Team leads are called first where nobody is on the rota. Whoever leads a team is in it."),
    )
    field_order = ["first_name", "last_name", "email", "phone", "time_zone", "locale", "roles", "teams", "leads"]

    def __init__(self, *args: Any, choices: Iterable[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(team.slug, team.name) for team in choices]
        _choose(self, "teams", named)
        _choose(self, "leads", named)

    def changes(self) -> dict[str, Any]:
        values = super().changes()
        leads = set(values.pop("leads"))
        values["teams"] = {slug: slug in leads for slug in [*values["teams"], *leads]}
        return values


class InviteForm(PersonForm):
    """A new person; they choose their password themselves."""

    username = forms.CharField(
        label=_("User name"),
        max_length=NAME,
        required=False,
        help_text=_("To sign in with. Made from the address where you leave it empty; it cannot be changed later."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["first_name", "last_name", "email", "roles", "teams", "leads", "username", "time_zone", "locale"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("version", "phone"):
            del self.fields[name]
        self.fields["email"].required = True


class FirstPasswordForm(forms.Form):
    """What an invited person chooses."""

    password = forms.CharField(
        label=_("New password"),
        max_length=500,
        strip=False,
        help_text=_("At least 12 characters. Several words that only you would put together are best."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same once more"),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if "password" in values and "again" in values and values["password"] != values["again"]:
            self.add_error("again", _("This is not the same as above."))
        return values


def _choose(form: forms.Form, name: str, choices: list[tuple[Any, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
