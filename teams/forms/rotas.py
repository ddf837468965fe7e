"""Rotas as forms: the rota, a recurring line, and what differs from the plan."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mim_portal.lib.fields import MomentField
from teams.choices import ROTA_ROLES, Role
from teams.models import Person, RotaShift, Team

DAYS = [
    (0, _("Mon")),
    (1, _("Tue")),
    (2, _("Wed")),
    (3, _("Thu")),
    (4, _("Fri")),
    (5, _("Sat")),
    (6, _("Sun")),
]


def day_field(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Give a date such as 2026-11-23."), "required": _("Give a date.")},
        **options,
    )


def time_field(label: Any, **options: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Give a time such as 08:00."), "required": _("Give a time.")},
        **options,
    )


class PersonChoice(forms.TypedChoiceField):
    """One of the people who can be called through the rota."""

    def offer(self, people: Sequence[Person], *, empty: str) -> None:
        by_username = {person.username: person for person in people}
        self.choices = [("", empty), *((username, person.name) for username, person in by_username.items())]
        self.coerce = lambda username: by_username[username]
        self.empty_value = None


class RotaForm(forms.Form):
    """A rota for a role or for a team."""

    name = forms.CharField(label=_("Name"), max_length=120, error_messages={"required": _("Give the rota a name.")})
    role = forms.ChoiceField(
        label=_("For which role?"),
        choices=[("", _("none: for a team")), *((role.value, role.label) for role in Role if role in ROTA_ROLES)],
        required=False,
    )
    team = forms.TypedChoiceField(label=_("For which team?"), required=False)
    time_zone = forms.CharField(
        label=_("Time zone"), max_length=64, initial="Europe/London", help_text=_("In which new lines begin.")
    )

    def __init__(self, *args: Any, teams: Sequence[Team], is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = self.fields["team"]
        assert isinstance(team, forms.TypedChoiceField)
        by_slug = {one.slug: one for one in teams}
        team.choices = [("", _("none: for a role")), *((slug, one.name) for slug, one in by_slug.items())]
        team.coerce, team.empty_value = lambda slug: by_slug[slug], None
        if not is_new:
            del self.fields["role"], self.fields["team"]


class LineForm(forms.Form):
    """A recurring turn by the clock on the wall."""

    person = PersonChoice(label=_("Who?"), error_messages={"required": _("Choose who is on.")})
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On which days does it begin?"),
        choices=DAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day of the week.")},
    )
    starts = time_field(_("From"))
    ends = time_field(_("To"), help_text=_("Not after the start: on the next day."))
    time_zone = forms.CharField(
        label=_("By the clock of"),
        max_length=64,
        help_text=_("A time zone such as Europe/London. Hours keep their place on the wall when its clocks change."),
    )
    every_weeks = forms.IntegerField(label=_("Every how many weeks?"), min_value=1, max_value=12, initial=1)
    first_date = day_field(_("First day"))
    last_date = day_field(_("Last day"), required=False, help_text=_("Leave it empty where it goes on."))

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, PersonChoice)
        field.offer(people, empty=str(_("Choose")))


class OverrideForm(forms.Form):
    """What differs from the plan: somebody stands in, is away, or takes one shift by hand."""

    KINDS = [
        ("cover", _("Somebody stands in")),
        ("away", _("Somebody is away")),
        ("plan", _("One more shift")),
    ]

    kind = forms.ChoiceField(label=_("What changes?"), choices=KINDS, widget=forms.RadioSelect, initial="cover")
    instead_of = PersonChoice(
        label=_("Whose shift?"), required=False, help_text=_("Who is away, or in whose place somebody stands in.")
    )
    who = PersonChoice(label=_("Who is on then?"), required=False, help_text=_("Leave it empty for somebody away."))
    starts_at = MomentField(label=_("From"), required=False)
    ends_at = MomentField(label=_("To"), required=False)

    def __init__(self, *args: Any, people: Sequence[Person], may_edit: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, empty in (("instead_of", _("everybody who is planned")), ("who", _("nobody"))):
            field = self.fields[name]
            assert isinstance(field, PersonChoice)
            field.offer(people, empty=str(empty))
        if not may_edit:
            kind = self.fields["kind"]
            assert isinstance(kind, forms.ChoiceField)
            kind.choices = self.KINDS[:2]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        kind = cleaned.get("kind")
        for name in ("starts_at", "ends_at"):
            if not isinstance(cleaned.get(name), datetime) and name not in self.errors:
                self.add_error(name, _("Say from when to when."))
        if kind in {"cover", "plan"} and not cleaned.get("who"):
            self.add_error("who", _("Choose who is on then."))
        if kind == "away" and not cleaned.get("instead_of"):
            self.add_error("instead_of", _("Choose who is away."))
        return cleaned


class SwapForm(forms.Form):
    """Two shifts, each of which the other person takes."""

    first = forms.TypedChoiceField(label=_("Which shift?"), coerce=int)
    second = forms.TypedChoiceField(label=_("For which one?"), coerce=int)

    def __init__(
        self, *args: Any, own: Sequence[tuple[RotaShift, str]], others: Sequence[tuple[RotaShift, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, shifts in (("first", own), ("second", others)):
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)
            field.choices = [(shift.pk, words) for shift, words in shifts]
