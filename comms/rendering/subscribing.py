"""The letter that asks somebody whether they want a page's updates, or says that they have them already."""

from collections.abc import Sequence

from comms.choices import SubscriptionState
from comms.models import Subscription
from comms.rendering import accounts, page_languages
from comms.rendering.accounts import Letter
from mim_portal.lib import addresses


def letter(row: Subscription, *, confirm: str, manage: str, names: Sequence[str], language: str) -> Letter:
    """`names` is what was asked for, in the language that is being spoken. What the address has already is said in its
    mailbox and nowhere else."""
    return accounts.rendered(
        "subscribe",
        {
            "page": row.page,
            "home": addresses.absolute(page_languages.home(row.page, language)),
            "names": names,
            "confirm": confirm,
            "manage": manage if row.state == SubscriptionState.CONFIRMED else "",
        },
    )
