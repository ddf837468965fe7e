"""What a manager answers to a candidate, and what the desk answers to a manager."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.choices import ClarificationChannel, Level
from incidents.forms.audiences import AudienceChoice, offer_audiences
from incidents.rules.intake_questions import BY_CODE, QUESTIONS, Question
from teams.models import Person, Service


class AcceptForm(forms.Form):
    """Accepting declares: impact, urgency, who is accountable, and the service where the desk's words name none."""

    service = forms.ChoiceField(label=_("Affected service"))
    impact = forms.TypedChoiceField(label=_("Impact"), choices=Level.choices, coerce=int, widget=forms.RadioSelect)
    urgency = forms.TypedChoiceField(label=_("Urgency"), choices=Level.choices, coerce=int, widget=forms.RadioSelect)
    manager = forms.ChoiceField(label=_("Accountable manager"))

    audiences = AudienceChoice()

    def __init__(
        self,
        *args: Any,
        managers: Sequence[Person],
        services: Sequence[Service],
        audiences: Sequence[tuple[str, str]] = (),
        usual: str = "",
        **kwargs: Any,
    ) -> None:
        """Without `managers` the one on shift becomes accountable; without `services` the desk has named one.

        `usual` names the audiences that are owed where none is ticked.
        """
        super().__init__(*args, **kwargs)
        offer_audiences(self, audiences, usual=usual)
        self._managers = {person.username: person for person in managers}
        self._services = {service.slug: service for service in services}
        self._choose("manager", [(person.username, person.name) for person in managers])
        self._choose("service", [(service.slug, service.name) for service in services])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose…")), *choices]
        if not choices:
            del self.fields[name]

    def chosen_manager(self) -> Person | None:
        """The person behind the chosen name."""
        return self._managers.get(self.cleaned_data.get("manager", ""))

    def chosen_audiences(self) -> list[str] | None:
        """Those that were ticked; None leaves it to the service and the priority."""
        return self.cleaned_data.get("audiences") or None

    def chosen_service(self) -> Service | None:
        """The service, where it had to be chosen."""
        return self._services.get(self.cleaned_data.get("service", ""))


class RejectForm(forms.Form):
    """A rejection says why, and what happens to it now; the desk reads both."""

    reason = forms.CharField(
        label=_("Why is this not a major incident?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Give the reason: the desk reads it.")},
    )
    next_step = forms.CharField(
        label=_("What happens to it now?"),
        max_length=300,
        initial=_("It stays an ordinary ticket with the service desk."),
        error_messages={"required": _("Say what happens to it now: the desk tells the callers.")},
    )


class MergeForm(forms.Form):
    """It belongs to an incident that is already running."""

    into = forms.CharField(
        label=_("Reference of another live incident"),
        max_length=20,
        error_messages={"required": _("Give the incident's reference, such as MI-2026-0001.")},
    )


class AskForm(forms.Form):
    """A question back to the desk about one fact."""

    field = forms.ChoiceField(
        label=_("About"), choices=[(question.code, question.short.rstrip("?")) for question in QUESTIONS]
    )
    question = forms.CharField(
        label=_("Question"), max_length=500, required=False, help_text=_("Leave it empty to ask the usual question.")
    )
    asked_of_words = forms.CharField(
        label=_("Who knows it?"),
        max_length=120,
        required=False,
        help_text=_("Somebody whom the desk can reach. Empty: whoever raised it."),
    )
    channel = forms.ChoiceField(
        label=_("How do you ask?"),
        choices=ClarificationChannel.choices,
        initial=ClarificationChannel.PORTAL,
        required=False,
    )

    def words(self) -> str:
        """What was typed, or the question bank's own words."""
        return self.cleaned_data["question"].strip() or BY_CODE[self.cleaned_data["field"]].question

    def chosen_channel(self) -> str:
        """How it is asked; here, where nothing was chosen."""
        return str(self.cleaned_data["channel"] or ClarificationChannel.PORTAL)


class AskTheseForm(forms.Form):
    """The facts that would help most, asked with one click."""

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wanted"] = forms.MultipleChoiceField(
            label=_("Ask for"),
            choices=[(question.code, question.question) for question in questions],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Choose at least one question.")},
        )


class AnswerForm(forms.Form):
    """The desk's answer; "not known, asked at 10:05" is one."""

    answer = forms.CharField(
        label=_("Answer"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("“Not known, asked at 10:05” is an answer too."),
        error_messages={"required": _("Type the answer, or that it is not known and when you asked.")},
    )
    on_record = forms.BooleanField(label=_("Put this into the record"), required=False, initial=True)
