"""Sample data for templates/components/gallery*.html, shared by the component tests and tools/gallery.py."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms

PRESENT = datetime(2026, 11, 23, 10, 33, 48, tzinfo=UTC)


class RaiseForm(forms.Form):
    """One field of each kind that the components draw."""

    reference = forms.CharField(widget=forms.HiddenInput, initial="CA-2026-0007")
    service = forms.ChoiceField(label="Which service?", choices=[("", "Choose one"), ("payroll", "Payroll")])
    note = forms.CharField(label="What can people not do?", widget=forms.Textarea, help_text="In their own words.")
    count = forms.IntegerField(label="How many people?", required=False, min_value=1)
    safety = forms.ChoiceField(
        label="Is anybody's safety at risk?",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Not known")],
    )
    sites = forms.MultipleChoiceField(
        label="Where?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("dublin", "Dublin"), ("glasgow", "Glasgow")],
    )
    since = forms.DateTimeField(
        label="Since when?",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    checked = forms.BooleanField(label="I have tried it myself", required=False)


class HandoverForm(forms.Form):
    """The one question of the sample dialog."""

    who = forms.CharField(label="To whom?")


@dataclass(frozen=True)
class Row:
    """A live incident of the sample table."""

    reference: str
    priority: int
    state: str
    title: str
    due: datetime


@dataclass(frozen=True)
class Entry:
    """A line of the sample timeline."""

    at: datetime
    text: str
    kind: str
    who: str | None = None


def _rows(present: datetime) -> list[Row]:
    titles = ("Payroll: staff cannot submit timesheets", "Card payments: declined in shops in Ireland", "Mail is slow")
    return [
        Row(f"MI-2026-{42 + n:04d}", n + 1, state, title, present + timedelta(minutes=20 * n - 2, seconds=10))
        for n, (state, title) in enumerate(zip(("identified", "investigating", "monitoring"), titles, strict=True))
    ]


def _entries(present: datetime) -> list[Entry]:
    said = [
        ("rollback at 80 %", "note", "Rosa"),
        ("Update 3 to executives", "update", None),
        ("Identified", "state", "Nils"),
        ("Network team asked", "team", None),
        ("Impact version 3: England is not affected", "impact", "Mia"),
        ("End users were promised 10:10; sent 10:09", "clock", None),
        ("Mia Torres is the manager", "command", None),
    ]
    return [Entry(present - timedelta(minutes=3 * n), text, kind, who) for n, (text, kind, who) in enumerate(said * 3)]


def context(*, present: datetime = PRESENT, bound: bool = True) -> dict[str, Any]:
    """What the two galleries need beside the context of every page."""
    answers = {"reference": "CA-2026-0007", "note": "Staff cannot submit timesheets", "count": "-2"} if bound else None
    return {
        "present": present,
        "earlier": present - timedelta(hours=1, minutes=24),
        "soon": present + timedelta(minutes=6, seconds=12),
        "next_due": present + timedelta(minutes=6, seconds=12),
        "later": present + timedelta(hours=2, minutes=4),
        "passed": present - timedelta(minutes=2, seconds=3),
        "rows": _rows(present),
        "entries": _entries(present),
        "form": RaiseForm(answers),
        "other_form": HandoverForm(),
    }


def frame(*, present: datetime = PRESENT, clock: str = "ok") -> dict[str, Any]:
    """The context that mim_portal.context and the engine give to every page."""
    places = [
        ("Board", "/", "layout-dashboard", None),
        ("Raise", "/raise/", "bell-plus", None),
        ("Incidents", "/incidents/", "list", 3),
        ("Updates", "/updates/", "message", 1),
        ("Teams", "/teams/", "users", None),
        ("Reviews", "/reviews/", "book", None),
        ("Ledger", "/ledger/", "notebook", None),
        ("Metrics", "/metrics/", "chart-bar", None),
        ("Settings", "/settings/", "settings", None),
    ]
    mia = SimpleNamespace(
        is_authenticated=True,
        pk=1,
        get_full_name=lambda: "Mia Torres",
        get_username=lambda: "mia",
        has_role=lambda *_roles: True,
        roles=["incident_manager"],
    )
    return {
        "user": mia,
        "navigation": [
            SimpleNamespace(label=label, href=href, icon=icon, count=count, current=label == "Incidents")
            for label, href, icon, count in places
        ],
        "clock": SimpleNamespace(state=clock, sentence="The clock has stood still for 40 s: watch your deadlines."),
        "server_now": present,
        "messages": [],
        "csrf_token": "token",
        "csrf_input": "",
    }
