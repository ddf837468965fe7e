"""What the desk is asked, and what a manager answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.choices import Level, SafetyAnswer
from incidents.models import Candidate
from incidents.rules.intake_questions import BY_CODE, QUESTIONS, Question
from teams.models import Person, Service

SERVICE_NOT_LISTED = "-"
# Facts that are typed as text, in the order in which they are asked.
TEXTS = tuple(question.code for question in QUESTIONS if question.code not in {"service", "safety_or_security"})
REQUIRED = {"cannot_do", "contact"}
LONG = {"cannot_do", "evidence", "business_consequence", "checks_done", "workaround"}


class RaiseForm(forms.Form):
    """The desk's form: three answers raise a candidate, every further one saves a question later."""

    service = forms.ChoiceField(
        label=_("Service"),
        error_messages={"required": _("Choose the service, or “not in this list”.")},
    )
    service_text = forms.CharField(label=_("Which service, in your words?"), max_length=200, required=False)

    def __init__(self, *args: Any, services: list[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        service = self.fields["service"]
        assert isinstance(service, forms.ChoiceField)
        service.choices = [
            ("", _("Choose…")),
            *((one.slug, one.name) for one in services),
            (SERVICE_NOT_LISTED, _("Not in this list")),
        ]
        service.help_text = BY_CODE["service"].why
        self._services = {one.slug: one for one in services}
        for code in TEXTS:
            self.fields[code] = _text(BY_CODE[code])
        self.fields["safety_or_security"] = forms.ChoiceField(
            label=BY_CODE["safety_or_security"].question,
            help_text=BY_CODE["safety_or_security"].why,
            choices=SafetyAnswer.choices,
            widget=forms.RadioSelect,
            required=False,
        )
        self.fields["external_ref"] = forms.CharField(
            label=_("Ticket number"), max_length=60, required=False, help_text=_("Its number in your own tool.")
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("service") == SERVICE_NOT_LISTED and not cleaned.get("service_text", "").strip():
            self.add_error("service_text", _("Say in your own words which service it is."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """The answers by the API's names; works on drafts too, where nothing has to be complete."""
        values = getattr(self, "cleaned_data", None) or {}
        typed: dict[str, Any] = {
            name: values.get(name, "") or self._storable(name) for name in (*TEXTS, "service_text")
        }
        typed["safety_or_security"] = values.get("safety_or_security", "")
        typed["service"] = self._services.get(self.data.get("service", ""))
        return typed

    def _storable(self, name: str) -> str:
        """What a draft can keep of an answer that the form refuses."""
        limit = getattr(self.fields[name], "max_length", None)
        return str(self.data.get(name, "")).replace("\x00", "").strip()[:limit]


def _text(question: Question) -> forms.CharField:
    field = Candidate._meta.get_field(question.code)
    limit = getattr(field, "max_length", None) or 4000
    widget = forms.Textarea(attrs={"rows": 2}) if question.code in LONG else forms.TextInput()
    return forms.CharField(
        label=question.question,
        help_text=question.why,
        max_length=limit,
        required=question.code in REQUIRED,
        widget=widget,
        error_messages={
            "required": _("This one is needed: %(short)s") % {"short": question.short},
        },
    )


class AcceptForm(forms.Form):
    """Accepting declares: impact, urgency, and who is accountable."""

    impact = forms.TypedChoiceField(label=_("Impact"), choices=Level.choices, coerce=int, widget=forms.RadioSelect)
    urgency = forms.TypedChoiceField(label=_("Urgency"), choices=Level.choices, coerce=int, widget=forms.RadioSelect)
    manager = forms.ChoiceField(label=_("Accountable manager"))

    def __init__(self, *args: Any, managers: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        manager = self.fields["manager"]
        assert isinstance(manager, forms.ChoiceField)
        manager.choices = [(person.username, person.name) for person in managers]
        self._managers = {person.username: person for person in managers}

    def chosen_manager(self) -> Person:
        """The person behind the chosen name."""
        return self._managers[self.cleaned_data["manager"]]


class RejectForm(forms.Form):
    """A rejection says why, and what happens to it now; the desk reads it."""

    reason = forms.CharField(
        label=_("Why is this not a major incident, and what happens to it now?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Give the reason: the desk reads it.")},
    )


class MergeForm(forms.Form):
    """It belongs to an incident that is already running."""

    into = forms.CharField(
        label=_("Reference of the live incident"),
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

    def words(self) -> str:
        """What was typed, or the question bank's own words."""
        return self.cleaned_data["question"].strip() or BY_CODE[self.cleaned_data["field"]].question


class AnswerForm(forms.Form):
    """The desk's answer; "not known, asked at 10:05" is one."""

    answer = forms.CharField(
        label=_("Answer"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("“Not known, asked at 10:05” is an answer too."),
        error_messages={"required": _("Type the answer, or that it is not known and when you asked.")},
    )
