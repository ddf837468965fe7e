"""What is typed in reviews, the ledger and the filters of the metrics."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comms.queries.writing import required_parts
from incidents.choices import Priority
from incidents.rules import impact
from mim_portal.lib import widgets
from reviews.choices import (
    ActionStrength,
    Degree,
    EvidenceKind,
    FactorKind,
    FactorLayer,
    LapseCause,
    PlanChange,
    ReviewState,
)
from reviews.models import ContributingFactor
from reviews.queries.library import Asked
from teams.models import Person, Service, Team


def _text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _choose(field: forms.Field, choices: Sequence[tuple[Any, Any]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


_DEGREE: dict[str, Any] = {"coerce": int, "empty_value": None}


class SectionForm(forms.Form):
    """One section in Markdown; `base` is the text that the writer began with."""

    text = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        widget=_text(18),
        help_text=_("Markdown. Say how it was, not who did it: cues, conditions, options."),
    )
    base = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)


class FacilitatorForm(forms.Form):
    """Who leads the conversation."""

    facilitator = forms.ChoiceField(
        label=_("Facilitator"),
        required=False,
        help_text=_("Best somebody who was not in the incident and manages nobody who was."),
    )

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {str(person.pk): person for person in people}
        _choose(
            self.fields["facilitator"], [("", _("Nobody yet")), *((key, row.name) for key, row in self._people.items())]
        )

    def person(self) -> Person | None:
        return self._people.get(self.cleaned_data["facilitator"])


class OverrideForm(forms.Form):
    """Why words that the lint found have to stand."""

    part = forms.CharField(widget=forms.HiddenInput)
    code = forms.CharField(widget=forms.HiddenInput)
    text = forms.CharField(strip=False, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why do these words have to stand?"), max_length=500)


class FactorForm(forms.Form):
    """What contributed."""

    statement = forms.CharField(
        label=_("What contributed, and how?"),
        widget=_text(3),
        help_text=_("A condition, not a person: “the alert went to a phone that was off; there was no second path”."),
    )
    kind = forms.ChoiceField(label=_("What did it do?"), choices=FactorKind.choices)
    layer = forms.ChoiceField(label=_("Where does it lie?"), choices=FactorLayer.choices)
    evidence = forms.ChoiceField(label=_("What does it rest on?"), choices=EvidenceKind.choices)
    evidence_note = forms.CharField(label=_("Where can that be seen?"), required=False, max_length=500)
    effect = forms.TypedChoiceField(
        label=_("How much did it do?"), choices=[("", _("not judged")), *Degree.choices], required=False, **_DEGREE
    )
    changeability = forms.TypedChoiceField(
        label=_("How well can it be changed?"),
        choices=[("", _("not judged")), *Degree.choices],
        required=False,
        help_text=_("With how often it comes back, this and its effect say what to look at first."),
        **_DEGREE,
    )
    control_owner = forms.ModelChoiceField(
        Team.objects.none(),
        label=_("Which team can change it?"),
        required=False,
        to_field_name="slug",
        empty_label=_("none, or not said"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["control_owner"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Team.objects.filter(is_active=True).order_by("name")


class LibraryForm(forms.Form):
    """What the library is narrowed to; every field may be left empty."""

    q = forms.CharField(label=_("Words or a reference"), required=False, max_length=200)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("as it fits")), ("writing", _("Being written")), *ReviewState.choices, ("all", _("All"))],
        widget=widgets.Select,
    )
    service = forms.ChoiceField(label=_("Service"), required=False, widget=widgets.Select)
    kind = forms.ChoiceField(
        label=_("A factor of kind"),
        required=False,
        choices=[("", _("all")), *FactorKind.choices],
        widget=widgets.Select,
    )
    layer = forms.ChoiceField(
        label=_("and in layer"), required=False, choices=[("", _("all")), *FactorLayer.choices], widget=widgets.Select
    )

    def __init__(self, *args: Any, services: Sequence[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self.fields["service"], [("", _("all")), *((row.slug, row.name) for row in services)])

    def asked(self) -> Asked:
        """The valid part of what was asked for."""
        self.is_valid()
        return Asked(**self.cleaned_data)


class ActionForm(forms.Form):
    """What will be different; owner, day and what done means are not optional."""

    title = forms.CharField(
        label=_("What will be done?"), max_length=300, help_text=_("A verb and what it does something to.")
    )
    owner = forms.ChoiceField(label=_("Who owns it?"))
    due_date = forms.DateField(
        label=_("By which day?"),
        widget=_day(),
        error_messages={"invalid": _("Give a day such as 2026-12-24.")},
    )
    done_means = forms.CharField(label=_("What can be seen when it is done?"), max_length=500, widget=_text(2))
    strength = forms.ChoiceField(
        label=_("How strong is it?"),
        choices=ActionStrength.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Strong removes the hazard. Intermediate: automation, redundancy, a checklist in the tool. "
            "Weak rests on people remembering."
        ),
    )
    measure = forms.CharField(label=_("How will we measure that it works?"), required=False, max_length=500)
    factor = forms.ChoiceField(label=_("Which factor does it answer?"), required=False)
    ticket_url = forms.URLField(label=_("Ticket"), required=False, max_length=500, assume_scheme="https")

    def __init__(
        self, *args: Any, people: Sequence[Person], factors: Sequence[ContributingFactor], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._people = {str(person.pk): person for person in people}
        _choose(
            self.fields["owner"], [("", _("Choose one person")), *((k, row.name) for k, row in self._people.items())]
        )
        _choose(
            self.fields["factor"], [("", _("None in particular")), *((str(f.pk), f.statement[:90]) for f in factors)]
        )

    def given(self) -> dict[str, Any]:
        """The fields as the verbs take them."""
        given = dict(self.cleaned_data)
        given["owner"] = self._people.get(given["owner"])
        factor = given.pop("factor")
        given["factor_id"] = int(factor) if factor else None
        return given


class DismissForm(forms.Form):
    reason = forms.CharField(label=_("Why is this no lapse?"), max_length=500, widget=_text(2))


class OwnForm(forms.Form):
    """In the manager's own words."""

    acknowledgement = forms.CharField(
        label=_("In your own words: what did the practice not hold?"),
        widget=_text(3),
        help_text=_("For example: we did not keep the 14:30 promise to end users."),
    )
    conditions = forms.CharField(
        label=_("What made it likely?"),
        required=False,
        widget=_text(2),
        help_text=_("Time pressure, a form, a template, a handover, a tool."),
    )
    cause_category = forms.ChoiceField(
        label=_("In one word"),
        required=False,
        choices=[("", _("Not said")), *LapseCause.choices],
        help_text=_("It is what remains when the entry is over for twelve months and its words are gone."),
    )


class CorrectForm(forms.Form):
    correction = forms.CharField(label=_("How was this one put right?"), widget=_text(2))


class PlanForm(forms.Form):
    """What prevents the next one, and how it will be seen to work."""

    plan = forms.CharField(label=_("Which practice prevents it from now on?"), widget=_text(3))
    strength = forms.ChoiceField(label=_("How strong is it?"), choices=ActionStrength.choices, widget=forms.RadioSelect)
    owner = forms.ChoiceField(label=_("Who puts it in place?"))
    due_date = forms.DateField(
        label=_("By which day?"), widget=_day(), error_messages={"invalid": _("Give a day such as 2026-12-24.")}
    )
    measure = forms.CharField(label=_("How will we see that it holds?"), max_length=500)
    change = forms.ChoiceField(
        label=_("Which change of the portal makes it hold?"),
        required=False,
        choices=[("", _("None")), *PlanChange.choices],
        help_text=_("The entry then leads to the page where it is made, and says when it was."),
    )
    change_word = forms.CharField(
        label=_("Which word?"), max_length=120, required=False, help_text=_("Only for the language check.")
    )
    change_fact = forms.ChoiceField(
        label=_("Which fact?"),
        required=False,
        choices=[("", _("None")), *impact.GATES],
        help_text=_("Only for the impact. It is required in incidents of the service that this entry is about."),
    )
    change_part = forms.ChoiceField(
        label=_("Which messages have to say what?"),
        required=False,
        choices=lambda: [("", _("None")), *required_parts.choices()],
        help_text=_("Only for messages. The composer asks for it in every message of that kind."),
    )

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {str(person.pk): person for person in people}
        _choose(self.fields["owner"], [(key, person.name) for key, person in self._people.items()])

    def given(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        given["text"] = given.pop("plan")
        given["owner"] = self._people.get(given["owner"])
        chosen = {PlanChange.FACT: given.pop("change_fact"), PlanChange.PART: given.pop("change_part")}
        given["change_word"] = chosen.get(given["change"], given["change_word"])
        return given


class MetricsForm(forms.Form):
    """Which incidents count."""

    since = forms.DateField(label=_("Declared from"), required=False, widget=_day())
    until = forms.DateField(label=_("to"), required=False, widget=_day())
    priority = forms.ChoiceField(label=_("Priority"), required=False)
    service = forms.ChoiceField(label=_("Service"), required=False)
    team = forms.ChoiceField(label=_("Team that owns it"), required=False)

    def __init__(self, *args: Any, services: Sequence[Service], teams: Sequence[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self.fields["priority"], [("", _("All")), *Priority.choices])
        _choose(self.fields["service"], [("", _("All")), *((row.slug, row.name) for row in services)])
        _choose(self.fields["team"], [("", _("All")), *((row.slug, row.name) for row in teams)])
