"""What is typed to hand command over and to take it: one incident, or all of a shift."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.people import TeamChoice
from incidents.models import Handover, Incident
from incidents.rules.handover import BRIEF_FIELDS
from incidents.services.accountability.commitments import LONGEST, Promise
from mim_portal.lib.fields import MomentField
from teams.models import Person, Team

# What the record knows by itself: nobody types it a second time, when time is shortest.
GENERATED_FIELDS = frozenset(
    {
        "state_and_trend",
        "impact",
        "timeline",
        "hypotheses",
        "actions_in_flight",
        "decisions_pending",
        "promises",
        "approvals",
        "teams_engaged",
        "commitments",
    }
)
TREND = "trend"
TRENDS = [
    ("", _("not said")),
    ("better", _("Getting better")),
    ("same", _("The same")),
    ("worse", _("Getting worse")),
]
# What a shift hands over for each incident: the rest is in its brief, and can be added in the room.
SHIFT_FIELDS = ("contingency",)
LONGEST_FIELD = 2000


class ReceiverField(forms.TypedChoiceField):
    """Somebody who may be accountable."""

    def offer(self, people: Sequence[Person], *, empty: str = "") -> None:
        by_username = {person.username: person for person in people}
        first = [("", empty)] if empty else []
        self.choices = [*first, *((username, person.name) for username, person in by_username.items())]
        self.coerce = lambda username: by_username[username]
        self.empty_value = None


def _text(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=LONGEST_FIELD, widget=forms.Textarea(attrs={"rows": 2})
    )


class HandoverForm(forms.Form):
    """Who takes over, and what only the giver knows; the rest of the brief comes from the record."""

    to = ReceiverField(label=_("Hand over to"), error_messages={"required": _("Choose whom you hand over to.")})
    promise_team = TeamChoice(label=_("Promised to which team, not written down yet?"), required=False)
    promise_text = forms.CharField(
        label=_("What was promised?"), max_length=LONGEST, required=False, help_text=_("The team sees it.")
    )
    promise_due_at = MomentField(label=_("By when?"), required=False)

    def __init__(self, *args: Any, receivers: Sequence[Person], teams: Sequence[Team] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to, team = self.fields["to"], self.fields["promise_team"]
        assert isinstance(to, ReceiverField)
        assert isinstance(team, TeamChoice)
        to.offer(receivers)
        team.offer(teams, empty=str(_("none")))
        for code, words in BRIEF_FIELDS:
            if code == TREND:
                self.fields[code] = forms.ChoiceField(label=_("Trend"), choices=TRENDS, required=False)
            elif code not in GENERATED_FIELDS:
                self.fields[code] = _text(words)
        self.order_fields(["to", TREND])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("promise_team") and not cleaned.get("promise_text"):
            self.add_error("promise_text", _("Say what was promised, or choose no team."))
        if cleaned.get("promise_text") and not cleaned.get("promise_team"):
            self.add_error("promise_team", _("Choose the team to which it was promised."))
        return cleaned

    def given(self) -> dict[str, str]:
        """What was filled in, by code of domain.md 1.7."""
        codes = {code for code, _words in BRIEF_FIELDS}
        return {name: value for name, value in self.cleaned_data.items() if name in codes and value}

    def promises(self) -> list[Promise]:
        """What was promised to a team and not written down before."""
        given = self.cleaned_data
        if not given.get("promise_team"):
            return []
        return [Promise(team=given["promise_team"], text=given["promise_text"], due_at=given["promise_due_at"])]


class RestatementForm(forms.Form):
    """The receiver says back, in own words, what is due next; then the receiver is accountable."""

    restatement = forms.CharField(
        label=_("In your own words: what are the next three things due, and when?"),
        max_length=LONGEST_FIELD,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("You are accountable from the moment you accept."),
        error_messages={"required": _("Say back the next three due items first.")},
    )


class ShiftForm(forms.Form):
    """To whom, which incidents, and for each what only the giver knows."""

    to = ReceiverField(label=_("Hand over to"), error_messages={"required": _("Choose whom you hand over to.")})

    def __init__(self, *args: Any, receivers: Sequence[Person], incidents: Sequence[Incident], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = self.fields["to"]
        assert isinstance(to, ReceiverField)
        to.offer(receivers, empty=str(_("Choose")))
        self._references = [incident.reference for incident in incidents]
        labels = dict(BRIEF_FIELDS)
        for reference in self._references:
            self.fields[f"take.{reference}"] = forms.BooleanField(
                label=_("Hand over %(reference)s") % {"reference": reference}, required=False, initial=True
            )
            self.fields[f"{TREND}.{reference}"] = forms.ChoiceField(label=_("Trend"), choices=TRENDS, required=False)
            for code in SHIFT_FIELDS:
                self.fields[f"{code}.{reference}"] = _text(labels[code])

    def chosen(self) -> list[str]:
        """The references that are handed over."""
        return [reference for reference in self._references if self.cleaned_data.get(f"take.{reference}")]

    def given(self) -> dict[str, dict[str, str]]:
        """By reference, what was filled in."""
        codes = (TREND, *SHIFT_FIELDS)
        return {
            reference: {code: value for code in codes if (value := self.cleaned_data.get(f"{code}.{reference}"))}
            for reference in self.chosen()
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not any(cleaned.get(f"take.{reference}") for reference in self._references):
            raise forms.ValidationError(_("Choose at least one incident."))
        return cleaned


class ShiftAcceptForm(forms.Form):
    """Which incidents are taken, each said back in own words."""

    def __init__(self, *args: Any, handovers: Sequence[Handover], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._references = [handover.incident.reference for handover in handovers]
        for reference in self._references:
            self.fields[f"take.{reference}"] = forms.BooleanField(
                label=_("Take %(reference)s") % {"reference": reference}, required=False, initial=True
            )
            is_taken = not self.is_bound or bool(self.data.get(f"take.{reference}"))
            self.fields[f"restatements.{reference}"] = forms.CharField(
                label=_("In your own words: what are the next three things due in %(reference)s, and when?")
                % {"reference": reference},
                required=is_taken,
                max_length=LONGEST_FIELD,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=_("Needed for each that you take."),
                error_messages={"required": _("Say back the next three due items first.")},
            )

    def restatements(self) -> Mapping[str, str]:
        """By reference, of those that are taken."""
        return {
            reference: self.cleaned_data[f"restatements.{reference}"]
            for reference in self._references
            if self.cleaned_data.get(f"take.{reference}")
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not any(cleaned.get(f"take.{reference}") for reference in self._references):
            raise forms.ValidationError(_("Choose at least one incident."))
        return cleaned


class TakeoverForm(forms.Form):
    """Why, and for an administrator: who becomes accountable."""

    manager = ReceiverField(
        label=_("Who becomes accountable?"), error_messages={"required": _("Choose who becomes accountable.")}
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=300, error_messages={"required": _("Give the reason in a few words.")}
    )

    def __init__(self, *args: Any, managers: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["manager"]
        assert isinstance(field, ReceiverField)
        if managers:
            field.offer(managers, empty=str(_("Choose")))
        else:
            del self.fields["manager"]
