"""Roles and commitments as forms. People are named by username, address or full name: lists of everybody are long."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.choices import IncidentRole
from incidents.services.accountability.commitments import LONGEST, Promise
from mim_portal.lib.fields import MomentField
from teams.models import Team
from teams.queries import naming


class PersonField(forms.CharField):
    """An active person by username, address or full name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=150, **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = naming.named(text)
        if not found:
            raise forms.ValidationError(_("Nobody here is called “%(text)s”.") % {"text": text})
        if len(found) > 1:
            raise forms.ValidationError(_("Several people are called that. Use the username."))
        return found[0]


class TeamChoice(forms.TypedChoiceField):
    """A team by slug, from those that are offered."""

    def offer(self, teams: Sequence[Team], *, empty: str) -> None:
        by_slug = {team.slug: team for team in teams}
        self.choices = [("", empty), *((slug, team.name) for slug, team in by_slug.items())]
        self.coerce = lambda slug: by_slug[slug]
        self.empty_value = None


class RoleForm(forms.Form):
    """Which role, who, and whom they replace."""

    role = forms.ChoiceField(label=_("Role"), choices=IncidentRole.choices)
    to = PersonField(
        label=_("Who?"),
        help_text=_("Name or username."),
        widget=forms.TextInput(attrs={"list": "likely-people", "autocomplete": "off"}),
        error_messages={"required": _("Say who gets the role.")},
    )
    team = TeamChoice(label=_("Team"), required=False, help_text=_("For a team representative: whom they speak for."))
    instead_of = PersonField(
        label=_("In place of"), required=False, help_text=_("Only where somebody has the role already.")
    )

    def __init__(self, *args: Any, teams: Sequence[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["team"]
        assert isinstance(field, TeamChoice)
        field.offer(teams, empty=str(_("none")))


class CommitmentForm(forms.Form):
    """What is promised to which team, by when."""

    team = TeamChoice(label=_("To which team?"), error_messages={"required": _("Choose the team.")})
    text = forms.CharField(
        label=_("What do we promise?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The team sees it as you write it, and the next manager takes it over."),
        error_messages={"required": _("Say what is promised.")},
    )
    due_at = MomentField(label=_("By when?"), required=False, help_text=_("Leave it empty where there is no time."))

    def __init__(self, *args: Any, teams: Sequence[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["team"]
        assert isinstance(field, TeamChoice)
        field.offer(teams, empty=str(_("Choose")))

    def promise(self) -> Promise:
        """As the verb takes it."""
        return Promise(**self.cleaned_data)
