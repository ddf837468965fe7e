"""What the list of incidents is narrowed to; an address with the same words shows the same list."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.choices import IncidentState, Priority
from incidents.queries.incidents import Filters
from mim_portal.lib import widgets

_YES_NO = {"yes": True, "no": False}


class FilterForm(forms.Form):
    """Every field may be left empty; what cannot be read is left out and said at the field."""

    q = forms.CharField(label=_("Words or a reference"), required=False, max_length=200)
    live = forms.ChoiceField(
        label=_("Running"),
        choices=[("", _("all")), ("yes", _("live")), ("no", _("ended"))],
        required=False,
        widget=widgets.Select,
    )
    priority = forms.MultipleChoiceField(
        label=_("Priority"), choices=Priority.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    state = forms.MultipleChoiceField(
        label=_("State"), choices=IncidentState.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    service = forms.ChoiceField(label=_("Service"), required=False, widget=widgets.Select)
    manager = forms.ChoiceField(label=_("Accountable, now or then"), required=False, widget=widgets.Select)
    exercise = forms.ChoiceField(
        label=_("Exercises"),
        choices=[("", _("with")), ("no", _("without")), ("yes", _("only"))],
        required=False,
        widget=widgets.Select,
    )
    declared_from = forms.DateField(
        label=_("Declared from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    declared_to = forms.DateField(label=_("to"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(
        self, data: object = None, *, services: list[tuple[str, str]], managers: list[tuple[str, str]]
    ) -> None:
        """What may be chosen, each with its name."""
        super().__init__(data)  # type: ignore[arg-type]
        self._offer("service", services)
        self._offer("manager", managers)

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("all")), *choices]

    def filters(self) -> Filters:
        """The valid part of what was asked for."""
        self.is_valid()
        values = self.cleaned_data
        start, end = values.get("declared_from"), values.get("declared_to")
        return Filters(
            q=values.get("q", ""),
            live=_YES_NO.get(values.get("live", "")),
            priority=tuple(values.get("priority", ())),
            state=tuple(values.get("state", ())),
            service=values.get("service", ""),
            manager=values.get("manager", ""),
            exercise=_YES_NO.get(values.get("exercise", "")),
            declared_from=_midnight(start) if start else None,
            declared_to=_midnight(end + timedelta(days=1)) if end and end < date.max else None,
        )


def _midnight(day: object) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())  # type: ignore[arg-type]


class SaveViewForm(forms.Form):
    """The name under which the filters of the list are kept."""

    name = forms.CharField(label=_("Name of the view"), max_length=60)
    query = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)
    is_shared = forms.BooleanField(label=_("Everybody may use it"), required=False)
    is_default = forms.BooleanField(label=_("My list begins with it"), required=False)

    def filters(self) -> QueryDict:
        """What was to be kept, as the address has it."""
        return QueryDict(str(self.data.get("query", ""))[:2000])
