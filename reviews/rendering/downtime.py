"""Downtime in minutes of users, in words: how much, and of how many it is known."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviews.rules.downtime import Total


def amount(total: Total | None) -> str:
    """“1,280,000 to 1,450,000”; empty where nothing is known."""
    if total is None or not total.n:
        return ""
    low, high = total.shown
    return f"{low:,}" if low == high else _("%(low)s to %(high)s") % {"low": f"{low:,}", "high": f"{high:,}"}


def basis(total: Total | None) -> str:
    """Of how many restored incidents it is known, or why there is none; None is a number that was not counted."""
    if total is None:
        return _("Not counted over so many incidents. Choose a period or a service.")
    if not total.of:
        return _("No service was restored in this time.")
    if not total.n:
        return ngettext(
            "Not known: the one restored incident has no number of users with its basis.",
            "Not known: none of %(count)d restored incidents has a number of users with its basis.",
            total.of,
        ) % {"count": total.of}
    known = _("known of %(n)d of %(count)d restored incidents.") % {"n": total.n, "count": total.of}
    return known if total.n == total.of else f"{known} {_('The others say no number, or not how it is known.')}"
