"""The report of a month: in lines for a mail, and as a document to be printed and handed on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from mim_portal.lib import amounts, documents
from mim_portal.lib.documents import Bar, Chart, Document, Piece
from reviews.queries.metrics.monthly import HEADLINE, Report
from reviews.rendering import downtime
from reviews.rules.metrics import Definition, Measure
from reviews.rules.statistics import Standing

# What stands in the mail; the document has every measure.
IN_SHORT = ("ttr_restore", "promise_kept_rate", "first_comms_on_time_rate", "impact_accuracy_rate", "tte")
_AUTHOR = "MIM Portal"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One measure: of the month, and of the twelve months before."""

    name: str
    said: str
    before: str


def lines(report: Report) -> Sequence[Line]:
    """The headline figures in words."""
    before = {one.definition.code: one.total for one in report.before}
    return [
        Line(
            name=one.definition.name,
            said=said(one.definition, one.total),
            before=said(one.definition, before[one.definition.code]),
        )
        for one in report.found
        if one.definition.code in IN_SHORT
    ]


def said(definition: Definition, measure: Measure) -> str:
    """“1 h 35 min, 24 of them”, or how few there were."""
    if measure.evidence == Standing.TOO_FEW:
        return _("too few to say (%(n)d)") % {"n": measure.n}
    return _("%(value)s, n = %(n)d") % {
        "value": amounts.said(measure.rate if measure.median is None else measure.median, definition.unit),
        "n": measure.n,
    }


def of(report: Report) -> Document:
    """Every measure with its definition, month and year side by side, and the headline month by month."""
    title = _("Major incidents in %(month)s") % {"month": report.name}
    blocks: list[documents.Block] = [
        documents.paragraph(
            _(
                "Incidents declared in the month (UTC), without exercises and cancelled ones. Below eight values there "
                "is no figure; from eight to nineteen it is exploratory. The range is where the middle value or the "
                "share may lie (95 %). Nothing ranks people or teams."
            )
        ),
        documents.heading(1, _("Figures")),
        documents.table(
            [_("Measure"), report.name, _("Range"), _("9 of 10 under"), _("Twelve months before")], _rows(report)
        ),
    ]
    minutes, basis = downtime.amount(report.downtime), downtime.basis(report.downtime)
    blocks += [
        documents.heading(1, _("Downtime in minutes of users")),
        documents.paragraph(f"{minutes} {basis}".strip()),
    ]
    chart = _chart(report.months)
    if chart is not None:
        blocks += [documents.heading(1, _("%(measure)s, month by month") % {"measure": HEADLINE.name}), chart]
    blocks += [
        documents.heading(1, _("What the figures mean")),
        documents.table(
            [_("Measure"), _("Definition")],
            [[one.definition.name, one.definition.text] for one in report.found],
            narrow=1,
        ),
    ]
    return Document(
        title=documents.printable(title),
        subject=_("Measures of a month beside those of the year before"),
        author=_AUTHOR,
        language="en",  # every word of it is the portal's own
        foot=report.name,
        unseen="",
        page=_("page"),
        blocks=tuple(blocks),
    )


def _rows(report: Report) -> list[list[str]]:
    before = {one.definition.code: one for one in report.before}
    rows = []
    for one in report.found:
        earlier = before[one.definition.code]
        rows.append(_row(one.definition, one.definition.name, one.total, earlier.total))
        parts = {code: measure for code, _name, measure in earlier.by_audience}
        for code, name, measure in one.by_audience:
            earlier_measure = parts.get(code, Measure(n=0, evidence=Standing.TOO_FEW))
            rows.append(_row(one.definition, f"  {name}", measure, earlier_measure))
    return rows


def _row(definition: Definition, name: str, measure: Measure, before: Measure) -> list[str]:
    low, high = measure.interval or (None, None)
    return [
        name,
        said(definition, measure),
        "–" if low is None else f"{amounts.said(low, definition.unit)} – {amounts.said(high, definition.unit)}",
        amounts.said(measure.p90, definition.unit),
        said(definition, before),
    ]


def _chart(months: Sequence[tuple[date, Measure]]) -> Chart | None:
    """The middle of each month as a bar; None where no month has eight values."""
    most = max((measure.median or 0.0 for _month, measure in months), default=0.0)
    if not most:
        return None
    bars = [(f"{month:%Y-%m}", said(HEADLINE, measure), measure.median or 0.0) for month, measure in months]
    return Chart(
        alt=_("%(measure)s by month. %(months)s.")
        % {"measure": HEADLINE.name, "months": "; ".join(f"{month}: {words}" for month, words, _value in bars)},
        bars=tuple(
            Bar(label=month, words=words, pieces=(Piece(start=0, length=value / most),) if value else ())
            for month, words, value in bars
        ),
    )
