"""What people fill in to write, check and send updates."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comms.choices import ComponentState, UpdateKind
from comms.queries import audiences

# Reasons that stand on their own; anything else is written out.
OVERRIDE_REASONS = (
    ("", _("no reason: correct it instead")),
    ("It is right as it stands.", _("It is right as it stands")),
    ("It is a name or a quotation.", _("It is a name or a quotation")),
    ("These readers need this word.", _("These readers need this word")),
    ("It was confirmed with its owner.", _("It was confirmed with its owner")),
)


def _local() -> forms.DateTimeInput:
    """A date and time in the viewer's zone, to the minute."""
    return forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})


def _kinds() -> list[tuple[str, Any]]:
    return [(kind.value, kind.label) for kind in UpdateKind if kind != UpdateKind.CORRECTION]


def _audiences() -> list[tuple[str, str]]:
    return [(audience.code, audience.name) for audience in audiences.active()]


class NewUpdateForm(forms.Form):
    """What the message is for, and for whom."""

    kind = forms.ChoiceField(label=_("What is it for?"), choices=_kinds, widget=forms.RadioSelect)
    audiences = forms.MultipleChoiceField(
        label=_("Who gets it?"), choices=_audiences, widget=forms.CheckboxSelectMultiple
    )


class UpdateForm(forms.Form):
    """The text as its writer leaves it; checking says what is missing, so that a half-written text can be kept."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    subject = forms.CharField(
        label=_("Subject"),
        max_length=200,
        required=False,
        help_text=_("What people cannot do. Priority, number, service, next time and reference are added for you."),
    )
    body = forms.CharField(
        label=_("Text"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "true"}),
    )
    audiences = forms.MultipleChoiceField(
        label=_("Who gets it?"), choices=_audiences, widget=forms.CheckboxSelectMultiple, required=False
    )
    next_update_at = forms.DateTimeField(
        label=_("Next update at"), required=False, widget=_local(), input_formats=["%Y-%m-%dT%H:%M"]
    )
    component_state = forms.ChoiceField(
        label=_("What status pages say about the service"),
        required=False,
        choices=[("", _("leave as it is")), *ComponentState.choices],
    )

    use_required_attribute = False

    def mark_needed(self) -> None:
        """For showing: what a message cannot do without is not called optional, though half a text can be kept."""
        for name in ("subject", "body", "audiences"):
            if name in self.fields:
                self.fields[name].required = True

    def clean_body(self) -> str:
        """Browsers send line ends of their own; places of findings count one character for each."""
        body: str = self.cleaned_data["body"]
        return body.replace("\r\n", "\n")

    def __init__(self, *args: Any, fixed_audiences: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offset = timezone.localtime().utcoffset() or timedelta()
        field = self.fields["next_update_at"]
        field.widget.attrs["data-utc-offset-minutes"] = str(int(offset.total_seconds() // 60))
        if fixed_audiences:
            del self.fields["audiences"]


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it withdrawn?"),
        max_length=300,
        help_text=_("For the record. Readers are told to disregard the message, without the reason."),
    )
