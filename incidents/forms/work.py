"""Tasks, decisions, hypotheses, workstreams and the bridge as forms."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.choices import AskedOf, Certainty
from incidents.forms.people import PersonField as NamedPersonField
from incidents.forms.people import TeamChoice
from incidents.models import Decision, Workstream
from incidents.rules import work as rules
from mim_portal.lib.fields import MomentField
from teams.models import Team

_PEOPLE = {"list": "likely-people", "autocomplete": "off"}


class TaskLineForm(forms.Form):
    """A task in one line: what, @who, by when."""

    line = forms.CharField(
        label=_("What is to be done?"),
        max_length=300,
        help_text=_("One line: what, @user or @team, and a time at the end, such as 10:45 or +15."),
        error_messages={"required": _("Say what is to be done.")},
    )


class TaskForm(forms.Form):
    """Everything about a task."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label=_("What is to be done?"), max_length=200, error_messages={"required": _("Say what is to be done.")}
    )
    owner = NamedPersonField(
        label=_("Who?"), required=False, help_text=_("Name or username."), widget=forms.TextInput(attrs=_PEOPLE)
    )
    team = TeamChoice(label=_("Or which team?"), required=False)
    due_at = MomentField(label=_("By when?"), required=False)
    workstream = forms.TypedChoiceField(label=_("Workstream"), required=False)

    def __init__(self, *args: Any, teams: Sequence[Team], workstreams: Sequence[Workstream], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_teams(self, teams)
        by_key = {str(one.pk): one for one in workstreams}
        field = self.fields["workstream"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", _("none")), *((key, one.name) for key, one in by_key.items())]
        field.coerce = lambda key: by_key[key]
        field.empty_value = None


class DecisionForm(forms.Form):
    """Ask for a decision, or record one that has just been made."""

    question = forms.CharField(
        label=_("What is to be decided?"), max_length=300, error_messages={"required": _("Write the question.")}
    )
    options = forms.CharField(
        label=_("Options"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line. Executives answer with one tap, so they need at least two."),
    )
    asked_of = forms.ChoiceField(label=_("Who decides?"), choices=AskedOf.choices, widget=forms.RadioSelect)
    needed_by = MomentField(label=_("By when?"), required=False)
    chosen = forms.CharField(
        label=_("What was decided?"),
        max_length=300,
        required=False,
        help_text=_("Only where it has been decided already, as on the bridge. Leave it empty to ask."),
    )
    objections = forms.CharField(label=_("Objections"), max_length=1000, required=False)

    def given_options(self) -> list[str]:
        """The options, one a line."""
        return rules.options(self.cleaned_data["options"])


class AnswerForm(forms.Form):
    """What was decided, and who objected to what."""

    chosen = forms.CharField(
        label=_("What was decided?"), max_length=300, error_messages={"required": _("Say what was decided.")}
    )
    objections = forms.CharField(label=_("Objections"), max_length=1000, required=False)

    def __init__(self, *args: Any, decision: Decision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if decision.options and decision.asked_of == AskedOf.EXECUTIVES:
            self.fields["chosen"] = forms.ChoiceField(
                label=_("What was decided?"),
                choices=[(option, option) for option in decision.options],
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose one of the options.")},
            )


class HypothesisForm(forms.Form):
    """What may be the cause, how sure, on what evidence; and what became of it."""

    STEPS = [
        ("", _("Still open")),
        ("confirm", _("It was so: confirmed")),
        ("cause", _("It was so, and it is the cause of this incident")),
        ("rule_out", _("It was not so: ruled out")),
    ]

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    statement = forms.CharField(
        label=_("What may be the cause?"),
        max_length=300,
        error_messages={"required": _("Say what may be the cause.")},
    )
    certainty = forms.ChoiceField(label=_("How sure are we?"), choices=Certainty.choices, widget=forms.RadioSelect)
    evidence = forms.CharField(
        label=_("On what evidence?"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    step = forms.ChoiceField(label=_("Where does it stand?"), choices=STEPS, required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, is_new: bool, may_confirm_cause: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        step = self.fields["step"]
        assert isinstance(step, forms.ChoiceField)
        if is_new:
            del self.fields["step"]
        elif not may_confirm_cause:
            step.choices = [choice for choice in self.STEPS if choice[0] != "cause"]


class WorkstreamForm(forms.Form):
    """A group, its lead, its task and its time box."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Name"), max_length=80, error_messages={"required": _("Give it a name.")})
    task = forms.CharField(
        label=_("What has the group to achieve?"),
        max_length=300,
        error_messages={"required": _("Say what the group has to achieve.")},
    )
    lead = NamedPersonField(
        label=_("Who leads it?"),
        required=False,
        help_text=_("Name or username. One voice: only the lead reports back."),
        widget=forms.TextInput(attrs=_PEOPLE),
    )
    team = TeamChoice(label=_("Which team?"), required=False)
    due_at = MomentField(label=_("Until when?"), required=False)

    def __init__(self, *args: Any, teams: Sequence[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_teams(self, teams)


class ReportForm(forms.Form):
    """The line that came back, or the end of it."""

    report = forms.CharField(
        label=_("What came back?"),
        max_length=300,
        help_text=_("Condition, actions, needs, in one line."),
        error_messages={"required": _("Write the line that came back.")},
    )


class BridgeForm(forms.Form):
    """Where everybody meets."""

    bridge_url = forms.CharField(
        label=_("Address of the bridge"),
        max_length=500,
        required=False,
        help_text=_("Beginning with https://. Leave it empty where there is no bridge."),
        widget=forms.URLInput,
    )


def _offer_teams(form: forms.Form, teams: Sequence[Team]) -> None:
    field = form.fields["team"]
    assert isinstance(field, TeamChoice)
    field.offer(teams, empty=str(_("none")))
