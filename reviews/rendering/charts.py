"""The charts of a review, each with all that it shows in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from incidents.models import Incident
from incidents.queries.times import LABELS
from mim_portal.lib import times
from mim_portal.lib.documents import Bar, Chart, Piece
from reviews.queries.record import Promises
from reviews.rules import phases

MOMENTS = ("impact_started_at", "detected_at", "declared_at", "service_restored_at", "resolved_at", "closed_at")


def of_phases(incident: Incident) -> Chart | None:
    """How long each phase took, one below the other as they followed; None where fewer than two times are known."""
    found = phases.phases([(name, getattr(incident, name)) for name in MOMENTS])
    if not found:
        return None
    rows = [
        (
            _("%(began)s to %(ended)s") % {"began": LABELS[one.began], "ended": str(LABELS[one.ended]).lower()},
            times.duration(one.length),
            one,
        )
        for one in found
    ]
    return Chart(
        alt=_("How long each phase took. %(phases)s.")
        % {"phases": "; ".join(f"{label}: {length}" for label, length, _one in rows)},
        bars=tuple(
            Bar(label=label, words=length, pieces=(Piece(start=one.start_share, length=one.length_share),))
            for label, length, one in rows
        ),
    )


def of_promises(promises: Sequence[Promises]) -> Chart | None:
    """Promised updates by audience, kept and late; None where none fell due."""
    most = max((row.kept + row.late for row in promises), default=0)
    if not most:
        return None
    return Chart(
        alt=_("Promised updates by audience. %(rows)s.")
        % {"rows": "; ".join(f"{row.audience}: {promise_words(row)}" for row in promises)},
        bars=tuple(
            Bar(
                label=row.audience,
                words=promise_words(row),
                pieces=tuple(
                    piece
                    for piece in (
                        Piece(start=0, length=row.kept / most),
                        Piece(start=row.kept / most, length=row.late / most, late=True),
                    )
                    if piece.length
                ),
            )
            for row in promises
        ),
        legend=((_("on time"), False), (_("late"), True)),
    )


def promise_words(row: Promises) -> str:
    """“3 of 4 on time”."""
    return _("%(kept)s of %(all)s on time") % {"kept": row.kept, "all": row.kept + row.late}
