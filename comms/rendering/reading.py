"""Mail around the reading of an update: please read it, it came back, it left in other words, it was held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from comms.choices import Reading
from comms.models import Finding, Update
from comms.rendering import calls
from comms.rendering.calls import Call
from incidents.choices import Mark
from mim_portal.lib import addresses, times
from teams.models import Person

MOST_LINES = 10  # mistakes that a mail quotes; the page has all of them


@dataclass(frozen=True, kw_only=True)
class _Saying:
    subject: str
    headline: str
    lines: Sequence[str]
    deed: str
    to_read: bool = False


def asked(update: Update, *, by: Person, needs: Reading, release_at: datetime | None) -> Call:
    """One link to the text; it says until when an answer helps, and that nothing breaks without one."""
    words = {"kind": update.get_kind_display().lower(), "audiences": _audiences(update), "by": by.name}
    if needs == Reading.GATE:
        follows = _("The incident is marked: %(marks)s. This text waits for legal and security.") % {
            "marks": ", ".join(_marks(update))
        }
        subject = _("Please clear an update")
    else:
        subject = _("Please read an update")
        follows = _("If nobody can, the manager may send it alone.")
        if release_at is not None:
            follows = _("It helps until %(time)s. If nobody can, the manager may send it alone.") % {
                "time": times.clock_time(release_at)
            }
    said = _Saying(
        subject=subject,
        headline=_("%(by)s asks you to read an update before it leaves.") % words,
        lines=[_("Kind: %(kind)s. Readers: %(audiences)s.") % words, follows],
        deed=_("Read it: approve it, or send it back with a word"),
        to_read=True,
    )
    return _rendered(update, said)


def returned(update: Update, *, by: Person) -> Call:
    """The reader's word to the author; the promise still stands."""
    said = _Saying(
        subject=_("Your update came back"),
        headline=_("%(by)s read your update and sends it back.") % {"by": by.name},
        lines=[update.return_comment, _("Nothing was sent. The promised time still stands.")],
        deed=_("Open the text"),
    )
    return _rendered(update, said)


def left_otherwise(update: Update, *, by: Person) -> Call:
    """First and holding words never wait; where they are not the agreed ones, the gate hears afterwards."""
    said = _Saying(
        subject=_("An update left in its own words"),
        headline=_("%(by)s sent words about a marked incident that were not agreed beforehand.") % {"by": by.name},
        lines=[
            _("Readers: %(audiences)s.") % {"audiences": _audiences(update)},
            update.body,
            _("First and holding updates never wait. If something in it is wrong, tell the manager: it is corrected."),
        ],
        deed=_("Open the update"),
    )
    return _rendered(update, said)


def held(update: Update) -> Call:
    """It was not sent, and why; both ways on are one click away."""
    at = times.clock_time(update.publish_at) if update.publish_at else ""
    said = _Saying(
        subject=_("Not sent: your scheduled update was held"),
        headline=_("The update that was to leave at %(time)s was not sent.") % {"time": at},
        lines=[*update.held_reasons, _("Readers: %(audiences)s.") % {"audiences": _audiences(update)}],
        deed=_("Look at it: send it, change it, or choose another time"),
    )
    return _rendered(update, said)


def defect(update: Update, found: Sequence[Finding]) -> Call:
    """It left unread, and has mistakes: a correction goes to the same people."""
    said = _Saying(
        subject=_("Please correct: a mistake in update %(number)s") % {"number": update.sequence},
        headline=_("Update %(number)s left before the language checker could read it. It has read it now.")
        % {"number": update.sequence},
        lines=[
            *(
                _("“%(words)s”: %(message)s") % {"words": row.text, "message": row.message}
                for row in found[:MOST_LINES]
            ),
            _("Readers: %(audiences)s.") % {"audiences": _audiences(update)},
        ],
        deed=_("Look at it and correct it"),
    )
    return _rendered(update, said)


def _rendered(update: Update, said: _Saying) -> Call:
    context = {
        "said": said,
        "incident": update.incident,
        "link": addresses.absolute(addresses.reading(update.pk) if said.to_read else addresses.update(update.pk)),
    }
    return calls.rendered("reading", context)


def _audiences(update: Update) -> str:
    return ", ".join(audience.name for audience in update.audiences.all())


def _marks(update: Update) -> list[str]:
    return [str(Mark(mark).label) for mark in update.incident.marks]
