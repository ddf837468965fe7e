"""A review as a document of its own: everything that its page shows, with roles instead of names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comms.queries.writing import languages
from incidents.queries.times import LABELS
from mim_portal.lib import documents, markdown_blocks, times
from mim_portal.lib.documents import Block, Document, Paragraph
from reviews.choices import ReviewSection, ReviewState
from reviews.models import ContributingFactor, ImprovementAction, Review
from reviews.queries import naming, record
from reviews.queries import reviews as queries
from reviews.queries.naming import Names
from reviews.queries.record import Record
from reviews.rendering import charts, lines, protection
from reviews.rendering.lines import Line

_AUTHOR = "MIM Portal"


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the document is made of."""

    review: Review
    record: Record
    factors: Sequence[ContributingFactor]
    actions: Sequence[ImprovementAction]
    lines: Sequence[Line]
    names: Names
    language: str  # that the organisation writes in


def of_review(review: Review, *, tz: tzinfo, zone: str) -> Document:
    """Reads all that belongs to the review, in a fixed number of queries, and makes its document."""
    names = naming.names(review.incident)
    parts = Parts(
        review=review,
        record=record.of(review.incident, tz=tz),
        factors=queries.factors(review),
        actions=queries.actions(review),
        lines=lines.lines(queries.chosen_entries(review), phrases=names.by_spelling),
        names=names,
        language=languages.current(),
    )
    return of(parts, tz=tz, zone=zone)


def of(parts: Parts, *, tz: tzinfo, zone: str) -> Document:
    """The document; nobody is named in it, in what was typed as little as in what the portal adds."""
    incident = parts.review.incident
    title = _("Review of %(reference)s: %(title)s") % {"reference": incident.reference, "title": incident.title}
    document = Document(
        title=documents.printable(title),
        subject=_("Blameless review of a major incident"),
        author=_AUTHOR,
        language=parts.language,
        foot=incident.reference,
        unseen=_(
            "Signs for which there is no font here stand as □ or by their name in brackets; the page and the document "
            "for word processors have them."
        ),
        page=_("page"),
        blocks=tuple(_blocks(parts, tz, zone)),
    )
    return protection.without_names(document, parts.names.by_spelling)


def _blocks(parts: Parts, tz: tzinfo, zone: str) -> Iterator[Block]:
    yield from _head(parts, tz, zone)
    beside = {
        ReviewSection.IMPACT: _timeline(parts, tz),
        ReviewSection.DECISIONS: _factors(parts),
        ReviewSection.COMMUNICATIONS: _actions(parts),
    }
    for code, label in ReviewSection.choices:
        text = str(parts.review.sections.get(code, ""))
        if text.strip():
            yield documents.heading(1, str(label))
            yield from markdown_blocks.blocks(text, below=1)
        if code == ReviewSection.RESPONSE:
            yield from _promises(parts)
        yield from beside.get(ReviewSection(code), ())


def _head(parts: Parts, tz: tzinfo, zone: str) -> Iterator[Block]:
    review, incident = parts.review, parts.review.incident
    yield _standing(review, tz)
    if incident.is_private:
        yield documents.paragraph(_("Private: only for those who may see this incident."), bold=True)
    if incident.is_exercise:
        yield documents.paragraph(_("EXERCISE"), bold=True)
    yield documents.heading(1, _("At a glance"))
    facts = [
        (_("Incident"), incident.reference),
        (_("Service"), incident.service.name),
        (_("Priority"), incident.get_priority_display()),
        (_("Impact, final version"), parts.record.impact),
        *((str(label), _time(getattr(incident, name), tz)) for name, label in LABELS.items() if name in charts.MOMENTS),
    ]
    rows = [(label, value) for label, value in facts if value]
    yield documents.table([_("What"), _("As recorded")], rows, narrow=1)
    yield documents.paragraph(_("Times are those of %(zone)s; each carries its offset from UTC.") % {"zone": zone})
    chart = charts.of_phases(incident)
    if chart is not None:
        yield documents.heading(2, _("How long each phase took"))
        yield chart


def _standing(review: Review, tz: tzinfo) -> Paragraph:
    if review.state == ReviewState.PUBLISHED and review.published_at is not None:
        return documents.paragraph(
            _("Published %(at)s.") % {"at": times.full_date_time(review.published_at, tz)}, italic=True
        )
    return documents.paragraph(
        _("Not published: %(state)s, as of version %(version)s.")
        % {"state": str(review.get_state_display()).lower(), "version": review.version},
        bold=True,
    )


def _timeline(parts: Parts, tz: tzinfo) -> Iterator[Block]:
    if parts.lines:
        yield documents.heading(1, _("Timeline"))
        rows = [(times.date_time(line.entry.at, tz), line.words) for line in parts.lines]
        yield documents.table([_("Time"), _("What happened")], rows, narrow=1)


def _factors(parts: Parts) -> Iterator[Block]:
    if parts.factors:
        yield documents.heading(1, _("Contributing factors"))
        yield documents.table(
            [_("What contributed"), _("Kind"), _("Layer"), _("Evidence")],
            [
                (
                    factor.statement,
                    str(factor.get_kind_display()),
                    str(factor.get_layer_display()),
                    ": ".join(filter(None, (str(factor.get_evidence_display()), factor.evidence_note))),
                )
                for factor in parts.factors
            ],
            share=3,
        )


def _actions(parts: Parts) -> Iterator[Block]:
    if parts.actions:
        yield documents.heading(1, _("Actions"))
        yield documents.table(
            [_("What will be different"), _("Owner"), _("Due"), _("Strength"), _("State")],
            [
                (
                    _action(action),
                    _first_up(_owner(action, parts.names.by_person)),
                    times.day(action.due_date),
                    str(action.get_strength_display()),
                    str(action.get_state_display()),
                )
                for action in parts.actions
            ],
            share=3,
        )


def _action(action: ImprovementAction) -> str:
    rows = [
        action.title,
        f"{_('Done means:')} {action.done_means}" if action.done_means else "",
        f"{_('Measure:')} {action.measure}" if action.measure else "",
    ]
    return "\n".join(filter(None, rows))


def _owner(action: ImprovementAction, phrases: Mapping[int, str]) -> str:
    return phrases.get(action.owner_id) or _("a colleague")


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]


def _promises(parts: Parts) -> Iterator[Block]:
    """Promised updates, in numbers, as a chart and as a table."""
    chart = charts.of_promises(parts.record.promises)
    if chart is None:
        return
    late = sum(row.late for row in parts.record.promises)
    yield documents.heading(1, _("Promises kept and missed"))
    yield documents.paragraph(
        ngettext("%(late)s promised update was late.", "%(late)s promised updates were late.", late) % {"late": late}
        if late
        else _("Every promised update was on time.")
    )
    yield chart
    yield documents.table(
        [_("Audience"), _("On time"), _("Late"), _("Latest by")],
        [
            (row.audience, str(row.kept), str(row.late), times.duration(row.worst) if row.late else "–")
            for row in parts.record.promises
        ],
    )


def _time(at: datetime | None, tz: tzinfo) -> str:
    return times.full_date_time(at, tz) if at else ""
