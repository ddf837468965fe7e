"""What an administrator fills in about how often audiences hear."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from comms.models import Audience
from comms.queries.promises.cadences import Row
from comms.rules.promises import cadence, policies
from comms.services.promises.cadences import Wanted
from teams.models import Service

_LABELS = {
    "first_minutes": _("first after"),
    "every_minutes": _("then every"),
    "later_minutes": _("after two hours every"),
}


class CadenceForm(forms.Form):
    """The whole table: three numbers and a tick a row; three empty numbers mean on change only."""

    def __init__(self, *args: Any, rows: Sequence[Row], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._rows = rows
        for row in rows:
            who = f"{row.priority}, {row.audience.name}"
            for name in policies.FIELDS:
                field = forms.IntegerField(
                    label=f"{who}: {_LABELS[name]}",
                    required=False,
                    min_value=cadence.SHORTEST,
                    max_value=cadence.LONGEST,
                    initial=row.minutes[name],
                )
                self.fields[f"{row.key}-{name}"] = field
            owed = translated("%s: owed unless somebody chooses") % who
            self.fields[f"{row.key}-is_owed"] = forms.BooleanField(label=owed, required=False, initial=row.is_owed)

    def clean(self) -> dict[str, Any] | None:
        for wanted in self.wanted():
            found = policies.fault(wanted.minutes)
            if found is not None:
                name = f"{wanted.priority}-{wanted.audience}-{found[0]}"
                if name not in self.errors:
                    self.add_error(name, found[1])
        return self.cleaned_data

    def wanted(self) -> list[Wanted]:
        """Every row as it was typed."""
        return [
            Wanted(
                priority=row.priority,
                audience=row.audience.code,
                minutes={name: self.cleaned_data.get(f"{row.key}-{name}") for name in policies.FIELDS},
                is_owed=bool(self.cleaned_data.get(f"{row.key}-is_owed")),
            )
            for row in self._rows
        ]


class NamedField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Shown by its name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class ServiceForm(forms.Form):
    """Where a service differs."""

    service = NamedField(
        label=_("Service"), queryset=Service.objects.filter(is_active=True).order_by("name"), to_field_name="slug"
    )
    audience = NamedField(
        label=_("Audience"),
        queryset=Audience.objects.filter(is_active=True).order_by("position"),
        to_field_name="code",
    )
    is_owed = forms.TypedChoiceField(
        label=_("By default"),
        choices=[("no", _("owes them nothing")), ("yes", _("owes them updates")), ("", _("as the priority says"))],
        coerce={"no": False, "yes": True}.get,
        empty_value=None,
        required=False,
    )
