"""What people fill in to write, check and send updates."""

import copy
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comms.choices import ComponentState, Reading, UpdateKind
from comms.models import Audience
from comms.queries.recipients import audiences
from comms.queries.writing.policies import Cell
from mim_portal.lib.fields import MomentField

# A text of its own stands in fields named so: body--executives.
_FOR = "--"
_PARTS = ("subject", "body")
# Reasons that stand on their own; anything else is written out.
OVERRIDE_REASONS = (
    ("", _("no reason: correct it instead")),
    ("It is right as it stands.", _("It is right as it stands")),
    ("It is a name or a quotation.", _("It is a name or a quotation")),
    ("These readers need this word.", _("These readers need this word")),
    ("It was confirmed with its owner.", _("It was confirmed with its owner")),
)

# As short as a list in a narrow column can show; the page says above what being marked means.
READINGS = [
    (value, _("Second reader; if marked, legal too") if value == Reading.GATE_WHEN_MARKED else words)
    for value, words in Reading.choices
]


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


def adapted_in(data: Mapping[str, Any]) -> set[str]:
    """The codes of the audiences for which a sent form has a text of its own."""
    return {name.partition(_FOR)[2] for name in data if name.startswith("body" + _FOR)}


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
    next_update_at = MomentField(label=_("Next update at"), required=False)
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

    def clean(self) -> dict[str, Any]:
        """Browsers send line ends of their own; places of findings count one character for each."""
        cleaned = super().clean() or self.cleaned_data
        bodies = [name for name in cleaned if name.partition(_FOR)[0] == "body"]
        return {**cleaned, **{name: cleaned[name].replace("\r\n", "\n") for name in bodies}}

    def texts(self) -> dict[str, dict[str, str]]:
        """The adapted texts that the form shows, by the code of their audience."""
        return {
            audience.code: {part: self.cleaned_data.get(part + _FOR + audience.code, "") for part in _PARTS}
            for audience in self.adapted
        }

    def of(self, code: str) -> dict[str, forms.BoundField]:
        """The two fields of one text; the core one has no code."""
        return {part: self[part + _FOR + code if code else part] for part in _PARTS}

    def __init__(
        self, *args: Any, fixed_audiences: bool = False, adapted: Sequence[Audience] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.adapted = adapted
        for audience in adapted:
            for part in _PARTS:
                field = copy.deepcopy(self.base_fields[part])
                field.label = _("%(part)s for %(audience)s") % {"part": field.label, "audience": audience.name}
                field.help_text = ""
                self.fields[part + _FOR + audience.code] = field
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


class ReturnForm(forms.Form):
    """A reader's word to the author."""

    comment = forms.CharField(
        label=_("What should be different?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what should be different, so that the author can act on it.")},
    )


class ScheduleForm(forms.Form):
    """When an approved text leaves by itself."""

    publish_at = MomentField(
        label=_("When does it leave?"), error_messages={"required": _("Give the time at which it leaves.")}
    )
    after_deadline = forms.BooleanField(label=_("It may leave later than its readers were promised"), required=False)


class PolicyForm(forms.Form):
    """Who reads an update before it leaves: one choice a kind and audience, and the words that never wait."""

    neutral_words = forms.CharField(
        label=_("Neutral holding words"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Agree them with legal and security. They are what can always be sent about a marked incident."),
        error_messages={"required": _("Give the neutral words: they are what can always be sent.")},
    )

    def __init__(self, *args: Any, cells: Sequence[Cell], neutral_words: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["neutral_words"].initial = neutral_words
        self.cells = cells
        for cell in cells:
            self.fields[self.name_of(cell)] = forms.ChoiceField(
                label=f"{UpdateKind(cell.kind).label}, {cell.audience.name}",
                choices=READINGS,
                initial=cell.reading,
            )

    @staticmethod
    def name_of(cell: Cell) -> str:
        return f"{cell.kind}-{cell.audience.code}"

    def readings(self) -> dict[tuple[str, str], str]:
        """What was chosen, as the verb takes it."""
        return {(cell.kind, cell.audience.code): self.cleaned_data[self.name_of(cell)] for cell in self.cells}
