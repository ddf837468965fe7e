"""What is typed when an incident enters another state."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.choices import IncidentState, RestorationSource
from incidents.rules.lifecycle import NEEDS
from mim_portal.lib.fields import MomentField
from teams.models import Person

# The words of the verb that leads to a state.
TRANSITION_WORDS = {
    IncidentState.INVESTIGATING: _("A team is investigating"),
    IncidentState.IDENTIFIED: _("The cause is confirmed"),
    IncidentState.MITIGATING: _("A fix or workaround is being applied"),
    IncidentState.MONITORING: _("The service is restored"),
    IncidentState.RESOLVED: _("Resolve"),
    IncidentState.CLOSED: _("Close"),
    IncidentState.CANCELLED: _("Cancel: it was declared in error"),
}


class TransitionForm(forms.Form):
    """To which state, since when, and what the state is entered with: who confirmed, what is done, or why that is not
    known yet.
    """

    to = forms.ChoiceField(
        label=_("What happened?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what happened."),
            "invalid_choice": _("That cannot follow the present state; somebody may have changed it. Choose again."),
        },
    )
    at = MomentField(
        label=_("Since when?"),
        required=False,
        help_text=_("Empty means now. For restored: when users could work again."),
    )
    confirmed_by = forms.ChoiceField(
        label=_("Who on the users' side confirmed it?"),
        choices=[("", _("Nobody yet")), *RestorationSource.choices],
        required=False,
        help_text=_("Needed for restored: the fixing team alone is not enough."),
    )
    confirmer = forms.ChoiceField(label=_("Who confirmed the cause?"), required=False)
    evidence = forms.CharField(
        label=_("On what evidence?"), max_length=500, required=False, help_text=_("A sentence, or a link to it.")
    )
    action = forms.CharField(label=_("What is being done?"), max_length=500, required=False)
    owner = forms.ChoiceField(label=_("Who owns it?"), required=False)
    time_box = forms.IntegerField(
        label=_("How long may it take, in minutes?"), min_value=1, max_value=7 * 24 * 60, required=False
    )
    rollback = forms.CharField(label=_("What if it does not work?"), max_length=500, required=False)
    reason = forms.CharField(
        label=_("Reason, or why it is not known yet"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, allowed: Sequence[IncidentState], people: Sequence[Person] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        _choose(self.fields["to"], [(state.value, TRANSITION_WORDS[state]) for state in allowed])
        self._people = {person.username: person for person in people}
        names = [("", _("Not known yet")), *((person.username, person.name) for person in people)]
        for name in ("confirmer", "owner"):
            _choose(self.fields[name], names)

    def source(self) -> str:
        """Who confirmed on the users' side that it is restored; chosen for another state, it is left aside."""
        is_restored = self.cleaned_data["to"] == IncidentState.MONITORING
        return str(self.cleaned_data["confirmed_by"]) if is_restored else ""

    def facts(self) -> dict[str, Any]:
        """What the chosen state is entered with; what was typed for another one is left aside."""
        wanted = NEEDS.get(IncidentState(self.cleaned_data["to"]), ())
        given = {name: self.cleaned_data[name] for name in wanted}
        return given | {name: self._people.get(given[name]) for name in ("confirmer", "owner") if name in given}


def _choose(field: forms.Field, choices: Sequence[tuple[Any, Any]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)
