"""What is typed to put the record right: times, details, members, links."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.choices import DetectionSource, Level, Mark
from incidents.forms.audiences import AudienceChoice, offer_audiences
from incidents.models import RecordedTime
from incidents.rules import references
from mim_portal.lib.fields import MomentField
from teams.models import Person, Service


class TimeForm(forms.Form):
    """One time, or the reason why nobody knows it."""

    at = MomentField(
        label=_("When?"),
        required=False,
        help_text=_("In your own time zone. To mean another one, add its offset: 2026-11-23 14:30 +05:30."),
    )
    precision = forms.ChoiceField(
        label=_("How exactly do we know it?"),
        choices=[
            (RecordedTime.Precision.EXACT, _("Exactly")),
            (RecordedTime.Precision.APPROXIMATE, _("Approximately")),
        ],
        initial=RecordedTime.Precision.EXACT,
        widget=forms.RadioSelect,
        required=False,
    )
    reason = forms.CharField(
        label=_("Nobody knows it, because"),
        max_length=300,
        required=False,
        help_text=_("Fill this in instead of a time. It answers the question for the closing of the record."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "at" in self.errors or "reason" in self.errors:
            return cleaned
        if cleaned.get("at") is None and not cleaned.get("reason"):
            self.add_error("at", _("Give the time, or say below why nobody knows it."))
        if cleaned.get("at") is not None and cleaned.get("reason"):
            self.add_error("reason", _("Give either the time or the reason why nobody knows it."))
        return cleaned


class UnknownTimesForm(forms.Form):
    """One reason for every time that is still missing."""

    reason = forms.CharField(
        label=_("Nobody knows them, because"),
        max_length=300,
        error_messages={"required": _("Say why these times are not known.")},
    )


class DetailsForm(forms.Form):
    """What two people may edit at once, with the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label=_("Title"), max_length=200, error_messages={"required": _("An incident needs a title.")}
    )
    service = forms.ModelChoiceField(
        label=_("Service"), queryset=Service.objects.filter(is_active=True).order_by("name"), to_field_name="slug"
    )
    external_ref = forms.CharField(label=_("Number of the ticket elsewhere"), max_length=60, required=False)
    bridge_url = forms.URLField(label=_("Address of the bridge"), max_length=500, required=False, assume_scheme="https")
    detection_source = forms.ChoiceField(
        label=_("How was it found?"), choices=[("", _("Not said yet")), *DetectionSource.choices], required=False
    )
    is_private = forms.BooleanField(
        label=_("Private: only its managers and members see it"),
        required=False,
        help_text=_("For everybody else it does not exist, in no list, search, count or export."),
    )
    marks = forms.MultipleChoiceField(
        label=_("Does it touch one of these?"),
        choices=Mark.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Legal and security then read what is said outside. First and holding words never wait."),
    )

    def changes(self) -> dict[str, Any]:
        """The fields by the names of the record."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class AdmitForm(forms.Form):
    """Who else may see a private incident."""

    username = forms.CharField(label=_("User name or e-mail address"), max_length=254)

    def clean_username(self) -> Person:
        typed = self.cleaned_data["username"].strip()
        found = Person.objects.filter(is_active=True).filter(Q(username__iexact=typed) | Q(email__iexact=typed)).first()
        if found is None:
            raise forms.ValidationError(_("Nobody here is called that."), code="unknown")
        return found


class LinkForm(forms.Form):
    """How this incident and another belong together; a duplicate may be cancelled in the same step."""

    how = forms.ChoiceField(
        label=_("How do they belong together?"),
        choices=[
            ("duplicate", _("This is a duplicate of …")),
            ("duplicate-here", _("This has the duplicate …")),
            ("child", _("This is part of …")),
            ("child-here", _("This has the part …")),
            ("caused_by", _("This was caused by …")),
            ("caused_by-here", _("This caused …")),
            ("recurrence", _("This is a recurrence of …")),
            ("recurrence-here", _("This came back as …")),
        ],
    )
    to = forms.CharField(label=_("Which incident?"), max_length=20)
    cancel = forms.BooleanField(
        label=_("Cancel the duplicate"),
        required=False,
        help_text=_("Whoever was told of it has to hear first that there is only one."),
    )

    def given(self) -> dict[str, Any]:
        """As the verb takes it."""
        kind, _dash, here = self.cleaned_data["how"].partition("-")
        to = references.parse(self.cleaned_data["to"])
        return {
            "kind": kind,
            "here": bool(here),
            "to": str(to) if to is not None else self.cleaned_data["to"],
            "cancel": self.cleaned_data["cancel"],
        }


class RecurrenceForm(forms.Form):
    """The new incident as the closed one suggests it."""

    title = forms.CharField(label=_("Title"), max_length=200)
    impact = forms.TypedChoiceField(label=_("Impact"), choices=Level.choices, coerce=int)
    urgency = forms.TypedChoiceField(label=_("Urgency"), choices=Level.choices, coerce=int)
    activity = forms.CharField(label=_("What can people not do?"), max_length=500)
    since = forms.CharField(label=_("Since when, this time?"), max_length=200, required=False)
    count = forms.CharField(label=_("How many, this time?"), max_length=120, required=False)
    audiences = AudienceChoice()

    def __init__(self, *args: Any, audiences: Sequence[tuple[str, str]], usual: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_audiences(self, audiences, usual=usual)

    def chosen_audiences(self) -> list[str] | None:
        """Those that were ticked; None leaves it to the service and the priority."""
        return self.cleaned_data.get("audiences") or None

    def statement(self) -> dict[str, str]:
        """What is said of the impact this time."""
        return {name: self.cleaned_data[name] for name in ("activity", "since", "count")}
