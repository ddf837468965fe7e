"""The impact, fact by fact: what, how sure, and who says so."""

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from incidents.choices import Confidence, DataState, RevisionReason
from incidents.models import ImpactStatement
from incidents.rules import impact as rules
from incidents.rules import statement as statements
from mim_portal.lib import times
from mim_portal.lib.fields import MomentField

REASON_HELP = {
    RevisionReason.NEW_INFORMATION: _("It could not be known when the last version was written."),
    RevisionReason.SITUATION_CHANGED: _("The last version was right then; it is different now."),
    RevisionReason.CAPTURED_INCORRECTLY: _("What was at hand then already said otherwise."),
    RevisionReason.COMMUNICATED_INCORRECTLY: _("The record is right; a message said something else."),
}
LABELS = {
    "activity": (_("What can they not do?"), _("submit timesheets in Payroll")),
    "who": (_("Who?"), _("store staff")),
    "count": (_("How many?"), _("about 1,200")),
    "count_basis": (_("What is the number based on?"), _("headcount of both sites")),
    "where": (_("Where?"), _("Ireland and Scotland")),
    "not_affected": (_("Who or what is not affected?"), _("England and the web shop")),
    "since": (_("Since when?"), _("09:10 (UTC+0)")),
    "until": (_("Until when, where it is over?"), _("11:40 (UTC+0)")),
    "workaround": (_("Workaround"), _("the paper form works")),
    "consequence": (_("What stops?"), _("wages for 1,200 people are paid late")),
    "critical_time": (_("By when does it matter?"), _("payroll closes 12:00 (UTC+0)")),
}
_MOMENTS = ("since", "until")


def initial(statement: ImpactStatement, *, tz: tzinfo) -> dict[str, Any]:
    """What stands, as the form shows it: times in the reader's zone with their date and offset."""
    values: dict[str, Any] = {name: getattr(statement, name) for name in statements.STATED}
    values |= {name: _shown(values[name], statement.as_of, tz) for name in _MOMENTS}
    given = statements.unpack_confidence(statement.confidence)
    by_field = statements.confidence_by_field(given, values)
    overall = given if isinstance(given, str) else _most(by_field)
    everywhere = statement.sources.get("all", "")
    return (
        values
        | {f"sure_{name}": sure for name, sure in by_field.items() if sure != overall}
        | {f"source_{name}": statement.sources.get(name, everywhere) for name in statements.STATED if values[name]}
        | {"version": statement.version, "confidence": overall}
    )


class ImpactForm(forms.Form):
    """A new version of the impact: every fact as it is now, and why there is a new version."""

    version = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-autosave-keep": ""}), required=False)
    theirs = forms.IntegerField(widget=forms.HiddenInput, required=False)  # the version that stood beside mine
    data_state = forms.ChoiceField(
        label=_("What happens to people's data?"),
        choices=[("", _("Nobody has said")), *DataState.choices],
        required=False,
    )
    confidence = forms.ChoiceField(label=_("How sure are we, all in all?"), choices=Confidence.choices, required=False)
    revision_reason = forms.ChoiceField(
        label=_("Why is there a new version?"),
        choices=[
            (value, format_lazy("{}. {}", label, REASON_HELP[RevisionReason(value)]))
            for value, label in RevisionReason.choices
            if value != RevisionReason.INITIAL
        ],
        widget=forms.RadioSelect,
        help_text=_("You decide. Only the last two are looked at later; facts that change are nobody's mistake."),
        error_messages={"required": _("Say which of the four it is.")},
    )
    evidence_at = MomentField(label=_("When was what you now know first at hand?"), required=False)

    def __init__(self, data: Any = None, *, current: ImpactStatement, tz: tzinfo) -> None:
        super().__init__(data, initial=initial(current, tz=tz))
        self._tz = tz
        for name, (label, _example) in LABELS.items():
            self.fields[name] = forms.CharField(
                label=label,
                max_length=getattr(ImpactStatement._meta.get_field(name), "max_length", None),
                required=name == "activity",
                error_messages={"required": _("Say what people cannot do: every message starts with it.")},
            )
        for name in statements.STATED:
            self.fields[f"sure_{name}"] = forms.ChoiceField(
                label=_("How sure?"), choices=[("", _("as sure as the rest")), *Confidence.choices], required=False
            )
            self.fields[f"source_{name}"] = forms.CharField(
                label=_("Who or what says so?"), max_length=statements.LONGEST_SOURCE, required=False
            )

    def statement(self, base: ImpactStatement | None = None) -> dict[str, Any]:
        """The facts by their API names. A time that still reads as `base` shows it keeps its seconds."""
        given = self.cleaned_data
        fields: dict[str, Any] = {name: given.get(name) or "" for name in statements.STATED}
        for name in _MOMENTS:
            if base is not None and fields[name] == _shown(getattr(base, name), base.as_of, self._tz):
                fields[name] = getattr(base, name)
        overall = given.get("confidence") or str(Confidence.UNKNOWN)
        rated = {name: given.get(f"sure_{name}") or overall for name, text in fields.items() if _is_said(text)}
        unrated = not any(given.get(f"sure_{name}") for name in rated)
        fields["confidence"] = overall if unrated else statements.one_or_by_field(rated)
        fields["sources"] = {name: source for name in rated if (source := (given.get(f"source_{name}") or "").strip())}
        return fields

    def typed(self) -> dict[str, Any]:
        """The facts as far as they can be read, for what is shown while somebody types."""
        if not hasattr(self, "cleaned_data"):
            self.is_valid()
        return self.statement()

    def facts(self, names: tuple[str, ...] = tuple(LABELS)) -> Iterator[dict[str, Any]]:
        """The rows of the page: a fact, how sure it is, who says so, an example, and whether it is a gate."""
        gates = {code for code, _question in rules.GATES}
        for name in names:
            yield {
                "name": name,
                "field": self[name],
                "sure": self[f"sure_{name}"],
                "source": self[f"source_{name}"],
                "example": LABELS[name][1] if name in LABELS else None,
                "is_gate": name in gates and name != "activity",
            }


def plain(statement: ImpactStatement) -> dict[str, str]:
    """The facts of a version as texts, to compare with."""
    return {name: getattr(statement, name) for name in statements.STATED}


def cells(fields: Mapping[str, Any], *, as_of: datetime, tz: tzinfo) -> dict[str, str]:
    """The same as the form shows them."""
    shown = {name: str(fields[name]) for name in statements.STATED}
    return shown | {name: _shown(shown[name], as_of, tz) for name in _MOMENTS}


def _is_said(text: str) -> bool:
    return bool(text) and not rules.is_being_checked(text)


def _shown(text: str, as_of: datetime, tz: tzinfo) -> str:
    """A stored instant as “2026-11-23 09:10 (UTC+0)”, which is read back as the same; other words as they are."""
    since = statements.read_since(text, now=as_of)
    if since.at is None or not since.exact:
        return text
    local = since.at.astimezone(tz)
    return f"{local:%Y-%m-%d %H:%M} ({times.offset(local)})"


def _most(by_field: Mapping[str, str]) -> str:
    values = list(by_field.values())
    return max(dict.fromkeys(values), key=values.count) if values else str(Confidence.UNKNOWN)
