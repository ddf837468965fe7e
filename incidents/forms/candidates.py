"""What the desk is asked, and what a manager answers."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.choices import SafetyAnswer
from incidents.models import Candidate
from incidents.rules import intake_grades, not_known
from incidents.rules.intake_questions import BY_CODE, QUESTIONS, Question
from mim_portal.lib import times
from teams.models import Service

SERVICE_NOT_LISTED = "-"
# Facts that are typed as text, in the order in which they are asked.
TEXTS = tuple(question.code for question in QUESTIONS if question.code not in {"service", "safety_or_security"})
REQUIRED = {"cannot_do", "contact"}
# Every one of these may be answered with “unknown, asked at 10:05”.
FURTHER = tuple(code for code in TEXTS if code not in REQUIRED)
LONG = {"cannot_do", "evidence", "business_consequence", "checks_done", "workaround"}


class RaiseForm(forms.Form):
    """The desk's form: three answers raise a candidate, every further one saves a question later."""

    service = forms.ChoiceField(
        label=_("Service"),
        error_messages={"required": _("Choose the service, or “not in this list”.")},
    )
    service_text = forms.CharField(label=_("Which service, in your words?"), max_length=200, required=False)

    def __init__(
        self, data: QueryDict | None = None, *, services: list[Service], now: datetime | None = None, **kwargs: Any
    ) -> None:
        answered = data if data is None or now is None else _with_unknowns(data, now=now)
        super().__init__(answered, **kwargs)
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
            name: values.get(name, "") or self._storable(name) for name in (*TEXTS, "service_text", "external_ref")
        }
        typed["safety_or_security"] = values.get("safety_or_security", "")
        typed["service"] = self._services.get(self.data.get("service", ""))
        return typed

    def _storable(self, name: str) -> str:
        """What a draft can keep of an answer that the form refuses."""
        limit = getattr(self.fields[name], "max_length", None)
        return str(self.data.get(name, "")).replace("\x00", "").strip()[:limit]


def _with_unknowns(data: QueryDict, *, now: datetime) -> QueryDict:
    """“Not known, asked now” ticked beside an empty field becomes that answer in words, and stays it from then on."""
    filled = data.copy()
    ticked = set(data.getlist("unknown"))
    asked_at = times.clock_time(now, timezone.get_current_timezone())
    for code in FURTHER:
        text, expected = data.get(code, ""), data.get(f"expected_{code}", "")
        if code in ticked and intake_grades.unknown(text):
            filled[code] = not_known.words(asked_at=asked_at, expected=expected)
        elif expected:
            filled[code] = not_known.with_expected(text, expected)
    return filled


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
